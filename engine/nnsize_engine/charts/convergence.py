"""The chart of an evolution: fitness by generation, of the best member, of all, and on rows held out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nnsize_engine.charts.axis import LOG_FROM
from nnsize_engine.charts.description import Band, Chart, Level, Limits, Line, Points, Series, Values
from nnsize_engine.charts.finite import finite
from nnsize_engine.charts.thinned_curves import Course

CURVES = ("best", "mean", "low", "high", "held_out", "train")
"""``low`` and ``high`` are the mean minus and plus the spread; ``train`` is the best without weight decay, if there is
any: what compares with the held-out rows and with a reference, which have none."""


MOST_FOR_MEAN = 8.0
"""The population's mean takes at most so many times the height of the best: it may lie anywhere, the best may not."""

TRANSIENT = 0.05
"""The share of the curve's beginning that may leave the picture where it would dwarf everything else."""

BAND_FROM = 3.0
"""A spread that is so many times as high as everything else would cover the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A fitness to compare with: a horizontal line."""

    fitness: float
    label: str


def convergence_chart(
    course: Course,
    *,
    y_label: str,
    is_minimised: bool,
    last: int,
    reference: Reference | None = None,
    evolved: tuple[int, float] | None = None,
) -> Chart:
    """The chart of curves named :data:`CURVES`. ``last`` is where x ends; ``evolved`` a generation and its fitness."""
    best, mean, held_out, train = (course.points(name)[1] for name in ("best", "mean", "held_out", "train"))
    wanted = [*best, *held_out, *train, *([reference.fitness] if reference else [])]
    is_log = is_minimised and _is_wide(wanted)
    limits = _limits(best, wanted, mean, is_minimised=is_minimised, is_log=is_log)
    series: list[Series] = _curves(course, limits)
    if reference is not None and limits is not None:
        series.append(Level(y=reference.fitness, label=reference.label, role="reference"))
    if evolved is not None:
        series.append(Points(x=(evolved[0],), y=(evolved[1],), shape="star", role="best", label="evolved"))
    return Chart(
        series=tuple(series),
        x_label="generation",
        y_label=f"{y_label} (log)" if is_log else y_label,
        x_limits=(0.0, float(max(1, last))),
        y_limits=limits if is_log else None,  # a linear axis fits itself to the rows; nothing here is outside
        y_log=is_log,
    )


def _curves(course: Course, limits: Limits | None) -> list[Series]:
    """Of the population as much as is in the picture: drawn on its border it would be taken for real."""
    lines = {name: Line(x=x, y=_kept(y, limits)) for name in CURVES for x, y in [course.points(name)]}
    found: list[Series] = [replace(lines["best"], label="best")]
    if any(value is not None for value in lines["mean"].y):
        found.append(replace(lines["mean"], label="mean", role="second", dotted=True))
    if lines["train"].x:
        found.append(replace(lines["train"], label="w/o decay", role="text", plain="+"))
    if lines["held_out"].x:
        found.append(replace(lines["held_out"], label="held-out", role="held_out", plain="x"))
    return [*found, *_band(course, limits)]


def _band(course: Course, limits: Limits | None) -> list[Series]:
    if limits is None:
        return []
    lowest, highest = limits
    x, lower, upper = course.band("low", "high")
    rows = [
        (max(low, lowest), min(high, highest)) if low <= highest and high >= lowest else (None, None)
        for low, high in zip(lower, upper, strict=True)
    ]
    if all(low is None for low, _ in rows):
        return []
    return [Band(x=x, lower=tuple(low for low, _ in rows), upper=tuple(high for _, high in rows), label="± std")]


def _kept(values: Sequence[float], limits: Limits | None) -> Values:
    """The values that are in the picture, and gaps for the others."""
    return tuple(value if limits is None or limits[0] <= value <= limits[1] else None for value in values)


def _is_wide(values: Iterable[float]) -> bool:
    numbers = [number for number in map(finite, values) if number is not None]
    return bool(numbers) and min(numbers) > 0 and max(numbers) / min(numbers) >= LOG_FROM


def _limits(
    best: Sequence[float], wanted: Sequence[float], mean: Sequence[float], *, is_minimised: bool, is_log: bool
) -> Limits | None:
    """The axis of y: everything about the best, and of the population's mean as much as leaves the best its room."""
    sign = 1.0 if is_minimised else -1.0  # from here on smaller is better

    def on_axis(value: float) -> float:
        return math.log10(value) if is_log else sign * value

    numbers = sorted(on_axis(number) for number in map(finite, wanted) if number is not None)
    if not numbers:
        return None
    good, bad = numbers[0], _worst_worth_seeing(sorted(map(on_axis, best)), numbers)
    span = (bad - good) or abs(good) / 20 or 0.5
    means = [on_axis(number) for number in map(finite, mean) if number is not None and (number > 0 or not is_log)]
    most = min(max([bad, *means]), good + (1 + MOST_FOR_MEAN) * span)
    good, bad = good - span / 20, max(bad, most) + span / 20
    if is_log:
        return _round_log(good, bad)
    return (good, bad) if is_minimised else (-bad, -good)


def _worst_worth_seeing(best: Sequence[float], numbers: Sequence[float]) -> float:
    """The worst value, unless only the first few generations were so bad that nothing else could be told apart."""
    if not best:
        return numbers[-1]
    usual = best[min(len(best) - 1, int(len(best) * (1 - TRANSIENT)))]
    is_dwarfed = numbers[-1] - usual > BAND_FROM * (usual - numbers[0]) > 0
    return usual if is_dwarfed else numbers[-1]


def _round_log(lower: float, upper: float) -> Limits:
    """Limits at 1, 2 or 5 times a power of ten, given their logarithms: they seldom move."""
    steps = [math.log10(factor) for factor in (1, 2, 5, 10)]

    def down(value: float) -> float:
        whole = math.floor(value)
        return whole + max(step for step in steps[:3] if step <= value - whole + 1e-12)

    def up(value: float) -> float:
        whole = math.floor(value)
        return whole + min(step for step in steps if step >= value - whole - 1e-12)

    return 10 ** max(-290.0, down(lower)), 10 ** min(290.0, up(upper))
