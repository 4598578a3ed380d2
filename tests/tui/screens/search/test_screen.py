from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow import pending_requests
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.screens.search.fold_pane import FoldPane
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.widgets.log_pane import LogPane
from support.made_runs import add_made_fits, enter_state, made_fit, made_run
from support.pilots import shown, until, until_shown
from support.removal import remove

LAYERS = SizeSettings(data="wine", scoring="accuracy", neurons="8,16,64x32,128x64x32", cv=3)


def opened(folder: Path, *, unicode: bool = True) -> ExplorerApp:
    """Return the explorer as ``nnsize-tui RUN`` starts it."""
    return ExplorerApp(folder.parent, unicode=unicode, first=RunFollower(folder).look())


def table_of(pilot: Pilot[None]) -> CandidateTable:
    return pilot.app.screen.query_one(CandidateTable)


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


async def test_an_open_run_shows_everything_about_it(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(
            pilot, "zibiro", "2:10:2 · accuracy · 3 folds", "✓ finished", "12/12 fits 100%", "elapsed 42s"
        )
        await until_shown(pilot, "8 neurons are recommended: accuracy 0.9143", "standard error 0.0017, the best")
        await until_shown(pilot, "still rising at 8: try larger ones.", "test score 0.9530.")
        await until_shown(pilot, "folds of 2", "★", "rank")
        await until(pilot, lambda: "best" in chart_text(pilot))


async def test_progress_appears_as_it_is_made(home: Path) -> None:
    folder = made_run(home, "zibiro", state="running", fits=3)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "3/12 fits  25%", "▶ running", "1 of 3 folds", "left")
        add_made_fits(folder, [made_fit(3, 0), made_fit(0, 1)])
        await until_shown(pilot, "5/12 fits  41%", "2/3")
        enter_state(folder, "stopped")
        await until_shown(pilot, "■ stopped", "Resume")


async def test_the_rows_can_be_sorted_by_every_column_and_back(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        table = table_of(pilot)
        seen = [table.sorted_by]
        for _ in table.shape.keys:
            await pilot.press("o")
            seen.append(table.sorted_by)
        assert seen == [*table.shape.keys, "neurons"]
        await pilot.press("less_than_sign")
        assert table.sorted_by == "rank"
        assert "▴rank" in shown(pilot)
        assert [item.rank for item in table.items] == [1, 2, 3, 4]
        await pilot.press("O")
        assert [item.rank for item in table.items] == [4, 3, 2, 1]
        assert "▾rank" in shown(pilot)
        await pilot.press("greater_than_sign")
        assert table.sorted_by == "neurons"


async def test_a_click_on_a_title_sorts_and_a_second_one_turns_the_order_round(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        table = table_of(pilot)
        await until_shown(pilot, "▴neurons folds     mean")
        await pilot.click(CandidateTable, offset=(20, 0))
        await until(pilot, lambda: (table.sorted_by, table.is_descending) == ("mean", True))
        await pilot.click(CandidateTable, offset=(20, 0))
        await until(pilot, lambda: (table.sorted_by, table.is_descending) == ("mean", False))


async def test_the_folds_and_the_curve_follow_the_cursor(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        await until_shown(pilot, "folds of 6")
        fit = made_fit(2, 1)
        await until_shown(pilot, f"{fit.test_score:.4f}  {fit.train_score:.4f}   152")
        await until(pilot, lambda: "│ 6" in chart_text(pilot))


async def test_the_cursor_stays_on_its_candidate_when_sorted(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "o", "o", "O")
        chosen = table_of(pilot).highlighted
        assert chosen is not None
        assert chosen.summary.candidate.hidden_layer_sizes == (4,)


async def test_a_failed_fit_says_why(home: Path) -> None:
    folder = made_run(home, "zibiro", failed=((1, 2),))
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await pilot.press("down")
        await until_shown(pilot, "failed", "the loss became infinite")


async def test_networks_of_several_layers_are_shown_whole(home: Path) -> None:
    folder = made_run(home, "zibiro", LAYERS)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "64x32", "128x64x32")
        await until(pilot, lambda: "64x32" in chart_text(pilot))


async def test_a_run_without_any_fit_says_what_it_waits_for(home: Path) -> None:
    folder = made_run(home, "zibiro", state="starting", fits=0)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "No answer yet: iris: made up for a test.", "0/3", "starting")


async def test_a_run_that_failed_says_why(home: Path) -> None:
    folder = made_run(home, "zibiro", state="failed", fits=5, reason="the disk is full")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "The run failed: the disk is full. So far (1 of 3")


