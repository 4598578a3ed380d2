"""The charts of a comparison: one line per run, each with its own colour and mark.

A chart never holds scores that cannot be compared.
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from operator import itemgetter
from typing import Any, Literal, assert_never

from nnsize_engine.charts.axis import is_wide, round_end
from nnsize_engine.charts.description import (
    LINE_ROLES,
    LINE_SHAPES,
    MAX_LINES,
    Chart,
    Highlight,
    Line,
    Points,
    Role,
    Series,
    Shape,
    Values,
)
from nnsize_engine.charts.finite import finite, finite_all
from nnsize_engine.charts.score_series import spread_words
from nnsize_engine.charts.thinned_curves import ThinnedCurves
from nnsize_engine.comparison.compare import Comparison
from nnsize_engine.results.choice import best_per_size
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import (
    AnyView,
    EvolutionView,
    SizeView,
    WatchedView,
    evolutions_among,
    searches_among,
    watched_among,
)
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.settings.run import Kind, by_kind

Measure = Literal["tests", "mean", "train", "evaluations", "generations", "seconds", "held_out", "best"]
"""The scores that a chart compares: test scores; a search's means on held-out folds or on training rows; an
evolution's best fitness by evaluations, generations or seconds, or its held-out fitness by evaluations; the best mean
of a watched search by the number of candidates tried."""

WORDS: dict[Measure, str] = {
    "tests": "test scores",
    "mean": "scores by size",
    "train": "training scores by size",
    "evaluations": "fitness by evaluations",
    "generations": "fitness by generation",
    "seconds": "fitness by seconds",
    "held_out": "held-out fitness by evaluations",
    "best": "best score by candidates tried",
}

MIN_LENGTH_RATIO = 8
"""Smallest ratio of the longest to the shortest curve for which the x axis becomes logarithmic."""

X_COLUMNS: Mapping[Measure, str] = {"generations": "number", "seconds": "elapsed"}
"""The column along x; the evaluations for all other measures."""


def measures_of(found: Comparison, views: Sequence[AnyView]) -> tuple[Measure, ...]:
    """Return the measures that these runs have: curves if their scores are comparable, and test scores."""
    measures: list[Measure] = []
    if not found.unlike_curves:
        measures += _MEASURES[views[0].kind](views)
    if not found.unlike_tests and sum(one.test_score is not None for one in found.tested) > 1:
        measures.append("tests")
    return tuple(measures)


def _search_measures(_: Sequence[SizeView]) -> list[Measure]:
    return ["mean", "train"]


def _evolution_measures(views: Sequence[EvolutionView]) -> list[Measure]:
    measures: list[Measure] = ["evaluations", "generations", "seconds"]
    return [*measures, "held_out"] if any(view.settings.validation_fraction for view in views) else measures


def _watched_measures(_: Sequence[WatchedView]) -> list[Measure]:
    return ["best"]


_MEASURES: Mapping[Kind, Callable[[Any], list[Measure]]] = by_kind(
    size=_search_measures, evolution=_evolution_measures, watched=_watched_measures
)
"""The curves that runs of each kind have."""


class ComparisonCharts:
    """Describer of the charts of a comparison; a newer view of an evolution costs only its new generations."""

    def __init__(self) -> None:
        self._curves: dict[tuple[int, Measure], _Growing] = {}

    def chart(self, measure: Measure, found: Comparison, views: Sequence[AnyView]) -> Chart:
        """Describe the chart of one measure; a run has the same colour and mark in all charts."""
        match measure:
            case "tests":
                return _tests_chart(found)
            case "mean" | "train":
                return _sizes_chart(found, views, is_train=measure == "train")
            case "evaluations" | "generations" | "seconds" | "held_out":
                return self._evolutions_chart(measure, found, views)
            case "best":
                return _watched_chart(found, views)
            case _:
                assert_never(measure)

    def _evolutions_chart(self, measure: Measure, found: Comparison, views: Sequence[AnyView]) -> Chart:
        evolutions = evolutions_among(views)
        without_decay = any(view.settings.weight_decay for _, view in evolutions)
        lines: list[Line] = []
        fitness = ""
        for place, view in evolutions:
            fitness = view.settings.measure
            growing = self._curves.setdefault((place, measure), _Growing(measure, without_decay=without_decay))
            x, y = growing.points(view)
            lines.append(_line(place, found.names[place], x, y))
        is_log = is_minimised(fitness) and is_wide(value for line in lines for value in line.y)
        ends = [line.x[-1] or 0.0 for line in lines if line.x]
        starts = [line.x[0] or 0.0 for line in lines if line.x]
        is_x_log = bool(ends) and min(starts) > 0 and max(ends) >= MIN_LENGTH_RATIO * min(ends)
        # While a curve grows, the axis ends at a round number, so that it seldom moves.
        is_live = any(view.state in LIVE_STATES for view in views)
        last = round_end(math.ceil(max(ends, default=0)), sys.maxsize)
        words = "held-out" if measure == "held_out" else "best"
        y_label = f"{words} {fitness}" + (" w/o decay" if without_decay and measure != "held_out" else "")
        return Chart(
            series=tuple(lines),
            x_label="evaluations" if measure == "held_out" else str(measure),
            x_is_whole=measure != "seconds",
            y_label=f"{y_label} (log)" if is_log else y_label,
            x_limits=(0.0, float(last)) if is_live and last and not is_x_log else None,
            x_log=is_x_log,
            y_log=is_log,
            legend_rows=3,
        )


class _Growing:
    """One thinned curve of one evolution, extended by new generations."""

    def __init__(self, measure: Measure, *, without_decay: bool) -> None:
        self._measure = measure
        self._without_decay = without_decay
        self._begin()

    def _begin(self) -> None:
        self._curve = ThinnedCurves(("y",))
        self._count = 0
        self._last: object = None

    def points(self, view: EvolutionView) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Add the new generations and return the points of the curve."""
        generations = view.generations
        is_same = len(generations) >= self._count and (not self._count or generations[self._count - 1] == self._last)
        if not is_same:  # another run replaces it
            self._begin()
        x = [float(value) for value in generations.column(X_COLUMNS.get(self._measure, "evaluations"), self._count)]
        y = generations.column("held_out" if self._measure == "held_out" else "best", self._count)
        if self._measure != "held_out" and self._without_decay:
            trained = generations.column("train", self._count)
            y = [best if train is None else train for train, best in zip(trained, y, strict=True)]
        self._curve.take(x, [finite_all(y)])
        self._count, self._last = len(generations), generations[-1] if generations else None
        return self._curve.points("y")


