"""Pictures of comparisons; ``pytest --snapshot-update`` renews them after a look at the report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.compare.screen import CompareScreen
from support.made_runs import EVOLUTION, made_run, make_evolution
from support.pilots import shown, until

SnapCompare = Callable[..., bool]

SEARCH = SizeSettings(data="breast_cancer", neurons="5:100:5", cv=5)


async def _drawn(pilot: Pilot[None]) -> None:
    """Wait until the comparison is read and its newest picture is drawn."""

    def is_drawn() -> bool:
        screen = pilot.app.screen
        if not isinstance(screen, CompareScreen) or screen._found is None or "x Export" not in shown(pilot):
            return False  # a heading names the settings before any run was read
        chart = screen.query_one(ChartView)
        rows = [chart.render_line(row).text for row in range(chart.size.height)]
        return not chart.display or (chart._pending is None and len("".join(rows).strip()) > 3)

    await until(pilot, is_drawn)
    shown(pilot)
    await pilot.pause()


def _compared(pilot: Pilot[None], folders: list[Path]) -> None:
    pilot.app.push_screen(CompareScreen(folders))


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
def test_compared_searches(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    folders = [
        made_run(home, "zibiro", SEARCH),
        made_run(home, "fomule", replace(SEARCH, seed=42, neurons="5:100:10"), state="running", fits=40),
    ]

    async def run_before(pilot: Pilot[None]) -> None:
        _compared(pilot, folders)
        await _drawn(pilot)

    assert snap_compare(ExplorerApp(home, unicode=True), terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("size", [(60, 20), (160, 48)])
def test_compared_evolutions(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    folders = [
        make_evolution(home, "zelodo", EVOLUTION),
        make_evolution(home, "tinabo", replace(EVOLUTION, members=60, strategy="shade")),
        make_evolution(home, "gadepu", replace(EVOLUTION, seed=3), state="running", generations=12),
    ]

    async def run_before(pilot: Pilot[None]) -> None:
        _compared(pilot, folders)
        await _drawn(pilot)

    assert snap_compare(ExplorerApp(home, unicode=True), terminal_size=size, run_before=run_before)


def test_a_search_and_an_evolution_compared_in_ascii(home: Path, snap_compare: SnapCompare) -> None:
    same = SizeSettings(data="iris", scoring="accuracy", neurons="2:30:4", cv=3)
    folders = [made_run(home, "zibiro", same), make_evolution(home, "zelodo", replace(EVOLUTION, test_size=0.33))]

    async def run_before(pilot: Pilot[None]) -> None:
        _compared(pilot, folders)
        await _drawn(pilot)

    assert snap_compare(ExplorerApp(home, unicode=False), terminal_size=(80, 24), run_before=run_before)
