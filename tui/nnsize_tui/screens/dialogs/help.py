"""The help: what is under the cursor, every key, from the bindings themselves, and the words of the screens."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from nnsize_tui.screens.base import BaseDialog, BaseScreen, steered_kinds
from nnsize_tui.screens.dialogs.help_areas import TITLES, areas, keys_of
from nnsize_tui.screens.dialogs.help_sections import (
    KeySection,
    Section,
    WordSection,
    key_sections,
    last_section,
    own_settings,
    split_keys,
    subject_section,
    word_sections,
    words_of,
)
from nnsize_tui.screens.dialogs.help_text import HelpText
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.key_bindings import Keys, bindings_of, remapped
from nnsize_tui.text.column_words import Subject
from nnsize_tui.widgets.canvas import Canvas
from nnsize_tui.widgets.key_bar import KeyBar


def sections_of(app: App[None], screen: Screen[object]) -> list[KeySection]:
    """Return the keys that work on a screen, in sections; those of the screen itself come first."""
    title = TITLES.get(type(screen).__name__, "")
    own, *alone = split_keys(f"This screen: {title}" if title else "This screen", bindings_of(screen))
    moving = []
    if isinstance(screen.focused, Canvas):  # not a text field
        moving.append(("Moving here", bindings_of(screen.focused)))
    return [own, *moving, *alone, ("Everywhere", bindings_of(app))]


def words_on(glyphs: Glyphs, screen: Screen[object]) -> list[WordSection]:
    """Return the words of a screen: its own, or those of the runs that it shows."""
    own = getattr(screen, "WORDS", None)
    if own is not None:
        return [("Words and marks of this screen", own)]
    has_runs = type(screen).__name__ == "HomeScreen"
    return words_of(glyphs, steered_kinds(screen), has_runs=has_runs)


def subject_of(screen: Screen[object]) -> Subject | None:
    """Return what is under the cursor of a screen, or the columns of its table; None if there is nothing."""
    return screen.subject() if isinstance(screen, BaseScreen) else None


class Help(BaseDialog[None]):
    """Show what is under the cursor, the keys of the screen below, those of others, and words."""

    CSS_PATH = "../../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "close", "Close", id="help.close", tooltip="Close this help"),
    ]

    def __init__(
        self,
        glyphs: Glyphs,
        sections: Sequence[KeySection],
        words: Sequence[WordSection],
        key_remaps: Keys,
        *,
        subject: Subject | None = None,
        term: str = "",
    ) -> None:
        """``sections`` are the keys of the screen below; ``key_remaps`` are the keys that the user changed.

        The help begins at the ``subject``, at a ``term`` of the glossary, or else at the keys of the screen.
        """
        super().__init__(glyphs)
        self._keys, self._words = sections, words
        self._key_remaps = key_remaps
        self._subject, self._term = subject, term

    def compose(self) -> ComposeResult:
        yield HelpText(self._glyphs)
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        text = self.query_one(HelpText)
        text.show(self._sections(()))
        if self._term:
            text.go_to_term(self._term)
        text.focus()
        self.call_after_refresh(self._load_others, type(self.app.screen_stack[-2]))

    def _sections(self, others: Sequence[KeySection]) -> list[Section]:
        own, further = key_sections(self._keys, others, lambda key: self.app.get_key_display(Binding(key, "")))
        first = [subject_section(self._subject)] if self._subject is not None else []
        words = word_sections([*self._words, own_settings()])
        return [*first, *own, *words, *further, last_section()]

    @work(thread=True)
    def _load_others(self, here: type[Screen[object]]) -> None:
        """Load every screen in a thread: the first time that takes longer than a frame."""
        others = [
            (title, [remapped(binding, self._key_remaps) for binding in keys_of(area)])
            for title, area in areas()
            if area is not here
        ]
        self.call_later(self._show_others, others)

    def _show_others(self, others: Sequence[KeySection]) -> None:
        """Show more keys, unless this help was closed meanwhile."""
        for text in self.query(HelpText):
            text.show(self._sections(others))

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)