def _sizes_chart(found: Comparison, views: Sequence[AnyView], *, is_train: bool) -> Chart:
    """Describe one line per search: the best candidate of each size, by neurons, or by weights if there are layers."""
    searches = searches_among(views)
    is_deep = any(len(layers) > 1 for _, view in searches for layers in view.settings.candidates)
    lines: list[Series] = []
    bests: list[Series] = []
    numbers: list[float] = []
    for place, view in searches:
        points: dict[float, tuple[float | None, float | None]] = {}
        for layers, candidate in best_per_size(view.summaries, view.shared).items():
            x = float(candidate.weights if is_deep else layers[0])
            shared = view.shared[candidate.number]
            value = finite(shared.train_mean if is_train else shared.mean)
            known = points.get(x, (None, None))
            if known[0] is None or (value is not None and value > known[0]):
                points[x] = value, None if is_train else finite(shared.standard_error)
        xs = tuple(sorted(points))
        numbers += xs
        line = _line(place, found.names[place], xs, tuple(points[x][0] for x in xs))
        lines.append(replace(line, half=tuple(points[x][1] for x in xs), spread=spread_words(view.shared)))
        if view.choice is not None and not is_train:
            best = view.choice.best
            x = float(best.weights if is_deep else best.hidden_layer_sizes[0])
            bests.append(Highlight(x=x, y=view.choice.best_mean, shape="star", role=_role(place)))
    scoring = searches[0][1].settings.scoring
    is_log = is_deep or any(view.settings.finds_sizes or "log:" in view.settings.neurons for _, view in searches)
    return Chart(
        series=(*lines, *bests),
        x_label="weights" if is_deep else "neurons",
        x_is_whole=True,
        y_label=f"training {scoring}" if is_train else scoring,
        x_log=is_log and bool(numbers) and min(numbers) > 0,
        legend_rows=3,
    )


def _watched_chart(found: Comparison, views: Sequence[AnyView]) -> Chart:
    """Describe one line per watched search: the best mean among the candidates that were tried so far."""
    lines: list[Series] = []
    searches = watched_among(views)
    for place, view in searches:
        numbers = tuple(float(number) for number, one in enumerate(view.shared, start=1) if one.mean is not None)
        known = [(one.mean, one.standard_error) for one in view.shared if one.mean is not None]
        best = list(accumulate(known, _better))
        line = _line(place, found.names[place], numbers, tuple(mean for mean, _ in best))
        half = tuple(finite(error) for _, error in best)
        lines.append(replace(line, half=half, spread=spread_words(view.shared)))
    return Chart(
        series=tuple(lines),
        x_label="candidates tried",
        x_is_whole=True,
        y_label=f"best {searches[0][1].settings.measure}",
        legend_rows=3,
    )


def _better(old: tuple[float, float | None], new: tuple[float, float | None]) -> tuple[float, float | None]:
    """Return the higher of two means, with its standard error."""
    return max(old, new, key=itemgetter(0))


def _tests_chart(found: Comparison) -> Chart:
    """Describe one point per network, next to each other along x, with the test score along y."""
    known = [one for one in found.tested if one.test_score is not None]
    series: list[Series] = []
    ticks: list[tuple[float, str]] = []
    named: set[int] = set()
    for number, one in enumerate(known):
        # The mark and the legend name the run, because names seldom fit below the axis.
        label = "" if one.run in named else found.names[one.run]
        named.add(one.run)
        point = Points(x=(float(number),), y=(one.test_score,), label=label, shape=_shape(one.run), role=_role(one.run))
        series.append(point)
        ticks.append((float(number), one.network if one.name in ("best size", "recommended size") else one.name))
    return Chart(
        series=tuple(series),
        y_label=f"test {known[0].scoring}" if known else "",
        x_limits=(-0.5, len(known) - 0.5) if known else None,
        x_ticks=tuple(ticks),
        legend_rows=3,
    )


def _line(place: int, name: str, x: Values, y: Values) -> Line:
    return Line(x=x, y=y, label=name, role=_role(place), shape=_shape(place))


def _role(place: int) -> Role:
    return LINE_ROLES[place % MAX_LINES]


def _shape(place: int) -> Shape:
    return LINE_SHAPES[place % MAX_LINES]
