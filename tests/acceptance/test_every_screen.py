"""Every screen at every size: nothing overlaps, nothing is outside, no label is cut, no half is empty."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Button, Static

from nnsize_engine.preflight import client
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.setup import background_preflight
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.widgets.histogram import Histogram
from nnsize_tui.widgets.key_bar import GAP, KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.table_lines import LEFT, RIGHT
from support.made_runs import GRID, LAYERED, MANY, made_corrupt, made_run, make_evolution
from support.made_summaries import made_estimate_of, made_summary
from support.pilots import shown, until_shown

SIZES = [(60, 20), (80, 24), (160, 48), (200, 60)]
KEYS = "Quit"

BLANK = " │┃|─-"
"""Characters without content: blanks, and frames."""

LEAST_SAID = 0.25
"""Share of the lines of half a screen that have content at least."""

TOURS: dict[str, list[str]] = {
    # Each in one app, because starting one takes longer than looking. What is waited for stands in parentheses; after
    # an equals sign the name of what is then looked at.
    "all runs": [
        "= home",
        "y", "(type to find it)", "= a value to copy", "escape",
        "x", "(Export run)", "= export", "escape",
        "d", "(Delete run)", "= confirm", "escape",
        "N", "(Name run)", "= label", "escape",
        "question_mark", "(This screen)", "= help", "slash", *"score", "= help, searched", "escape", "escape",
        "f1", "(The columns of this table)", "= columns explained", "escape",
        "ctrl+p", "(type to find a command)", "= commands", "x", "q", "(Nothing fits)", "= no command", "escape",
        "slash", "z", "(zibiro)", "= filtered",
    ],
    "a search": [
        "enter", "(3/3)", "= a search",
        "l", "(made up)", "= its log", "l",
        "slash", "1", "= candidates filtered", "escape",
        "m", "= its losses", "m",
        "y", "(type to find it)", "= a value of it to copy", "escape",
        "question_mark", "(This screen)", "= help about it", "escape",
        "ctrl+p", "(type to find a command)", "= its commands", "escape",
        "z", "(+ In)", "= its chart", "left", "plus", "v", "L", "(neurons )", "= its chart, nearer", "0",
        "z", "(3/3)", "= its table alone",
    ],
    "an evolution": [
        "end", "k", "enter", "(40/40)", "= an evolution",
        "l", "(made up)", "= its log", "l",
        "x", "(Export run)", "= its export", "escape",
        "z", "(+ In)", "= its chart", "left", "plus", "= its chart, nearer", "0",
        "z", "(held-out)", "= its table alone",
        "z", "(diversity)", "= a generation",
    ],
    "a live search of many": [
        "down", "enter", "(running)", "= a live search",
        "m", "= its map",
        "z", "= its map alone",
    ],
    "layers": ["down", "down", "enter", "(paused)", "= layers", "z", "= their map"],
    "setup": [
        "n", "(A new search)", "= setup",
        "ctrl+o", "(built-in search)", "= presets", "escape",
        "ctrl+x", "(Save these settings)", "= settings to save", "escape",
        "down", "down", "enter", "(balanced_accuracy)", "= a scoring", "escape",
        "f1", "(The field scoring)", "= a field explained", "escape",
        "ctrl+n", "(learning-rate-init)", "= setup, more", "enter", "(fastest)", "= activations", "escape",
    ],
    "setup of an evolution": [
        "e", "(evolution)", "= setup", *["down"] * 3, "enter", "(type to find it)", "= strategies", "escape",
        "ctrl+n", "(recombination)", "= setup, more",
    ],
    "comparison": [
        "down", "space", "space", "c", "(2 runs compared)", "= comparison",
        "x", "(Export)", "= its export", "escape",
        "y", "(type to find it)", "= a value of it to copy", "escape",
        "z", "= its chart alone", "z", "= its table alone",
    ],
}  # fmt: skip


@pytest.fixture
def runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make runs of both kinds in several states, newest first; preflight processes are replaced."""
    monkeypatch.setattr(client, "look_at_table", lambda choice, **_: made_summary(choice))
    monkeypatch.setattr(client, "estimate", made_estimate_of)
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    made_run(home, "zibiro", SizeSettings(data="breast_cancer", neurons="5:100:5", cv=3), failed=((3, 1),))
    made_run(home, "rakoti", MANY, is_surface=True, state="running", fits=600, age=1)
    made_run(home, "gadepu", LAYERED, is_surface=True, state="paused", fits=150, age=2)
    made_run(home, "fomule", GRID, state="failed", fits=40, reason="the disk is full", age=3)
    make_evolution(home, "bagote", age=4)
    made_corrupt(home, "damage")
    return home


