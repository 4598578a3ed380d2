"""The display of a search that goes on: what suits a terminal, a notebook, or neither."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from nnsize_engine.text import escape_lines, seconds_text, shell_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The progress of a search at one moment."""

    done: int
    total: int
    words: str = ""
    """The answer so far; empty before there is one."""

    remaining: float | None = None
    """Expected seconds until the end; None when unknown."""

    folder: Path | None = None
    """The folder of the run; None for a search that is not stored."""

    note: str = ""
    """What else one should know, such as the size of the kept data or why the run does not go on."""

    @property
    def fraction(self) -> float:
        """The finished share, from 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def counted(self) -> str:
        """The progress in one line."""
        left = "" if self.remaining is None else f", about {seconds_text(self.remaining)} left"
        return f"{self.done:,} of {self.total:,} fits{left}"

    @property
    def invitation(self) -> str:
        """How to watch the run elsewhere; empty if it is not stored."""
        return "" if self.folder is None else watch_words(self.folder)


class Display(Protocol):
    """Shows the progress of a search while a ``with`` block runs."""

    shows_answers: bool
    """Whether it shows the answer so far, which takes a moment to be found."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, snapshot: Snapshot) -> None:
        """Show the search as it stands."""


class Silence:
    """A display that shows nothing."""

    shows_answers = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, snapshot: Snapshot) -> None:
        """Show nothing."""


class Lines(Silence):
    """A display for neither a terminal nor a notebook: a line on standard error that names the run."""

    def __init__(self) -> None:
        self._is_named = False

    def show(self, snapshot: Snapshot) -> None:
        """Name the run, once."""
        if snapshot.invitation and not self._is_named:
            self._is_named = True
            print(escape_lines(" ".join(filter(None, [snapshot.invitation, snapshot.note]))), file=sys.stderr)  # noqa: T201


def watch_words(folder: Path) -> str:
    """Return how to watch a run."""
    return f"watch it: nnsize-tui {shell_word(folder.name)}"


def other_name_words(wanted: str, given: str) -> str:
    """Return that a run was given another name than the wanted one."""
    return f"there is a run {wanted!r} already; this one is {given!r}"


def display_for(verbose: int) -> Display:
    """Return the display that suits the place; one that shows nothing if ``verbose`` is 0."""
    if not verbose:
        return Silence()
    if _shell_of_notebook() is not None:
        from nnsize._progress_notebook import NotebookDisplay

        return NotebookDisplay()
    if sys.stderr is not None and sys.stderr.isatty():
        from nnsize._progress_terminal import TerminalDisplay

        return TerminalDisplay()
    return Lines()


def _shell_of_notebook() -> Any:
    """Return IPython's shell if it belongs to a notebook; None elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell if hasattr(shell, "kernel") else None
