"""The progress of a search in a terminal: a bar and the answer so far, redrawn in place on standard error."""

from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from nnsize._progress import Snapshot
from nnsize_engine.text import escape_lines

_MAX_BAR = 60  # columns


class TerminalDisplay:
    """A display that is redrawn in place, and leaves the line that names the run."""

    shows_answers = True

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._is_named = False

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, snapshot: Snapshot) -> None:
        """Draw the search as it stands."""
        if snapshot.invitation and not self._is_named:
            self._is_named = True
            self._console.print(_text(" ".join(filter(None, [snapshot.invitation, snapshot.note])), style="dim"))
        width = max(1, min(_MAX_BAR, self._console.width - 1))
        filled = int(width * snapshot.fraction)
        done, rest = "#-" if self._console.options.ascii_only else "━─"
        bar = Text(done * filled, style="green") + Text(rest * (width - filled), style="dim")
        self._live.update(
            Group(_text(snapshot.counted), bar, *([_text(snapshot.words, style="bold")] if snapshot.words else [])),
            refresh=True,
        )


def _text(text: str, style: str = "") -> Text:
    """Return text as it is, without markup, and harmless to the terminal."""
    return Text(escape_lines(text), style=style)
