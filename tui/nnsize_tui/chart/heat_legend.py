"""The heading of a heat map: its axes, its colours, and the marked cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nnsize_engine.charts.description import Role
from nnsize_engine.charts.heat_map import STATE_WORDS, CoarseMap, HeatMap
from nnsize_tui.chart.pen import RESET, SHAPES, Pen
from nnsize_tui.chart.shades import Shades

BETWEEN = "  "
ARROWS = (("↑", "→"), ("^", ">"))
FAILED, WAITING, OUT = ("✗", "x"), ("·", "-"), ("–", "~")
"""Signs of cells without a score, in Unicode and in ASCII."""

MIN_WIDTH_FOR_SENTENCES = 50
"""Smallest width with room for whole sentences, in columns."""

ROWS_PER_HEADING = 8
"""Lines of the picture for each line of the heading, unless the map leaves lines empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A piece of the heading."""

    painted: str
    length: int
    worth: int
    """The entry of least worth leaves first where there is no room for all; 0 never leaves."""


def legend(coarse: CoarseMap, width: int, height: int, pen: Pen, shades: Shades) -> list[str]:
    """Return the heading on one line or more, each exactly as wide as the picture."""
    coarseness = _coarseness(coarse, pen, width)
    names = _axes(coarse.map, pen, width - sum(entry.length + len(BETWEEN) for entry in coarseness))
    others = [*_scale(coarse.map, pen, shades), *_marks(coarse.map, pen)]
    begin = [names]
    if coarse.map.reading:
        words = pen.plain(coarse.map.reading)[:width]
        begin = [
            Entry(painted=pen.paint(words, "text", strong=True), length=len(words), worth=0),
            replace(names, worth=6),
        ]
    entries = [*begin, *coarseness, *(entry for entry in others if entry.length <= width)]
    most = min(3, max(1, height // ROWS_PER_HEADING, height - 1 - len(coarse.map.rows)))
    rows = _rows(entries, width)
    while len(rows) > most and (
        lost := min((entry for entry in entries if entry.worth), key=lambda entry: entry.worth, default=None)
    ):
        entries.remove(lost)
        rows = _rows(entries, width)
    return [_line(row, width, is_first=number == 0) for number, row in enumerate(rows[:most])]


def _rows(entries: list[Entry], width: int) -> list[list[Entry]]:
    rows: list[list[Entry]] = [[]]
    for entry in entries:
        if rows[-1] and _length([*rows[-1], entry]) > width:
            rows.append([])
        rows[-1].append(entry)
    return rows


def _length(row: list[Entry]) -> int:
    return sum(entry.length for entry in row) + len(BETWEEN) * max(0, len(row) - 1)


def _line(row: list[Entry], width: int, *, is_first: bool) -> str:
    """Return a line with the names of the axes on the left and everything else on the right."""
    blank = " " * max(0, width - _length(row))
    left = row[:1] if is_first else []
    right = BETWEEN.join(entry.painted for entry in row[len(left) :])
    if not left:
        return blank + right
    return left[0].painted + (BETWEEN if right else "") + blank + right


def _axes(heat: HeatMap, pen: Pen, width: int) -> Entry:
    up, right = ARROWS[0 if pen.unicode else 1]
    words = [heat.title, f"{up} {heat.y_label}", f"{right} {heat.x_label}", heat.slice]
    text = BETWEEN.join(pen.plain(word) for word in words if word)[:width]
    return Entry(painted=pen.paint(text, "text"), length=len(text), worth=0)


def _coarseness(coarse: CoarseMap, pen: Pen, width: int) -> list[Entry]:
    """Return the note that a drawn cell stands for several; none where it does not."""
    if coarse.across == coarse.down == 1:
        return []
    text = f"best of {coarse.across} × {coarse.down}"
    text = pen.plain(f"each cell: {text}" if width >= MIN_WIDTH_FOR_SENTENCES else text)[: width - len(BETWEEN)]
    return [Entry(painted=pen.paint(text, "best"), length=len(text), worth=0)]


def _scale(heat: HeatMap, pen: Pen, shades: Shades) -> list[Entry]:
    if heat.limits is None:
        return []
    low, high = (pen.plain(text) for text in _ends(heat))
    swatches = "".join(f"\x1b[{one.codes}m{one.sign}{RESET}" if one.codes else one.sign for one in shades.levels)
    painted = f"{pen.paint(low, 'text')} {swatches} {pen.paint(high, 'text')}"
    return [Entry(painted=painted, length=len(low) + len(high) + 2 + len(shades.levels), worth=0)]


def _ends(heat: HeatMap) -> tuple[str, str]:
    assert heat.limits is not None
    low, high = heat.limits
    return ("≤" if heat.is_clipped else "") + f"{low:.6g}", f"{high:.6g}"


def _marks(heat: HeatMap, pen: Pen) -> list[Entry]:
    place = 0 if pen.unicode else 1
    cells = {cell for row in heat.cells for cell in row if isinstance(cell, str)}
    entries = []
    if "failed" in cells:
        entries.append(_mark(pen, FAILED[place], STATE_WORDS["failed"], 4))
    if "waiting" in cells:
        entries.append(_mark(pen, WAITING[place], STATE_WORDS["waiting"], 3))
    if "out" in cells:
        entries.append(_mark(pen, OUT[place], STATE_WORDS["out"], 3))
    if heat.selected is not None:
        entries.append(_mark(pen, "[]", "selected", 1))
    if heat.recommended_label:
        entries.append(_mark(pen, SHAPES["diamond"][place], heat.recommended_label, 2, "recommended"))
    if heat.best_label:
        entries.append(_mark(pen, SHAPES["star"][place], heat.best_label, 5, "best"))
    return entries


def _mark(pen: Pen, sign: str, words: str, worth: int, role: Role = "text") -> Entry:
    words = pen.plain(words)
    painted = f"{pen.paint(sign, role)} {pen.paint(words, 'text')}"
    return Entry(painted=painted, length=len(sign) + 1 + len(words), worth=worth)
