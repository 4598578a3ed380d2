"""Draw bands behind a plot: as the background of its cells, or as a fill character in its empty cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from nnsize_engine.charts.description import Role
from nnsize_tui.chart.ansi_strips import CODE
from nnsize_tui.chart.clean import EIGHTHS
from nnsize_tui.chart.pen import RESET, Pen


@dataclass(frozen=True, slots=True, kw_only=True)
class BandCell:
    """The part of a cell that a band covers."""

    role: Role
    eighths: int = EIGHTHS
    """The height that is covered, in eighths of the cell."""

    is_upper: bool = False
    """True if the upper part is covered, else the lower one."""

    under: Role | None = None
    """Another band, seen in the rest of the cell."""

    @property
    def is_whole(self) -> bool:
        """Return whether the band covers the whole cell."""
        return self.eighths == EIGHTHS

    @property
    def most(self) -> Role | None:
        """The band that covers most of the cell; None if none covers half of it."""
        return self.role if 2 * self.eighths >= EIGHTHS else self.under


class BandCells:
    """The cells of a plot that bands cover; a later band hides an earlier one."""

    def __init__(self, rows: int, pen: Pen) -> None:
        self._rows: list[dict[int, BandCell]] = [{} for _ in range(rows)]
        self._pen = pen
        self.filled: set[Role] = set()
        """The roles whose sign fills a cell of the lines that were drawn so far."""

        self._words: set[tuple[int, int]] = set()
        """The row and column of each character of the words in the plot, whose blanks stay blank."""

    def keep_words(self, row: int, first: int, count: int) -> None:
        """Keep the blanks between words, which begin at a column of a row."""
        self._words.update((row, column) for column in range(first, first + count))

    def add_cells(self, column: int, top: int, bottom: int, role: Role) -> None:
        """Cover whole cells of a column, from a row to a lower one."""
        for row in range(top, bottom + 1):
            self._rows[row][column] = BandCell(role=role)

    def add_edges(self, column: int, lower: int, upper: int, role: Role) -> None:
        """Cover a column from one height to another, in eighths of a cell from the bottom of the plot."""
        for number in range(lower // EIGHTHS, -(-upper // EIGHTHS)):
            first, last = max(0, lower - number * EIGHTHS), min(EIGHTHS, upper - number * EIGHTHS)
            # A band within one cell is moved to the nearer side of it: no sign leaves out both sides.
            is_upper = first > EIGHTHS - last
            row = len(self._rows) - 1 - number
            before = self._rows[row].get(column)
            under = None if before is None or before.most == role else before.most
            self._rows[row][column] = BandCell(role=role, eighths=last - first, is_upper=is_upper, under=under)

    def behind(self, line: str, row: int) -> str:
        """Return one line of the plot with the bands behind it; its signs stay."""
        bands = self._rows[row]
        if not bands:
            return line
        cells = [
            self._shaded(character, codes, bands[column], is_word=(row, column) in self._words)
            if column in bands
            else (character, codes)
            for column, (character, codes) in enumerate(_cells(line))
        ]
        pieces = []
        for codes, group in groupby(cells, key=lambda cell: cell[1]):
            text = "".join(character for character, _ in group)
            pieces.append(f"\x1b[{codes}m{text}{RESET}" if codes else text)
        return "".join(pieces)

    def _shaded(self, character: str, codes: str, cell: BandCell, *, is_word: bool) -> tuple[str, str]:
        pen = self._pen
        if character == " " and not cell.is_whole and not is_word:
            return pen.part_of_cell(cell.role, cell.under, cell.eighths, is_upper=cell.is_upper)
        role = cell.most
        background = "" if role is None else pen.background(role)
        if role is not None and background:
            kept = "" if character == " " else pen.seen_on(codes, role)
            return character, f"{kept};{background}" if kept else background
        if character == " " and role is not None and not is_word:
            self.filled.add(role)
            return pen.fill(role)
        return character, codes


def _cells(line: str) -> Iterator[tuple[str, str]]:
    """Yield each character with the codes since the last reset; a blank has none."""
    parts = CODE.split(line)
    state = ""
    for index, part in enumerate(parts):
        if index % 2:
            state = "" if part in ("", "0") else f"{state};{part}" if state else part
        else:
            yield from ((character, "" if character == " " else state) for character in part)
