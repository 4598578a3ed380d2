"""References on the screen of a search: rows below the candidates that no cursor reaches, lines, words."""

from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.search.candidate_table import CandidateTable
from support.made_references import add_made_references, made_reference, made_references
from support.made_runs import GRID, SMALL, enter_state, made_run
from support.pilots import shown, until, until_shown


def opened(folder: Path) -> ExplorerApp:
    return ExplorerApp(folder.parent, unicode=True, first=RunFollower(folder).look())


def referenced(home: Path, settings: SizeSettings = SMALL) -> Path:
    folder = made_run(home, "zibiro", settings)
    add_made_references(folder, made_references({"dummy": 0.31, "linear": 0.913, "trees": 0.96}, settings.cv))
    return folder


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


def lines_of(pilot: Pilot[None], word: str) -> list[str]:
    return [line for line in shown(pilot).splitlines() if line.lstrip().startswith(word)]


async def test_references_stand_below_the_candidates_in_the_chart_and_in_the_answer(home: Path) -> None:
    async with opened(referenced(home)).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "dummy", "linear", "trees", "Boosted trees are better (0.9600)")
        (linear,) = lines_of(pilot, "linear")
        assert "3/3  0.913000 0.001633  0.923000" in linear
        await until(pilot, lambda: "linear model 0.9130" in chart_text(pilot))
        await until_shown(pilot, "above: boosted trees 0.9600", "below: dummy 0.3100")


async def test_no_cursor_click_or_filter_reaches_a_reference(home: Path) -> None:
    async with opened(referenced(home)).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "trees")
        table = pilot.app.screen.query_one(CandidateTable)
        await pilot.press("end", "down", "down")
        last = table.highlighted
        assert last is not None
        assert last.summary.candidate.number == 3
        await pilot.click(CandidateTable, offset=(5, 6))  # below the title and four candidates: the linear model
        assert table.highlighted == last
        await pilot.press("slash", *"neurons>6", "enter")
        assert len(table.items) == 1
        assert lines_of(pilot, "linear")


async def test_in_a_low_table_references_scroll_with_the_rows(home: Path) -> None:
    folder = referenced(home, replace(SMALL, neurons="2:40:2"))
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "›       2")
        assert not lines_of(pilot, "linear")
        await pilot.press("end")
        await until_shown(pilot, "›      38", "dummy", "linear", "trees")
        await pilot.press("home")
        await until_shown(pilot, "›       2")
        assert not lines_of(pilot, "linear")


async def test_in_a_high_table_references_stay_in_sight(home: Path) -> None:
    folder = referenced(home, replace(SMALL, neurons="2:200:2"))
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "›       2", "dummy", "linear", "trees")
        await pilot.press("end")
        await until_shown(pilot, "›     198", "dummy", "linear", "trees")
        await pilot.click(CandidateTable, offset=(5, pilot.app.screen.query_one(CandidateTable).size.height - 1))
        await until_shown(pilot, "›     198")


async def test_a_failed_reference_says_so(home: Path) -> None:
    folder = made_run(home, "zibiro")
    add_made_references(folder, [made_reference("linear", 0, 0.9, error="refused")])
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "linear", "1/3")
        (linear,) = lines_of(pilot, "linear")
        assert "failed" in linear


async def test_a_search_of_several_parameters_has_its_references_too(home: Path) -> None:
    async with opened(referenced(home, GRID)).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "dummy", "linear", "trees", "linear model 0.9130")


async def test_a_search_without_references_says_so_and_shows_none(home: Path) -> None:
    async with opened(made_run(home, "zibiro", replace(SMALL, references=False))).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "no references")
        assert not lines_of(pilot, "linear")


async def test_the_answer_is_shown_while_references_are_fitted(home: Path) -> None:
    folder = made_run(home, "zibiro")
    enter_state(folder, "running")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "test score 0.9530. ", "references are still being fitted.")
        add_made_references(folder, made_references({"dummy": 0.31}, 3))
        enter_state(folder, "finished")
        await until(pilot, lambda: "still being fitted" not in shown(pilot))
