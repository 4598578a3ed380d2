"""The report of a run: what it says, what it never says, and how large it is."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.answers.kinds import answer_of
from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import TargetExistsError
from nnsize_engine.report import write_report
from nnsize_engine.report.html_file import report_text
from nnsize_engine.report.limits import MAX_BYTES, Limits
from nnsize_engine.report.page import TableBlock
from nnsize_engine.report.search_tables import candidates_table
from nnsize_engine.report.watched_report import watched_sections
from nnsize_engine.results.records import LogLine
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import SizeView, WatchedView
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text
from support.made_comparisons import make_comparison
from support.made_references import add_made_references, made_references
from support.made_runs import EVOLUTION, GRID, SMALL, made_run, make_evolution
from support.made_watched import made_watched
from support.reports import HOSTILE, HOSTILE_SETTINGS, PageReader, hostile_run

SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"
WIDE = replace(SMALL, neurons="4:65:8")
SECTIONS_OF_ALL = ["Settings", "Data", "Versions", "Program"]


def sections_of(text: str) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>", text)


def test_a_search_has_its_answer_curve_tables_settings_data_versions_and_program(home: Path) -> None:
    folder = made_run(home, "zibiro", WIDE)
    add_made_references(folder, made_references({"dummy": 0.33, "linear": 0.9, "trees": 0.91}, 3))
    text, view = report_text([folder]), RunFollower(folder).look()
    page = PageReader(text)
    assert answer_of(view) in page.words
    results = ["Scores by size", "Candidates", "References", "Folds", "Final networks", "Learning curves"]
    assert sections_of(text) == [*results, *SECTIONS_OF_ALL]
    assert view.kind == "size"
    for shared in view.shared:
        assert score_text(shared.mean, 5) in page.words
    assert "boosted trees 0.9100" in text  # on its line in the curve
    assert "from sklearn" in page.words
    assert "learning-rate-init" in page.words
    assert not page.tags.count("link")


def test_the_report_of_a_run_under_way_says_so_and_when(home: Path) -> None:
    words = PageReader(report_text([made_run(home, "zibiro", WIDE, state="running", fits=14)])).words
    assert f"The run goes on (running). This is how it stood at {time.strftime('%Y-%m-%d')}" in words
    assert "14 of 24 fits" in words
    assert "So far (1 of 3 folds)" in words


def test_a_run_without_a_fit_still_has_a_report(home: Path) -> None:
    text = report_text([made_run(home, "zibiro", WIDE, state="running", fits=0)])
    assert sections_of(text) == SECTIONS_OF_ALL
    assert "No answer yet" in text
    text = report_text([make_evolution(home, "zelodo", state="running", generations=-1)])
    assert sections_of(text) == SECTIONS_OF_ALL


@pytest.mark.parametrize("state", ["failed", "refused", "stopped", "interrupted"])
def test_the_report_of_a_run_that_ended_badly_says_it_first(home: Path, state: str) -> None:
    text = report_text([made_run(home, "zibiro", WIDE, state=state, fits=14)])  # type: ignore[arg-type]
    words = {"failed": "The run failed", "refused": "The run was refused"}.get(state, f"The run was {state} after 14")
    assert text.index(words) < text.index('class="answer"')


def test_an_evolution_has_its_convergence_population_and_both_networks(home: Path) -> None:
    folder = make_evolution(home, "zelodo")
    text = report_text([folder])
    assert sections_of(text) == ["Convergence", "Population", "Networks", "Generations", *SECTIONS_OF_ALL]
    words = PageReader(text).words
    assert answer_of(RunFollower(folder).look()) in words
    assert "evolved" in words
    assert "by gradient" in words
    assert "weights and biases of each network" in words


def test_compared_strategies_have_a_curve_and_a_row_each(home: Path) -> None:
    folder = make_comparison(home, "zelodo")
    text = report_text([folder])
    assert sections_of(text)[:2] == ["Convergence", "Strategies"]
    words = PageReader(text).words
    assert answer_of(RunFollower(folder).look()) in words
    assert "sep-cma-es" in words


def test_several_runs_are_compared(home: Path) -> None:
    folders = [made_run(home, "zibiro", WIDE), made_run(home, "gudedo", SMALL)]
    text = report_text(folders)
    sections = ["Results", "Curves", "Settings", "Answers", "Data", "Versions", "Programs"]
    assert sections_of(text) == sections
    assert "<h1>zibiro and gudedo</h1>" in text
    words = PageReader(text).words
    for folder in folders:
        assert answer_of(RunFollower(folder).look()) in words
    search_and_evolution = report_text([folders[0], make_evolution(home, "zelodo")])
    assert "A size search and an evolution have no curve in common" in search_and_evolution


def test_a_grid_has_a_curve_and_a_heat_map(home: Path) -> None:
    text = report_text([made_run(home, "zibiro", GRID)])
    assert text.count('class="plot"') >= 2
    assert 'class="heat h' in text


@pytest.mark.parametrize(
    "settings",
    [
        replace(SMALL, neurons="1:6000:1", cv=3),
        SizeSettings(
            data="iris", scoring="accuracy", neurons="2:2000:1", cv=5, repeats=3, grid=(("alpha", (0.1, 1.0)),)
        ),
        replace(HOSTILE_SETTINGS, data=HOSTILE * 300),
    ],
    ids=["sizes", "grid", "names"],
)
def test_a_report_takes_less_than_a_megabyte_and_says_what_it_leaves_out(home: Path, settings: SizeSettings) -> None:
    text = report_text([made_run(home, "zibiro", settings)])
    assert len(text.encode()) <= MAX_BYTES
    if settings.table is None:
        assert "The best 400 of" in text or "The best 200 of" in text
        assert "Lines are thinned to" in text


def test_the_recommended_candidate_has_a_row_also_far_below_the_best(home: Path) -> None:
    view = RunFollower(made_run(home, "zibiro", WIDE)).look()
    assert isinstance(view, SizeView)
    assert view.choice is not None
    assert view.choice.best != view.choice.recommended
    table = candidates_table(view, Limits(rows=1))
    assert [row.mark for row in table.rows] == ["best", "recommended"]
    assert "The best 1 of 8 candidates, and the one of the answer." in table.note


def test_the_choice_of_scikit_learn_has_a_row_also_far_below_the_best(home: Path) -> None:
    view = RunFollower(made_watched(home, "zibiro")).look()  # it chose the fifth of six
    assert isinstance(view, WatchedView)
    sections = watched_sections(view, Limits(rows=2))
    table = next(section for section in sections if section.title == "Candidates").blocks[0]
    assert isinstance(table, TableBlock)
    assert [row.mark for row in table.rows] == ["", "", "best"]
    assert "The best 2 of 6 candidates, and scikit-learn's choice;" in table.note


def test_limits_go_down_until_the_file_is_small(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsize_engine.report.html_file.MAX_BYTES", 100_000)
    text = report_text([made_run(home, "zibiro", replace(SMALL, neurons="1:1500:1"))])
    assert len(text.encode()) <= 100_000
    assert "The best 400" not in text


def test_a_long_evolution_is_thinned(home: Path) -> None:
    folder = make_evolution(home, "zelodo", replace(EVOLUTION, generations=5000))
    text = report_text([folder])
    assert len(text.encode()) <= MAX_BYTES
    assert "th generation and the last of 5,001" in text


def test_the_page_forbids_the_network_and_any_script_but_its_own(home: Path) -> None:
    page = PageReader(report_text([made_run(home, "zibiro", WIDE)]))
    policy = next(value for tag, name, value in page.attributes if tag == "meta" and value.startswith("default-src"))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    addresses = [value for _, name, value in page.attributes if name in ("src", "href", "action", "srcset", "data")]
    assert all(value.startswith("#section-") for value in addresses)
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]


def test_hostile_names_stay_text(home: Path) -> None:
    text = report_text([hostile_run(home)])
    page = PageReader(text)
    assert HOSTILE in page.words
    assert "zibiro<svg onload=alert(9)>&lt;" in page.words
    assert "<b>bold</b>" in page.words
    assert "1337" not in page.words
    assert not {"img", "b", "u", "iframe", "object"} & set(page.tags)
    assert page.tags.count("style") == 1
    code = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    assert all("alert(" not in one for one in code if not one.startswith("{"))
    assert not {"\x1b", "\u202e"} & set(text)


def test_the_data_are_described_without_their_rows(home: Path) -> None:
    words = PageReader(report_text([hostile_run(home)])).words
    assert "training rows" in words
    assert "plain" in words  # the name of a column
    assert "left out" in words


def test_a_report_names_files_and_not_the_folders_and_accounts_of_its_author(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/users/Ada L"))
    folder = hostile_run(home)
    view = RunFollower(folder).look()
    table = view.settings.table
    assert isinstance(view, SizeView)
    assert table is not None
    table = replace(table, choice=replace(table.choice, source="/srv/big client/cars 2.csv"))
    words = "File '/users/Ada L/my code/a.py', in /opt/secret/lib/b.py: km/h of https://example.org/a/b are 1/2, /c"
    seen = replace(
        view,
        log=(LogLine(number=1, time=0.0, level="error", text=f"{words}; {folder}"),),
        header=replace(view.header, reason="cannot read /data/of/customers.csv", state="failed"),
        state="failed",
        settings=replace(view.settings, table=table, data="cars 2.csv"),
    )
    monkeypatch.setattr(RunFollower, "look", lambda _: seen)
    text = report_text([folder])
    for private in ("Ada L", "/users", "/opt", "secret", "/srv", "big client", "data/of", str(home)):
        assert private not in text, private
    words = PageReader(text).words
    for kept in ("a.py", "b.py", "km/h", "https://example.org/a/b", "1/2, /c", "customers.csv", "cars 2.csv"):
        assert kept in words


def test_a_file_that_exists_is_replaced_only_with_force(home: Path, tmp_path: Path) -> None:
    folder, to = made_run(home, "zibiro", WIDE), tmp_path / "report.html"
    write_report(folder, to)
    before = to.read_bytes()
    with pytest.raises(TargetExistsError, match="exists already"):
        write_report(folder, to)
    write_report([folder, made_run(home, "gudedo", SMALL)], to, force=True)
    assert to.read_bytes() != before
    with pytest.raises(ExportError, match=r"'report\.pdf' names no format; choose one of html"):
        write_report(folder, tmp_path / "report.pdf")


@pytest.mark.parametrize("version", sorted(path.name for path in SAVED_RUNS.iterdir()))
def test_runs_of_earlier_versions_have_a_report(version: str) -> None:
    for file in (SAVED_RUNS / version).rglob(FILE_NAME):
        assert "<h2>Settings</h2>" in report_text([file.parent])


def test_a_watched_search_has_its_scores_candidates_and_folds(home: Path) -> None:
    folder = made_watched(home, "zibiro")
    text = report_text([folder])
    assert sections_of(text)[:4] == ["Scores", "Parameters", "Candidates", "Folds"]
    words = PageReader(text).words
    assert answer_of(RunFollower(folder).look()) in words
    assert "Watched search" in words
