"""Every key, from the same tables that bind them."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nnsize_tui.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.scroll_lines import ScrollLines

Section = tuple[str, Sequence[BindingType]]


class HelpText(ScrollLines):
    """Sections of keys, and what the marks mean."""

    def __init__(self, glyphs: Glyphs, sections: Sequence[Section]) -> None:
        super().__init__(glyphs, id="help")
        self._sections = sections

    def pane_title(self) -> str:
        return "help"

    def content(self, width: int) -> Sequence[Line]:
        del width
        lines: list[Line] = []
        for title, bindings in self._sections:
            lines += [[("", "text")], [(f"  {title}", "title")]]
            lines += [self._key(binding) for binding in bindings if isinstance(binding, Binding)]
        lines += [[("", "text")], [("  Words and marks", "title")]]
        lines += [[(f"  {sign:<12}", "accent"), (words, "text")] for sign, words in self._words()]
        return lines

    def _key(self, binding: Binding) -> Line:
        names = [self.app.get_key_display(Binding(key, "")) for key in binding.key.split(",")]
        return [(f"  {' '.join(names):<12}", "accent"), (binding.tooltip or binding.description, "text")]

    def _words(self) -> list[tuple[str, str]]:
        glyphs = self.glyphs
        return [
            (glyphs.best, "best: the highest mean score over the folds that all candidates share"),
            (glyphs.adequate, "smallest adequate: fewest weights within one standard error of it"),
            ("folds 3/5", "three of five folds are done"),
            ("mean, std", "of the scores on rows left out of training, over the folds that all share"),
            ("train", "mean score on the rows trained on"),
            ("200+", "epochs of a training that ended at its limit, still improving (settled: no)"),
            ("interrupted", "the process that computed is gone; resume goes on from there"),
        ]


class Help(ModalScreen[None]):
    """The keys of the screen below it."""

    CSS_PATH = "../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "close", "Close", id="help.close", tooltip="Close this help"),
    ]

    def __init__(self, glyphs: Glyphs, sections: Sequence[Section]) -> None:
        super().__init__()
        self._glyphs, self._sections = glyphs, sections

    def compose(self) -> ComposeResult:
        yield HelpText(self._glyphs, self._sections)

    def action_close(self) -> None:
        """Back to the screen below."""
        self.dismiss(None)
