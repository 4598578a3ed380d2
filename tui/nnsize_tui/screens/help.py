"""Every key, from the same tables that bind them."""

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nnsize_tui.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.scroll_lines import ScrollLines

SIGNS = 12
"""Columns for the keys."""

Section = tuple[str, Sequence[BindingType]]


class HelpText(ScrollLines):
    """Sections of keys, and what the marks mean."""

    def __init__(self, glyphs: Glyphs, sections: Sequence[Section]) -> None:
        super().__init__(glyphs, id="help")
        self._sections = sections

    def pane_title(self) -> str:
        return "help"

    def content(self, width: int) -> Sequence[Line]:
        lines: list[Line] = []
        for title, bindings in self._sections:
            lines += [[("", "text")], [(f"  {title}", "title")]]
            for binding in bindings:
                if isinstance(binding, Binding):
                    lines += _entry(self._keys(binding), binding.tooltip or binding.description, width)
        lines += [[("", "text")], [("  Words and marks", "title")]]
        for sign, words in self._words():
            lines += _entry(sign, words, width)
        return lines

    def _keys(self, binding: Binding) -> str:
        return " ".join(self.app.get_key_display(Binding(key, "")) for key in binding.key.split(","))

    def _words(self) -> list[tuple[str, str]]:
        glyphs = self.glyphs
        return [
            (glyphs.best, "best: the highest mean score over the folds that all candidates share"),
            (glyphs.adequate, "smallest adequate: fewest weights within one standard error of it"),
            ("folds 3/5", "three of five folds are done"),
            (f"folds 2/5{glyphs.training}", "another fold is being trained right now"),
            ("mean, std", "of the scores on rows left out of training, over the folds that all share"),
            ("train", "mean score on the rows trained on"),
            ("200+", "epochs of a training that ended at its limit, still improving (settled: no)"),
            ("interrupted", "the process that computed is gone; resume goes on from there"),
        ]


def _entry(sign: str, words: str, width: int) -> list[Line]:
    """A key or a mark, and what it means, on as many lines as that needs."""
    signs: list[Piece] = [(f"  {sign:<{SIGNS}}", "accent"), (" " * (SIGNS + 2), "text")]
    wrapped = textwrap.wrap(words, max(10, width - SIGNS - 3))
    return [[signs[number > 0], (line, "text")] for number, line in enumerate(wrapped)]


class Help(ModalScreen[None]):
    """The keys of the screen below it."""

    CSS_PATH = "../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "close", "Close", id="help.close", tooltip="Close this help"),
    ]

    def __init__(self, glyphs: Glyphs, sections: Sequence[Section]) -> None:
        super().__init__(classes=None if glyphs.unicode else "-ascii")
        self._glyphs, self._sections = glyphs, sections

    def compose(self) -> ComposeResult:
        yield HelpText(self._glyphs, self._sections)
        yield KeyBar(self._glyphs)

    def action_close(self) -> None:
        """Back to the screen below."""
        self.dismiss(None)
