"""Messages from threads to screens. A newer message replaces an older one of the same kind that still waits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from textual.message import Message

from nnsize_engine.processes.usage import ProcessUsage
from nnsize_engine.results.importances import Importances
from nnsize_engine.results.records import State
from nnsize_engine.runs.label import NO_LABEL, RunLabel
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind

Post: TypeAlias = Callable[[Message], object]
"""Function with which a thread posts a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run in the list of all runs."""

    folder: Path
    header: RunHeader | None = None
    """None if the run cannot be read."""

    state: State | None = None
    view: AnyView | None = None
    """Its results; None until they are read."""

    reason: str = ""
    """Reason why it cannot be read."""

    label: RunLabel = NO_LABEL
    """What people call it."""


class RunsSeen(Message):
    """The list of all runs has changed; newest first."""

    def __init__(self, rows: tuple[RunRow, ...]) -> None:
        super().__init__()
        self.rows = rows

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RunsSeen)


class RunSeen(Message):
    """The open run has changed."""

    def __init__(self, view: AnyView) -> None:
        super().__init__()
        self.view = view

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RunSeen)


class LossesSeen(Message):
    """The loss curves of a candidate's fits have changed."""

    def __init__(self, candidate: int, curves: tuple[LossCurve, ...]) -> None:
        super().__init__()
        self.candidate = candidate
        self.curves = curves

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, LossesSeen)


class ImportancesSeen(Message):
    """The importances of the parameters have changed; a sentence where there are none."""

    def __init__(self, found: Importances | str) -> None:
        super().__init__()
        self.found = found

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ImportancesSeen)


class UsageSeen(Message):
    """The processors and memory that the open run uses have changed; None if unknown."""

    def __init__(self, use: ProcessUsage | None) -> None:
        super().__init__()
        self.use = use

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, UsageSeen)


class RunUnreadable(Message):
    """The open run can no longer be read."""

    def __init__(self, reason: str, *, is_gone: bool) -> None:
        super().__init__()
        self.reason = reason
        self.is_gone = is_gone
        """True if its folder no longer exists."""


class Trouble(Message):
    """An action has failed; a sentence tells the reason, for several runs one for each."""

    def __init__(self, reason: str, *folders: Path) -> None:
        super().__init__()
        self.reason = reason
        self.folders = folders
        """The runs of the action, if there are any."""


class RunStarted(Message):
    """A new run has started."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        super().__init__()
        self.folder = folder
        self.kind = kind


class RunDeleted(Message):
    """A run has been deleted."""

    def __init__(self, folder: Path, left: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.folder = folder
        self.left = left
        """Names of what stays in its folder, because it is not the run's own."""


class RunsDeleted(Message):
    """Several runs have been deleted."""

    def __init__(self, folders: tuple[Path, ...], freed: int, kept: tuple[Path, ...] = ()) -> None:
        super().__init__()
        self.folders = folders
        self.freed = freed
        """Bytes that they took on disk."""

        self.kept = kept
        """Folders that stay, because files in them are not the run's own."""


class Exported(Message):
    """A file has been written."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
