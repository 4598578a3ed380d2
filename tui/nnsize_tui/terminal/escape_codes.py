"""Parts of a picture as text with few escape codes.

Rich writes every colour of every run, and a reset behind it. Here a run says only what differs from the run before it.
"""

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

MIN_ERASED_CELLS = 12
"""Blanks in a row that are erased by a code instead of written; the code and the way past them cost about 10 bytes."""

RESET = "\x1b[0m"

_CODES = re.compile(r"\x1b\[([0-9;]*)m")
_BLANKS = re.compile(rf"( {{{MIN_ERASED_CELLS},}})")


class Pen(NamedTuple):
    """The codes of a style: of its attributes, of its colour, of its background."""

    attributes: str
    colour: str
    background: str


def encoded(parts: Iterable[tuple[int, int, Strip]], system: ColorSystem | None, *, can_erase: bool) -> str:
    """Return the text that draws parts of a picture, each given by line, column and content.

    ``can_erase`` says that the terminal fills what it erases with the background colour.
    """
    written: list[str] = []
    pen: Pen | None = None
    for y, x, strip in parts:
        written.append(f"\x1b[{y + 1};{x + 1}H")
        segments = [segment for segment in strip if segment.text and not segment.control]
        for segment in segments:
            wanted = pen_of(segment.style or Style.null(), system)
            written.append(change(pen, wanted))
            pen = wanted
            is_last = segment is segments[-1]
            written.append(_erased(segment, is_last=is_last) if can_erase and is_plain(segment) else segment.text)
    if pen is not None:
        written.append(RESET)
    return "".join(written)


def change(before: Pen | None, after: Pen) -> str:
    """Return the code that changes one pen into another; empty where they are equal."""
    if before == after:
        return ""
    is_taken_away = before is not None and (
        before.attributes != after.attributes
        or bool(before.colour and not after.colour)
        or bool(before.background and not after.background)
    )
    if before is None or is_taken_away:
        return f"\x1b[{';'.join(filter(None, ('0', *after)))}m"
    new = [now for was, now in zip(before, after, strict=True) if was != now]
    return f"\x1b[{';'.join(new)}m"


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


def _erased(segment: Segment, *, is_last: bool) -> str:
    """Return the text of a segment with its long blanks erased; no need to go past the last ones of a part."""
    pieces = _BLANKS.split(segment.text)
    while pieces and not pieces[-1]:
        pieces.pop()
    for number, piece in enumerate(pieces):
        if len(piece) >= MIN_ERASED_CELLS and piece.isspace():
            goes_on = not (is_last and number == len(pieces) - 1)
            pieces[number] = f"\x1b[{len(piece)}X" + (f"\x1b[{len(piece)}C" if goes_on else "")
    return "".join(pieces)


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
