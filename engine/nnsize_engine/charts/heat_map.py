"""The description of a heat map, as frozen values: a score for each pair of values of two dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from nnsize_engine.charts.description import Limits

State: TypeAlias = Literal["waiting", "failed", "out", "absent"]
"""The reason why a cell has no score: not scored yet, a fit failed, a race dropped it, or the search leaves it out."""

STATE_WORDS: Mapping[State, str] = MappingProxyType(
    {"failed": "failed", "waiting": "not done", "out": "out", "absent": "not searched"}
)
"""The words of a legend for cells without a score."""

Cell: TypeAlias = float | State

Spot: TypeAlias = tuple[int, int]
"""A cell by its column, from the left, and its row, from the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Everything that one picture shows; equal maps give equal pictures."""

    x_label: str
    y_label: str
    columns: tuple[str, ...]
    """Values of x, from the left."""

    rows: tuple[str, ...]
    """Values of y, from the lowest."""

    cells: tuple[tuple[Cell, ...], ...]
    """Rows from the lowest; in each row the columns from the left."""

    limits: Limits | None
    """The scores of the lowest and the highest colour; lower scores get the lowest. None before the first score."""

    is_clipped: bool = False
    """True if scores are below the limits."""

    title: str = ""
    """The name of the scores."""

    slice: str = ""
    """The values of all other dimensions, equal in all cells."""

    reading: str = ""
    """The selected cell in words; empty if no cell is selected."""

    selected: Spot | None = None
    best: Spot | None = None
    recommended: Spot | None = None
    best_label: str = ""
    recommended_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoarseMap:
    """A map in which each cell stands for the best of a few neighbouring cells."""

    map: HeatMap
    across: int
    """Columns in one cell."""

    down: int
    """Rows in one cell."""


def coarsen(heat: HeatMap, columns: int, rows: int) -> CoarseMap:
    """Return a map of at most ``columns`` by ``rows`` cells; each holds the best of the cells that it stands for.

    A column or row has the name of the lowest value that it stands for.
    """
    across = max(1, -(-len(heat.columns) // max(1, columns)))
    down = max(1, -(-len(heat.rows) // max(1, rows)))
    if across == down == 1:
        return CoarseMap(map=heat, across=1, down=1)
    cells = tuple(
        tuple(
            _best_of([cell for line in heat.cells[low : low + down] for cell in line[left : left + across]])
            for left in range(0, len(heat.columns), across)
        )
        for low in range(0, len(heat.rows), down)
    )
    coarse = replace(
        heat,
        columns=heat.columns[::across],
        rows=heat.rows[::down],
        cells=cells,
        selected=_moved(heat.selected, across, down),
        best=_moved(heat.best, across, down),
        recommended=_moved(heat.recommended, across, down),
    )
    return CoarseMap(map=coarse, across=across, down=down)


def _best_of(cells: list[Cell]) -> Cell:
    scores = [cell for cell in cells if isinstance(cell, float)]
    if scores:
        return max(scores)
    states: tuple[State, ...] = ("waiting", "failed", "out")
    return next((state for state in states if state in cells), "absent")


def _moved(spot: Spot | None, across: int, down: int) -> Spot | None:
    return None if spot is None else (spot[0] // across, spot[1] // down)
