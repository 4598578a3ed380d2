"""Charts with fewer points, which look the same on a page."""

from dataclasses import dataclass, replace
from itertools import islice

from nnsize_engine.charts.description import Band, Chart, Line, Series, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinChart:
    """A chart, and whether points were left out of it."""

    chart: Chart
    is_thinned: bool


def thin_chart(chart: Chart, most: int) -> ThinChart:
    """Return the chart with at most ``most`` points a line: the lowest and the highest of each part are kept."""
    series = tuple(_thin(one, most) for one in chart.series)
    return ThinChart(chart=replace(chart, series=series), is_thinned=series != chart.series)


def _thin(series: Series, most: int) -> Series:
    match series:
        case Line(x=x, y=y) if len(x) > most:
            kept = _extremes(y, most)
            return replace(series, x=_of(x, kept), y=_of(y, kept))
        case Band(x=x, lower=lower, upper=upper) if len(x) > most:
            kept = sorted({*_extremes(lower, most // 2), *_extremes(upper, most // 2)})
            half = _of(series.half, kept) if series.half else ()
            return replace(series, x=_of(x, kept), lower=_of(lower, kept), upper=_of(upper, kept), half=half)
        case _:
            return series


def _of(values: Values, kept: list[int]) -> Values:
    return tuple(values[place] for place in kept)


def _extremes(values: Values, most: int) -> list[int]:
    """Return the places of the lowest and the highest value of each part, of the first and of the last one."""
    count = max(1, (most - 2) // 2)
    size = -(-len(values) // count)
    found = {0, len(values) - 1}
    for start in range(0, len(values), size):
        part = [
            (value, start + at) for at, value in enumerate(islice(values, start, start + size)) if value is not None
        ]
        found |= {min(part)[1], max(part)[1]} if part else {start}
    return sorted(found)
