"""A chart that can be zoomed, panned and read while no table is beside it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.message import Message

from nnsize_engine.charts.bar_chart import BarChart
from nnsize_engine.charts.description import Chart, Line
from nnsize_engine.charts.heat_map import HeatMap, Spot
from nnsize_engine.charts.zoom import (
    PAN_SHARE,
    STRENGTHS,
    ZOOM_FACTOR,
    Exploration,
    Window,
    axes_of,
    explored,
    next_scales,
    places,
    share_of,
)
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.widget import ChartView


class ExploredChart(ChartView):
    """Show all of a chart, or the part that the user zoomed to, also while the chart grows."""

    class Chosen(Message):
        """The mouse pressed on a chart."""

        def __init__(self, chart: "ExploredChart") -> None:
            super().__init__()
            self.chart = chart

    class Pointed(Message):
        """The mouse pointed at a place of a chart that is not alone."""

        def __init__(self, chart: "ExploredChart", x: float, y: float) -> None:
            super().__init__()
            self.chart, self.x, self.y = chart, x, y

    class CellPointed(Message):
        """The mouse pointed at a cell of a heat map; a folded cell stands for several."""

        def __init__(self, chart: "ExploredChart", spots: Sequence[Spot]) -> None:
            super().__init__()
            self.chart, self.spots = chart, spots

    def __init__(self, *, unicode: bool, palette: Palette | None = None, id: str | None = None) -> None:
        super().__init__(unicode=unicode, palette=palette, id=id)
        self._whole: Chart | HeatMap | BarChart | None = None
        self._how = Exploration()
        self._is_alone = False
        self._last_pointed: object = None
        """The place or the cells that the mouse pointed at last, while its button is held."""

    @property
    def can_explore(self) -> bool:
        """Return whether the keys of a chart work: it is a chart, and it is alone."""
        return self._is_alone and isinstance(self._whole, Chart)

    @property
    def is_map_alone(self) -> bool:
        """Return whether the keys of a heat map's cells work."""
        return self._is_alone and isinstance(self._whole, HeatMap)

    @property
    def how(self) -> Exploration:
        """The view of the chart while it is alone."""
        return self._how

    def show(self, chart: Chart | HeatMap | BarChart, *, at_once: bool = False) -> None:
        self._whole = chart
        if self._is_alone and isinstance(chart, Chart):
            chart = explored(chart, self._how, self.size.width)
        elif isinstance(chart, HeatMap) and not self._is_alone:
            chart = replace(chart, reading="")  # the row of the table says it
        super().show(chart, at_once=at_once)

    def on_resize(self, _: events.Resize) -> None:
        if self._whole is not None:
            self.show(self._whole)  # another width has room for other labels; the base class then draws

    def set_alone(self, *, is_alone: bool) -> None:
        """Set whether the chart is alone on the screen; only then it can be zoomed."""
        if is_alone != self._is_alone:
            self._is_alone = is_alone
            if self._whole is not None and self.display:
                self.show(self._whole, at_once=True)

    def reset_zoom(self) -> None:
        """Show all of the next picture."""
        self._how = Exploration()

    def look(self, how: Exploration) -> None:
        """Show the chart with this zoom, reading and smoothing."""
        self._how = how
        if self._whole is not None:
            self.show(self._whole, at_once=True)

    def zoom_by(self, times: int, *, along_y: bool, around: float | None = None) -> None:
        """Zoom in, or out below 0; along x, around this x, else around the one that is read."""
        factor = ZOOM_FACTOR**times
        if along_y:
            self.look(replace(self._how, y=self._how.y.nearer(factor)))
        else:
            kept = self._share_of(self._how.read_at if around is None else around)
            self.look(replace(self._how, x=self._how.x.nearer(factor, kept)))

    def pan(self, steps: int, *, along_y: bool) -> None:
        """Move the window by a number of steps to the right, or up."""
        if along_y:
            self.look(replace(self._how, y=self._how.y.moved(PAN_SHARE * steps)))
        else:
            self.look(replace(self._how, x=self._how.x.moved(PAN_SHARE * steps)))

    def next_scales(self) -> str:
        """Change the axis of x, of y, of both, or none to the other kind, as far as that makes sense; say which."""
        chart = self._whole
        if not isinstance(chart, Chart):
            return ""
        turns_log = next_scales(chart, self._how.turns_log)
        if turns_log == self._how.turns_log:
            return "Axes: both stay linear, the values allow no other."
        self.look(replace(self._how, turns_log=turns_log))
        are_log = (chart.x_log != turns_log[0], chart.y_log != turns_log[1])
        return "Axes: " + ", ".join(
            f"{name} {'logarithmic' if is_log else 'linear'}" for name, is_log in zip("xy", are_log, strict=True)
        )

    def step_smoothing(self) -> None:
        """Smooth the lines more; after the strongest smoothing, not at all."""
        series = self._whole.series if isinstance(self._whole, Chart) else ()
        longest = max((len(one.x) for one in series if isinstance(one, Line)), default=0)
        useful = [place for place, of in enumerate(STRENGTHS) if of < longest]
        if useful:
            self.look(replace(self._how, strength=(self._how.strength + 1) % len(useful)))

    def read(self, step: int) -> None:
        """Read the values at the next place, or the one before; the first time in the middle."""
        if not isinstance(self._whole, Chart):
            return
        found = places(self._whole, self._how)
        if not found:
            return
        at = self._how.read_at
        place = len(found) // 2
        if at is not None:
            place = bisect_right(found, at) if step > 0 else bisect_left(found, at) - 1
        if 0 <= place < len(found):
            self.look(replace(self._how, read_at=found[place]))
        else:  # at the edge of the window: pan to the next place
            before = self._how.x
            self.pan(1 if step > 0 else -1, along_y=False)
            if self._how.x != before:
                self.read(step)

    def read_number(self, number: float) -> None:
        """Read the values at the measured place nearest to a number, which is brought into the window."""
        if not isinstance(self._whole, Chart):
            return
        found = places(self._whole, replace(self._how, x=Window()))
        if not found:
            return
        nearest = min(found, key=lambda place: abs(place - number))
        how, share = replace(self._how, read_at=nearest), self._share_of(nearest)
        if share is not None and not how.x.start <= share <= how.x.end:
            how = replace(how, x=how.x.moved((share - (how.x.start + how.x.end) / 2) / (how.x.end - how.x.start)))
        self.look(how)

    def read_near(self, x: float) -> None:
        """Read the values at the measured place that is nearest to an x in the picture."""
        if not isinstance(self._whole, Chart):
            return
        found = places(self._whole, self._how)
        share = self._share_of(x)
        if found and share is not None:
            nearest = min(found, key=lambda place: abs((self._share_of(place) or 0.0) - share))
            if nearest != self._how.read_at:
                self.look(replace(self._how, read_at=nearest))

    def _share_of(self, x: float | None) -> float | None:
        """Return the place of an x as a share of the whole axis, as the axis is drawn."""
        if x is None or not isinstance(self._whole, Chart):
            return None
        x_log = self._whole.x_log != self._how.turns_log[0]
        return share_of(axes_of(self._whole, x_log=x_log, y_log=False)[0], x, log=x_log)

    # The mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1:
            self.post_message(self.Chosen(self))
        if event.y == 0 and not self._is_alone:
            return  # its heading is a border between panes, which the screen drags
        if event.button == 1:
            event.stop()
            self.capture_mouse()
            self._last_pointed = None
            self._point_at(event.x, event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            event.stop()
            self._point_at(event.x, event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self.app.mouse_captured is self:
            event.stop()
            self.release_mouse()

    def _point_at(self, column: int, row: int) -> None:
        """Read the values there while alone; else tell the screen, once for each place."""
        values, spots = self.values_at(column, row), self.spots_at(column, row)
        if values is not None and self._is_alone:
            self.read_near(values[0])
        elif values is not None and values != self._last_pointed:
            self._last_pointed = values
            self.post_message(self.Pointed(self, *values))
        elif spots and spots != self._last_pointed:
            self._last_pointed = spots
            self.post_message(self.CellPointed(self, spots))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._zoom_at(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._zoom_at(event, -1)

    def _zoom_at(self, event: events.MouseEvent, times: int) -> None:
        if self.can_explore:
            event.stop()
            values = self.values_at(event.x, event.y)
            self.zoom_by(times, along_y=False, around=None if values is None else values[0])
