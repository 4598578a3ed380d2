"""What a heat map shows, as frozen values that know nothing of how it is drawn: a score for every two values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from nnsize_engine.charts.description import Limits

State: TypeAlias = Literal["waiting", "failed", "absent"]
"""Not scored yet; could not be scored; not part of the search."""

Cell: TypeAlias = float | State

Spot: TypeAlias = tuple[int, int]
"""A cell by its column and its row, from the left and from the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Everything one picture shows. Two equal maps give equal pictures."""

    x_label: str
    y_label: str
    columns: tuple[str, ...]
    """Values of x, from the left."""

    rows: tuple[str, ...]
    """Values of y, from the lowest."""

    cells: tuple[tuple[Cell, ...], ...]
    """By row, from the lowest; in it by column."""

    limits: Limits | None
    """What the lowest and the highest colour stand for; lower scores have the lowest. None before the first score."""

    is_clipped: bool = False
    """Whether there are scores below the limits."""

    title: str = ""
    """What the scores are."""

    slice: str = ""
    """The values of everything else, which all these cells have."""

    reading: str = ""
    """What the selected cell holds, in words; empty where nobody reads."""

    selected: Spot | None = None
    best: Spot | None = None
    adequate: Spot | None = None
    best_label: str = ""
    adequate_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A map of which each cell stands for a few neighbouring ones: the best of them."""

    map: HeatMap
    across: int
    """Columns in one."""

    down: int
    """Rows in one."""


def fold(heat: HeatMap, columns: int, rows: int) -> Folded:
    """The map with at most so many columns and rows. Nothing leaves it: a cell has the best of what it stands for.

    Its names are those of the lowest values it stands for.
    """
    across = max(1, -(-len(heat.columns) // max(1, columns)))
    down = max(1, -(-len(heat.rows) // max(1, rows)))
    if across == down == 1:
        return Folded(map=heat, across=1, down=1)
    cells = tuple(
        tuple(
            _best_of([cell for line in heat.cells[low : low + down] for cell in line[left : left + across]])
            for left in range(0, len(heat.columns), across)
        )
        for low in range(0, len(heat.rows), down)
    )
    folded = replace(
        heat,
        columns=heat.columns[::across],
        rows=heat.rows[::down],
        cells=cells,
        selected=_moved(heat.selected, across, down),
        best=_moved(heat.best, across, down),
        adequate=_moved(heat.adequate, across, down),
    )
    return Folded(map=folded, across=across, down=down)


def _best_of(cells: list[Cell]) -> Cell:
    scores = [cell for cell in cells if isinstance(cell, float)]
    if scores:
        return max(scores)
    states: tuple[State, ...] = ("waiting", "failed")
    return next((state for state in states if state in cells), "absent")


def _moved(spot: Spot | None, across: int, down: int) -> Spot | None:
    return None if spot is None else (spot[0] // across, spot[1] // down)
