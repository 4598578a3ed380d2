"""The convergence chart of an evolution: fitness of the best member, of all, and on held-out rows.

It is drawn by generation, by evaluations or by seconds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from nnsize_engine.charts.axis import is_wide
from nnsize_engine.charts.description import Band, Chart, Level, Limits, Line, Points, Series, Values
from nnsize_engine.charts.finite import finite
from nnsize_engine.charts.thinned_curves import ThinnedCurves

Axis = Literal["generation", "evaluations", "seconds"]
"""The x axis of the chart."""

AXES: tuple[Axis, ...] = get_args(Axis)

CURVES = ("best", "mean", "low", "high", "held_out", "train")
"""``low`` and ``high`` are the mean minus and plus the standard deviation. ``train`` is the best without its weight
decay, which the held-out fitness and the reference can be compared with. It is empty without weight decay."""

MAX_MEAN_HEIGHT = 8.0
"""Largest height of the population's mean, in heights of the best curve, so that the best stays visible."""

TRANSIENT = 0.05
"""Share of the generations, from the first, that may lie outside the y axis if they would flatten all others."""

MIN_FLATTENING_RATIO = 3.0
"""Height of the first generations, in heights of all others, above which they flatten the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A fitness to compare with, drawn as a horizontal line."""

    fitness: float
    label: str


def convergence_chart(
    curves: ThinnedCurves,
    *,
    y_label: str,
    is_minimised: bool,
    last: float,
    x_label: Axis = "generation",
    reference: Reference | None = None,
    evolved: tuple[float, float] | None = None,
) -> Chart:
    """Describe the chart of the curves named :data:`CURVES`.

    ``last`` is the end of the x axis; ``evolved`` is the place of the evolved network on it, and its fitness.
    """
    best, mean, held_out, train = (curves.points(name)[1] for name in ("best", "mean", "held_out", "train"))
    wanted = [*best, *held_out, *train, *([reference.fitness] if reference else [])]
    is_log = is_minimised and is_wide(wanted)
    limits = _limits(best, wanted, mean, is_minimised=is_minimised, is_log=is_log)
    series: list[Series] = _lines(curves, limits)
    if reference is not None and limits is not None:
        series.append(Level(y=reference.fitness, label=reference.label, role="reference"))
    if evolved is not None:
        series.append(Points(x=(evolved[0],), y=(evolved[1],), shape="star", role="best", label="evolved"))
    return Chart(
        series=tuple(series),
        x_label=x_label,
        x_is_whole=x_label != "seconds",
        y_label=f"{y_label} (log)" if is_log else y_label,
        x_limits=(0.0, float(last) if last > 0 else 1.0),
        y_limits=limits if is_log else None,  # a linear axis fits all values, because those outside are cut
        y_log=is_log,
    )


def _lines(curves: ThinnedCurves, limits: Limits | None) -> list[Series]:
    """Return the lines and the band, cut to the limits: a value drawn on the border would look like a measured one."""
    lines = {name: Line(x=x, y=_kept(y, limits)) for name in CURVES for x, y in [curves.points(name)]}
    found: list[Series] = [replace(lines["best"], label="best")]
    if any(value is not None for value in lines["mean"].y):
        found.append(replace(lines["mean"], label="mean", role="second", dotted=True))
    if lines["train"].x:
        found.append(replace(lines["train"], label="w/o decay", role="text", plain="+"))
    if lines["held_out"].x:
        found.append(replace(lines["held_out"], label="held-out", role="held_out", plain="x"))
    return [*found, *_band(curves, limits)]


def _band(curves: ThinnedCurves, limits: Limits | None) -> list[Series]:
    if limits is None:
        return []
    lowest, highest = limits
    x, lower, upper = curves.band("low", "high")
    rows = [
        (max(low, lowest), min(high, highest)) if low <= highest and high >= lowest else (None, None)
        for low, high in zip(lower, upper, strict=True)
    ]
    if all(low is None for low, _ in rows):
        return []
    return [
        Band(
            x=x,
            lower=tuple(low for low, _ in rows),
            upper=tuple(high for _, high in rows),
            label="± std",
            around="mean",
            spread="standard deviation of the population",
            half=_halves(curves, x, lower, upper),
        )
    ]


def _halves(
    curves: ThinnedCurves, x: Sequence[float], lower: Sequence[float], upper: Sequence[float]
) -> tuple[float | None, ...]:
    """Return half the height of the band at each x; None where it stands for several generations."""
    means = dict(zip(*curves.points("mean"), strict=True))
    middles = ((low + high) / 2 for low, high in zip(lower, upper, strict=True))
    is_single = [
        math.isclose(means.get(at, math.nan), middle, rel_tol=1e-9) for at, middle in zip(x, middles, strict=True)
    ]
    return tuple(
        (high - low) / 2 if single else None for low, high, single in zip(lower, upper, is_single, strict=True)
    )


def _kept(values: Sequence[float], limits: Limits | None) -> Values:
    """Return the values within the limits, and gaps for the others."""
    return tuple(value if limits is None or limits[0] <= value <= limits[1] else None for value in values)


def _limits(
    best: Sequence[float], wanted: Sequence[float], mean: Sequence[float], *, is_minimised: bool, is_log: bool
) -> Limits | None:
    """Return the limits of y: the whole best curve, and the mean up to :data:`MAX_MEAN_HEIGHT` times its height."""
    sign = 1.0 if is_minimised else -1.0  # from here on smaller is better

    def on_axis(value: float) -> float:
        return math.log10(value) if is_log else sign * value

    numbers = sorted(on_axis(number) for number in map(finite, wanted) if number is not None)
    if not numbers:
        return None
    good, bad = numbers[0], _worst_shown(sorted(map(on_axis, best)), numbers)
    span = (bad - good) or abs(good) / 20 or 0.5
    means = [on_axis(number) for number in map(finite, mean) if number is not None and (number > 0 or not is_log)]
    most = min(max([bad, *means]), good + (1 + MAX_MEAN_HEIGHT) * span)
    good, bad = good - span / 20, max(bad, most) + span / 20
    if is_log:
        return _round_log(good, bad)
    return (good, bad) if is_minimised else (-bad, -good)


def _worst_shown(best: Sequence[float], numbers: Sequence[float]) -> float:
    """Return the worst value to show; the first few generations are left out if they would flatten all others."""
    if not best:
        return numbers[-1]
    usual = best[min(len(best) - 1, int(len(best) * (1 - TRANSIENT)))]
    is_flat = numbers[-1] - usual > MIN_FLATTENING_RATIO * (usual - numbers[0]) > 0
    return usual if is_flat else numbers[-1]


def _round_log(lower: float, upper: float) -> Limits:
    """Return limits at 1, 2 or 5 times a power of ten, given their logarithms. Such limits seldom move."""
    steps = [math.log10(factor) for factor in (1, 2, 5, 10)]

    def down(value: float) -> float:
        whole = math.floor(value)
        return whole + max(step for step in steps[:3] if step <= value - whole + 1e-12)

    def up(value: float) -> float:
        whole = math.floor(value)
        return whole + min(step for step in steps if step >= value - whole - 1e-12)

    return 10 ** max(-290.0, down(lower)), 10 ** min(290.0, up(upper))
