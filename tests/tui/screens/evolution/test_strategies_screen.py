"""The screen of a run that compares strategies."""

import itertools
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from nnsize_engine.runs.view import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.evolution.strategies_layout import arrange
from nnsize_tui.screens.evolution.strategies_screen import StrategiesScreen
from nnsize_tui.screens.evolution.strategy_detail import StrategyDetail
from nnsize_tui.screens.evolution.strategy_table import StrategyTable
from support.made_comparisons import make_comparison
from support.pilots import shown, until, until_shown


def opened(folder: Path, *, unicode: bool = True) -> ExplorerApp:
    """Return the explorer as ``nnsize-tui RUN`` starts it."""
    return ExplorerApp(folder.parent, unicode=unicode, first=RunFollower(folder).look())


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


def names(pilot: Pilot[None]) -> list[str]:
    return [one.name for one in pilot.app.screen.query_one(StrategyTable).items]


async def test_a_comparison_shows_its_strategies_their_seeds_and_the_answer(home: Path) -> None:
    folder = make_comparison(home, "zelodo")
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        assert isinstance(pilot.app.screen, StrategiesScreen)
        await until_shown(pilot, "shade, sep-cma-es (2 seeds) · log_loss · 4,000 evaluations", "✓ finished")
        await until_shown(
            pilot, "4/4 evolutions 100%", "sep-cma-es reaches a log_loss with weight decay of 0.0982 (quartiles"
        )
        await until_shown(pilot, "gradient training 0.0900", "seeds of sep-cma-es", "25%", "75%", "evals/s")
        await until(pilot, lambda: "gradient 0.0900 in 0.40s" in chart_text(pilot))
        assert names(pilot) == ["sep-cma-es", "shade"]
        await pilot.press("down")
        await until_shown(pilot, "seeds of shade")


async def test_the_axis_the_bands_the_order_and_the_panes_change_by_key(home: Path) -> None:
    folder = make_comparison(home, "zelodo")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "evaluations (log)" in chart_text(pilot))
        await pilot.press("m")
        await until(pilot, lambda: "seconds (log)" in chart_text(pilot))
        await pilot.press("m", "b")
        await until(pilot, lambda: "evaluations (log)" in chart_text(pilot))
        await pilot.press("O")
        assert names(pilot) == ["shade", "sep-cma-es"]
        await pilot.press("l")
        await until_shown(pilot, "a comparison made up for a test")
        await pilot.press("l", "z", "z", "z")
        assert pilot.app.screen.query_one(StrategyDetail).display
        await pilot.press("escape")
        assert not pilot.app.screen.query_one(StrategyDetail).display


async def test_a_comparison_under_way_says_what_is_computed(home: Path) -> None:
    folder = make_comparison(home, "zelodo", state="running", over=2, under_way=True)
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "2/4 evolutions", "shade, seed 1", "So far sep-cma-es reaches", "left")
        await pilot.press("down")
        await until_shown(pilot, "seeds of shade", "under way")


async def test_without_unicode_everything_is_ascii(home: Path) -> None:
    folder = make_comparison(home, "zelodo")
    async with opened(folder, unicode=False).run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "gradient 0.0900" in chart_text(pilot))
        assert shown(pilot).isascii()


async def test_again_sets_up_the_same_comparison(home: Path) -> None:
    folder = make_comparison(home, "zelodo")
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "4/4 evolutions")
        await pilot.press("a")
        await until_shown(pilot, "shade,sep-cma-es", "2 strategies to compare", "4 evolutions x 4,000 evaluations")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 30), (160, 48), (240, 70)])
@pytest.mark.parametrize("has_log", [None, False, True])
def test_parts_are_on_the_screen_and_never_overlap(size: tuple[int, int], has_log: bool | None) -> None:
    for table in ((60, 3), (78, 8), (90, 40)):
        parts = arrange(*size, answer=2, table=table, has_log=has_log)
        assert {"summary", "answer", "keys"} < parts.keys()
        for region in parts.values():
            assert Region(0, 0, *size).contains_region(region)
        for one, other in itertools.combinations(parts.values(), 2):
            assert not one.overlaps(other)
