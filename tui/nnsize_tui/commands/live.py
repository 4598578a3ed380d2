"""A progress line and the leading candidates, redrawn in place in the terminal."""

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from nnsize_engine.run_view import SizeView
from nnsize_tui.commands.follow import Display, background_text, has_unicode
from nnsize_tui.commands.report import CANDIDATE_HEADINGS, candidate_rows, progress_text
from nnsize_tui.text import answer_text

_ROWS_AROUND = 8  # lines of the terminal that the table leaves to everything else


class LiveDisplay(Display):
    """Redraws at most four times a second; cleared at the end, when the full table is printed."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> "LiveDisplay":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, view: SizeView) -> None:
        """Draw a run as it stands."""
        header = view.header
        rows = max(3, min(15, self._console.height - _ROWS_AROUND))
        table = Table(*CANDIDATE_HEADINGS, box=None, header_style="bold", pad_edge=False)
        for column in table.columns:
            column.justify = "right"
        for row in candidate_rows(view, rows):
            table.add_row(*row)
        done, rest = ("━", "─") if has_unicode() else ("#", "-")
        width = min(60, self._console.width)
        filled = width * header.done // max(1, header.total)
        bar = Text(done * filled, style="green") + Text(rest * (width - filled), style="dim")
        answer = Text(answer_text(view, unicode=has_unicode()), style="bold")
        note = Text(background_text(view), style="dim")
        self._live.update(Group(Text(progress_text(view)), bar, table, answer, note), refresh=True)
