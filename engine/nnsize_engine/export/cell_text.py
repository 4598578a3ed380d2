"""A cell of a table as text with all digits."""

from nnsize_engine.export.tables import Cell


def cell_text(cell: Cell) -> str:
    """Return a cell as pandas writes it: all digits of floats, nothing for a missing value, tuples for layers."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return str(tuple(cell))
    if isinstance(cell, dict):
        return str({key: tuple(value) if isinstance(value, list) else value for key, value in cell.items()})
    return str(cell)


def is_number(cell: Cell) -> bool:
    """Return whether a cell stands at the right of its column."""
    return isinstance(cell, float | int) and not isinstance(cell, bool)
