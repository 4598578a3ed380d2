"""A progress line and the best candidates or the last generations, redrawn in place in the terminal."""

import sys
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Column, Table
from rich.text import Text

from nnsize_engine.runs.view import AnyView
from nnsize_engine.text import escape_lines
from nnsize_tui.commands.kinds import REPORTS
from nnsize_tui.commands.output import has_unicode
from nnsize_tui.commands.plain import Display, background_text
from nnsize_tui.commands.report import progress_text
from nnsize_tui.text.kinds import WORDS
from nnsize_tui.text.stalls import STALLED, is_stalled

_LINES_AROUND = 8  # of the terminal, for everything but the table


class LiveDisplay(Display):
    """A display on standard error, redrawn at most four times a second, and cleared before the result is printed."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, view: AnyView) -> None:
        """Draw a run as it stands."""
        words = WORDS[view.kind]
        rows = max(3, min(15, self._console.height - _LINES_AROUND))
        headings, leading = REPORTS[view.kind].leading(view, rows)
        table = Table(*(Column(_text(name)) for name in headings), box=None, header_style="bold", pad_edge=False)
        for column in table.columns:
            column.justify = "right"
        for row in leading:
            table.add_row(*map(_text, row))
        done, rest = ("━", "─") if has_unicode(sys.stderr) else ("#", "-")
        width = min(60, self._console.width)
        filled = int(width * words.fraction(view))
        bar = Text(done * filled, style="green") + Text(rest * (width - filled), style="dim")
        answer = _text(words.answer(view), style="bold")
        note = _text(background_text(view), style="dim")
        stall = [_text(f"{STALLED}: {view.stall_words}", style="bold red")] if is_stalled(view) else []
        self._live.update(Group(_text(progress_text(view)), bar, *stall, table, answer, note), refresh=True)


def _text(text: str, style: str = "") -> Text:
    """Return text as it is, without markup, and harmless to the terminal."""
    return Text(escape_lines(text), style=style)
