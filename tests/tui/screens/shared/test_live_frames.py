"""Every picture of a live run shows one moment of it, however slow the chart is."""

import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.shared.live_frames import LiveFrames
from nnsize_tui.terminal.send_budget import SendBudget
from support.made_runs import add_made_generations, made_generation, make_evolution
from support.pilots import until, until_shown
from support.sent_frames import Frame, keep_frames

DRAWING_SECONDS = 0.05

GENERATIONS = 24

PLACES = {
    "bar": r"(\d+)/\d+ gen",
    "answer": r"\(generation (\d+) of \d+\)",
    "table": r"^›\W*(\d+) ",
    "detail": r"─ generation (\d+) ─",
    "chart": r"│ (\d+) *$",
}
"""Where each part of an evolution's screen says which generation is the newest; the cursor is on it."""


@pytest.fixture
def slow_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every picture of a chart take as long as on a busy machine."""
    draw = ChartView._picture

    def slowly(self: ChartView, chart: Chart | HeatMap, width: int, height: int) -> list[str]:
        time.sleep(DRAWING_SECONDS)
        return draw(self, chart, width, height)

    monkeypatch.setattr(ChartView, "_picture", slowly)


def _numbers(frame: Frame) -> dict[str, int]:
    found = {name: re.search(pattern, "\n".join(frame), re.MULTILINE) for name, pattern in PLACES.items()}
    return {name: int(match[1]) for name, match in found.items() if match is not None}


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """Keep the pictures that are sent."""
    return keep_frames(monkeypatch)


@pytest.mark.usefixtures("slow_chart")
@pytest.mark.parametrize(("size", "parts"), [((80, 24), 4), ((160, 48), 5)])
async def test_bar_answer_table_and_chart_of_a_picture_show_one_generation(
    home: Path, frames: list[Frame], size: tuple[int, int], parts: int
) -> None:
    folder = make_evolution(home, "zelodo", state="running", generations=3)
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look(), config=ExplorerConfig(refresh=0.05))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: frames and len(_numbers(frames[-1])) == parts)
        begun = len(frames)
        for number in range(4, 4 + GENERATIONS):
            add_made_generations(folder, [made_generation(number)])
            await pilot.pause(0.02)
        last = 3 + GENERATIONS
        await until(pilot, lambda: set(_numbers(frames[-1]).values()) == {last})
        shown = [_numbers(frame) for frame in frames[begun:]]
    assert all(len(numbers) == parts for numbers in shown)
    assert [numbers for numbers in shown if len(set(numbers.values())) > 1] == []
    assert len({numbers["bar"] for numbers in shown}) > 1


async def test_what_came_while_a_dialog_was_open_is_shown_when_it_is_closed(home: Path, frames: list[Frame]) -> None:
    folder = make_evolution(home, "zelodo", state="running", generations=3)
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look(), config=ExplorerConfig(refresh=0.05))
    async with app.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "3/40 generations")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        add_made_generations(folder, [made_generation(4)])
        await pilot.pause(0.3)
        await pilot.press("escape")
        await until(pilot, lambda: set(_numbers(frames[-1]).values()) == {4})


def test_a_view_waits_a_second_for_costly_parts_and_longer_only_for_a_spent_budget() -> None:
    now, budget = time.monotonic(), SendBudget()
    part = SimpleNamespace(next_at=now + 60, display=True, catch_up=lambda: None)
    screen = SimpleNamespace(
        app=SimpleNamespace(send_budget=budget),
        explorer=SimpleNamespace(refresh_seconds=None),
        query=lambda _: [part],
    )
    frames: LiveFrames[int] = LiveFrames(cast(Any, screen), lambda _: None)
    frames._shown_at = now
    assert frames._wait(now) == pytest.approx(1.0)
    budget._last_key = now - 60  # what is sent is no answer to a key
    budget.spend(1_000_000)
    assert frames._wait(now) > 2.0
