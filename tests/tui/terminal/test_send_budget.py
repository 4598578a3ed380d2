"""What data asks for waits until the line has room; what keys ask for is forgiven soon."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.home.run_table import RunTable
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.terminal.send_budget import (
    MAX_BYTES_PER_SECOND,
    MAX_CHART_DEBT_SECONDS,
    MAX_DEBT_SECONDS,
    MAX_DEBT_SECONDS_AFTER_KEY,
    MAX_SMALL_DEBT_SECONDS,
    MIN_BYTES_PER_SECOND,
    SendBudget,
    wait_to_send,
)
from support.made_runs import made_run
from support.pilots import until, until_shown


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Time that passes only when it is told to."""
    now = [1000.0]

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr("nnsize_tui.terminal.send_budget.time.monotonic", lambda: now[0])
    return pass_by


def test_no_more_is_sent_in_the_long_run_than_the_rate_allows(clock: Callable[[float], None]) -> None:
    counted, sent = SendBudget(), 0
    for _ in range(10_000):
        clock(0.01)
        if counted.wait(MAX_CHART_DEBT_SECONDS) <= 0:
            counted.spend(4000)
            sent += 4000
    assert sent / 100 == pytest.approx(MIN_BYTES_PER_SECOND, rel=0.05)


def test_what_is_small_waits_less_than_what_is_large(clock: Callable[[float], None]) -> None:
    counted = SendBudget()
    clock(1.0)
    counted.spend(int(3 * MIN_BYTES_PER_SECOND))
    assert counted.wait(MAX_CHART_DEBT_SECONDS) == pytest.approx(2.0)
    assert counted.wait(MAX_SMALL_DEBT_SECONDS) <= 0


def test_a_whole_screen_that_a_key_asked_for_soon_counts_no_more(clock: Callable[[float], None]) -> None:
    counted = SendBudget()
    counted.note_key()
    counted.spend(100_000)
    assert counted.wait(MAX_CHART_DEBT_SECONDS) == pytest.approx(MAX_DEBT_SECONDS_AFTER_KEY)
    clock(1.0)
    counted.spend(100_000)
    assert counted.wait(MAX_CHART_DEBT_SECONDS) == pytest.approx(MAX_DEBT_SECONDS)
    counted.note_key()
    counted.spend(10)
    assert counted.wait(MAX_CHART_DEBT_SECONDS) == pytest.approx(MAX_DEBT_SECONDS)


@pytest.mark.usefixtures("clock")
def test_larger_screens_get_more_and_nobody_gets_all() -> None:
    waits = []
    for cells in (60 * 20, 160 * 48, 200 * 60, 1000 * 1000):
        counted = SendBudget()
        counted.set_screen_size(cells)
        counted.spend(int(MAX_BYTES_PER_SECOND))
        waits.append(counted.wait(MAX_CHART_DEBT_SECONDS))
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == pytest.approx(1.0)


def test_where_nobody_counts_nothing_waits() -> None:
    assert wait_to_send(object()) == 0.0


async def test_a_covered_screen_draws_nothing_until_it_is_in_front_again(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro", state="stopped", fits=5)
    async with explorer.run_test(size=(100, 40)) as pilot:
        await until_shown(pilot, "stopped")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        below = explorer.screen_stack[0]
        assert isinstance(below, HomeScreen)
        assert not below.is_current
        table = below.query_one(RunTable)
        before = table._strips
        table.show([])
        table.redraw()
        below.query_one(ChartView)._draw_anew()
        assert table._strips is before
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(explorer.screen, Help))
        assert not explorer.screen_stack[1].is_current  # it shows through, as it is
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        await pilot.press("escape")
        await until(pilot, lambda: explorer.screen is below)
        await until(pilot, lambda: table._strips is not before)
        await until_shown(pilot, "zibiro")
