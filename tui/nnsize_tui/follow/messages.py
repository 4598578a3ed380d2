"""What workers tell the screens. A newer look at the same thing replaces an older one that still waits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from textual.message import Message

from nnsize_engine.processes.usage import ProcessUsage
from nnsize_engine.results.records import State
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind

Post: TypeAlias = Callable[[Message], object]
"""How a worker tells a screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run in the list of all."""

    folder: Path
    header: RunHeader | None = None
    """None when the run cannot be read."""

    state: State | None = None
    view: AnyView | None = None
    """Everything else about it; None until there was time to read it."""

    reason: str = ""
    """Why it cannot be read."""


class RunsSeen(Message):
    """All runs, newest first."""

    def __init__(self, rows: tuple[RunRow, ...]) -> None:
        super().__init__()
        self.rows = rows

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RunsSeen)


class RunSeen(Message):
    """The open run as it is now."""

    def __init__(self, view: AnyView) -> None:
        super().__init__()
        self.view = view

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RunSeen)


class LossesSeen(Message):
    """The losses of a candidate's fits as they are now."""

    def __init__(self, candidate: int, curves: tuple[LossCurve, ...]) -> None:
        super().__init__()
        self.candidate = candidate
        self.curves = curves

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, LossesSeen)


class UseSeen(Message):
    """What the open run uses of its machine; None when that is not known."""

    def __init__(self, use: ProcessUsage | None) -> None:
        super().__init__()
        self.use = use

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, UseSeen)


class RunUnreadable(Message):
    """The open run cannot be read any more."""

    def __init__(self, reason: str, *, is_gone: bool) -> None:
        super().__init__()
        self.reason = reason
        self.is_gone = is_gone
        """Whether its folder is no longer there."""


class Trouble(Message):
    """Something that was asked for did not work; one sentence says why."""

    def __init__(self, reason: str, folder: Path | None = None) -> None:
        super().__init__()
        self.reason = reason
        self.folder = folder
        """The run it was asked of."""


class RunStarted(Message):
    """A new run is under way."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        super().__init__()
        self.folder = folder
        self.kind = kind


class RunDeleted(Message):
    """A run was removed, as asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder


class Exported(Message):
    """A table was written."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
