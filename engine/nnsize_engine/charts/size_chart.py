"""The chart of a search over sizes alone: mean score by number of neurons, with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nnsize_engine.charts.description import Chart, Cursor, Highlight, Line
from nnsize_engine.charts.score_series import (
    STANDARD_ERROR,
    ScorePoint,
    band_of,
    limits_without_out,
    marks_of,
    out_points,
    reference_levels,
    smoothed_line,
    training_of,
)
from nnsize_engine.results.references import ReferenceSummary


def size_chart(
    points: Sequence[ScorePoint],
    *,
    best: int | None = None,
    recommended: int | None = None,
    smoothed: Sequence[float | None] = (),
    threshold: float | None = None,
    references: Sequence[ReferenceSummary] = (),
    out: Sequence[ScorePoint] = (),
    y_label: str = "mean score",
    spread: str = STANDARD_ERROR,
) -> Chart:
    """Describe the chart of one score curve.

    ``best`` and ``recommended`` are places in ``points``; ``out`` are points that a race dropped; ``smoothed`` holds
    the smoothed score of each point, then of those that are out; ``threshold`` is the lowest smoothed score that can be
    recommended; ``spread`` is the meaning of the points' spread. The labels stand along the x axis unless each label is
    the number of neurons.
    """
    everything = (*points, *out)
    x = tuple(point.x for point in points)
    all_x = tuple(point.x for point in everything)
    is_named = any(point.label not in (f"{point.x:g}", f"{point.x:.0f}") for point in everything)

    def marked(place: int | None) -> ScorePoint | None:
        return None if place is None else points[place]

    return Chart(
        series=(
            *training_of(points, "training"),
            *band_of(points, f"± {STANDARD_ERROR}", spread=spread),
            *reference_levels(references),
            *smoothed_line(all_x, smoothed),
            *out_points(out, "ring"),
            Line(x=x, y=tuple(point.mean for point in points)),
            *marks_of(None, marked(best), marked(recommended), threshold),
        ),
        x_label="neurons",
        x_is_whole=True,
        y_label=y_label,
        x_limits=(min(all_x), max(all_x)) if len(set(all_x)) > 1 else None,
        y_limits=limits_without_out(points, out),
        x_ticks=tuple((one.x, one.label) for one in sorted(everything, key=lambda one: one.x)) if is_named else None,
    )


def with_cursor(chart: Chart, point: ScorePoint) -> Chart:
    """Return the chart with a cursor at a candidate, drawn below the marked candidates."""
    place = next((at for at, one in enumerate(chart.series) if isinstance(one, Highlight)), len(chart.series))
    cursor = Cursor(x=point.x, label=point.label)
    return replace(chart, series=(*chart.series[:place], cursor, *chart.series[place:]))
