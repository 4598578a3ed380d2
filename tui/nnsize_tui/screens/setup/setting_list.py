"""Settings as lines: a label, a value, and a note or a problem."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.lines import cut_beginning, cut_text, rule_line

MIN_VALUE_COLUMNS = 26
"""Columns for a value before its note."""

MAX_PROBLEM_LINES = 4  # of one setting, so that the others stay in sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting, a heading or a button."""

    key: str
    label: str
    value: str = ""
    empty: str = ""
    """The meaning of no value."""

    note: str = ""
    """The meaning of the value; it stands at its right, or below it where there is no room."""

    problem: str = ""
    """A sentence about what is wrong."""

    warning: str = ""
    """A sentence about what may be wrong."""

    kind: Literal["typed", "chosen", "heading", "button"] = "typed"
    is_usual: bool = True
    """True if the value is the usual one."""

    is_idle: bool = False
    """True if the setting has no meaning now; the cursor skips it."""

    has_others: bool = True
    """False for one of a few without another value to take."""


class SettingList(Canvas, can_focus=True):
    """Show all settings, with a cursor on one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,l", "step(1)", "Other", id="settings.next", tooltip="The next of what can be chosen"),
        Binding("left,h", "step(-1)", "Other", id="settings.previous", show=False, tooltip="The one before"),
    ]

    class Moved(Message):
        """The cursor is on another setting, or its line has moved."""

    class Stepped(Message):
        """The user asks for the next value, or for the one before."""

        def __init__(self, key: str, step: int) -> None:
            super().__init__()
            self.key = key
            self.step = step

    class Opened(Message):
        """The setting under the cursor was clicked again."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._settings: Sequence[Setting] = ()
        self._cursor = 0
        self._top = 0
        self._drawn: list[Line] = []
        self._pinned: list[Line] = []
        """Lines that stay at the bottom."""

        self._places: list[tuple[int, int]] = []
        """First line and number of lines of each setting."""

    # The settings and the cursor.

    @property
    def highlighted(self) -> Setting | None:
        """The setting under the cursor."""
        return self._settings[self._cursor] if self._settings else None

    def problem_of(self, key: str) -> str:
        """Return the problem that is shown for a setting."""
        return next((one.problem for one in self._settings if one.key == key), "")

    def show(self, settings: Sequence[Setting]) -> None:
        """Show these settings; the cursor stays on its setting."""
        before = self.highlighted
        self._settings = settings
        keys = [one.key for one in settings]
        self._cursor = keys.index(before.key) if before is not None and before.key in keys else 0
        self._move_to(self._cursor)
        self.redraw()

    def choose(self, key: str, *, at_top: bool = False) -> None:
        """Put the cursor on a setting; ``at_top`` scrolls it to the top of the widget."""
        self._move_to(next(place for place, one in enumerate(self._settings) if one.key == key))
        if at_top and self._places:
            self._top = self._places[self._cursor][0]
        self._moved()

    def move(self, steps: int) -> None:
        """Move the cursor by a number of settings; it stops at both ends."""
        open_ones = [place for place, one in enumerate(self._settings) if _is_open(one)]
        here = open_ones.index(self._cursor) + steps
        self._move_to(open_ones[max(0, min(here, len(open_ones) - 1))])
        self._moved()

    def move_page(self, pages: int) -> None:
        """Move the cursor by as many lines as are in sight; it stops at both ends."""
        open_ones = [place for place, one in enumerate(self._settings) if _is_open(one)]
        if not self._places or not open_ones:
            return
        line = self._places[self._cursor][0] + pages * (self._room(self.size.height) - 1)
        if pages > 0:
            found = [place for place in open_ones if self._cursor < place and self._places[place][0] <= line]
            goal = found[-1] if found else open_ones[min(open_ones.index(self._cursor) + 1, len(open_ones) - 1)]
        else:
            found = [place for place in open_ones if place < self._cursor and self._places[place][0] >= line]
            goal = found[0] if found else open_ones[max(open_ones.index(self._cursor) - 1, 0)]
        self._move_to(goal)
        self._moved()

    def _move_to(self, place: int) -> None:
        """Move the cursor to this setting, or to the next one that can have it."""
        count = len(self._settings)
        order = [*range(place, count), *range(place - 1, -1, -1)]
        self._cursor = next((index for index in order if _is_open(self._settings[index])), 0)

    def _moved(self) -> None:
        self.redraw()
        self.post_message(self.Moved())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works now."""
        if action == "step":
            one = self.highlighted
            return one is not None and (one.kind == "button" or (one.kind == "chosen" and one.has_others))
        return super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why a key does not work now."""
        return "" if self.check_action(action, parameters) else "the field has no other value to take"

    def action_step(self, step: int) -> None:
        """Ask for the next value, or for the one before."""
        if self.highlighted is not None:
            self.post_message(self.Stepped(self.highlighted.key, step))

    # Drawing.

    @property
    def typing_region(self) -> Region | None:
        """The region of the value under the cursor, within this widget; None if the value is not typed."""
        one = self.highlighted
        line = self.cursor_line()
        if one is None or one.kind != "typed" or line is None:
            return None
        start = self._label_width()
        is_alone = not one.note or not self._fits_beside(one, self.size.width)
        end = self.size.width if is_alone else start + max(MIN_VALUE_COLUMNS, cell_len(one.value) + 6)
        return Region(start, line, max(1, end - start - 1), 1)

    def _label_width(self) -> int:
        return 4 + max((len(one.label) for one in self._settings if one.kind in ("typed", "chosen")), default=8)

    def _fits_beside(self, one: Setting, width: int) -> bool:
        return self._label_width() + max(MIN_VALUE_COLUMNS, cell_len(one.value) + 6) + cell_len(one.note) < width

    def cursor_line(self) -> int | None:
        if not self._places:
            return None
        if self._pinned and self._cursor == len(self._settings) - 1:
            return self.size.height - 1
        line = self._places[self._cursor][0] - self._top
        return line if 0 <= line < self._room(self.size.height) else None

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del width
        return [*self._drawn[self._top : self._top + self._room(height)], *self._pinned]

    def _room(self, height: int) -> int:
        """Return the lines for settings that scroll."""
        return height - len(self._pinned)

    def redraw(self) -> None:
        """Lay out the lines, with the cursor in sight, and draw them."""
        if self.is_mounted and self.size.width:
            self._lay_out(self.size.width, self.size.height)
        super().redraw()

    def _lay_out(self, width: int, height: int) -> None:
        drawn: list[Line] = []
        self._places = []
        for place, one in enumerate(self._settings):
            lines = list(self._lines_of(one, width, is_chosen=place == self._cursor))
            self._places.append((len(drawn), len(lines)))
            drawn += lines
        self._pin_button(drawn, height)
        self._drawn = drawn
        room = self._room(height)
        if self._places and self._places[self._cursor][0] < len(drawn):
            first, count = self._places[self._cursor]
            above = 1 if self._cursor and self._settings[self._cursor - 1].kind == "heading" else 0
            self._top = min(self._top, first - above)
            self._top = max(self._top, first + min(count, room) - room)
        self._top = max(0, min(self._top, len(drawn) - room))

    def _pin_button(self, drawn: list[Line], height: int) -> None:
        """Keep a button that stands last in sight, below the settings that scroll."""
        self._pinned = []
        if self._settings and self._settings[-1].kind == "button" and len(drawn) > height:
            self._pinned = drawn[self._places[-1][0] :]
            del drawn[self._places[-1][0] :]

    def _lines_of(self, one: Setting, width: int, *, is_chosen: bool) -> Iterable[Line]:
        if one.kind == "heading":
            yield rule_line(one.label, width, self.glyphs)
            return
        start = self._label_width()
        mark: Piece = (f" {self.glyphs.here if is_chosen else ' '} ", "title")
        if one.kind == "button":
            lead = len(mark[0]) + len(one.label) + 2
            note = cut_text(one.note, width - lead, self.glyphs)
            yield [mark, (one.label, "accent"), (f"  {note}", "dim")]
            return
        ink: Ink = "text" if is_chosen and not one.is_idle else "dim"
        line: list[Piece] = [
            mark,
            (one.label.ljust(start - 3), ink),
            self._value(one, width - start, is_chosen=is_chosen),
        ]
        is_beside = self._fits_beside(one, width)
        if one.note and is_beside:
            room = max(MIN_VALUE_COLUMNS, cell_len(one.value) + 6)
            line += [(" " * (room - cell_len(line[-1][0])), "text"), (one.note, "dim")]
        yield line
        if one.note and not is_beside:
            for words in textwrap.wrap(one.note, width - start):
                yield [(" " * start, "text"), (words, "dim")]
        if one.warning:
            for words in textwrap.wrap(f"! {one.warning}", width - start):
                yield [(" " * start, "text"), (words, "warn")]
        sign = bad_sign(self.glyphs)
        problem = textwrap.wrap(
            one.problem,
            max(20, width - start - 3),
            max_lines=MAX_PROBLEM_LINES,
            placeholder=self.glyphs.ellipsis,
        )
        for number, words in enumerate(problem):
            yield [(" " * start, "text"), (f"{' ' if number else sign} {words}", "bad")]

    def _value(self, one: Setting, room: int, *, is_chosen: bool) -> Piece:
        if one.is_idle:
            return (self.glyphs.rule, "faint")
        if not one.value:
            return (one.empty, "dim")
        if one.kind == "chosen" and is_chosen:
            before, after = ("‹", "›") if self.glyphs.unicode else ("<", ">")
            return (f"{before} {one.value} {after}", "strong")
        # The end of a path says more than its beginning.
        value = (cut_beginning if one.key == "data" else cut_text)(one.value, room, self.glyphs)
        return (value, "text" if one.is_usual else "strong")

    # The mouse and the size.

    def on_resize(self, _: events.Resize) -> None:
        self.redraw()
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        is_pinned = event.y >= self._room(self.size.height)
        line = self._places[-1][0] if is_pinned else self._top + event.y
        for place, (first, count) in enumerate(self._places):
            if first <= line < first + count and _is_open(self._settings[place]):
                is_again = place == self._cursor or self._settings[place].kind == "button"
                self._move_to(place)
                self._moved()
                if is_again:
                    self.post_message(self.Opened())
                return

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-1)


def bad_sign(glyphs: Glyphs) -> str:
    """Return the mark of a problem."""
    return "✗" if glyphs.unicode else "x"


def _is_open(one: Setting) -> bool:
    return one.kind != "heading" and not one.is_idle
