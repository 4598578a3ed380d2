"""Parts of a picture as text with few escape codes.

Rich writes every colour of every run, and a reset behind it. Here a run says only what differs from the run before it.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

MIN_ERASED_CELLS = 12
"""Blanks in a row that are erased by a code instead of written; the code and the way past them cost about 10 bytes."""

RESET = "\x1b[0m"

BACKSPACE = "\b"

OFF = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29", "21": "24",
    "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""The code that takes back each attribute (ECMA-48, SGR). Some take back two."""

_CODES = re.compile(r"\x1b\[([0-9;]*)m")
_BLANKS = re.compile(rf"( {{{MIN_ERASED_CELLS},}})")
_OF_SURE_WIDTH = re.compile("[ -~\u2500-\u259f\u2800-\u28ff]*")
"""Texts of ASCII, lines, blocks and dots, which take one cell each; terminals disagree on the width of others."""


class Pen(NamedTuple):
    """The codes of a style: of its attributes, of its colour, of its background."""

    attributes: str
    colour: str
    background: str


class Piece(NamedTuple):
    """Cells of one line that are drawn with one pen."""

    y: int
    x: int
    text: str
    width: int
    pen: Pen
    is_plain: bool
    """True if blanks in this style show nothing but their background."""

    is_erased: bool = False
    """True if its blanks are erased by a code."""

    @property
    def is_blank(self) -> bool:
        """Return whether only the background is seen."""
        return self.is_plain and self.text.isspace()


def encoded(parts: Iterable[tuple[int, int, Strip]], system: ColorSystem | None, *, can_erase: bool) -> str:
    """Return the text that draws parts of a picture, each given by line, column and content.

    Drawing line by line changes the pen often. Drawing all pieces of one pen first moves the cursor often, but that
    costs less where a colour has many digits. It begins with the blanks, so that what was there is gone at once.
    ``can_erase`` says that the terminal fills what it erases with the background colour.
    """
    pieces = list(pieces_of(parts, system, can_erase=can_erase))
    by_pen = sorted(pieces, key=lambda piece: (not piece.is_blank, piece.pen.background, *piece.pen[:2]))
    return min(_drawn(pieces), _drawn(by_pen), key=len)


def pieces_of(
    parts: Iterable[tuple[int, int, Strip]], system: ColorSystem | None, *, can_erase: bool
) -> Iterator[Piece]:
    """Yield the pieces of parts, in their order. A short blank joins the piece before or after it."""
    for y, x, strip in parts:
        last: Piece | None = None
        for segment in strip:
            if not segment.text or segment.control:
                continue
            is_split = can_erase and is_plain(segment)
            for text in _BLANKS.split(segment.text) if is_split else [segment.text]:
                if not text:
                    continue
                is_erased = is_split and len(text) >= MIN_ERASED_CELLS and text.isspace()
                pen = pen_of(segment.style or Style.null(), system)
                piece = Piece(y, x, text, cell_len(text), pen, is_plain(segment), is_erased)
                x += piece.width
                joined = _joined(last, piece)
                if joined is None and last is not None:
                    yield last
                last = joined or piece
        if last is not None:
            yield last


def _joined(one: Piece | None, other: Piece) -> Piece | None:
    """Return a piece and the next one as one piece; None if they have to be drawn apart."""
    if one is None or one.is_erased or other.is_erased:
        return None
    if (one.pen, one.is_plain) != (other.pen, other.is_plain):
        is_like_blank = one.is_plain and other.is_plain and one.pen.background == other.pen.background
        if not (is_like_blank and (one.is_blank or other.is_blank)):
            return None
    pen = other.pen if one.is_blank else one.pen
    return Piece(one.y, one.x, one.text + other.text, one.width + other.width, pen, one.is_plain)


