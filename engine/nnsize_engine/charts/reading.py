"""The values of a chart at one x, in words, with their uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
    (standard error over 5 folds)``; several such values say once what it is. Where the words do not fit into ``room``
    columns, further values are counted, and then the meaning is left out. Several such values rather lose the meaning,
    then their uncertainties, before any of them is left out.
    """
    names = dict(chart.x_ticks or ())
    at = names.get(x) or f"{x:,.10g}"
    begin = f"{at} {chart.x_label}: " if chart.x_label in COUNTED else f"{chart.x_label} {at}: "
    values: list[_Value] = []
    for one in sorted(_lines(chart), key=lambda line: line.role in LESS_IMPORTANT):
        place = _nearest(one, x)
        if place is not None:
            values.append(_value(chart, one, place))
    if not values:
        return f"{begin}nothing here"
    has_several = sum(bool(one.spread) for one in values) > 1
    for kept in range(len(values), 0, -1):
        for shorten in SPREAD_FORMS if kept == 1 or has_several else SPREAD_FORMS[:1]:
            words = begin + ", ".join(_with_spreads(values[:kept], shorten))
            words += f", {len(values) - kept} more" if kept < len(values) else ""
            if len(words) <= room:
                return words
        if has_several and kept == len(values):
            words = begin + ", ".join(one.plain for one in values)
            if len(words) <= room:
                return words
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    plain: str
    """The value without its uncertainty."""

    words: str
    spread: str = ""
    """The meaning of its uncertainty; empty if it has none."""


SPREAD_FORMS: tuple[Callable[[str], str], ...] = (
    lambda spread: f" ({spread})",
    lambda spread: f" ({spread.partition(' over ')[0]})",
    lambda _: "",
)
"""Ways to say the meaning of an uncertainty: in full, without over how many folds, not at all."""


def _with_spreads(values: Sequence[_Value], shorten: Callable[[str], str]) -> Iterator[str]:
    """Yield the words of each value; the last of those with the same kind of uncertainty says what it is."""
    said = [shorten(one.spread) if one.spread else "" for one in values]
    for place, one in enumerate(values):
        yield one.words + ("" if said[place] in said[place + 1 :] else said[place])


def _lines(chart: Chart) -> Iterator[Line | Points]:
    return (one for one in chart.series if isinstance(one, Line | Points))


def _band_of(chart: Chart, line: Line | Points) -> Band | None:
    """Return the band that belongs to a line."""
    bands = (one for one in chart.series if isinstance(one, Band) and one.around is not None)
    return next((band for band in bands if isinstance(line, Line) and band.around == line.label), None)


def _value(chart: Chart, line: Line | Points, place: int) -> _Value:
    """Return a value with its uncertainty: that of its band, or of the line itself."""
    value, band, at = line.y[place] or 0.0, _band_of(chart, line), line.x[place]
    name = line.label or chart.y_label.removesuffix(" (log)")
    plain = f"{name} {value:.4g}".strip()
    low = high = half = None
    spread = ""
    if band is not None and at in band.x:
        row, spread = band.x.index(at), band.spread
        half = finite(band.half[row]) if band.half else None
        low, high = finite(band.lower[row]), finite(band.upper[row])
    elif isinstance(line, Line) and line.half:
        half, spread = finite(line.half[place]), line.spread
    if half is not None:
        words = f"{name} {score_text(value)} ± {score_text(half)}".strip()
        return _Value(plain=plain, words=words, spread=spread)
    if low is not None and high is not None:
        return _Value(plain=plain, words=f"{name} {value:.4g}, {low:.4g} to {high:.4g}".strip(), spread=spread)
    return _Value(plain=plain, words=plain)


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
