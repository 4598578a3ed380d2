"""Draw bands behind a plot: as the background of its cells, or as a fill character in its empty cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from nnsize_engine.charts.description import Role
from nnsize_tui.chart.ansi_strips import CODE
from nnsize_tui.chart.pen import RESET, Pen


def with_bands(line: str, bands: Mapping[int, Role], pen: Pen) -> str:
    """Return one line of a plot with the bands that cover some of its columns; its signs stay."""
    if not bands:
        return line
    cells = [
        _shaded_cell(character, codes, bands[column], pen) if column in bands else (character, codes)
        for column, (character, codes) in enumerate(_cells(line))
    ]
    pieces = []
    for codes, group in groupby(cells, key=lambda cell: cell[1]):
        text = "".join(character for character, _ in group)
        pieces.append(f"\x1b[{codes}m{text}{RESET}" if codes else text)
    return "".join(pieces)


def _shaded_cell(character: str, codes: str, role: Role, pen: Pen) -> tuple[str, str]:
    background = pen.background(role)
    if background:
        kept = "" if character == " " else pen.seen_on(codes, role)
        return character, f"{kept};{background}" if kept else background
    if character == " ":
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
