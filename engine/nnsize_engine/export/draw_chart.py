"""The drawing process: ``python -m nnsize_engine.export.draw_chart FORMAT CHART FOLDER...`` draws a chart of runs.

The picture goes to standard output. If there is none, the exit code is 2 and standard error holds one sentence. The
process is separate because matplotlib takes half a second and a hundred megabytes, too much for a screen.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, assert_never

from nnsize_engine.charts.bar_chart import BarChart
from nnsize_engine.charts.comparison_charts import ComparisonCharts, Measure, measures_of
from nnsize_engine.charts.description import Chart, Line
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.charts.importance_charts import effect_charts, importance_bars
from nnsize_engine.charts.importances_of import importances_of
from nnsize_engine.charts.search_chart import SearchChart
from nnsize_engine.charts.search_map import SearchMap
from nnsize_engine.charts.search_space import space_of
from nnsize_engine.charts.strategies_chart import AXES, StrategiesChart
from nnsize_engine.charts.watched_chart import WatchedChart
from nnsize_engine.comparison.compare import compare
from nnsize_engine.errors import ExportError, NnsizeError
from nnsize_engine.export.chart_file import CHARTS, ChartName
from nnsize_engine.export.matplotlib_chart import content_of, draw_pictures, new_figure
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.run import Kind, by_kind

Picture = Chart | HeatMap | BarChart

MAX_EFFECTS = 8  # parameters whose effect is drawn, the most important first

_CHART_WORDS: Mapping[ChartName, str] = {"curve": "curve", "map": "map", "parameters": "importances of parameters"}

COMPARED: tuple[Measure, ...] = ("mean", "evaluations", "held_out", "best")
"""The measures in a picture of several runs; those that the runs lack are left out."""


def draw(folders: Sequence[Path], name: ChartName, format: str) -> bytes:
    """Return a chart of one run, or the curves of several runs, as the content of a file.

    Raises:
        ExportError: matplotlib is missing, the runs have no such chart, or there is nothing to draw yet.
        StoreError: a run cannot be read.
    """
    figure = new_figure()
    views = [RunFollower(folder).look() for folder in folders]
    if len(views) == 1:
        pictures, heading = pictures_of(views[0], name), _heading(views[0])
    else:
        pictures, heading = compared_pictures(views)
    draw_pictures(figure, pictures, heading)
    return content_of(figure, format)


def _heading(view: AnyView) -> str:
    """Return data, id and name of a run."""
    named = f": {view.label.name}" if view.label.name else ""
    return f"{view.settings.data}, run {view.folder.name}{named}"


def pictures_of(view: AnyView, name: ChartName) -> list[Picture]:
    """Describe a chart of a run; of one that compares strategies a chart for each x axis, of parameters their effects.

    Raises:
        ExportError: the run has no such chart, or there is nothing to draw yet.
        RunError: a search has no importances, or not yet.
    """
    if name == "parameters" and isinstance(view, SizeView):
        found = importances_of(view)
        return [importance_bars(found), *effect_charts(found)[:MAX_EFFECTS]]
    first = picture_of(view, name)
    if not isinstance(view, EvolutionView) or not view.series:
        return [first]
    return [StrategiesChart().chart(view, axis) for axis in AXES]


def picture_of(view: AnyView, name: ChartName) -> Picture:
    """Describe a chart of a run.

    Raises:
        ExportError: the run has no such chart, or there is nothing to draw yet.
    """
    return _PICTURES[view.kind](view, name)


def _search_picture(view: SizeView, name: ChartName) -> Picture:
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    if name == "map" and not space.pairs:
        raise ExportError(f"run {view.folder.name} has only one dimension, which makes a curve and no map")
    if all(shared.mean is None for shared in view.shared):
        raise ExportError(f"run {view.folder.name} has no scores to draw yet")
    match name:
        case "curve":
            return SearchChart(view, space).chart(None)
        case "map":
            return SearchMap(view, space).heat(space.pairs[0], None)
        case "parameters":
            return importance_bars(importances_of(view))
        case _:
            assert_never(name)


def _evolution_picture(view: EvolutionView, name: ChartName) -> Picture:
    if name != "curve":
        raise ExportError(f"run {view.folder.name} is an evolution, which has a curve and no {_CHART_WORDS[name]}")
    if view.series and any(one.generations for one in view.series):
        return StrategiesChart().chart(view, "evaluations")
    if not view.generations:
        raise ExportError(f"run {view.folder.name} has no generation to draw yet")
    return EvolutionChart(view).chart(None)


def _watched_picture(view: WatchedView, name: ChartName) -> Picture:
    if name != "curve":
        raise ExportError(f"run {view.folder.name} is a watched search, which has a curve and no {_CHART_WORDS[name]}")
    if all(shared.mean is None for shared in view.shared):
        raise ExportError(f"run {view.folder.name} has no scores to draw yet")
    return WatchedChart(view).chart(None)


_PICTURES: Mapping[Kind, Callable[[Any, ChartName], Picture]] = by_kind(
    size=_search_picture, evolution=_evolution_picture, watched=_watched_picture
)

_DRAWN = by_kind(size="scores", evolution="generations", watched="scores")
"""The results that the curve of each kind needs."""


def compared_pictures(views: Sequence[AnyView]) -> tuple[list[Picture], str]:
    """Describe the curves of several runs, scores by size or fitness by evaluations, and return their heading.

    Raises:
        ExportError: the curves cannot be compared, or there is nothing to draw yet.
        RunError: there are fewer than two runs.
    """
    found, curves = compare(views), ComparisonCharts()
    if found.unlike_curves:
        raise ExportError(found.unlike_curves)
    measures = [measure for measure in measures_of(found, views) if measure in COMPARED]
    charts = [curves.chart(measure, found, views) for measure in measures]
    if not any(_has_values(chart) for chart in charts):
        raise ExportError(f"these runs have no {_DRAWN[views[0].kind]} to draw yet")
    return [*charts], f"{views[0].settings.data}: {', '.join(found.names)}"


def _has_values(chart: Chart) -> bool:
    return any(value is not None for line in chart.series if isinstance(line, Line) for value in line.y)


def main(arguments: Sequence[str]) -> int:
    """Write a picture to standard output, or one sentence to standard error; return the exit code."""
    kind, name, *folders = arguments[1:]
    try:
        content = draw([Path(folder) for folder in folders], _chart_name(name), kind)
    except NnsizeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.buffer.write(content)
    return 0


def _chart_name(word: str) -> ChartName:
    for name in CHARTS:
        if word == name:
            return name
    raise ExportError(f"no chart {word!r}; choose one of {' and '.join(CHARTS)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv))
