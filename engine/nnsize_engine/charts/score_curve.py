"""The score curve of a size search: mean score by number of neurons, with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Line, Series, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePoint:
    """One candidate. A score that is not known yet, or failed, is None and leaves a gap."""

    x: float
    """Neurons in the first hidden layer, or the candidate's place in the list."""
    label: str
    """The candidate in words, such as `64-32`."""
    mean: float | None = None
    """Mean score on the rows held out."""
    spread: float | None = None
    """Half the height of the band: the standard error of the mean, or the standard deviation."""
    train: float | None = None
    """Mean score on the rows trained on."""


def score_chart(
    points: Sequence[ScorePoint],
    *,
    best: int | None = None,
    recommended: int | None = None,
    selected: int | None = None,
    smoothed: Sequence[float | None] = (),
    threshold: float | None = None,
    title: str = "",
    x_label: str = "neurons",
    y_label: str = "mean score",
    spread_label: str = "± standard error",
) -> Chart:
    """Describe the chart of one score curve.

    ``best``, ``recommended`` and ``selected`` are places in ``points``; ``smoothed`` holds the smoothed score of each
    point, and ``threshold`` is the lowest smoothed score that can be recommended. Labels that are not simply the number
    on the x axis, as for networks of several layers, are written along the axis.
    """
    x = tuple(point.x for point in points)
    is_named = any(point.label not in (f"{point.x:g}", f"{point.x:.0f}") for point in points)
    chart = Chart(
        series=(*_curves(points, x, spread_label, smoothed), *_marks(points, best, recommended, threshold)),
        title=title,
        x_label=x_label,
        y_label=y_label,
        x_limits=(min(x), max(x)) if len(set(x)) > 1 else None,
        x_ticks=tuple((point.x, point.label) for point in sorted(points, key=lambda one: one.x)) if is_named else None,
    )
    return chart if selected is None else with_cursor(chart, points[selected])


def with_cursor(chart: Chart, point: ScorePoint) -> Chart:
    """Return the chart with a cursor at a candidate, drawn below the marked candidates."""
    place = next((at for at, one in enumerate(chart.series) if isinstance(one, Highlight)), len(chart.series))
    cursor = Cursor(x=point.x, label=point.label)
    return replace(chart, series=(*chart.series[:place], cursor, *chart.series[place:]))


def smoothed_line(x: Sequence[float], scores: Sequence[float | None]) -> list[Series]:
    """Return the smoothed curve, which is drawn behind the means; nothing without any score."""
    if all(score is None for score in scores):
        return []
    return [Line(x=tuple(x), y=tuple(scores), label="smoothed", role="axis", dotted=True)]


def _curves(
    points: Sequence[ScorePoint], x: tuple[float, ...], spread_label: str, smoothed: Sequence[float | None]
) -> list[Series]:
    bands = [
        (None, None)
        if point.mean is None or point.spread is None
        else (point.mean - point.spread, point.mean + point.spread)
        for point in points
    ]
    lower, upper = tuple(low for low, _ in bands), tuple(high for _, high in bands)
    means = tuple(point.mean for point in points)
    train = tuple(point.train for point in points)
    curves: list[Series] = [*smoothed_line(x, smoothed), Line(x=x, y=means)]
    if any(value is not None for value in upper):
        curves.insert(0, Band(x=x, lower=lower, upper=upper, label=spread_label))
    if any(value is not None for value in train):
        curves.insert(0, Line(x=x, y=train, label="training", role="second", dotted=True))
    return curves


def _marks(
    points: Sequence[ScorePoint],
    best: int | None,
    recommended: int | None,
    threshold: float | None,
) -> list[Series]:
    """Return the marked candidates. The most important is the last one, so that it is drawn on top."""
    marks: list[Series] = []
    if threshold is not None:
        marks.append(Level(y=threshold, label="threshold"))
    if recommended is not None and recommended != best:
        marks.extend(_highlight(points[recommended], "recommended", "recommended"))
    if best is not None:
        marks.extend(_highlight(points[best], "best", "best and recommended" if best == recommended else "best"))
    return marks


def _highlight(point: ScorePoint, role: Literal["best", "recommended"], words: str) -> list[Series]:
    if point.mean is None:
        return []
    shape: Shape = "star" if role == "best" else "diamond"
    return [Highlight(x=point.x, y=point.mean, shape=shape, role=role, label=f"{words} {point.label}")]
