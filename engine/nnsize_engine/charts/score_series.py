"""The series of a score chart: points of candidates, bands, training scores and marked candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.charts.description import (
    Band,
    Cursor,
    Highlight,
    Level,
    Limits,
    Line,
    Points,
    Role,
    Series,
    Shape,
)
from nnsize_engine.results.references import ReferenceSummary
from nnsize_engine.results.statistics import SharedStatistics
from nnsize_engine.text import score_text

STANDARD_ERROR = "standard error"
"""The usual spread of a point."""

MAX_OUT_CONTRAST = 2.5
"""Height of the chart at most, in heights of what is still in. Lower points are drawn on the border."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePoint:
    """One candidate. A score is None, and leaves a gap, if it is unknown or failed."""

    x: float
    """Neurons in the first hidden layer, or the candidate's place in the list."""
    label: str
    """The candidate in words, such as `64-32`."""
    mean: float | None = None
    """Mean score on the held-out folds."""
    spread: float | None = None
    """Half the height of the band: the standard error of the mean, or the standard deviation."""
    train: float | None = None
    """Mean score on the training rows."""


def band_of(points: Sequence[ScorePoint], label: str, *, around: str = "", spread: str) -> list[Series]:
    """Return the band of mean minus and plus spread; no series if no point has a spread.

    ``around`` is the label of the line of means, ``spread`` is what half the height of the band means.
    """
    ends = [
        (None, None)
        if point.mean is None or point.spread is None
        else (point.mean - point.spread, point.mean + point.spread)
        for point in points
    ]
    if all(low is None for low, _ in ends):
        return []
    lower, upper = tuple(low for low, _ in ends), tuple(high for _, high in ends)
    half = tuple(None if point.mean is None else point.spread for point in points)
    x = tuple(point.x for point in points)
    return [Band(x=x, lower=lower, upper=upper, label=label, around=around, spread=spread, half=half)]


def spread_words(shared: Sequence[SharedStatistics]) -> str:
    """Return the meaning of the standard errors of candidates: over how many folds they are."""
    folds = max((len(one.fold_scores) for one in shared), default=0)
    return f"{STANDARD_ERROR} over {folds} folds" if folds > 1 else STANDARD_ERROR


def training_of(points: Sequence[ScorePoint], label: str) -> list[Series]:
    """Return the line of training scores; no series if no point has one."""
    scores = tuple(point.train for point in points)
    if all(score is None for score in scores):
        return []
    return [Line(x=tuple(point.x for point in points), y=scores, label=label, role="second", dotted=True)]


def out_points(points: Sequence[ScorePoint], shape: Shape) -> list[Series]:
    """Return the points of candidates that a race dropped, with their estimated means; no series without points."""
    if not points:
        return []
    x, y = tuple(point.x for point in points), tuple(point.mean for point in points)
    return [Points(x=x, y=y, label="out", role="axis", shape=shape)]


def limits_without_out(points: Sequence[ScorePoint], out: Sequence[ScorePoint]) -> Limits | None:
    """Return the limits of scores that keep the points apart; None if those that are out take little of the height.

    What is out may be far below, and would leave no height to tell the others apart.
    """
    ends = [(one.mean - (one.spread or 0.0), one.mean + (one.spread or 0.0)) for one in points if one.mean is not None]
    lost = [one.mean for one in out if one.mean is not None]
    if not ends or not lost or any(one.train is not None for one in points):  # training scores need the whole height
        return None
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    least = high - MAX_OUT_CONTRAST * (high - low)
    return (least, high + (high - low) / 8) if low < high and min(lost) < least else None


def smoothed_line(x: Sequence[float], scores: Sequence[float | None]) -> list[Series]:
    """Return the smoothed curve, which is drawn behind the means; no series if no score is known."""
    if all(score is None for score in scores):
        return []
    return [Line(x=tuple(x), y=tuple(scores), label="smoothed", role="axis", dotted=True)]


def reference_levels(references: Sequence[ReferenceSummary]) -> list[Series]:
    """Return a line for each reference with a mean; the axis need not hold them, for a dummy may be far below."""
    return [Level(y=one.mean, text=f"{one.words} {score_text(one.mean)}") for one in references if one.mean is not None]


def marks_of(
    selected: ScorePoint | None, best: ScorePoint | None, recommended: ScorePoint | None, threshold: float | None
) -> list[Series]:
    """Return the threshold, the cursor and the marked candidates; the last is drawn over the others."""
    marks: list[Series] = []
    if threshold is not None:
        marks.append(Level(y=threshold, text=f"threshold {score_text(threshold)}"))
    if selected is not None:
        marks.append(Cursor(x=selected.x, label=selected.label))
    if recommended is not None and recommended != best:
        marks += _highlight(recommended, "diamond", "recommended", "recommended")
    if best is not None:
        marks += _highlight(best, "star", "best", "best and recommended" if best == recommended else "best")
    return marks


def _highlight(point: ScorePoint, shape: Shape, role: Role, words: str) -> list[Series]:
    if point.mean is None:
        return []
    return [Highlight(x=point.x, y=point.mean, shape=shape, role=role, label=f"{words} {point.label}")]