def _drawn(pieces: Sequence[Piece]) -> str:
    """Return the text that draws pieces in this order."""
    written: list[str] = []
    width = max((piece.x + piece.width for piece in pieces), default=0)
    cursor: tuple[int, int] | None = None
    last: Piece | None = None
    before: Piece | None = None
    """The last piece that changed the pen."""

    for piece in pieces:
        is_sure = last is not None and (last.is_erased or _OF_SURE_WIDTH.fullmatch(last.text) is not None)
        # Behind its last column a terminal may count itself in either of two.
        is_sure = is_sure and cursor is not None and cursor[1] < width
        written.append(_move(cursor, (piece.y, piece.x), can_go_down=is_sure))
        is_seen_alike = before is not None and before.is_plain and before.pen.background == piece.pen.background
        if not (piece.is_blank and is_seen_alike):
            written.append(change(before.pen if before is not None else None, piece.pen))
            before = piece
        written.append(f"\x1b[{piece.width}X" if piece.is_erased else piece.text)
        cursor = piece.y, piece.x + (0 if piece.is_erased else piece.width)
        last = piece
    if before is not None:
        written.append(RESET)
    return "".join(written)


def _move(before: tuple[int, int] | None, after: tuple[int, int], *, can_go_down: bool) -> str:
    """Return the shortest code that moves the cursor, each given by line and column.

    ``can_go_down`` says that the cursor is surely where ``before`` says, so that the way to another line can be told
    from there. Within a line a wrong width would only shift its rest.
    """
    there = f"\x1b[{after[0] + 1};{after[1] + 1}H"
    if before is None:
        return there
    down, right = after[0] - before[0], after[1] - before[1]
    if down < 0 or (down > 0 and not can_go_down) or (down == 0 and right < 0):
        return there
    sideways = BACKSPACE if right == -1 else _steps(abs(right), "C" if right > 0 else "D")
    return min(_steps(down, "B") + sideways, there, key=len)


def _steps(count: int, code: str) -> str:
    return "" if count == 0 else f"\x1b[{'' if count == 1 else count}{code}"


@lru_cache(maxsize=4096)
def change(before: Pen | None, after: Pen) -> str:
    """Return the code that changes one pen into another; empty where they are equal."""
    if before == after:
        return ""
    whole = f"\x1b[{';'.join(filter(None, ('0', *after)))}m"
    if before is None:
        return whole
    had, has = ([code for code in pen.attributes.split(";") if code] for pen in (before, after))
    taken = {OFF.get(code, "0") for code in had if code not in has}
    if "0" in taken:
        return whole
    codes = [*sorted(taken), *(code for code in has if code not in had or OFF.get(code) in taken)]
    for was, now, default in ((before.colour, after.colour, "39"), (before.background, after.background, "49")):
        codes += [now or default] if was != now else []
    return min(f"\x1b[{';'.join(codes)}m", whole, key=len)


@lru_cache(maxsize=4096)
def pen_of(style: Style, system: ColorSystem | None) -> Pen:
    """Return the codes of a style on a terminal with these colours."""
    parts = style.without_color, Style(color=style.color), Style(bgcolor=style.bgcolor)
    return Pen(*(_codes(part, system) for part in parts))


def _codes(style: Style, system: ColorSystem | None) -> str:
    found = _CODES.match(style.render(" ", color_system=system))
    return found[1] if found else ""


def is_plain(segment: Segment) -> bool:
    """Return whether the blanks of a segment show nothing but their background."""
    style = segment.style
    return style is None or not (style.underline or style.underline2 or style.overline or style.strike or style.reverse)


@lru_cache(maxsize=1)
def erases_in_colour() -> bool:
    """Return whether the terminal is known to erase with the background colour."""
    try:
        import curses
    except ImportError:  # not every Python has it
        return False
    try:
        output = os.open(os.devnull, os.O_WRONLY)  # nothing is written; the terminal itself may be gone
        try:
            curses.setupterm(fd=output)
        finally:
            os.close(output)
        return curses.tigetflag("bce") > 0 and curses.tigetstr("ech") is not None
    except (OSError, curses.error):  # the machine does not know this kind of terminal
        return False
