"""The references of a search: fitted in a process of their own, side by side with the fits."""

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from nnsize_engine.processes.parallel import Halt, WorkersLostError
from nnsize_engine.results.references import REFERENCE_WORDS, REFERENCES, ReferenceResult
from nnsize_engine.runner.events import Compute, Emit, ReferenceEvent, ReferencesLeft
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.settings.search import SizeSettings

if TYPE_CHECKING:  # it loads the compiler
    from nnsize_engine.search.references import ReferenceWork
    from nnsize_engine.search.search import SizeSearch


PATIENCE_SECONDS = 5.0
"""Seconds without a result, once the search itself has ended, after which another process has a higher priority.

On a busy machine a process of the lowest priority hardly gets any time, and the run would not end. On others it needs
a second or two for its imports, which another process would repeat.
"""


class References:
    """The outstanding references of one search, and the process that fits them.

    They never end the run: one that fails is stored with its reason. A process that dies costs the reference that it
    was fitting, and the next process goes on behind it.
    """

    def __init__(
        self, settings: SizeSettings, stored: Sequence[ReferenceResult], journal: Journal, compute: Compute, halt: Halt
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._compute = compute
        self._halt = halt
        done = {(result.name, result.fold) for result in stored}
        self._failed = {result.name for result in stored if result.error is not None}
        wanted = [(name, fold) for fold in range(settings.folds) for name in REFERENCES] if settings.references else []
        self._outstanding = [key for key in wanted if key not in done]
        self._is_at_work = False
        self._renewal: threading.Event | None = None
        """Ends the present process, so that another one of higher priority goes on; None if it has that already."""

        self._waiting_since: float | None = None
        """The time since which nothing but the process is at work, without a result; None while that is not so."""

    @property
    def are_over(self) -> bool:
        """Return whether no reference is outstanding."""
        return not self._outstanding

    def begin(self, search: "SizeSearch") -> None:
        """Leave the references out if the data is too large for them."""
        from nnsize_engine.search.references import reason_to_leave_out

        if self.are_over:
            return
        reason = reason_to_leave_out(search.split)
        if reason is not None:
            self._outstanding.clear()
            self._journal.log("info", f"no references: {reason}")

    def proceed(self, search: "SizeSearch", *, is_alone: bool) -> None:
        """Start the process, unless it is at work or nothing is outstanding.

        ``is_alone`` tells that the search itself has nothing left to compute, which a process might delay.
        """
        if self.are_over:
            return
        if not self._is_at_work:
            self._start(search, is_lowest=not is_alone)
        elif is_alone and self._renewal is not None:
            now = time.monotonic()
            self._waiting_since = self._waiting_since or now
            if now - self._waiting_since > PATIENCE_SECONDS:
                self._renewal.set()

    def _start(self, search: "SizeSearch", *, is_lowest: bool) -> None:
        self._is_at_work = True
        from nnsize_engine.search.references import ReferenceWork

        rows = search.split
        work = ReferenceWork(
            settings=self._settings, X=rows.X_train, y=rows.y_train, folds=search.folds,
            outstanding=tuple(self._outstanding), sample_weight=rows.sample_weight,
        )  # fmt: skip
        self._renewal = threading.Event() if is_lowest else None
        halt = _AnyHalt(self._halt) if self._renewal is None else _AnyHalt(self._halt, self._renewal)
        self._compute(lambda emit: emit(ReferencesLeft(_fit(work, halt, emit, is_lowest=is_lowest))))

    def take(self, event: ReferenceEvent) -> None:
        """Store a reference, or note that the process has ended."""
        match event:
            case ReferenceResult():
                self._take_result(event)
            case ReferencesLeft():
                self._is_at_work = False
                if event.reason is not None and self._outstanding:
                    self._fail_next(event.reason)
            case _:
                assert_never(event)

    def _take_result(self, result: ReferenceResult) -> None:
        self._waiting_since = None
        key = result.name, result.fold
        if key not in self._outstanding:
            return
        self._outstanding.remove(key)
        self._journal.add_result(lambda connection: writer.add_reference(connection, result))
        if result.error is not None and result.name not in self._failed:
            self._failed.add(result.name)
            words = f"{REFERENCE_WORDS[result.name]} on fold {result.fold + 1} of {self._settings.folds}"
            self._journal.log("warning", f"reference {words} failed: {result.error}")

    def _fail_next(self, reason: str) -> None:
        """Store the reference at which the process died as failed, so that the next process gets past it."""
        from nnsize_engine.search.references import failed_reference

        self._take_result(failed_reference(*self._outstanding[0], reason))


class _AnyHalt:
    """A signal to halt that is set when any of several is."""

    def __init__(self, *halts: Halt) -> None:
        self._halts = halts

    def is_set(self) -> bool:
        return any(halt.is_set() for halt in self._halts)


def _fit(work: "ReferenceWork", halt: Halt, emit: Emit, *, is_lowest: bool) -> str | None:
    """Emit each reference as it is fitted; return why the process died, or None if it did not."""
    from nnsize_engine.processes.side_process import stream_from_side_process
    from nnsize_engine.search.references import fit_references

    try:
        for result in stream_from_side_process(fit_references, work, halt, is_lowest=is_lowest):
            emit(result)
    except WorkersLostError as error:
        return str(error)
    except Exception as error:  # such as no memory for the process: an error here must not end the run
        return f"{type(error).__name__}: {error}".strip(": ")
    return None
