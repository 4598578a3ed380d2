"""The shares of a screen that its panes have."""

from dataclasses import dataclass

MIN_PANE_COLUMNS, MIN_PANE_LINES = 24, 5
"""Size that a border leaves to the panes on both of its sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneSizes:
    """Shares of the room that panes have, as a user chose; None for the usual size."""

    table: float | None = None
    """Of the columns, for the table with the chart beside it."""

    chart: float | None = None
    """Of the lines, for a chart above other panes."""

    lower: float | None = None
    """Of the lines, for a chart below all other panes."""


USUAL = PaneSizes()


def columns_of(share: float | None, usual: int, room: int) -> int:
    """Return the columns of a pane: its share of a room, or the usual ones."""
    return _within(share, usual, room, MIN_PANE_COLUMNS)


def lines_of(share: float | None, usual: int, room: int) -> int:
    """Return the lines of a pane: its share of a room, or the usual ones."""
    return _within(share, usual, room, MIN_PANE_LINES)


def _within(share: float | None, usual: int, room: int, least: int) -> int:
    return usual if share is None else max(least, min(round(share * room), room - least))
