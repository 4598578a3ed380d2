"""Zoom, pan and read a chart while it is alone on the screen."""

import math
import time
from collections.abc import Collection

from textual.binding import Binding
from textual.screen import Screen

from nnsize_engine.charts.zoom import Exploration
from nnsize_tui.screens.component import Component
from nnsize_tui.widgets.explored_chart import ExploredChart

KEYS: tuple[Binding, ...] = (
    Binding("left", "chart_read(-1)", "Read", id="chart.read_left",
            tooltip="The chart alone: read the values at the place before"),
    Binding("right", "chart_read(1)", "Read", id="chart.read_right", show=False,
            tooltip="The chart alone: read the values at the next place"),
    Binding("1", "chart_digit", "Read at", id="chart.number", key_display="1-9",
            tooltip="The chart alone: type a number of the x axis, such as 31, to read the values there"),
    Binding("plus,equals_sign", "chart_zoom(1, False)", "In", id="chart.nearer",
            tooltip="The chart alone: zoom in along x, as the wheel does"),
    Binding("minus", "chart_zoom(-1, False)", "Zoom out", id="chart.farther", show=False,
            tooltip="The chart alone: zoom out along x"),
    Binding("0", "chart_whole", "Whole", id="chart.whole",
            tooltip="The chart alone: all of it again, as it was"),
    Binding("v", "chart_zoom(1, True)", "In y", id="chart.nearer_y",
            tooltip="The chart alone: zoom in along y"),
    Binding("V", "chart_zoom(-1, True)", "Zoom out y", id="chart.farther_y", show=False,
            tooltip="The chart alone: zoom out along y"),
    Binding("shift+left,comma", "chart_pan(-1, False)", "Pan left", id="chart.left", show=False,
            tooltip="The chart alone: pan to the left"),
    Binding("shift+right,full_stop", "chart_pan(1, False)", "Pan right", id="chart.right", show=False,
            tooltip="The chart alone: pan to the right"),
    Binding("shift+up,up", "chart_pan(1, True)", "Pan up", id="chart.up", show=False,
            tooltip="The chart alone: pan up"),
    Binding("shift+down,down", "chart_pan(-1, True)", "Pan down", id="chart.down", show=False,
            tooltip="The chart alone: pan down"),
    Binding("L", "chart_log", "Log", id="chart.log",
            tooltip="The chart alone: a logarithmic axis of x, of y (if its values span a decade), of both, of none"),
    Binding("S", "chart_smooth", "Smooth", id="chart.smooth",
            tooltip="The chart alone: lines as a running mean, of more points each time; then as they are"),
)  # fmt: skip

DIGITS = frozenset("123456789")

MAX_SECONDS_BETWEEN_DIGITS = 2.0
"""Seconds after which a digit begins another number."""

ABOUT_OTHERS = ("sort", "every", "best", "follow", "log", "again", "delete")
"""Actions about parts that are hidden while the chart is alone."""


class ChartZoom(Component):
    """Zoom, pan and read the chart of a screen."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self.part = "chart"
        """The chart that the keys are about, where there are several."""

        self._typed = ""
        """The digits of the number that is being typed."""

        self._typed_at = -math.inf
        self._typed_for = self.part
        """The chart that the number is about: a digit for another one begins another number."""

    @property
    def chart(self) -> ExploredChart:
        """The chart that the keys are about."""
        return self._screen.query_one(f"#{self.part}", ExploredChart)

    @property
    def is_possible(self) -> bool:
        """Return whether the chart is alone and can be zoomed."""
        return self._screen.is_mounted and self.chart.can_explore

    @property
    def is_map_alone(self) -> bool:
        """Return whether a heat map is alone on the screen."""
        return self._screen.is_mounted and self.chart.is_map_alone

    @property
    def unwanted(self) -> Collection[str]:
        """Actions that come last among the keys in the bottom line."""
        return ABOUT_OTHERS if self.is_possible else ()

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the chart is alone."""
        del action, parameters
        return self.is_possible

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why the chart cannot be explored."""
        return "" if self.can_do(action, parameters) else "it is for the chart alone, as Zoom shows it"

    def action_chart_read(self, step: int) -> None:
        """Read the values at the next place of the chart, or the one before."""
        self.chart.read(step)

    def take_character(self, character: str) -> bool:
        """Take a digit of a number; a 0 is one only after another digit.

        One binding stands for all of them, so that the help has one line.
        """
        is_taken = self.is_possible and (character in DIGITS or (character == "0" and self._is_typing))
        if is_taken:
            self._take_digit(character)
        return is_taken

    def action_chart_digit(self) -> None:
        """Read the values at a number that begins with this digit."""
        self._take_digit("1")

    def _take_digit(self, digit: str) -> None:
        self._typed = f"{self._typed}{digit}" if self._is_typing else digit
        self._typed_at, self._typed_for = time.monotonic(), self.part
        self.chart.read_number(float(self._typed))

    @property
    def _is_typing(self) -> bool:
        return self._typed_for == self.part and time.monotonic() - self._typed_at < MAX_SECONDS_BETWEEN_DIGITS

    def action_chart_zoom(self, times: int, along_y: bool) -> None:
        """Zoom in or out."""
        self.chart.zoom_by(times, along_y=along_y)

    def action_chart_pan(self, steps: int, along_y: bool) -> None:
        """Move the window of the chart."""
        self.chart.pan(steps, along_y=along_y)

    def action_chart_whole(self) -> None:
        """Show all of the chart again."""
        self.chart.look(Exploration())

    def action_chart_log(self) -> None:
        """Change the kind of axes."""
        words = self.chart.next_scales()
        if words:
            self._screen.notify(words, markup=False)

    def action_chart_smooth(self) -> None:
        """Make the lines smoother."""
        self.chart.step_smoothing()