async def tour(app: ExplorerApp, steps: list[str], *first: str) -> None:
    """Go through the steps, and check the screen after each at every size."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, KEYS, *first)
        for step in steps:
            if step.startswith("("):
                await until_shown(pilot, step[1:-1])
            elif step.startswith("= "):
                await look(
                    pilot, step[2:], is_full="table alone" not in step
                )  # all its rows, whether they fill it or not
            else:
                await pilot.press(step)


async def look(pilot: Pilot[None], name: str, *, is_full: bool = True) -> None:
    """Check the screen in front at every size; ``is_full`` if all of it must have content."""
    for width, height in SIZES:
        await pilot.resize_terminal(width, height)
        await pilot.pause()
        shown(pilot)
        problems = list(problems_of(pilot, width, height))
        if is_full:
            problems += empty_halves(pilot, width)
        assert not problems, f"{name} at {width} x {height}: {problems}\n{shown(pilot)}"
    await pilot.resize_terminal(80, 24)
    await pilot.pause()


@pytest.mark.parametrize("name", TOURS)
async def test_nothing_overlaps_no_label_is_cut_and_no_half_is_empty(runs: Path, name: str) -> None:
    await tour(ExplorerApp(runs, unicode=True), TOURS[name], "zibiro", "damage")


async def test_nothing_overlaps_without_any_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "estimate", made_estimate_of)
    steps = ["question_mark", "(This screen)", "= help", "escape", "ctrl+p", "(type to find)", "= commands", "escape"]
    app = ExplorerApp(home, unicode=False)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, KEYS, "0 runs")
        await look(pilot, "no runs", is_full=False)
    await tour(ExplorerApp(home, unicode=False), [*steps, "n", "(A new search)", "= setup"], "0 runs")


async def test_nothing_overlaps_where_data_is_chosen(home: Path, explorer: ExplorerApp) -> None:
    del home
    Path("passengers.csv").write_text("a,b\n1,2\n")
    summary = made_summary(TableChoice(source="/data/passengers.csv"))
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        explorer.push_screen(DataScreen(summary))
        await until_shown(pilot, "an id?")
        await look(pilot, "data")
        explorer.push_screen(PickFile(explorer.glyphs, ""))
        await until_shown(pilot, "passengers.csv")
        await look(pilot, "files", is_full=False)


def problems_of(pilot: Pilot[None], width: int, height: int) -> Iterator[str]:
    """Return the problems of the screen in front, as far as its widgets show them."""
    found = [widget for widget in _leaves(pilot.app.screen) if widget.region]
    parts = [widget for widget in found if not _is_notice(widget)]  # these lie over others for a moment
    assert len(parts) > 1
    window = Region(0, 0, width, height)
    yield from _covered_keys(found)
    for part in parts:
        if not window.contains_region(part.region):
            yield f"{part} is outside: {part.region}"
    for one, other in combinations(parts, 2):
        if one.layer == other.layer and one.region.overlaps(other.region):
            yield f"{one} {one.region} and {other} {other.region} overlap"
    for part in parts:
        if isinstance(part, KeyBar):
            yield from _cut_keys(part)
        elif isinstance(part, LiveTable):
            yield from _cut_titles(part)
        elif isinstance(part, Button | Static):
            needed = max((cell_len(line) for line in str(part.render()).splitlines()), default=0)
            if needed > part.region.width and (part.region.height == 1 or isinstance(part, Button)):
                yield f"{part} needs {needed} columns and has {part.region.width}: {part.render()}"


def empty_halves(pilot: Pilot[None], width: int) -> Iterator[str]:
    """Return the halves with hardly a line of content. Charts and the screen below a dialog count as content."""
    screen = pilot.app.screen
    if screen.is_modal:
        return
    lines = [strip.text.ljust(width) for strip in screen._compositor.render_strips()][:-1]  # without the keys
    for chart in (*screen.query(ChartView), *screen.query(Histogram)):
        if chart.display and chart.region:
            x, y, right, bottom = chart.region.x, chart.region.y, chart.region.right, chart.region.bottom
            lines[y:bottom] = [line[:x] + "#" * (right - x) + line[right:] for line in lines[y:bottom]]
    for form in screen.query(SettingList):  # where one types, its lines say something in all their width
        for y in range(form.region.y, form.region.bottom):
            lines[y] = lines[y].replace(" ", "#", form.region.width) if lines[y].strip(BLANK) else lines[y]
    middle, across = len(lines) // 2, width // 2
    halves = {
        "upper": lines[:middle],
        "lower": lines[middle:],
        "left": [line[:across] for line in lines],
        "right": [line[across:] for line in lines],
    }
    for name, half in halves.items():
        said = sum(bool(line.strip(BLANK)) for line in half)
        if said < LEAST_SAID * len(half):
            yield f"the {name} half is empty: {said} of {len(half)} lines say something"


def _covered_keys(found: Sequence[Widget]) -> Iterator[str]:
    bars = [one.region for one in found if isinstance(one, KeyBar)]
    for one in filter(_is_notice, found):
        if any(one.region.overlaps(bar) for bar in bars):
            yield f"{one} {one.region} covers the keys"


def _is_notice(widget: Widget) -> bool:
    return type(widget).__name__ == "Toast"


def _leaves(screen: Widget) -> Iterator[Widget]:
    """Yield the visible widgets without children, apart from those of layers above."""
    for widget in screen.walk_children(Widget):
        if widget.is_on_screen and widget.display and not widget.children and widget.layer[:1] != "_":
            if widget.id in ("textual-tooltip", "textual-toastrack"):
                continue
            yield widget


def _cut_keys(bar: KeyBar) -> Iterator[str]:
    entries = bar.entries(bar.size.width)
    needed = sum(cell_len(key + words) + 1 + len(GAP) for key, words, _ in entries) + 1 - len(GAP)
    if needed > bar.size.width:
        yield f"the keys need {needed} columns and have {bar.size.width}"
    if not entries:
        yield "no key is named"
    if bar.region.bottom != bar.screen.size.height:
        yield f"the keys are not in the bottom line: {bar.region}"


def _cut_titles(table: LiveTable[object]) -> Iterator[str]:
    columns = table.columns_for(table.size.width - LEFT - RIGHT)
    for column in columns:
        if cell_len(column.title) > column.width:
            yield f"the title {column.title!r} has {column.width} columns"
    if sum(column.width + 1 for column in columns) > table.size.width - LEFT - RIGHT + 1:
        yield f"{table} has more columns than room"
