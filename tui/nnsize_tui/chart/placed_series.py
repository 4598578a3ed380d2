"""Place long series on their axes, and cache the places: a cursor moves far more often than the values change.

A series is a frozen value, so that an equal one has equal places. Only the last few are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nnsize_engine.charts.description import Band, Line, Points
from nnsize_engine.charts.finite import finite_all
from nnsize_tui.chart import clean
from nnsize_tui.chart.clean import Polyline, Scale

MAX_CACHED_SERIES = 16
"""Series that are cached: as many as a chart or two have."""

Long = Line | Points | Band
"""Series of any number of points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The reach of a series along both axes."""

    x: tuple[float, ...]
    """The smallest and the largest that can be drawn, and the smallest above 0."""

    y: tuple[float, ...]


@lru_cache(maxsize=MAX_CACHED_SERIES)
def extent(series: Long) -> Extent:
    """Return the reach of a series along both axes."""
    ys = [*series.lower, *series.upper] if isinstance(series, Band) else series.y
    along = [float(value) for value in finite_all(series.x) if value is not None]
    return Extent(
        x=_extremes(along),
        y=_extremes([value for value in finite_all(ys) if value is not None]),
    )


def _extremes(values: list[float]) -> tuple[float, ...]:
    if not values:
        return ()
    positive = [value for value in values if value > 0]
    return (min(values), max(values), *([min(positive)] if positive else []))


def polylines_of(series: Long, x_scale: Scale, y_scale: Scale) -> list[Polyline]:
    """Return the points of a series as fractions of the axes, split at gaps. They are too large for the cache."""
    if isinstance(series, Band):
        return clean.polylines(x_scale, y_scale, series.x, series.lower, series.upper)
    return clean.polylines(x_scale, y_scale, series.x, series.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """The points of a line that are drawn."""

    polylines: list[Polyline]
    """The parts without a gap, with as many points as the columns can show."""

    points: int
    """The number of points before they were thinned."""


@lru_cache(maxsize=MAX_CACHED_SERIES)
def line_on(line: Line, x_scale: Scale, y_scale: Scale, columns: int) -> PlacedLine:
    """Return a line thinned to a number of columns."""
    runs = polylines_of(line, x_scale, y_scale)
    return PlacedLine(polylines=[clean.thin(run, columns) for run in runs], points=sum(map(len, runs)))


@lru_cache(maxsize=MAX_CACHED_SERIES)
def marks_on(line: Line, x_scale: Scale, y_scale: Scale, first: float, apart: float) -> list[Polyline]:
    """Return a few points of each run of a line, evenly apart along x from `first` on."""
    return [_apart(run, first, apart) for run in polylines_of(line, x_scale, y_scale)]


def _apart(run: Polyline, first: float, apart: float) -> Polyline:
    kept = []
    for point in run:
        if point[0] >= first:
            kept.append(point)
            first += apart * (1 + (point[0] - first) // apart)
    return kept


@lru_cache(maxsize=MAX_CACHED_SERIES)
def cells_of_band(band: Band, x_scale: Scale, y_scale: Scale, columns: int, rows: int) -> list[tuple[int, int, int]]:
    """Return the cells of a band: column, top row, bottom row."""
    return [cell for run in polylines_of(band, x_scale, y_scale) for cell in clean.band_cells(run, columns, rows)]


@lru_cache(maxsize=MAX_CACHED_SERIES)
def edges_of_band(band: Band, x_scale: Scale, y_scale: Scale, columns: int, rows: int) -> list[tuple[int, int, int]]:
    """Return the edges of a band: column, lower and upper edge in eighths of a cell from the bottom."""
    return [cell for run in polylines_of(band, x_scale, y_scale) for cell in clean.band_eighths(run, columns, rows)]
