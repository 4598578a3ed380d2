"""The text of the help: sections that one jumps between, and a search in them."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType

from nnsize_tui.screens.dialogs.help_sections import GLOSSARY_TITLE, Entry, Section
from nnsize_tui.screens.dialogs.text_search import Span, TextSearch
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink, style_of
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.scroll_lines import ScrollLines

KEY_COLUMNS, WIDE_KEY_COLUMNS = 12, 16
"""Columns for the keys, and for several keys of one action on a wide screen."""

WIDE = 80

FOUND: Ink = "line"
HERE: Ink = "line_2"
"""Inks that mean a found text, and the one that the search is at; this widget draws no lines of charts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The lines at one width."""

    lines: Sequence[Line]
    texts: Sequence[str]
    """The same lines as plain text."""

    starts: Sequence[int]
    """The line of each section's title."""

    entries: Sequence[tuple[str, str, range]]
    """Section, sign and lines of each entry."""


class HelpText(ScrollLines):
    """Show sections of keys and words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="help.search",
                tooltip="Search in the help; enter and n go on to the next place, N to the one before, esc ends it"),
        Binding("n,enter", "match(1)", "Next", id="help.next", tooltip="The next place with the searched words"),
        Binding("N", "match(-1)", "Before", id="help.before", tooltip="The place before with the searched words"),
        Binding("tab,right,l", "section(1)", "Next section", id="help.next_section", tooltip="The next section"),
        Binding("shift+tab,left,h", "section(-1)", "Section before", id="help.section_before", show=False,
                tooltip="The section before"),
    ]  # fmt: skip

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs, id="help")
        self._sections: Sequence[Section] = ()
        self._section = 0
        """The section that the user jumped to, or that is at the top."""

        self._laid: tuple[int, Layout] | None = None
        """The last layout, with its width."""

        self.search = TextSearch()

    # Content.

    def show(self, sections: Sequence[Section]) -> None:
        """Show these sections; the text in sight stays, though others are new."""
        with self._held():
            self._sections, self._laid = sections, None
        self.redraw()

    def on_resize(self, _: events.Resize) -> None:
        if self._laid is not None and self._laid[0] != self._width:
            with self._held():
                self._laid = None
        self.redraw()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep the section, the place in it, and the found entry while the text is laid out anew."""
        before, at, found = self._sections, self._section, self._found_entry()
        offset = (self._top or 0) - self._laid[1].starts[at] if self._laid is not None and before else 0
        yield
        layout = self._layout(self._width)
        if before and before[at] in self._sections:
            self._section = list(self._sections).index(before[at])
            self._top = max(0, layout.starts[self._section] + offset)
        places = [number for number, row in enumerate(self.search.rows) if self._entry_at(row) == found]
        if found is not None and places:
            self._go_to_match(places[0])

    def _found_entry(self) -> tuple[str, str] | None:
        """Return section and sign of the entry that the search is at."""
        return self._entry_at(self.search.rows[self.search.at]) if self.search.count else None

    def _entry_at(self, row: int) -> tuple[str, str] | None:
        """Return section and sign of the entry in a line; None for a title."""
        entries = self._layout(self._width).entries
        return next(((title, sign) for title, sign, lines in entries if row in lines), None)

    @property
    def _width(self) -> int:
        return self.size.width or WIDE

    @property
    def section_titles(self) -> list[str]:
        """The titles of all sections, in order."""
        return [section.title for section in self._sections]

    def go_to(self, title: str) -> None:
        """Begin at a section."""
        self._jump(self.section_titles.index(title))

    def go_to_term(self, term: str) -> None:
        """Begin at a word of the glossary, as if it had been searched."""
        self.search = TextSearch(text=term)
        self._search_again()
        self._go_to_match(self._first_match())

    def pane_title(self) -> str:
        if not self._sections:
            return "help"
        return f"help {self._section + 1}/{len(self._sections)}: {self._sections[self._section].title}"

    def content(self, width: int) -> Sequence[Line]:
        layout = self._layout(width)
        if not self.search.is_on:
            return layout.lines
        found = self.search.spans
        return [_marked(line, found[row]) if row in found else line for row, line in enumerate(layout.lines)]

    def footer(self, width: int) -> Sequence[Line]:
        return self.search.footer(width, self.glyphs)

    def _layout(self, width: int) -> Layout:
        if self._laid is None or self._laid[0] != width:
            self._laid = width, laid_out(self._sections, width)
            self._search_again()
        return self._laid[1]

    def ink_style(self, ink: Ink, variables: Mapping[str, str]) -> Style:
        if ink in (FOUND, HERE):
            return style_of("accent", variables) + Style(underline=ink == FOUND, reverse=ink == HERE)
        return super().ink_style(ink, variables)

    # Sections.

    def action_section(self, step: int) -> None:
        """Go to the next section, or to the one before; from the middle of one, back to its title."""
        layout = self._layout(self._width)
        is_within = step < 0 and self._first(len(layout.lines), self._lines_in_sight) > layout.starts[self._section]
        self._jump(self._section if is_within else (self._section + step) % len(self._sections))

    def _jump(self, section: int) -> None:
        self._section = section
        self._top = self._layout(self._width).starts[section]
        self.redraw()

    def action_scroll_by(self, rows: int) -> None:
        super().action_scroll_by(rows)
        self._find_section()

    def _find_section(self) -> None:
        """Take the last section that begins above the first line in sight, or in it."""
        layout = self._layout(self._width)
        top = self._first(len(layout.lines), self._lines_in_sight)
        self._section = max((at for at, start in enumerate(layout.starts) if start <= top + 1), default=0)
        self.redraw()

    # The search.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works now."""
        if action == "match":
            return self.search.is_on and not self.search.is_typing and self.search.count > 0
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Start typing what is searched."""
        self.search = TextSearch(is_typing=True)
        self._searched()

    def action_match(self, step: int) -> None:
        """Go to the next place that was found, or to the one before."""
        if self.search.count:
            self._go_to_match((self.search.at + step) % self.search.count)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        del key
        return self.search.is_typing and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        step = {"down": 1, "up": -1}.get(event.key) if self.search.is_typing else None
        after = self.search.after_key(event)
        if step is None and after is None:
            return
        event.stop()
        event.prevent_default()
        if step is not None:
            self.action_match(step)
        elif after is not None:
            is_other_text = after.text != self.search.text and bool(after.text)
            self.search = after
            self._searched()
            if is_other_text:
                self._go_to_match(self._first_match())

    def _searched(self) -> None:
        self._search_again()
        self.redraw()
        self.screen.refresh_bindings()

    def _search_again(self) -> None:
        if self._laid is not None:
            self.search.find(self._laid[1].texts, [lines for _, _, lines in self._laid[1].entries])

    def _first_match(self) -> int:
        """Return the place to show first: a word or key that is called so, else the first one in sight or below."""
        rows, typed = self.search.rows, self.search.text.strip().lower()

        def rank(number: int) -> tuple[int, bool, int]:
            row = rows[number]
            found = self._entry_at(row) or ("", "")
            sign = found[1].lower()
            is_called = 0 if sign == typed else 1 if sign.startswith(typed) else 2
            return (is_called if found[0] == GLOSSARY_TITLE else max(1, is_called), row < (self._top or 0), row)

        return min(range(len(rows)), key=rank, default=0)

    def _go_to_match(self, number: int) -> None:
        """Show a place that was found, with the title of its entry in sight."""
        if not self.search.count:
            return
        self.search.at = number
        self.search.mark()
        layout, row, room = self._layout(self._width), self.search.rows[number], self._lines_in_sight
        lines = next((lines for _, _, lines in layout.entries if row in lines), range(row, row + 1))
        top = self._first(len(layout.lines), room)
        if lines.start < top or row >= top + room or lines.stop > top + room:
            self._top = max(0, lines.start - room // 3)
        self._section = max((at for at, start in enumerate(layout.starts) if start <= row), default=0)
        self.redraw()


def laid_out(sections: Iterable[Section], width: int) -> Layout:
    """Return the lines of sections at a width."""
    lines: list[Line] = []
    starts: list[int] = []
    entries: list[tuple[str, str, range]] = []
    for section in sections:
        starts.append(len(lines))
        lines += [[("", "text")], [(f"  {section.title}", "title")]]
        for entry in section.entries:
            own = _entry_lines(entry, width)
            entries.append((section.title, entry.sign, range(len(lines), len(lines) + len(own))))
            lines += own
        if section.note:
            lines += [[("  ", "text"), (line, "dim")] for line in _wrapped(section.note, width - 3)]
    texts = ["".join(text for text, _ in line) for line in lines]
    return Layout(lines=lines, texts=texts, starts=starts, entries=entries)


def _entry_lines(entry: Entry, width: int) -> list[Line]:
    """Return a key or a mark and its meanings, on as many lines as they need."""
    room = WIDE_KEY_COLUMNS if width >= WIDE else KEY_COLUMNS
    signs: list[Piece] = [(f"  {entry.sign:<{room}}", "accent"), (" " * (room + 2), "text")]
    wrapped = [line for words in entry.meanings for line in _wrapped(words, width - room - 3)]
    if len(entry.sign) >= room:  # on a line of its own
        return [[signs[0]], *([signs[1], (line, "text")] for line in wrapped)]
    return [[signs[number > 0], (line, "text")] for number, line in enumerate(wrapped)] or [[signs[0]]]


def _wrapped(words: str, room: int) -> list[str]:
    return textwrap.wrap(words, max(10, room), break_on_hyphens=False)


def _marked(line: Line, spans: Sequence[Span]) -> Line:
    """Return a line with the found texts in other inks."""
    pieces: list[Piece] = []
    at = 0
    for text, ink in line:
        inks = [ink] * len(text)
        for span in spans:
            for column in range(max(span.start, at), min(span.end, at + len(text))):
                inks[column - at] = HERE if span.is_here else FOUND
        start = 0
        for column in range(1, len(text) + 1):
            if column == len(text) or inks[column] != inks[start]:
                pieces.append((text[start:column], inks[start]))
                start = column
        at += len(text)
    return pieces
