"""The app below the explorer does what Textual's own does, however busy the machine."""

import pytest
from textual import _time
from textual.app import ComposeResult
from textual.widgets import Label

from nnsize_tui.app.slow_link_app import SlowLinkApp
from support.pilots import until


class Labelled(SlowLinkApp):
    """A text as wide as the screen."""

    def compose(self) -> ComposeResult:
        label = Label("text")
        label.styles.width = "100%"
        yield label


async def test_a_terminal_gets_another_size_while_the_machine_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Labelled()
    async with app.run_test(size=(80, 24)) as pilot:
        clock, lost = _time.get_time, 0.0

        def late() -> float:
            """More time passes between two looks at the clock than a timer of Textual's was to wait."""
            nonlocal lost
            lost += 0.02
            return clock() + lost

        for width in (100, 60):
            monkeypatch.setattr(_time, "get_time", late)
            await pilot.resize_terminal(width, 30)
            monkeypatch.setattr(_time, "get_time", clock)
            await until(pilot, lambda width=width: app.query_one(Label).size.width == width)  # type: ignore[misc]
