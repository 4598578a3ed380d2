"""A call after a pause comes, and not before."""

import asyncio
import time

import pytest
from textual.app import App
from textual.screen import Screen
from textual.widgets import Label

from nnsize_tui.terminal import timers
from nnsize_tui.terminal.timers import after_refresh, call_after
from support.pilots import until


async def test_even_the_shortest_pauses_end() -> None:
    calls: list[int] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        for number in range(300):
            call_after(app, 1e-7, lambda number=number: calls.append(number))  # type: ignore[misc]
        await until(pilot, lambda: len(calls) >= 300)
    assert sorted(calls) == list(range(300))


async def test_it_waits_unless_cancelled() -> None:
    calls: list[float] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        began = time.monotonic()
        call_after(app, 0.05, lambda: calls.append(-1.0)).cancel()
        call_after(app, 0.1, lambda: calls.append(time.monotonic() - began))
        await until(pilot, lambda: calls)
    assert len(calls) == 1
    assert calls[0] >= 0.1


class Slow(Label):
    """Takes a while to go."""

    async def on_unmount(self) -> None:
        await asyncio.sleep(0.1)


async def test_a_screen_whose_parts_are_gone_is_not_called() -> None:
    calls: list[int] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = Screen[None]()
        await app.push_screen(screen)
        await screen.mount(Slow())
        call_after(screen, 0.05, lambda: calls.append(len(screen.query(Label))))
        await app.pop_screen()
        await pilot.pause(0.1)
    assert calls in ([], [1])


@pytest.mark.parametrize("is_lost", [False, True])
async def test_what_waits_for_the_screen_to_be_drawn_comes_once_also_when_that_screen_is_left(
    monkeypatch: pytest.MonkeyPatch, is_lost: bool
) -> None:
    monkeypatch.setattr(timers, "MAX_DRAW_SECONDS", 0.05)
    calls: list[int] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        front = Screen[None]()
        await app.push_screen(front)
        if is_lost:
            monkeypatch.setattr(front, "_invoke_later", lambda *_: None)
        after_refresh(app, lambda: calls.append(1))
        await until(pilot, lambda: calls)
        await pilot.pause(0.1)
    assert calls == [1]
