"""Cells of tables from values of runs."""

import math

from nnsize_engine.report.page import Cell, Mark
from nnsize_engine.text import NONE, score_text, seconds_text

DIGITS = 5  # of scores in tables


def score_cell(value: float | None, mark: Mark = "") -> Cell:
    """Return the cell of a score, a loss or a deviation."""
    return Cell(text=score_text(value, DIGITS), value=_sortable(value), mark=mark)


def seconds_cell(value: float | None) -> Cell:
    """Return the cell of a length of time."""
    return Cell(text=seconds_text(value), value=_sortable(value))


def count_cell(value: int | None) -> Cell:
    """Return the cell of a whole number."""
    return Cell(text=NONE if value is None else f"{value:,}", value=value)


def text_cell(text: str, value: float | str | None = None, mark: Mark = "") -> Cell:
    """Return the cell of words, sorted by ``value`` or else by the words."""
    return Cell(text=text, value=text if value is None else value, mark=mark)


def _sortable(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
