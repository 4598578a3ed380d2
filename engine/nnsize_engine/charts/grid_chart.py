"""The chart of a search over several parameters: one score line for each combination of their values.

With more than six combinations only three lines are drawn: that of the selected candidate, that of the best candidate,
and the best score at each x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.charts.description import LINE_ROLES, LINE_SHAPES, MAX_LINES, Chart, Limits, Line, Series
from nnsize_engine.charts.score_series import STANDARD_ERROR, ScorePoint, band_of, training_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """The candidates of one combination, which differ only in x."""

    label: str
    points: tuple[ScorePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The labels, limits and scales of both axes."""

    x_label: str
    y_label: str
    x_limits: tuple[float, float] | None
    x_ticks: tuple[tuple[float, str], ...] | None = None
    x_log: bool = False
    x_is_whole: bool = False
    y_limits: Limits | None = None


def grid_chart(
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
    spread: str = STANDARD_ERROR,
) -> Chart:
    """Describe the chart of several score lines.

    ``selected``, ``best`` and ``banded`` are places in ``lines``; ``upper`` is the best score at each x. The banded
    line, or without one the selected line, has a band of standard errors, and training scores if its points have them.
    ``is_upper_alone`` draws the upper line with the band, and the selected line.
    """
    drawn = _all(lines) if len(lines) <= MAX_LINES else _important(lines, selected, best)
    if is_upper_alone:
        drawn = [_line(upper, 0, upper.label), *([_line(lines[selected], 1)] if selected is not None else [])]
    elif len(lines) > MAX_LINES:
        drawn.append(Line(x=_x(upper), y=_y(upper), label=upper.label, role="second", dotted=True))
    if banded is None:
        banded = selected
    detailed = upper if is_upper_alone else lines[banded] if banded is not None else None
    details: list[Series] = []
    if detailed is not None:
        around = _label_in(drawn, detailed)
        details += band_of(detailed.points, f"± {STANDARD_ERROR} of {detailed.label}", around=around, spread=spread)
        details += training_of(detailed.points, f"training of {detailed.label}")
    return Chart(
        series=(*details, *drawn, *marks),
        x_label=axes.x_label,
        y_label=axes.y_label,
        x_limits=axes.x_limits,
        x_ticks=axes.x_ticks,
        x_log=axes.x_log,
        x_is_whole=axes.x_is_whole,
        y_limits=axes.y_limits,
        legend_title=legend_title,
        legend_rows=3,
    )


def _label_in(drawn: Sequence[Series], line: ScoreLine) -> str:
    """Return the label with which a line is drawn, which may say more than its own."""
    same = [one.label for one in drawn if isinstance(one, Line) and (one.x, one.y) == (_x(line), _y(line))]
    return same[0] if same else line.label


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
