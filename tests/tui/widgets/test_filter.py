from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.home.run_table import RunTable
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.filter_query import Compared, Comparison, misfit, query_of
from support.made_runs import GRID, SMALL, add_made_fits, made_fit, made_run, make_evolution
from support.pilots import shown, until, until_shown


def explorer(home: Path, folder: Path | None = None, *, unicode: bool = True) -> ExplorerApp:
    return ExplorerApp(home, unicode=unicode, first=None if folder is None else RunFollower(folder).look())


def names(pilot: Pilot[None]) -> list[str]:
    return [str(item.summary.candidate.parameters[0][1]) for item in pilot.app.screen.query_one(CandidateTable).items]


async def test_rows_are_filtered_as_one_types_and_nothing_is_hidden_silently(home: Path) -> None:
    folder = made_run(home, "zibiro", GRID)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"TANH ", "0")
        assert set(names(pilot)) == {"tanh"}
        await until_shown(pilot, "/TANH 0", "18 of 36 shown", "enter keep", "esc all")
        assert "z Zoom" not in shown(pilot)  # letters are typed
        await pilot.press(*".00")
        await until_shown(pilot, "6 of 36 shown")
        await pilot.press("backspace", "enter")
        await until_shown(pilot, "/TANH 0.0", "/ change", "z Zoom")
        await pilot.press("b")
        assert len(names(pilot)) <= 6  # other keys work again
        await pilot.press("b", "escape")
        assert len(names(pilot)) == 36
        assert "shown" not in shown(pilot)


async def test_esc_first_clears_the_filter_and_then_leaves(home: Path) -> None:
    folder = made_run(home, "zibiro", GRID)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        screen = pilot.app.screen
        await pilot.press("slash", "x", "y")
        await until_shown(pilot, "0 of 36 shown")
        await pilot.press("escape")
        assert pilot.app.screen is screen
        assert len(names(pilot)) == 36
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen)


async def test_new_results_of_a_live_run_are_filtered_too(home: Path) -> None:
    folder = made_run(home, "zibiro", state="running", fits=0)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"best")
        await until_shown(pilot, "0 of 4 shown")
        add_made_fits(folder, [made_fit(candidate, 0) for candidate in range(4)])
        await until_shown(pilot, "1 of 4 shown")


@pytest.mark.parametrize("unicode", [True, False])
async def test_runs_are_found_by_their_state_and_data(home: Path, unicode: bool) -> None:
    made_run(home, "zibiro", SMALL)
    made_run(home, "kamali", SMALL, state="stopped", age=1)
    async with explorer(home, unicode=unicode).run_test(size=(60, 20)) as pilot:
        await until_shown(pilot, "2 runs")
        await pilot.press("slash", *"stop")
        await until_shown(pilot, "1 of 2 shown", "kamali")
        assert "zibiro" not in shown(pilot)
        await pilot.press("enter", "enter")
        await until_shown(pilot, "folds")
        await pilot.press("escape")
        assert pilot.app.screen.query_one(RunTable).is_filtered
        await until_shown(pilot, "1 of 2 shown")
        await pilot.click(RunTable, offset=(3, pilot.app.screen.query_one(RunTable).size.height - 1))
        await pilot.press("backspace", "backspace", "backspace", "backspace", "q")
        await until_shown(pilot, "0 of 2 shown")


COLUMNS = (
    Column(key="neurons", title="neurons", width=7),
    Column(key="parameter:activation", title="activation", width=7),
    Column(key="mean", title="mean", width=7),
    Column(key="seeds", title="std seed", width=7),
)


