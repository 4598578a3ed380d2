"""Displays of a run without a terminal: plain lines, or nothing."""

from typing import Self

from nnsize_engine.runs.view import AnyView
from nnsize_tui.commands.output import echo
from nnsize_tui.commands.plain_lines import LINES, ProgressLines
from nnsize_tui.text.stalls import STALLED, is_stalled


def background_text(view: AnyView) -> str:
    """Return the note for a user who follows a run."""
    return f"run {view.folder.name} works in the background; Ctrl-C stops it, closing the terminal does not"


class Display:
    """A display that shows nothing; the base of the others."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, view: AnyView) -> None:
        """Show a run as it stands."""


class PlainDisplay(Display):
    """A display of the log, and of the progress, as lines on standard error: standard output is the result alone."""

    def __init__(self) -> None:
        self._shown_lines = 0
        self._progress: ProgressLines | None = None
        self._stalled_since: float | None = None

    def show(self, view: AnyView) -> None:
        """Print new lines. Of a refused run there are none: its reason is printed as an error."""
        if view.state in ("starting", "refused"):
            return
        if self._progress is None:
            self._progress = LINES[view.kind]()
        if self._shown_lines == 0:
            echo(background_text(view), err=True)
        for line in view.log[self._shown_lines :]:
            echo(line.text, err=True)
        self._shown_lines = len(view.log)
        self._show_stall(view)
        for words in self._progress.new(view):
            echo(words, err=True)

    def _show_stall(self, view: AnyView) -> None:
        """Print once why a run does not go on; the runner logs itself that it goes on."""
        since = view.stall.since if view.stall is not None and is_stalled(view) else None
        if since is not None and since != self._stalled_since:
            echo(f"{STALLED}: {view.stall_words}", err=True)
        self._stalled_since = since
