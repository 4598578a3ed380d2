from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.watched import WatchedSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.screens.search.watched_screen import WatchedScreen
from support.made_runs import made_run
from support.made_watched import CURVE, GRID, HALVING, made_watched
from support.pilots import shown, until, until_shown


def opened(folder: Path) -> ExplorerApp:
    return ExplorerApp(folder.parent, unicode=True, first=RunFollower(folder).look())


def table_of(pilot: Pilot[None]) -> CandidateTable:
    return pilot.app.screen.query_one(CandidateTable)


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


async def test_a_watched_search_shows_its_candidates_by_their_parameters(home: Path) -> None:
    folder = made_watched(home, "zibiro")
    async with opened(folder).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "zibiro", "my search", "✓ finished", "18/18 fits 100%", "roc_auc")
        await until_shown(pilot, "scikit-learn chose C 0.1, kernel rbf: mean roc_auc 0.9", "standard error")
        await until_shown(pilot, "kernel", "linear", "folds of C 0.1, kernel linear", "★")
        await until(pilot, lambda: "best so far" in chart_text(pilot))
        assert isinstance(pilot.app.screen, WatchedScreen)


async def test_one_number_that_varies_gives_a_curve(home: Path) -> None:
    folder = made_watched(home, "zibiro", CURVE)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "C (log)" in chart_text(pilot))
        await pilot.press("down", "down")
        await until_shown(pilot, "folds of C 10")
        await until(pilot, lambda: "│ 10" in chart_text(pilot))


async def test_progress_shows_which_fits_are_under_way(home: Path) -> None:
    folder = made_watched(home, "zibiro", state="running", fits=7)
    async with opened(folder).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "7/18 fits  38%", "▶ running", "So far (2 of 6 candidates), the best is C 0.1")
        await pilot.press("down", "down")
        await until_shown(pilot, "folds of C 1, kernel linear", "training")


async def test_a_halving_search_has_its_iterations_and_resources(home: Path) -> None:
    folder = made_watched(home, "zibiro", HALVING)
    async with opened(folder).run_test(size=(140, 40)) as pilot:
        await until_shown(pilot, "iter", "n_samples", "300", "roc_auc")
        assert len(table_of(pilot).items) == 6


async def test_a_failed_fit_says_why(home: Path) -> None:
    folder = made_watched(home, "zibiro", failed=((2, 1),))
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "1 candidate failed.")
        await pilot.press("down", "down")
        await until_shown(pilot, "failed", "C must be positive")


@pytest.mark.parametrize("state", ["running", "stopped", "failed", "interrupted"])
async def test_keys_that_cannot_work_are_absent(home: Path, state: str) -> None:
    folder = made_watched(home, "zibiro", state=state, fits=9)  # type: ignore[arg-type]
    async with opened(folder).run_test(size=(200, 40)) as pilot:
        await until_shown(pilot, "zibiro", "Export")
        for action in ("pause", "resume", "stop", "again"):
            assert pilot.app.screen.check_action(action, ()) is False, action
        assert pilot.app.screen.check_action("delete", ()) is (state != "running")


async def test_rows_are_sorted_and_filtered_by_parameters(home: Path) -> None:
    folder = made_watched(home, "zibiro")
    async with opened(folder).run_test(size=(120, 40)) as pilot:
        await pilot.press("o", "O")
        assert [item.summary.candidate.number for item in table_of(pilot).items] == [4, 5, 2, 3, 0, 1]
        await pilot.press("slash", *"rbf", "enter")
        await until_shown(pilot, "3 of 6 shown")


async def test_a_watched_search_is_listed_and_compared_with_others(home: Path) -> None:
    made_watched(home, "zibiro")
    made_run(home, "bagote")
    async with ExplorerApp(home, unicode=True).run_test(size=(140, 40)) as pilot:
        await until_shown(pilot, "zibiro", "watched", "my search", "bagote")
        await pilot.press("space", "down", "space", "c")
        await until_shown(pilot, "A watched search and a run of another kind have no curve", "best mean")
        assert "Traceback" not in shown(pilot)


async def test_a_value_can_be_copied(home: Path) -> None:
    folder = made_watched(home, "zibiro")
    async with opened(folder).run_test(size=(120, 40)) as pilot:
        await pilot.press("y")
        await until_shown(pilot, "mean_test_score", "param_svc__C")


@pytest.mark.parametrize("settings", [GRID, CURVE])
async def test_training_scores_are_shown_where_there_are_any(home: Path, settings: WatchedSettings) -> None:
    folder = made_watched(home, "zibiro", settings, has_training=True)
    async with opened(folder).run_test(size=(160, 40)) as pilot:
        await until_shown(pilot, "Training")
        await until(pilot, lambda: "best" in chart_text(pilot))
        assert "training" not in chart_text(pilot)
        await pilot.press("T")
        await until(pilot, lambda: "training" in chart_text(pilot))


async def test_without_training_scores_their_key_says_why(home: Path) -> None:
    folder = made_watched(home, "zibiro")
    async with opened(folder).run_test(size=(160, 40)) as pilot:
        await until_shown(pilot, "zibiro", "Export")
        screen = pilot.app.screen
        assert isinstance(screen, WatchedScreen)
        assert not screen.check_action("training", ())
        assert "return_train_score=True" in screen.why_not("training", ())
