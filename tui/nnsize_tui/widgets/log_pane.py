"""The log of the open run."""

import textwrap
from collections.abc import Mapping, Sequence

from nnsize_engine.records import LogLine
from nnsize_tui import text
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.themes import Ink
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.scroll_lines import ScrollLines

_INKS: Mapping[str, Ink] = {"info": "text", "warning": "warn", "error": "bad"}


class LogPane(ScrollLines):
    """Log lines, the newest last and in sight."""

    STAYS_AT_END = True

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._log: Sequence[LogLine] = ()

    def show(self, log: Sequence[LogLine]) -> None:
        """Show these from now on."""
        if log != self._log:
            self._log = log
            self.redraw_soon()

    def pane_title(self) -> str:
        return "log"

    def content(self, width: int) -> Sequence[Line]:
        lines: list[Line] = []
        for entry in self._log:
            moment = f"{text.moment_text(entry.time)} "
            level = "" if entry.level == "info" else f"{entry.level}: "
            wrapped = textwrap.wrap(level + entry.text, max(10, width - len(moment) - 1)) or [""]
            lines.append([(moment, "dim"), (wrapped[0], _INKS[entry.level])])
            lines += [[(" " * len(moment), "dim"), (line, _INKS[entry.level])] for line in wrapped[1:]]
        return lines
