"""The chart of the run under the cursor."""

from collections.abc import Callable, Mapping
from typing import Any

from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.charts.search_map import first_picture
from nnsize_engine.charts.strategies_chart import StrategiesChart
from nnsize_engine.charts.watched_chart import WatchedChart
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.run import Kind, by_kind


class RunCurve:
    """Make the chart of a run of any kind."""

    def __init__(self) -> None:
        self._convergence: EvolutionChart | None = None
        """The curve of the last evolution under the cursor; it keeps the generations that it has read."""

    def chart(self, view: AnyView) -> Chart | HeatMap | None:
        """Return the chart of a run, if it has results to draw."""
        return _CHARTS[view.kind](self, view)

    def of_search(self, view: SizeView) -> Chart | HeatMap | None:
        """Return the scores by size, or the first heat map."""
        return first_picture(view) if view.choice is not None else None

    def of_evolution(self, view: EvolutionView) -> Chart | None:
        """Return the fitness by generation, or that of all strategies by evaluations."""
        if view.series:
            return StrategiesChart().chart(view, "evaluations")
        if not view.generations:
            return None
        if self._convergence is None:
            self._convergence = EvolutionChart(view)
        else:
            self._convergence.take(view)
        return self._convergence.chart(None)

    def of_watched(self, view: WatchedView) -> Chart | None:
        """Return the scores of the candidates."""
        return WatchedChart(view).chart(None) if view.best is not None else None


_CHARTS: Mapping[Kind, Callable[[RunCurve, Any], Chart | HeatMap | None]] = by_kind(
    size=RunCurve.of_search, evolution=RunCurve.of_evolution, watched=RunCurve.of_watched
)
