"""The chart of a run that compares strategies: for each the median of the best fitness over its seeds, and quartiles.

A curve is a step function: a series has the best fitness of its last generation until the next one ends. One that is
over keeps its last value, so that seeds that converge early still count. Series under way count while none is over.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from nnsize_engine.charts.axis import is_wide
from nnsize_engine.charts.description import LINE_ROLES, LINE_SHAPES, MAX_LINES, Band, Chart, Level, Line, Role, Series
from nnsize_engine.charts.finite import finite
from nnsize_engine.results.records import NetworkScores
from nnsize_engine.results.series import SeriesView, full_name, spread_of
from nnsize_engine.results.verdict import quantized_words
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.text import score_text, seconds_text

Axis = Literal["evaluations", "seconds"]
"""The x axis."""

AXES: tuple[Axis, ...] = get_args(Axis)

POINTS = 200  # of a curve; a screen shows no more

MIN_LENGTH_RATIO = 8  # of the end to the start of the curves, from which on the x axis is logarithmic


@dataclass(frozen=True, slots=True)
class _Steps:
    """One series as a step function."""

    x: Sequence[float]
    y: Sequence[float | None]
    is_over: bool

    def at(self, x: float) -> float | None:
        """Return the value at a place; None before the first generation, and after the last of a series under way."""
        if not self.x or x < self.x[0] or (not self.is_over and x > self.x[-1]):
            return None
        return self.y[bisect_right(self.x, x) - 1]


class StrategiesChart:
    """Describer of the chart; a newer view reads only the series that have grown."""

    def __init__(self) -> None:
        self._steps: dict[tuple[int, Axis], tuple[int, bool, _Steps]] = {}

    def chart(self, view: EvolutionView, axis: Axis, chosen: str | None = None) -> Chart:
        """Describe the chart by evaluations or by seconds; the band of a chosen strategy alone, or of all."""
        strategies = {one.series.name: one.series.settings.strategy for one in view.series}
        names = list(strategies)
        curves = [[self._steps_of(one, axis) for one in view.series if one.series.name == name] for name in names]
        places = _grid([steps for curve in curves for steps in curve])
        drawn = [_curve(curve, places) for curve in curves]
        values = [middle for one in drawn for _, _, middle, _ in one]
        levels = _levels(view)
        wanted = [*values, *(level.y for level in levels)]
        is_log = is_minimised(view.settings.fitness) and is_wide(wanted)
        series: list[Series] = []
        for number, (name, curve) in enumerate(zip(names, drawn, strict=True)):
            label = full_name(name, strategies[name])
            series += _series_of(number, label, curve, has_band=chosen in (None, name))
        series += levels
        fitness = view.settings.measure + (" with decay" if view.settings.weight_decay else "")
        return Chart(
            series=tuple(series),
            x_label=axis,
            x_is_whole=axis == "evaluations",
            y_label=f"{fitness} (log)" if is_log else fitness,
            x_log=bool(places) and _is_long(places),
            y_log=is_log,
            legend_rows=3,
        )

    def _steps_of(self, one: SeriesView, axis: Axis) -> _Steps:
        key, count, is_over = (one.series.number, axis), len(one.generations), one.result is not None
        known = self._steps.get(key)
        if known is None or known[:2] != (count, is_over):
            x = one.generations.column("evaluations" if axis == "evaluations" else "elapsed")
            y = [finite(value) for value in one.generations.column("best")]
            known = (count, is_over, _Steps(x, y, is_over))
            self._steps[key] = known
        return known[2]


def _grid(all_steps: Sequence[_Steps]) -> list[float]:
    """Return the places of all curves, evenly apart on the axis; empty before the first generation."""
    known = [steps for steps in all_steps if steps.x]
    if not known:
        return []
    first, last = min(steps.x[0] for steps in known), max(steps.x[-1] for steps in known)
    if last <= first:
        return [float(last)]
    shares = [place / (POINTS - 1) for place in range(POINTS)]
    if _is_long([first, last]):
        places = [first * (last / first) ** share for share in shares]
    else:
        places = [first + (last - first) * share for share in shares]
    return [*places[:-1], float(last)]  # the last one exactly, whatever was rounded


def _is_long(places: Sequence[float]) -> bool:
    return places[0] > 0 and places[-1] >= MIN_LENGTH_RATIO * places[0]


def _curve(curve: Sequence[_Steps], places: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """Return x, lower quartile, median and upper quartile where every series that has begun has a value."""
    over = [steps for steps in curve if steps.x and steps.is_over]
    begun = over or [steps for steps in curve if steps.x]
    found: list[tuple[float, float, float, float]] = []
    end = max((steps.x[-1] for steps in begun), default=0.0)
    for x in places if begun else ():
        values = [steps.at(x) for steps in begun]
        spread = spread_of(values)
        if spread is not None and None not in values and x <= end:
            found.append((x, spread.low, spread.middle, spread.high))
    return found


def _series_of(
    number: int, label: str, curve: Sequence[tuple[float, float, float, float]], *, has_band: bool
) -> list[Series]:
    role, shape = LINE_ROLES[number % MAX_LINES], LINE_SHAPES[number % MAX_LINES]
    x = tuple(point[0] for point in curve)
    line = Line(x=x, y=tuple(point[2] for point in curve), label=label, role=role, shape=shape)
    if not has_band or all(low == high for _, low, _, high in curve):
        return [line]
    lower, upper = tuple(point[1] for point in curve), tuple(point[3] for point in curve)
    return [Band(x=x, lower=lower, upper=upper, role=role, around=label, spread="quartiles"), line]


def _levels(view: EvolutionView) -> list[Level]:
    """Return the lines of gradient training: of its network, and of that rounded as members are, if they are."""
    named: list[tuple[str, NetworkScores | None, Role]] = [
        ("gradient", view.gradient, "text"),
        (f"gradient, {quantized_words(view.settings)},", view.quantized, "reference"),
    ]
    levels: list[Level] = []
    for name, scores, role in named:
        objective = finite(scores.objective) if scores is not None else None
        if scores is not None and objective is not None:
            words = f"{name} {score_text(objective)} in {seconds_text(scores.seconds)}"
            levels.append(Level(y=objective, label=words, role=role))
    return levels
