"""The chart on a screen, drawn after the first frame, at most four times a second. Only changed parts are sent."""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar, assert_never

from rich.segment import Segment
from textual import events, work
from textual.message import Message
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from nnsize_engine.charts.bar_chart import BarChart
from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.heat_map import HeatMap, Spot
from nnsize_tui.chart.ansi_strips import strips_of
from nnsize_tui.chart.bar_picture import render_bars
from nnsize_tui.chart.changes import changed_regions, sent_bytes
from nnsize_tui.chart.heat_picture import render_heat, spots_at
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.theme import palette_of
from nnsize_tui.terminal.send_budget import MAX_CHART_DEBT_SECONDS, wait_to_send
from nnsize_tui.terminal.timers import after_refresh, call_after

MIN_SECONDS_BETWEEN, MAX_SECONDS_BETWEEN = 0.25, 2.0
"""Seconds between two pictures; a slow link carries no more."""

PAUSE_PER_DRAWING_TIME = 10
"""The pause after a picture, as a multiple of the time to draw it."""

BYTES_PER_SECOND = 6000
"""Bytes that a chart may send in a second: after a large change the next picture waits longer."""


class ChartView(Widget):
    """Show one chart, as large as its region of the screen.

    It takes its colours from the app's theme, or none where the app has none (`NO_COLOR`).
    """

    ALLOW_SELECT = False
    COVERED_SECONDS = 0.5
    """Seconds until a covered chart checks again whether it is in front."""

    DEFAULT_CSS: ClassVar[str] = """
    ChartView { width: 1fr; height: 1fr; }
    """

    class Loaded(Message, bubble=False):
        """plotext can be used."""

    def __init__(
        self,
        *,
        unicode: bool,
        palette: Palette | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`unicode` says whether the terminal has more than ASCII; a palette replaces the theme's."""
        super().__init__(name=name, id=id, classes=classes)
        self._unicode = unicode
        self._palette = palette
        self._chart: Chart | HeatMap | BarChart | None = None
        self._strips: list[Strip] = []
        self._can_draw = False
        self._next_at = 0.0
        self._pending: TimerHandle | None = None
        self._wanted_since: float | None = None
        """The time since which a new picture waits to be drawn."""

        self._is_prepared = False
        """True if the picture is drawn for another size than the widget has."""

        self._is_old = True
        """True if the picture must be drawn again: there is none yet, or its size or colours have changed."""

    def show(self, chart: Chart | HeatMap | BarChart, *, at_once: bool = False) -> None:
        """Show this chart or heat map from now on. Called often, only the newest is drawn; ``at_once`` is for a key."""
        if chart == self._chart:
            return
        self._chart = chart
        if at_once and self._pending is not None:
            self._pending.cancel()
            self._pending = None
        if at_once and self._can_draw:
            self._draw()
        else:
            self._draw_soon()

    @property
    def next_at(self) -> float:
        """The time from which on new data may be drawn again, on the monotonic clock."""
        return self._next_at

    def on_mount(self) -> None:
        """Load plotext once the first frame is on the screen."""
        self.app.theme_changed_signal.subscribe(self, self._recolour)
        after_refresh(self, self._load)

    def on_resize(self, _: events.Resize) -> None:
        """Draw again at the new size."""
        self._draw_anew()

    def render_line(self, y: int) -> Strip:
        """Return one line of the picture as it was last drawn."""
        background = self.rich_style
        if y < len(self._strips):
            return self._strips[y].apply_style(background)
        if y == 0 and self._chart is not None and not self._can_draw:
            return Strip([Segment(("…" if self._unicode else "...").ljust(self.size.width), background)])
        return Strip.blank(self.size.width, background)

    @work(thread=True, group="chart", exit_on_error=False)
    def _load(self) -> None:
        """Import plotext in a thread: it takes a third of a second."""
        with suppress(Exception):  # the same import fails again in `_picture`, which says so
            import nnsize_tui.chart.figure  # noqa: F401
        # A message: a call that waits for the event loop could wait forever while the app is closing.
        self.post_message(self.Loaded())

    def on_chart_view_loaded(self, message: Loaded) -> None:
        """Begin to draw."""
        message.stop()
        self._can_draw = True
        self._draw_soon()

    def _recolour(self, _: Theme) -> None:
        self._draw_anew()

    def _draw_anew(self) -> None:
        """Draw again soon: the size or the colours have changed."""
        self._is_old = True
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        self._draw_soon()

    def _draw_soon(self) -> None:
        """Draw now, or when the last picture is old enough and the link has room for another."""
        if not self._can_draw or self._chart is None or self._pending is not None:
            return
        now = time.monotonic()
        self._wanted_since = self._wanted_since or now
        wait = self._next_at - now
        if not self._is_old:
            # The longer it waits, the larger the debt may be: else steady small changes would delay it forever.
            wait = max(wait, wait_to_send(self.app, MAX_CHART_DEBT_SECONDS + now - self._wanted_since))
        if wait > 0:
            self._pending = call_after(self, wait, self._after_wait)
        else:
            self._draw()

    def _after_wait(self) -> None:
        """Try again: another widget may have used the room on the link meanwhile."""
        self._pending = None
        self._draw_soon()

    def _draw(self) -> None:
        self._pending = None
        width, height = self.size
        if self._chart is None or not width or not height:
            return
        is_covered = not self.screen.is_current
        if is_covered and [strip.cell_length for strip in self._strips] == [width] * height:
            self._pending = call_after(self, self.COVERED_SECONDS, self._draw)
            return
        self._is_old = self._is_prepared = False
        self._wanted_since = None
        began = time.monotonic()
        sent = self._replace(strips_of(self._picture(self._chart, width, height)))
        if is_covered:  # it may be in sight under a dialog
            self.app.screen.refresh()
        took = time.monotonic() - began
        pause = max(MIN_SECONDS_BETWEEN, sent / BYTES_PER_SECOND, took * PAUSE_PER_DRAWING_TIME)
        self._next_at = began + min(pause, MAX_SECONDS_BETWEEN)

    def prepare(self, width: int, height: int) -> None:
        """Draw for the size that the chart is about to have, so that its first picture is not sent twice."""
        has_place = width > 0 and height > 0 and not any(self.gutter.totals)
        is_another = (width, height) != tuple(self.size)
        if self._can_draw and self._chart is not None and has_place and (is_another or self._is_prepared):
            self._strips = strips_of(self._picture(self._chart, width, height))
            self._is_prepared = is_another
            if not is_another:  # nor did it get the size for which it was drawn before
                self.refresh()

    def catch_up(self) -> None:
        """Draw now if a picture waits to be drawn; called when the screen is in front again."""
        if self._pending is not None:
            self._pending.cancel()
            self._draw()

    def _picture(self, chart: Chart | HeatMap | BarChart, width: int, height: int) -> list[str]:
        try:
            match chart:
                case HeatMap():
                    return render_heat(chart, width, height, palette=self._colours(), unicode=self._unicode)
                case BarChart():
                    return render_bars(chart, width, height, palette=self._colours(), unicode=self._unicode)
                case Chart():
                    from nnsize_tui.chart.figure import render

                    return render(chart, width, height, palette=self._colours(), unicode=self._unicode)
                case _:
                    assert_never(chart)
        except Exception as error:
            # A failed picture must not end the screen of a long search.
            message = f"The chart can't be drawn: {type(error).__name__}"[:width]
            return [message.ljust(width), *[" " * width] * (height - 1)]

    def values_at(self, column: int, row: int) -> tuple[float, float] | None:
        """Return the x and y at a character of a chart; None where no chart is drawn."""
        if not isinstance(self._chart, Chart) or not self._can_draw:
            return None
        from nnsize_tui.chart.figure import values_at

        size = self.size
        return values_at(
            self._chart, (column, row), size.width, size.height, palette=self._colours(), unicode=self._unicode
        )

    def spots_at(self, column: int, row: int) -> Sequence[Spot]:
        """Return the cells of a heat map at a character."""
        if not isinstance(self._chart, HeatMap):
            return ()
        size = self.size
        return spots_at(
            self._chart, (column, row), size.width, size.height, palette=self._colours(), unicode=self._unicode
        )

    def _colours(self) -> Palette:
        if self.app.no_color:
            return Palette()
        return self._palette or palette_of(self.app.theme_variables, self.app.console.color_system)

    def _replace(self, strips: list[Strip]) -> int:
        """Show these strips; return an estimate of the bytes that are sent."""
        old, self._strips = self._strips, strips
        if [strip.cell_length for strip in old] != [strip.cell_length for strip in strips]:
            self.refresh()
            return 0  # the screen is new or resized; it is sent as a whole anyway
        regions = changed_regions(old, strips)
        if regions:
            self.refresh(*regions)
        return sum(sent_bytes(strips[region.y], region.right) for region in regions)
