"""The values of a chart at one x, in words, with their uncertainty."""

from __future__ import annotations

from collections.abc import Iterator

from nnsize_engine.charts.description import Band, Chart, Line, Points, Role
from nnsize_engine.charts.finite import finite
from nnsize_engine.text import score_text

COUNTED = frozenset({"neurons", "weights", "evaluations", "seconds", "generations", "candidates tried"})
"""Names of x that are read after their number, as in ``31 neurons``."""

LESS_IMPORTANT: frozenset[Role] = frozenset({"second", "axis"})
"""Roles of lines that are read after the others."""


def reading(chart: Chart, x: float, room: int = 200) -> str:
    """Return the values of all lines nearest to an x, in words.

    A value with a band says how large its uncertainty is, and what it is: ``31 neurons: roc_auc 0.9735 ± 0.0043
    (standard error over 5 folds)``. Where the words do not fit into ``room`` columns, further values are counted, and
    then the meaning is left out.
    """
    names = dict(chart.x_ticks or ())
    at = names.get(x) or f"{x:,.10g}"
    begin = f"{at} {chart.x_label}: " if chart.x_label in COUNTED else f"{chart.x_label} {at}: "
    forms: list[list[str]] = [[], [], []]
    for one in sorted(_lines(chart), key=lambda line: line.role in LESS_IMPORTANT):
        place = _nearest(one, x)
        if place is not None:
            for form, words in zip(forms, _value_words(chart, one, place), strict=True):
                form.append(words)
    if not forms[0]:
        return f"{begin}nothing here"
    for kept in range(len(forms[0]), 0, -1):
        for form in forms if kept == 1 else forms[:1]:
            words = begin + ", ".join(form[:kept])
            words += f", {len(form) - kept} more" if kept < len(form) else ""
            if len(words) <= room:
                return words
    return words


def _lines(chart: Chart) -> Iterator[Line | Points]:
    return (one for one in chart.series if isinstance(one, Line | Points))


def _band_of(chart: Chart, line: Line | Points) -> Band | None:
    """Return the band that belongs to a line."""
    bands = (one for one in chart.series if isinstance(one, Band) and one.around is not None)
    return next((band for band in bands if isinstance(line, Line) and band.around == line.label), None)


def _value_words(chart: Chart, line: Line | Points, place: int) -> tuple[str, str, str]:
    """Return a value with its uncertainty in words, and two shorter forms."""
    value, band = line.y[place] or 0.0, _band_of(chart, line)
    name = line.label or chart.y_label.removesuffix(" (log)")
    short = f"{name} {value:.4g}".strip()
    at = line.x[place]
    if band is None or at not in band.x:
        return (short,) * 3
    row = band.x.index(at)
    half = finite(band.half[row]) if band.half else None
    low, high = finite(band.lower[row]), finite(band.upper[row])
    if half is not None:
        short = f"{name} {score_text(value)} ± {score_text(half)}".strip()
    elif low is not None and high is not None:
        short = f"{name} {value:.4g}, {low:.4g} to {high:.4g}".strip()
    else:
        return (short,) * 3
    return f"{short} ({band.spread})", f"{short} ({band.spread.partition(' over ')[0]})", short


def _nearest(series: Line | Points, x: float) -> int | None:
    """Return the place of the point nearest to an x; None if the x lies outside the series."""
    known = [
        (at, place)
        for place, (at, y) in enumerate(zip(series.x, series.y, strict=True))
        if at is not None and finite(y) is not None
    ]
    if not known or not min(known)[0] <= x <= max(known)[0]:
        return None
    return min(known, key=lambda point: abs(point[0] - x))[1]
