"""Reports in a real browser: nothing fails, nothing is fetched, values show on hover, tables sort."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.report import write_report
from support.browser import Browser, chromium
from support.made_comparisons import make_comparison
from support.made_runs import GRID, SMALL, made_run, make_evolution
from support.reports import HOSTILE, hostile_run

SIZES = replace(SMALL, neurons="2,4,8,16")
HEADINGS = "[...document.querySelector('table.sortable').tHead.rows[0].cells]"
FIRST_COLUMN = "[...document.querySelector('table.sortable').tBodies[0].rows].map(row => row.cells[{}].textContent)"
MIDDLE_OF = (
    "(() => {{ const box = {}.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2] }})()"
)
READOUT = "document.querySelector('.readout').hidden ? '' : document.querySelector('.readout').innerText"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium()
    one = Browser(tmp_path_factory.mktemp("profile"))
    yield one
    one.close()


def opened(browser: Browser, folders: Path | list[Path], tmp_path: Path) -> Path:
    """Write a report and open it."""
    path = tmp_path / "report.html"
    write_report(folders, path)
    browser.open(path)
    browser.show()
    return path


def middle_of(browser: Browser, element: str) -> tuple[float, float]:
    browser.evaluate(f"{element}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    x, y = browser.evaluate(MIDDLE_OF.format(element))
    return x, y


def assert_quiet(browser: Browser, path: Path) -> None:
    """Assert that the page had no error and loaded nothing but itself."""
    assert browser.problems() == []
    assert browser.requests() == [path.as_uri()]


@pytest.mark.parametrize("make", ["search", "live", "evolution", "strategies", "several"])
def test_reports_load_without_errors_and_without_requests(
    browser: Browser, home: Path, tmp_path: Path, make: str
) -> None:
    folders: dict[str, list[Path]] = {"search": [made_run(home, "zibiro", GRID)]}
    folders["live"] = [made_run(home, "gudedo", state="running", fits=7)]
    folders["evolution"] = [make_evolution(home, "zelodo")]
    folders["strategies"] = [make_comparison(home, "bagote")]
    folders["several"] = [*folders["search"], *folders["evolution"]]
    path = opened(browser, folders[make], tmp_path)
    assert_quiet(browser, path)
    assert browser.evaluate("document.querySelectorAll('h2').length") > 4


def test_hovering_shows_the_values_of_a_place(browser: Browser, home: Path, tmp_path: Path) -> None:
    path = opened(browser, made_run(home, "zibiro", SIZES), tmp_path)
    assert browser.evaluate(READOUT) == ""
    browser.point(*middle_of(browser, "document.querySelector('.reader')"))
    words = browser.evaluate(READOUT)
    assert words.startswith("neurons 8")
    assert "mean\n0.9" in words
    assert "± standard error" in words
    assert "threshold 0.9" in words
    browser.point(1, 1)
    assert browser.evaluate(READOUT) == ""
    assert_quiet(browser, path)


def test_arrow_keys_read_the_values_and_say_them(browser: Browser, home: Path, tmp_path: Path) -> None:
    opened(browser, made_run(home, "zibiro", SIZES), tmp_path)
    browser.evaluate("document.querySelector('.reader').focus()")
    browser.press("Home", 36)
    browser.press("ArrowRight", 39)
    assert browser.evaluate(READOUT).startswith("neurons 4")
    assert browser.evaluate("document.querySelector('.spoken').textContent").startswith("neurons 4, ")
    browser.press("Escape", 27)
    assert browser.evaluate(READOUT) == ""


def test_a_finger_reads_the_values(browser: Browser, home: Path, tmp_path: Path) -> None:
    opened(browser, made_run(home, "zibiro", SIZES), tmp_path)
    browser.show(width=390)
    x, y = middle_of(browser, "document.querySelector('.reader')")
    browser.call("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    browser.call("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert browser.evaluate(READOUT).startswith("neurons 8")


def test_the_cells_of_a_heat_map_are_read_by_mouse_and_keys(browser: Browser, home: Path, tmp_path: Path) -> None:
    path = opened(browser, made_run(home, "zibiro", GRID), tmp_path)
    words = "(one => one.hidden ? '' : one.textContent)(document.querySelector('.map-reader .readout'))"
    assert browser.evaluate(words) == ""
    browser.point(*middle_of(browser, "document.querySelectorAll('rect.heat')[1]"))
    second = browser.evaluate(words)
    assert second.startswith("neurons 10, alpha 1e-05: 0.9")
    browser.evaluate("document.querySelector('.map-reader').focus()")
    browser.press("ArrowUp", 38)
    assert browser.evaluate(words).startswith("neurons 10, alpha 0.001: 0.9")
    assert browser.evaluate("document.querySelector('.map-reader .spoken').textContent") == browser.evaluate(words)
    assert_quiet(browser, path)


def test_a_heading_sorts_its_column_by_click_and_by_key(browser: Browser, home: Path, tmp_path: Path) -> None:
    path = opened(browser, made_run(home, "zibiro", SIZES), tmp_path)
    assert browser.evaluate(FIRST_COLUMN.format(0)) == ["1", "2", "3", "4"]
    neurons = f"{HEADINGS}[1].querySelector('button')"
    browser.click(*middle_of(browser, neurons))
    assert browser.evaluate(f"{HEADINGS}[1].getAttribute('aria-sort')") == "ascending"
    assert browser.evaluate(f"{HEADINGS}[0].getAttribute('aria-sort')") is None
    sizes = [words.split()[0] for words in browser.evaluate(FIRST_COLUMN.format(1))]
    assert sizes == ["2", "4", "8", "16"]  # by number: as words, 16 is the first
    browser.evaluate(f"{neurons}.focus()")
    browser.press("Enter", 13, "\r")
    assert browser.evaluate(f"{HEADINGS}[1].getAttribute('aria-sort')") == "descending"
    assert browser.evaluate(FIRST_COLUMN.format(1))[0].split()[0] == "16"
    assert_quiet(browser, path)


def test_hostile_names_run_nothing_and_fetch_nothing(browser: Browser, home: Path, tmp_path: Path) -> None:
    path = opened(browser, hostile_run(home), tmp_path)
    assert_quiet(browser, path)
    assert HOSTILE in browser.evaluate("document.body.textContent")
    assert browser.evaluate("document.querySelectorAll('img, b, u, iframe, [onload], [onerror]').length") == 0
    assert browser.evaluate("document.querySelector('h1').textContent") == "zibiro<svg onload=alert(9)>&lt;"


def test_the_policy_refuses_what_the_page_does_not_bring(browser: Browser, home: Path, tmp_path: Path) -> None:
    opened(browser, made_run(home, "zibiro", SIZES), tmp_path)
    code = "const one = document.createElement('script'); one.textContent = 'window.ran = 1'; document.body.append(one)"
    browser.evaluate(f"{{ {code} }}")
    assert browser.evaluate("window.ran === undefined") is True
    assert browser.evaluate("fetch('https://example.org/').then(() => 'loaded', () => 'refused')") == "refused"


@pytest.mark.parametrize("width", [360, 390, 1000])
def test_no_page_is_wider_than_its_window(browser: Browser, home: Path, tmp_path: Path, width: int) -> None:
    opened(browser, hostile_run(home), tmp_path)
    browser.show(width=width)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_is_dark_where_the_user_wants_it_and_white_on_paper(
    browser: Browser, home: Path, tmp_path: Path
) -> None:
    opened(browser, made_run(home, "zibiro", SIZES), tmp_path)
    colour = "getComputedStyle(document.body).backgroundColor"
    light = browser.evaluate(colour)
    browser.show(is_dark=True)
    dark = browser.evaluate(colour)
    browser.show(is_dark=True, media="print")
    assert (light, dark, browser.evaluate(colour)) == ("rgb(253, 253, 251)", "rgb(22, 24, 26)", "rgb(255, 255, 255)")
    assert browser.printed().startswith(b"%PDF")
