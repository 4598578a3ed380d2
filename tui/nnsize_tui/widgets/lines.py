"""Lines that several widgets draw alike: wrapped words, titled rules, cut texts."""

import textwrap
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Line


def wrapped(words: str, width: int, ink: Ink) -> Iterable[Line]:
    """Yield words on as many lines as they need."""
    for line in textwrap.wrap(words, max(10, width - 2)):
        yield [(f" {line}", ink)]


def rule_line(title: str, width: int, glyphs: Glyphs, ink: Ink = "dim") -> Line:
    """Return a horizontal rule with a title at its left end."""
    return [(glyphs.rule, "faint"), (f" {title} ", ink), (glyphs.rule * width, "faint")]


def cut_text(text: str, room: int, glyphs: Glyphs) -> str:
    """Return a text in at most ``room`` columns, with a mark of one column where it is cut."""
    if cell_len(text) <= room:
        return text
    return set_cell_size(text, max(0, room - 1)) + (glyphs.ellipsis if glyphs.unicode else "~")


def cut_beginning(text: str, room: int, glyphs: Glyphs) -> str:
    """Return the end of a text in at most ``room`` columns, with a mark of one column where it is cut."""
    if cell_len(text) <= room:
        return text
    while cell_len(text) >= room and text:
        text = text[1:]
    return (glyphs.ellipsis if glyphs.unicode else "~") + text
