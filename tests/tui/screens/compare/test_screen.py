from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.compare.screen import CompareScreen
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.home.screen import HomeScreen
from support.made_runs import (
    EVOLUTION,
    SMALL,
    add_made_fits,
    made_fit,
    made_run,
    make_evolution,
)
from support.pilots import shown, until, until_shown
from support.removal import remove


@pytest.fixture
def seeds(home: Path) -> list[Path]:
    """Make two searches that differ in their seed."""
    return [made_run(home, "zibiro", SMALL), made_run(home, "fomule", replace(SMALL, seed=42), age=1)]


@pytest.mark.usefixtures("seeds")
async def test_runs_are_marked_and_compared_by_keys(home: Path, explorer: ExplorerApp) -> None:
    make_evolution(home, "zelodo", age=2)
    async with explorer.run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "zibiro", "zelodo", "space Mark")
        assert "c Compare" not in shown(pilot)
        await pilot.press("space")
        await until_shown(pilot, "●zibiro", "1 marked", "c Compare")
        await pilot.press("space")
        await until_shown(pilot, "●fomule", "2 marked")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(explorer.screen, CompareScreen))
        await until_shown(pilot, "2 runs compared", "seed", "settings are the same", "On the same held-out rows")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await pilot.press("u")
        await until(pilot, lambda: "marked" not in shown(pilot) and "c Compare" not in shown(pilot))


async def test_a_single_marked_run_is_compared_with_the_one_under_the_cursor(
    seeds: list[Path], explorer: ExplorerApp
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "zibiro", "fomule")
        await pilot.press("space", "c")
        await until(pilot, lambda: isinstance(explorer.screen, CompareScreen))
        assert isinstance(explorer.screen, CompareScreen)
        assert explorer.screen.folders == tuple(seeds)


async def test_no_more_runs_are_compared_than_can_be_told_apart(home: Path, explorer: ExplorerApp) -> None:
    for number in range(7):
        made_run(home, f"run{number}", SMALL, age=number)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "run0", "run6")
        await pilot.press(*["space"] * 7)
        await pilot.press("c")
        await until_shown(pilot, "7 runs are marked, and 6 can be told apart in a chart; unmark some first.")
        await pilot.press("space", "c")
        await until_shown(pilot, "6 runs compared", "run5")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 48), (200, 60)])
@pytest.mark.parametrize("unicode", [True, False])
async def test_a_search_and_an_evolution_stand_beside_each_other(
    home: Path, size: tuple[int, int], unicode: bool
) -> None:
    folders = [made_run(home, "zibiro", SMALL), make_evolution(home, "zelodo", replace(EVOLUTION, test_size=0.33))]
    app = ExplorerApp(home, unicode=unicode)
    async with app.run_test(size=size) as pilot:
        app.push_screen(CompareScreen(folders))
        await until_shown(pilot, "On the same held-out rows", "final test score", "x Export", "zelodo")
        assert unicode or shown(pilot).isascii()
        await pilot.press("z")
        await until(pilot, lambda: "final test score" not in shown(pilot))
        await until_shown(pilot, "test accuracy", "8 neurons  ")
        await pilot.press("escape")
        await until_shown(pilot, "final test score")


async def test_live_runs_go_on_and_one_that_is_gone_is_said(home: Path) -> None:
    search = made_run(home, "zibiro", SMALL, state="running", fits=4)
    other = made_run(home, "fomule", SMALL)
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(CompareScreen([search, other]))
        await until_shown(pilot, "33%", "scored by")
        await pilot.press("end")
        await until_shown(pilot, "4 of 12")
        add_made_fits(search, [made_fit(0, 1), made_fit(1, 1)])
        await until_shown(pilot, "6 of 12")
        remove(search)
        await until_shown(pilot, "unreadable", "6 of 12", "50%", "run.sqlite is missing. What is shown of that run")


async def test_pictures_follow_each_other_and_evolutions_are_drawn_by_evaluations(home: Path) -> None:
    folders = [
        make_evolution(home, "zelodo", EVOLUTION),
        make_evolution(home, "tinabo", replace(EVOLUTION, members=60), state="running", generations=5),
    ]
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(CompareScreen(folders))
        await until_shown(pilot, "fitness by evaluations", "best log_loss")
        await pilot.press("m")
        await until_shown(pilot, "fitness by generation")
        await pilot.press("M", "M")
        await until_shown(pilot, "test scores")
        await pilot.press("M")
        await until_shown(pilot, "held-out fitness by evaluations")


