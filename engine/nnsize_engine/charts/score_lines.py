"""The score curves of a search over several parameters: one line for each combination of their values.

Of more than six combinations only three lines are drawn: the selected candidate's, the best candidate's, and the best
score at each x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.charts.description import (
    LINE_ROLES,
    LINE_SHAPES,
    MAX_LINES,
    Band,
    Chart,
    Cursor,
    Highlight,
    Level,
    Line,
    Role,
    Series,
    Shape,
)
from nnsize_engine.charts.score_curve import ScorePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """The candidates of one combination. They differ in x alone."""

    label: str
    points: tuple[ScorePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A candidate that is marked in the chart."""

    x: float
    label: str
    mean: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Names, limits and kinds of both axes."""

    x_label: str
    y_label: str
    x_limits: tuple[float, float] | None
    x_ticks: tuple[tuple[float, str], ...] | None = None
    x_log: bool = False


def lines_chart(
    lines: Sequence[ScoreLine],
    axes: Axes,
    *,
    upper: ScoreLine,
    selected: int | None = None,
    best: int | None = None,
    banded: int | None = None,
    is_upper_alone: bool = False,
    marks: Sequence[Series] = (),
    legend_title: str = "",
) -> Chart:
    """Describe the chart of several score lines.

    ``selected``, ``best`` and ``banded`` are places in ``lines``; ``upper`` is the best score at every x. The banded
    line, or else the selected one, has a band of standard errors, and its training scores if its points have them.
    ``is_upper_alone`` draws only the upper line, with the band, and the selected line.
    """
    drawn = _all(lines) if len(lines) <= MAX_LINES else _important(lines, selected, best)
    if is_upper_alone:
        drawn = [_line(upper, 0, upper.label), *([_line(lines[selected], 1)] if selected is not None else [])]
    elif len(lines) > MAX_LINES:
        drawn.append(Line(x=_x(upper), y=_y(upper), label=upper.label, role="second", dotted=True))
    if banded is None:
        banded = selected
    of_band = upper if is_upper_alone else lines[banded] if banded is not None else None
    return Chart(
        series=(*_band(of_band), *_training(of_band), *drawn, *marks),
        x_label=axes.x_label,
        y_label=axes.y_label,
        x_limits=axes.x_limits,
        x_ticks=axes.x_ticks,
        x_log=axes.x_log,
        legend_title=legend_title,
        legend_rows=3,
    )


def marks_of(
    selected: Marked | None, best: Marked | None, recommended: Marked | None, threshold: float | None
) -> list[Series]:
    """Return the marked candidates. The most important is the last one, so that it is drawn on top."""
    marks: list[Series] = []
    if threshold is not None:
        marks.append(Level(y=threshold, label="threshold"))
    if selected is not None:
        marks.append(Cursor(x=selected.x, label=selected.label))
    if recommended is not None and recommended != best:
        marks += _highlight(recommended, "diamond", "recommended", "recommended")
    if best is not None:
        marks += _highlight(best, "star", "best", "best and recommended" if best == recommended else "best")
    return marks


def _highlight(one: Marked, shape: Shape, role: Role, words: str) -> list[Series]:
    if one.mean is None:
        return []
    return [Highlight(x=one.x, y=one.mean, shape=shape, role=role, label=f"{words} {one.label}")]


def _all(lines: Sequence[ScoreLine]) -> list[Series]:
    return [_line(line, place) for place, line in enumerate(lines)]


def _important(lines: Sequence[ScoreLine], selected: int | None, best: int | None) -> list[Series]:
    """Return the best line and the selected one, which is drawn on top."""
    count = f"of {len(lines)}"
    if best is None or selected is None or best == selected:
        one = best if selected is None else selected
        if one is None:
            return []
        words = "selected" if best is None else "best" if selected is None else "best and selected"
        return [_line(lines[one], 0, f"{lines[one].label} ({words} {count})")]
    return [
        _line(lines[best], 1, f"{lines[best].label} (best {count})"),
        _line(lines[selected], 0, f"{lines[selected].label} (selected)"),
    ]


def _line(line: ScoreLine, place: int, label: str | None = None) -> Line:
    words = line.label if label is None else label
    return Line(x=_x(line), y=_y(line), label=words, role=LINE_ROLES[place], shape=LINE_SHAPES[place])


def _x(line: ScoreLine) -> tuple[float, ...]:
    return tuple(point.x for point in line.points)


def _y(line: ScoreLine) -> tuple[float | None, ...]:
    return tuple(point.mean for point in line.points)


def _training(line: ScoreLine | None) -> list[Series]:
    """Return the scores on the training rows, if the points have them."""
    if line is None or all(point.train is None for point in line.points):
        return []
    scores = tuple(point.train for point in line.points)
    return [Line(x=_x(line), y=scores, label=f"training of {line.label}", role="second", dotted=True)]


def _band(line: ScoreLine | None) -> list[Series]:
    if line is None:
        return []
    ends = [
        (None, None)
        if point.mean is None or point.spread is None
        else (point.mean - point.spread, point.mean + point.spread)
        for point in line.points
    ]
    if all(low is None for low, _ in ends):
        return []
    lower, upper = tuple(low for low, _ in ends), tuple(high for _, high in ends)
    return [Band(x=_x(line), lower=lower, upper=upper, label=f"± standard error of {line.label}")]