@pytest.mark.parametrize(
    ("typed", "comparisons", "words"),
    [
        ("neurons>100", [("neurons", ">", "100")], ()),
        (
            "tanh mean >= 0.95 Activation=RELU",
            [("mean", ">=", "0.95"), ("parameter:activation", "=", "relu")],
            ("tanh",),
        ),
        ("a std seed<1e-3", [("seeds", "<", "1e-3")], ("a",)),
        ("std-seed != 2", [("seeds", "!=", "2")], ()),
        ("mean>", [], ()),
        ("", [], ()),
    ],
)
def test_comparisons_are_found_among_words(
    typed: str, comparisons: list[tuple[str, str, str]], words: tuple[str, ...]
) -> None:
    query = query_of(typed, COLUMNS)
    assert [(one.column, one.sign, one.wanted) for one in query.comparisons] == comparisons
    assert (query.words, query.problem) == (words, "")
    assert query.is_empty is (not comparisons and not words)


@pytest.mark.parametrize(
    ("value", "sign", "wanted", "is_so"),
    [
        (0.9183333, "=", "0.9183", True),  # no more of it is seen
        (0.9183333, ">", "0.9183", False),
        (0.9183333, "=", "0.918", True),
        (0.0012, "=", "0.001", False),
        (1e-05, "=", "0.00001", True),
        (125.0, ">=", "2m", True),
        (1200, "=", "1,200", True),
        (5, "<", "5", False),
        (5, "!=", "5", False),
        (None, "!=", "5", False),
        ("Tanh", "=", "tANH", True),
        ("2026-11-20 10:00", ">", "2026-11-20", True),
        (0.5, "<", "much", False),
    ],
)
def test_a_value_is_compared_as_it_is_seen(value: Compared, sign: str, wanted: str, is_so: bool) -> None:
    assert Comparison(column="mean", sign=sign, wanted=wanted).holds(value) is is_so


def test_a_column_that_is_not_there_is_said_with_the_nearest_one_or_with_all() -> None:
    assert query_of("maen>0.9", COLUMNS).problem == "no column 'maen'; did you mean 'mean'?"
    assert query_of("x=1 tanh", COLUMNS).problem == "no column 'x'; there are neurons, activation, mean, std seed"
    assert misfit(Comparison(column="mean", sign=">", wanted="much"), 0.5) == "'much' is no number"


async def test_rows_are_filtered_by_what_stands_in_their_columns(home: Path) -> None:
    folder = made_run(home, "zibiro", GRID)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("slash")
        await until_shown(pilot, "words, or such as neurons>100 mean>=0.95 rank<5")
        await pilot.press(*"neu")
        assert len(names(pilot)) == 36  # on the way to a column
        await pilot.press(*"rons>20 alpha=0.001 ", *"tanh")
        await until_shown(pilot, "3 of 36 shown")
        assert set(names(pilot)) == {"tanh"}
        await pilot.press("enter")
        await until(pilot, lambda: "such as" not in shown(pilot))
        await pilot.press("slash", "ctrl+u", *"rank<=3")
        await until_shown(pilot, "3 of 36 shown")
        await pilot.press("ctrl+u", *"size>3 tanh")
        await until_shown(pilot, "no column 'size'; there are neurons, ", "18 of 36 shown")
        await pilot.press("enter")
        await until_shown(pilot, "no column 'size'")
        await pilot.press("slash", "ctrl+u", *"mean>high")
        await until_shown(pilot, "'high' is no number", "0 of 36 shown")
        await pilot.press("escape")
        assert len(names(pilot)) == 36


async def test_generations_and_runs_are_compared_too(home: Path) -> None:
    made_run(home, "zibiro", SMALL)
    made_run(home, "kamali", SMALL, state="running", fits=3, age=1)
    folder = make_evolution(home, "bagote", age=2)
    async with explorer(home, unicode=False).run_test(size=(60, 20)) as pilot:
        await until_shown(pilot, "kamali")
        await pilot.press("slash")
        await until_shown(pilot, "words, or such as state=failed score>0.9")
        await pilot.press(*"done<100 kind=size")
        await until_shown(pilot, "1 of 3 shown", "kamali")
        assert "zibiro" not in shown(pilot)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "40/40")
        await pilot.press("slash", *"gen>=38")
        await until_shown(pilot, "3 of 41 shown")
        await pilot.press(*" best<x")
        await until_shown(pilot, "'x' is no number")