async def test_the_curves_are_read_at_one_place_while_the_chart_is_alone(seeds: list[Path]) -> None:
    app = ExplorerApp(seeds[0].parent, unicode=True)
    async with app.run_test(size=(120, 30)) as pilot:
        app.push_screen(CompareScreen(seeds))
        await until_shown(pilot, "scores by size", "neurons")
        assert "Read" not in shown(pilot)
        await pilot.press("z", "left")
        await until_shown(pilot, "left Read", "zibiro 0.9", "fomule 0.9")
        await pilot.press("escape")
        await until(pilot, lambda: "zibiro 0.9" not in shown(pilot))


async def test_the_comparison_is_exported(seeds: list[Path], explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        explorer.push_screen(CompareScreen(seeds))
        await until_shown(pilot, "settings are the same", "x Export")
        await pilot.press("x")
        await until(pilot, lambda: isinstance(explorer.screen, ExportDialog))
        await until_shown(pilot, "● comparison   ○ all candidates   ○ all fits   ○ chart", "nnsize-zibiro-fomule.csv")
        await until_shown(pilot, " rows of 4 columns:", "what,name,zibiro,fomule")
        await pilot.press("enter")
        await until_shown(pilot, "Written to")
    written = Path("nnsize-zibiro-fomule.csv").read_text()
    assert written.startswith("what,name,zibiro,fomule\n")
    assert "setting,seed,0,42" in written


async def test_a_report_of_the_comparison_is_written(seeds: list[Path], explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        explorer.push_screen(CompareScreen(seeds))
        await until_shown(pilot, "2 runs compared", "Export")
        await pilot.press("x")
        await until_shown(pilot, "columns:")
        await pilot.press("left")
        await until_shown(pilot, "● report", "nnsize-zibiro-fomule-report.html", "One page for others")
        assert "the clipboard" not in shown(pilot)
        await pilot.press("enter")
        await until_shown(pilot, "Written to")
    assert "<h1>zibiro and fomule</h1>" in Path("nnsize-zibiro-fomule-report.html").read_text()


async def test_the_chart_of_a_comparison_is_offered_where_its_curves_may_share_a_picture(
    seeds: list[Path], explorer: ExplorerApp
) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        explorer.push_screen(CompareScreen([*seeds, make_evolution(seeds[0].parent, "zelodo")]))
        await until_shown(pilot, "3 runs compared", "Export")
        await pilot.press("x")
        await until_shown(pilot, "● comparison   ○ all candidates   ○ all fits   ○ all generations", "columns:")
        assert "○ chart" not in shown(pilot)
        await pilot.press("escape", "escape")
        explorer.push_screen(CompareScreen(seeds))
        await until_shown(pilot, "2 runs compared", "Export")
        await pilot.press("x")
        await until_shown(pilot, "columns:")
        await pilot.press("left", "left")
        await until_shown(pilot, "● chart", "nnsize-zibiro-fomule.png", "by matplotlib")
        assert "the clipboard" not in shown(pilot)
        await pilot.press("down", "right", "enter")
        await until_shown(pilot, "Written to")
    assert Path("nnsize-zibiro-fomule.svg").read_text().startswith("<?xml")


async def test_the_candidates_of_all_compared_runs_go_to_the_clipboard(
    seeds: list[Path], explorer: ExplorerApp
) -> None:
    async with explorer.run_test(size=(60, 20), notifications=True) as pilot:
        explorer.push_screen(CompareScreen(seeds))
        await until_shown(pilot, "settings are the same")
        await pilot.press("x")
        await until(pilot, lambda: isinstance(explorer.screen, ExportDialog))
        await pilot.press("right")
        await until_shown(pilot, "8 rows of ", "nnsize-zibiro-fomule-candidates.csv")
        await pilot.press("down", "down", "right", "enter")
        await until_shown(pilot, "Copied all candidates of 2 runs: 9 lines.")
    header, *rows = explorer.clipboard.splitlines()
    assert header.startswith("run,mean_fit_time,")
    assert [row.partition(",")[0] for row in rows] == ["zibiro"] * 4 + ["fomule"] * 4


async def test_one_value_of_one_compared_run_is_copied_with_all_its_digits(
    seeds: list[Path], explorer: ExplorerApp
) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        explorer.push_screen(CompareScreen(seeds))
        await until_shown(pilot, "x Export")
        await pilot.press("y")
        await until_shown(pilot, "Copy: type to find it", "best mean fomule")
        await pilot.press(*"seed fo", "enter")
        await until_shown(pilot, "Copied setting seed fomule: 2 characters.")
        assert explorer.clipboard == "42"
        await pilot.press("y")
        await until_shown(pilot, "Copy: type to find it")
        await pilot.press("enter")
        await until_shown(pilot, "Copied comparison: ")
        assert explorer.clipboard.startswith("what\tname\tzibiro\tfomule\n")
