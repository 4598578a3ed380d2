"""The picture that the terminal shows, so that only cells that differ are sent.

Textual sends a screen as a whole when it comes to the front, and sends what lies under a dialog again whenever either
of the two changes. Most of these cells are on the terminal already.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Cell: TypeAlias = tuple[str, Style | None]
"""A character with its style. The second cell of a wide character has an empty text."""

Part: TypeAlias = tuple[int, int, Strip]
"""Line, column and new content of a part of the picture."""

MAX_GAP_BYTES = 4
"""Bytes of equal cells between two changes that are sent again: moving the cursor would cost as many."""


class SentPicture:
    """The cells of the terminal, as far as they are known."""

    def __init__(self) -> None:
        self._lines: list[list[Cell] | None] = []

    def forget(self) -> None:
        """Take nothing for granted: the next picture is sent as a whole."""
        self._lines = []

    def replace(self, lines: Sequence[Iterable[Strip]]) -> list[Part]:
        """Take a whole picture; return the parts of it that differ from what the terminal shows."""
        if len(lines) != len(self._lines):
            self._lines = [None] * len(lines)
        return [part for y, line in enumerate(lines) for part in self._put(y, 0, Strip.join(line), is_whole=True)]

    def update(self, parts: Iterable[Part]) -> list[Part]:
        """Take parts of a picture; return those pieces of them that differ from what the terminal shows."""
        return [found for y, x, strip in parts for found in self._put(y, x, strip, is_whole=False)]

    def _put(self, y: int, x: int, strip: Strip, *, is_whole: bool) -> Iterator[Part]:
        before = self._lines[y] if y < len(self._lines) else None
        cells = cells_of(strip)
        end = x + len(cells)
        if len(cells) != strip.cell_length or before is None or end > len(before) or (is_whole and end < len(before)):
            if y < len(self._lines):  # a part of a line does not tell the rest of it
                self._lines[y] = cells if is_whole and len(cells) == strip.cell_length else None
            yield y, x, _strip(cells, strip.cell_length)
            return
        if not is_whole and any(at < len(before) and not before[at][0] for at in (x, end)):
            self._lines[y] = None  # the part halves a wide character; terminals differ in what they make of its rest
            yield y, x, _strip(cells, strip.cell_length)
            return
        for first, last in _changes(before[x:end], cells):
            yield y, x + first, _strip(cells[first:last], last - first)
        before[x:end] = cells


def cells_of(strip: Strip) -> list[Cell]:
    """Return the cells of a strip."""
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        seen, blank = _seen(style), _blank(style)
        if text.isascii():
            cells += [(character, blank if character == " " else seen) for character in text]
            continue
        for character in text:
            if character == " ":
                cells.append((character, blank))
                continue
            width = cell_len(character)
            if width:
                cells.append((character, seen))
                cells += [("", seen)] * (width - 1)
            elif cells:  # it combines with the character before
                cells[-1] = (cells[-1][0] + character, cells[-1][1])
    return cells


@lru_cache(maxsize=4096)
def _seen(style: Style | None) -> Style | None:
    """Return a style without what the terminal never gets, such as the action of a click."""
    return style.clear_meta_and_links() if style is not None else None


@lru_cache(maxsize=4096)
def _blank(style: Style | None) -> Style | None:
    """Return the style in which a blank looks the same: of most styles only the background is left."""
    if style is None or style.underline or style.underline2 or style.overline or style.strike or style.reverse:
        return _seen(style)
    return Style(bgcolor=style.bgcolor)


def _changes(before: Sequence[Cell], after: Sequence[Cell]) -> list[tuple[int, int]]:
    """Return where cells differ, from a first cell up to a last one, with cheap gaps closed; no character is halved."""
    found: list[tuple[int, int]] = []
    for place, (was, now) in enumerate(zip(before, after, strict=True)):
        if was == now:
            continue
        first, last = place, place + 1
        while first > 0 and (not after[first][0] or not before[first][0]):
            first -= 1
        while last < len(after) and (not after[last][0] or not before[last][0]):
            last += 1
        if found and (first <= found[-1][1] or _is_cheap(after[found[-1][1] - 1 : first + 1])):
            first = found.pop()[0]
        found.append((first, last))
    return found


def _is_cheap(cells: Sequence[Cell]) -> bool:
    """Return whether the cells between the first and the last cost no more bytes than the way past them.

    Where the style changes, the pieces before and after are drawn apart, so that there is a move in any case.
    """
    if len(cells) > MAX_GAP_BYTES + 2 or sum(len(text.encode()) for text, _ in cells[1:-1]) > MAX_GAP_BYTES:
        return False
    backgrounds = {style.bgcolor if style is not None else None for _, style in cells}
    return len(backgrounds) == 1 and len({style for text, style in cells if text != " "}) <= 1


def _strip(cells: Sequence[Cell], width: int) -> Strip:
    """Return cells as one strip, with a segment for each run of one style.

    A blank within a run takes the run's style if only its background shows: fewer runs cost fewer codes.
    """
    segments: list[Segment] = []
    for style, run in groupby(cells, key=lambda cell: cell[1]):
        text = "".join(character for character, _ in run)
        last = segments[-1] if segments else None
        if last is not None and text.isspace() and style == _blank(last.style):
            segments[-1] = Segment(last.text + text, last.style)
        elif last is not None and last.style == style:
            segments[-1] = Segment(last.text + text, style)
        else:
            segments.append(Segment(text, style))
    return Strip(segments, width)