async def test_the_log_takes_the_charts_place_and_gives_it_back(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        screen = pilot.app.screen
        assert not screen.query_one(LogPane).display
        await pilot.press("l")
        await until_shown(pilot, "─ log ─", "iris: made up for a test")
        assert not screen.query_one(ChartView).display
        await pilot.press("l")
        await until(pilot, lambda: screen.query_one(ChartView).display)


async def test_a_large_screen_shows_the_log_beside_everything_else(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "iris: made up for a test", "folds of 2 · 19 weights", "settled")
        await pilot.press("l")
        await until(pilot, lambda: not pilot.app.screen.query_one(LogPane).display)


async def test_zoom_shows_the_chart_then_the_table_then_everything(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        screen = pilot.app.screen
        parts = (CandidateTable, ChartView, FoldPane)
        seen = []
        for key in ("z", "z", "z", "z", "escape"):
            await pilot.press(key)
            await pilot.pause()
            seen.append([screen.query_one(part).display for part in parts])
        alone = [[False, True, False], [True, False, False]]
        assert seen == [*alone, [True, True, True], alone[0], [True, True, True]]
        assert pilot.app.screen is screen


async def test_a_key_draws_the_training_scores_into_the_curve_and_takes_them_out(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        assert "training" not in chart_text(pilot)
        await pilot.press("T")
        await until(pilot, lambda: "· training" in chart_text(pilot))
        await pilot.press("m")
        await until(pilot, lambda: "training loss" in chart_text(pilot))
        await pilot.press("T", "m")
        await until(pilot, lambda: "· training" in chart_text(pilot))
        await pilot.press("T")
        await until(pilot, lambda: "training" not in chart_text(pilot))


async def test_resizing_places_the_parts_anew(home: Path) -> None:
    folder = made_run(home, "zibiro")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        screen = pilot.app.screen
        await pilot.resize_terminal(160, 48)
        await until(pilot, lambda: screen.query_one(LogPane).display)
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: not screen.query_one(FoldPane).display)
        await until(pilot, lambda: screen.query_one(CandidateTable).size.width == 60)


@pytest.mark.parametrize(
    ("state", "key", "action", "word"),
    [
        ("running", "p", "pause", "pausing"),
        ("interrupted", "r", "resume", "resuming"),
        ("paused", "s", "stop", "stopping"),
    ],
)
async def test_the_run_is_steered_from_here(
    home: Path, monkeypatch: pytest.MonkeyPatch, state: str, key: str, action: str, word: str
) -> None:
    folder = made_run(home, "zibiro", state=state, fits=4)  # type: ignore[arg-type]
    asked: list[Path] = []
    monkeypatch.setattr(launch, action, asked.append)
    monkeypatch.setattr(pending_requests, "MAX_PENDING_SECONDS", 600.0)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        await until_shown(pilot, f"{word}…")
        await until(pilot, lambda: asked == [folder])


async def test_escape_goes_back_to_all_runs(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = opened(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until_shown(pilot, "› zibiro")


async def test_a_run_deleted_from_here_leads_back_to_all_runs(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = opened(folder)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until_shown(pilot, "Run zibiro is deleted.")
        assert not folder.exists()


async def test_a_run_deleted_elsewhere_says_so_and_leads_back(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = opened(folder)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro", "rank")
        remove(folder)
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until_shown(pilot, "The folder of run zibiro is gone.")
        await until_shown(pilot, "0 runs")


async def test_a_run_deleted_elsewhere_under_a_dialog_leads_back_after_it(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = opened(folder)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro", "rank")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        remove(folder)
        await until_shown(pilot, "The folder of run zibiro is gone.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_a_run_damaged_under_the_explorer_says_so_and_keeps_what_was_seen(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = opened(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "zibiro", "rank")
        (folder / "run.sqlite").write_bytes(b"nonsense" * 500)
        await until_shown(pilot, "zibiro cannot be read", "folds of 2")
        assert isinstance(app.screen, SearchScreen)


async def test_without_unicode_everything_is_ascii(home: Path) -> None:
    folder = made_run(home, "zibiro", failed=((1, 2),))
    async with opened(folder, unicode=False).run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        assert shown(pilot).isascii()
        await pilot.press("question_mark")
        await until_shown(pilot, "This screen")
        assert shown(pilot).isascii()
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
        await pilot.press("x")
        await until_shown(pilot, "Export run zibiro")
        assert shown(pilot).isascii()
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
        await pilot.press("escape")
        await until_shown(pilot, "> zibiro")
        assert shown(pilot).isascii()
