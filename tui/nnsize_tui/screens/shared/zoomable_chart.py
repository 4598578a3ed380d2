"""A screen whose chart can be looked at more closely while it is alone: what the keys about it do."""

from collections.abc import Collection

from nnsize_engine.charts.zoom import Exploration
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.widgets.explored_chart import ExploredChart

ABOUT_OTHERS = ("sort", "every", "best", "follow", "log", "again", "delete")


class ZoomableChartScreen(BaseScreen[None]):
    """Has one chart; a child class places it, tells it when it is alone, and binds ``chart_keys``."""

    @property
    def chart_view(self) -> ExploredChart:
        """The chart."""
        return self.query_one(ExploredChart)

    @property
    def unwanted(self) -> Collection[str]:
        """Actions that are about what a chart alone leaves no room for: last among the keys in the bottom line."""
        return ABOUT_OTHERS if self.is_mounted and self.chart_view.can_explore else ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about the chart work while it is alone."""
        del parameters
        if action == "cell":
            return self.is_mounted and self.chart_view.is_map_alone
        return self.is_mounted and self.chart_view.can_explore if action.startswith("chart_") else True

    def point_at(self, x: float, y: float) -> None:
        """A place of the chart was pointed at while it stands among other parts; a child class says what that does."""
        raise NotImplementedError

    def on_explored_chart_pointed(self, message: ExploredChart.Pointed) -> None:
        """The mouse was used."""
        self.point_at(message.x, message.y)

    def action_chart_read(self, step: int) -> None:
        """Read the values at the next place of the chart, or the one before."""
        self.chart_view.read(step)

    def action_chart_near(self, times: int, along_y: bool) -> None:
        """Zoom in or out."""
        self.chart_view.come_nearer(times, along_y=along_y)

    def action_chart_pan(self, steps: int, along_y: bool) -> None:
        """Move the window of the chart."""
        self.chart_view.pan(steps, along_y=along_y)

    def action_chart_whole(self) -> None:
        """See all of the chart again, as it was."""
        self.chart_view.look(Exploration())

    def action_chart_log(self) -> None:
        """Another kind of axis."""
        self.chart_view.step_log()

    def action_chart_smooth(self) -> None:
        """Smoother lines."""
        self.chart_view.step_smoothing()
