"""A search in lines of text: what is typed, the places where it is found, and the place that one is at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual import events

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a line that was found."""

    start: int
    end: int
    is_here: bool
    """True for the place that the search is at."""


@dataclass(slots=True, kw_only=True)
class TextSearch:
    """The typed text, and where it stands."""

    text: str = ""
    is_typing: bool = False
    at: int = 0
    """The number of the place that is shown."""

    spans: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    """The found parts of each line."""

    _places: list[list[tuple[int, int, int]]] = field(default_factory=list)
    """Line, start and end of the parts of each place: a text may go on in the next line."""

    @property
    def is_on(self) -> bool:
        """Return whether something is searched."""
        return self.is_typing or bool(self.text)

    @property
    def count(self) -> int:
        """The number of places."""
        return len(self._places)

    @property
    def rows(self) -> list[int]:
        """The first line of each place."""
        return [place[0][0] for place in self._places]

    def find(self, texts: Sequence[str], paragraphs: Sequence[range]) -> None:
        """Find the text in lines, in any case; within a paragraph it may go on in the next line."""
        wanted = " ".join(self.text.lower().split())
        self._places = []
        if wanted:
            within = {row for lines in paragraphs for row in lines}
            alone = [range(row, row + 1) for row in range(len(texts)) if row not in within]
            for lines in sorted((*paragraphs, *alone), key=lambda one: one.start):
                self._places += _places_in(texts, lines, wanted)
        self.at = min(self.at, max(0, len(self._places) - 1))
        self.mark()

    def mark(self) -> None:
        """Compute the found parts of each line anew, after a step to another place."""
        spans: dict[int, list[Span]] = {}
        for number, place in enumerate(self._places):
            for row, start, end in place:
                spans.setdefault(row, []).append(Span(start=start, end=end, is_here=number == self.at))
        self.spans = spans

    def after_key(self, event: events.Key) -> "TextSearch | None":
        """Return the search after a key; None for a key that it ignores."""
        if event.key == "escape" and self.is_on:
            return TextSearch()
        if not self.is_typing:
            return None
        if event.key == "enter":
            return TextSearch(text=self.text.strip(), at=self.at)
        if event.key in ("backspace", "ctrl+h"):
            return TextSearch(text=self.text[:-1], is_typing=True)
        if event.key == "ctrl+u":
            return TextSearch(is_typing=True)
        if event.is_printable and event.character is not None:
            return TextSearch(text=self.text + event.character, is_typing=True)
        return None

    def footer(self, width: int, glyphs: Glyphs) -> Sequence[Line]:
        """Return the line with the typed text and the number of places, if something is searched."""
        if not self.is_on:
            return ()
        here = ("\u258f" if glyphs.unicode else "_") if self.is_typing else ""
        counted = f"  {self.at + 1} of {self.count}" if self.count else "  not found" if self.text.strip() else ""
        keys = "  enter keep  esc end" if self.is_typing else "  n next  N before  esc end"
        room = width - 2 - len(counted) - len(here)
        seen = self.text if len(self.text) <= room else self.text[len(self.text) - room :]
        if len(seen) + len(keys) > room:
            keys = ""
        return ([(" /", "title"), (f"{seen}{here}", "strong"), (counted, "warn"), (keys, "dim")],)


def _places_in(texts: Sequence[str], lines: range, wanted: str) -> list[list[tuple[int, int, int]]]:
    """Return the places in lines that are read as one text, with single blanks."""
    joined = ""
    origin: list[tuple[int, int]] = []
    for row in lines:
        for column, letter in enumerate(texts[row]):
            if letter == " " and (not joined or joined[-1] == " "):
                continue
            joined += letter.lower() if len(letter.lower()) == 1 else letter
            origin.append((row, column))
        if joined and joined[-1] != " ":
            joined += " "
            origin.append((row, len(texts[row])))
    places = []
    at = joined.find(wanted)
    while at >= 0:
        parts: dict[int, tuple[int, int]] = {}
        for row, column in origin[at : at + len(wanted)]:
            start = parts.get(row, (column, 0))[0]
            parts[row] = (start, min(column + 1, len(texts[row])))
        places.append([(row, start, end) for row, (start, end) in parts.items()])
        at = joined.find(wanted, at + len(wanted))
    return places
