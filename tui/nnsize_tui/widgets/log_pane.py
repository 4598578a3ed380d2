"""The log of the open run."""

import textwrap
from collections.abc import Mapping, Sequence

from textual.binding import Binding

from nnsize_engine.results.records import LogLine
from nnsize_engine.text import moment_text
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.scroll_lines import ScrollLines

KEYS: tuple[Binding, ...] = (
    Binding("w", "log_level", "Warnings", id="log.level", show=False,
            tooltip="The log: warnings and errors only; again: errors only; again: everything"),
    Binding("W", "log_order", "Newest first", id="log.order", show=False,
            tooltip="The log: the newest first; again: the newest last"),
)  # fmt: skip
"""The keys of a log, for screens that show one."""

_LEVELS: tuple[tuple[str, frozenset[str]], ...] = (
    ("log", frozenset({"info", "warning", "error"})),
    ("log: warnings, errors", frozenset({"warning", "error"})),
    ("log: errors", frozenset({"error"})),
)
"""The title and the levels of each choice of lines."""

_INKS: Mapping[str, Ink] = {"info": "text", "warning": "warn", "error": "bad"}


class LogPane(ScrollLines):
    """The lines of a log, the newest last and in sight, or the newest first."""

    STAYS_AT_END = True

    _log: Sequence[LogLine] = ()
    _level = 0
    _is_newest_first = False

    def show(self, log: Sequence[LogLine]) -> None:
        """Show these lines."""
        if log != self._log:
            self._log = log
            self.redraw_soon()

    def next_level(self) -> None:
        """Show warnings and errors only, then errors only, then everything."""
        self._level = (self._level + 1) % len(_LEVELS)
        self.rewind()
        self.redraw()

    def reverse(self) -> None:
        """Show the newest line first, or last again."""
        self._is_newest_first = not self._is_newest_first
        self.rewind()
        self.redraw()

    def rewind(self) -> None:
        self._top = 0 if self._is_newest_first else None

    def pane_title(self) -> str:
        title, shown = _LEVELS[self._level]
        order = ", newest first" if self._is_newest_first else ""
        count = f", {sum(entry.level in shown for entry in self._log)} of {len(self._log)}" if self._level else ""
        whole = f"{title}{count}{order}"
        return whole if len(whole) + 4 <= self.size.width else f"{title}{order}"

    def content(self, width: int) -> Sequence[Line]:
        lines: list[Line] = []
        entries = [entry for entry in self._log if entry.level in _LEVELS[self._level][1]]
        for entry in reversed(entries) if self._is_newest_first else entries:
            moment = f"{moment_text(entry.time)} "
            level = "" if entry.level == "info" else f"{entry.level}: "
            wrapped = textwrap.wrap(level + entry.text, max(10, width - len(moment) - 1)) or [""]
            lines.append([(moment, "dim"), (wrapped[0], _INKS[entry.level])])
            lines += [[(" " * len(moment), "dim"), (line, _INKS[entry.level])] for line in wrapped[1:]]
        return lines
