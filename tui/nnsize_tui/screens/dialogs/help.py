"""The help: every key, from the bindings themselves, and the words of the screens."""

import textwrap
from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from nnsize_engine.settings.glossary import GLOSSARY
from nnsize_engine.settings.run import Kind
from nnsize_engine.settings.user_config import defaults_path
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.help_areas import areas, keys_of
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.key_bindings import Keys, bindings_of, remapped
from nnsize_tui.text.settings_help import ABOUT
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.scroll_lines import ScrollLines

KEY_COLUMNS, WIDE_KEY_COLUMNS = 12, 16
"""Columns for the keys, and for several keys of one action on a wide screen."""

WIDE = 80

Section = tuple[str, Sequence[Binding]]
Words = Sequence[tuple[str, str]]
"""Signs and words of a screen, with their meanings."""


class HelpText(ScrollLines):
    """Show sections of keys, and the meanings of words and marks."""

    def __init__(self, glyphs: Glyphs, sections: Sequence[Section], words: Words) -> None:
        super().__init__(glyphs, id="help")
        self._sections, self._words = sections, words
        self._others: Sequence[Section] = ()

    def show_others(self, others: Sequence[Section]) -> None:
        """Show the keys of other parts of the explorer below the own ones."""
        self._others = others
        self.redraw()

    def pane_title(self) -> str:
        return "help"

    def content(self, width: int) -> Sequence[Line]:
        lines: list[Line] = self._keys_of(self._sections, width)
        lines += [[("", "text")], [("  Columns and marks", "title")]]
        for sign, words in self._words:
            lines += _entry(sign, words, width)
        lines += [[("", "text")], [("  Settings of your own", "title")]]
        for sign, words in _own_settings():
            lines += _entry(sign, words, width)
        lines += self._keys_of(self._others, width)
        lines += [[("", "text")], [("  Words", "title")]]
        for term, words in GLOSSARY:
            lines += _entry(term, words, width)
        return lines

    def _keys_of(self, sections: Sequence[Section], width: int) -> list[Line]:
        lines: list[Line] = []
        for title, bindings in sections:
            lines += [[("", "text")], [(f"  {title}", "title")]]
            for binding in bindings:
                lines += _entry(self._keys(binding), binding.tooltip or binding.description, width)
        return lines

    def _keys(self, binding: Binding) -> str:
        return " ".join(self.app.get_key_display(Binding(key, "")) for key in binding.key.split(","))


def words_of(glyphs: Glyphs, kinds: Collection[Kind]) -> Words:
    """Return the words and marks of screens about runs of these kinds, and their meanings."""
    words: list[tuple[str, str]] = []
    if "size" in kinds:
        words += [
            (glyphs.best, "best: the highest mean score over the folds that all candidates share"),
            (glyphs.recommended, "recommended: fewest weights with a smoothed score close to the best smoothed score"),
            ("folds 3/5", "three of five folds are done"),
            (f"folds 2/5{glyphs.training}", "another fold is being trained right now"),
            ("mean, std", "of the scores on rows left out of training, over the folds that all share"),
            ("std fold", "with repeats: of the folds' means over seeds; std seed: of the seeds' means over folds"),
            ("train", "mean score on the rows trained on"),
            ("[0.95]", "in a map: the selected candidate; of what is not in the map, all cells have its values"),
            ("200+", "epochs of a training that ended at its limit, still improving (settled: no)"),
        ]
    if "watched" in kinds:
        words += [
            ("watched", "a search of scikit-learn; it runs in your Python, and is steered there"),
            ("#", "the row of cv_results_; iter and the column after it: of a halving search"),
            (glyphs.best, "best: the largest mean score so far, in the end scikit-learn's best_index_"),
        ]
    if "evolution" in kinds:
        words += [
            (f"gen {glyphs.best}", "the generation that the evolved network is from"),
            ("best, mean", "fitness of the best member and of all, weight decay included; spread: its std"),
            ("held-out", "fitness of the best member on rows that evolution does not see"),
            ("diversity", "how far the members' weights lie apart"),
            ("accepted", "trials that replaced their parent, and their share of all"),
            ("F, CR", "mutation and recombination that made the trials, on average"),
            ("step, temp", "step size in units of the Glorot limit, and temperature, of strategies that have them"),
            (
                "25%, 75%",
                "of compared strategies: quartiles of the best fitness over the seeds; best is the median",
            ),
            ("gradient", "the same network trained by gradient, for comparison"),
        ]
    return [*words, ("interrupted", "the process that computed is gone; resume goes on from there")]


def _entry(sign: str, words: str, width: int) -> list[Line]:
    """Return a key or a mark and its meaning, on as many lines as they need."""
    room = WIDE_KEY_COLUMNS if width >= WIDE else KEY_COLUMNS
    signs: list[Piece] = [(f"  {sign:<{room}}", "accent"), (" " * (room + 2), "text")]
    wrapped = textwrap.wrap(words, max(10, width - room - 3))
    if len(sign) >= room:  # on a line of its own
        return [[signs[0]], *([signs[1], (line, "text")] for line in wrapped)]
    return [[signs[number > 0], (line, "text")] for number, line in enumerate(wrapped)]


def _own_settings() -> Words:
    """Return the path of the user's settings, and the meaning of each setting."""
    where = f"the section [explorer] of {defaults_path()} is read at the start; ctrl+p, Settings file, writes it"
    keys = 'keys of your own below [explorer.keys], such as run.pause = "f5"'
    return [("config.toml", where), *((name, words) for name, _, words in ABOUT), ("keys", keys)]


def sections_of(app: App[None], screen: Screen[object]) -> list[Section]:
    """Return the keys that work on a screen, in sections."""
    bound = bindings_of(screen)
    of_chart = [binding for binding in bound if str(binding.id).startswith(("chart.", "map."))]
    sections = [("This screen", [binding for binding in bound if binding not in of_chart])]
    if isinstance(screen.focused, Canvas):  # not a text field
        sections.append(("Moving", bindings_of(screen.focused)))
    if of_chart:
        sections.append(("The chart alone", of_chart))
    return [*sections, ("Everywhere", bindings_of(app))]


class Help(BaseDialog[None]):
    """Show the keys of the screen below."""

    CSS_PATH = "../../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "close", "Close", id="help.close", tooltip="Close this help"),
    ]

    def __init__(self, glyphs: Glyphs, sections: Sequence[Section], words: Words, key_remaps: Keys) -> None:
        """``sections`` are the keys of the screen below; ``key_remaps`` are the keys that the user changed."""
        super().__init__(glyphs)
        self._sections, self._words = sections, words
        self._key_remaps = key_remaps

    def compose(self) -> ComposeResult:
        yield HelpText(self._glyphs, self._sections, self._words)
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        self.query_one(HelpText).focus()
        self.call_after_refresh(self._load_others, type(self.app.screen_stack[-2]))

    @work(thread=True)
    def _load_others(self, here: type[Screen[object]]) -> None:
        """Load every screen in a thread: the first time that takes longer than a frame."""
        others = [
            (title, [remapped(binding, self._key_remaps) for binding in keys_of(area)])
            for title, area in areas()
            if area is not here
        ]
        self.call_later(self._show_others, others)

    def _show_others(self, others: Sequence[Section]) -> None:
        """Show more keys, unless this help was closed meanwhile."""
        for text in self.query(HelpText):
            text.show_others(others)

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)
