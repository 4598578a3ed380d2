"""A call after a pause comes, and not before."""

import time

from textual.app import App

from nnsize_tui.later import call_after
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
