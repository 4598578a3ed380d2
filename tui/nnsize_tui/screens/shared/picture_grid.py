"""Grids of pictures side by side: which there are, and which of them have room."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from textual.geometry import Region

PicturePart: TypeAlias = Literal["chart", "picture2", "picture3", "picture4"]

MIN_PICTURE_COLUMNS, MIN_PICTURE_LINES = 40, 10
"""Size that a picture in a grid needs."""

GAP = 2
"""Columns between two pictures."""

MARK_COLUMNS = 1
"""Columns to the left of a picture for the mark of the chosen one; between two pictures it stands in the gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Pictures in columns and rows."""

    columns: int
    rows: int

    @property
    def count(self) -> int:
        """The number of pictures."""
        return self.columns * self.rows

    @property
    def words(self) -> str:
        """The grid in words."""
        if self.count == 1:
            return "one"
        return f"{self.count}, " + ("side by side" if self.rows == 1 else f"{self.columns} by {self.rows}")


GRIDS = tuple(Grid(columns=columns, rows=rows) for columns, rows in ((1, 1), (2, 1), (1, 2), (3, 1), (2, 2)))
"""All grids, those with fewer pictures first."""

ONE = GRIDS[0]

PARTS: tuple[PicturePart, ...] = ("chart", "picture2", "picture3", "picture4")
"""The parts of the screen that show pictures, in order."""


def fitting(region: Region, pictures: int) -> list[Grid]:
    """Return the grids that a region has room for, and that a number of pictures fills."""
    return [grid for grid in GRIDS if grid == ONE or (grid.count <= pictures and _has_room(grid, region))]


def _has_room(grid: Grid, region: Region) -> bool:
    width = _width(grid, region)
    return width >= MIN_PICTURE_COLUMNS and region.height // grid.rows >= MIN_PICTURE_LINES


def _width(grid: Grid, region: Region) -> int:
    return (region.width - MARK_COLUMNS - GAP * (grid.columns - 1)) // grid.columns


def shown_grid(wanted: Grid, region: Region, pictures: int) -> Grid:
    """Return the wanted grid, or the largest one with fewer pictures that a region has room for."""
    smaller = [one for one in fitting(region, pictures) if one.count <= wanted.count]
    return wanted if wanted in smaller else smaller[-1]


def cells(grid: Grid, region: Region) -> Iterator[tuple[PicturePart, Region]]:
    """Yield the region of each picture, row by row; the last column and row get what is left over.

    Several pictures leave room for the mark.
    """
    if grid == ONE:
        yield PARTS[0], region
        return
    width, height = _width(grid, region), region.height // grid.rows
    for place, part in enumerate(PARTS[: grid.count]):
        row, column = divmod(place, grid.columns)
        x, y = region.x + MARK_COLUMNS + column * (width + GAP), region.y + row * height
        right = region.right if column == grid.columns - 1 else x + width
        yield part, Region(x, y, right - x, region.bottom - y if row == grid.rows - 1 else height)


def grid_of(saved: object) -> Grid:
    """Return the grid that was saved, as ``2x1``; one picture for anything else."""
    return next((grid for grid in GRIDS if f"{grid.columns}x{grid.rows}" == saved), ONE)


def saved_text(grid: Grid) -> str:
    """Return a grid as it is saved."""
    return f"{grid.columns}x{grid.rows}"
