from pathlib import Path

from textual.pilot import Pilot

from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.writer import add_log
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.evolution.generation_table import GenerationTable
from nnsize_tui.screens.search.candidate_table import CandidateTable
from support.made_runs import add_made_fits, made_fit, made_run, make_evolution
from support.pilots import shown, until, until_shown


def opened(folder: Path) -> ExplorerApp:
    return ExplorerApp(folder.parent, unicode=True, first=RunFollower(folder).look())


def chosen(pilot: Pilot[None]) -> int | None:
    item = pilot.app.screen.query_one(CandidateTable).highlighted
    return None if item is None else item.summary.candidate.number


async def test_the_cursor_follows_the_newest_then_the_best_until_it_is_moved(home: Path) -> None:
    folder = made_run(home, "zibiro", state="running", fits=2)
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        assert "follows" not in shown(pilot)
        await pilot.press("f")
        await until_shown(pilot, "follows the newest", "f Best")
        assert chosen(pilot) == 1
        add_made_fits(folder, [made_fit(2, 0)])
        await until(pilot, lambda: chosen(pilot) == 2)
        await pilot.press("f")
        await until_shown(pilot, "follows the best", "f Unfollow")
        add_made_fits(folder, [made_fit(3, 0, score=0.1), made_fit(0, 1)])
        await until_shown(pilot, "5/12 fits")
        best = pilot.app.screen.view.choice.best.number  # type: ignore[attr-defined]
        assert chosen(pilot) == best
        await pilot.press("up" if best else "down")
        await until(pilot, lambda: "follows" not in shown(pilot))
        add_made_fits(folder, [made_fit(1, 1)])
        await until_shown(pilot, "6/12 fits", "f Follow")
        assert chosen(pilot) != best


async def test_an_evolution_follows_its_best_generation(home: Path) -> None:
    folder = make_evolution(home, "kamali")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("home", "f", "f")
        await until_shown(pilot, "follows the best")
        table = pilot.app.screen.query_one(GenerationTable)
        view = RunFollower(folder).look()
        assert table.highlighted is not None
        assert table.highlighted.number == view.evolved.steps  # type: ignore[union-attr]


async def test_the_log_shows_warnings_alone_or_the_newest_first(home: Path) -> None:
    folder = made_run(home, "zibiro")
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        add_log(connection, "warning", "slow disk")
        add_log(connection, "error", "no disk")
    connection.close()
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("w")
        await until_shown(pilot, "log: warnings, errors, 2 of 3 ─", "slow disk", "no disk")
        assert "made up" not in shown(pilot)
        await pilot.press("W")
        await until_shown(pilot, "2 of 3, newest first ─")
        assert shown(pilot).index("no disk") < shown(pilot).index("slow disk")
        await pilot.press("w")
        await until_shown(pilot, "log: errors, 1 of 3")
        await pilot.press("w", "W")
        await until_shown(pilot, "made up")
        assert shown(pilot).index("made up") < shown(pilot).index("no disk")
