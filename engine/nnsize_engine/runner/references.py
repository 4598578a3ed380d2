"""The references of a search: fitted in a process of their own, side by side with the fits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from nnsize_engine.processes.parallel import Halt, WorkersLostError
from nnsize_engine.results.references import REFERENCE_WORDS, REFERENCES, ReferenceName, ReferenceResult
from nnsize_engine.runner.events import Compute, Emit, ReferenceEvent, ReferencesLeft
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.settings.search import SizeSettings

if TYPE_CHECKING:  # it loads the compiler
    from nnsize_engine.search.search import SizeSearch


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
        wanted = [(name, fold) for fold in range(settings.cv) for name in REFERENCES] if settings.references else []
        self._outstanding = [key for key in wanted if key not in done]
        self._is_at_work = False

    @property
    def are_over(self) -> bool:
        """Return whether no reference is outstanding."""
        return not self._outstanding

    @property
    def are_waiting(self) -> bool:
        """Return whether references are outstanding and no process fits them."""
        return bool(self._outstanding) and not self._is_at_work

    def begin(self, search: "SizeSearch") -> None:
        """Leave the references out if the data is too large for them."""
        from nnsize_engine.search.references import reason_to_leave_out

        if self.are_over:
            return
        reason = reason_to_leave_out(search.split)
        if reason is not None:
            self._outstanding.clear()
            self._journal.log("info", f"no references: {reason}")

    def proceed(self, search: "SizeSearch") -> None:
        """Start the process, unless it is at work or nothing is outstanding."""
        if not self.are_waiting:
            return
        self._is_at_work = True
        settings, outstanding, halt = self._settings, tuple(self._outstanding), self._halt

        def work(emit: Emit) -> None:
            emit(ReferencesLeft(_fit(search, settings, outstanding, halt, emit)))

        self._compute(work)

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
        key = result.name, result.fold
        if key not in self._outstanding:
            return
        self._outstanding.remove(key)
        self._journal.add(lambda connection: writer.add_reference(connection, result))
        if result.error is not None and result.name not in self._failed:
            self._failed.add(result.name)
            words = f"{REFERENCE_WORDS[result.name]} on fold {result.fold + 1} of {self._settings.cv}"
            self._journal.log("warning", f"reference {words} failed: {result.error}")

    def _fail_next(self, reason: str) -> None:
        """Store the reference at which the process died as failed, so that the next process gets past it."""
        from nnsize_engine.search.references import failed_reference

        self._take_result(failed_reference(*self._outstanding[0], reason))


def _fit(
    search: "SizeSearch",
    settings: SizeSettings,
    outstanding: tuple[tuple[ReferenceName, int], ...],
    halt: Halt,
    emit: Emit,
) -> str | None:
    """Emit each reference as it is fitted; return why the process died, or None if it did not."""
    from nnsize_engine.processes.side_process import stream_from_side_process
    from nnsize_engine.search.references import ReferenceWork, fit_references

    rows = search.split
    work = ReferenceWork(settings=settings, X=rows.X_train, y=rows.y_train, folds=search.folds, outstanding=outstanding)
    try:
        for result in stream_from_side_process(fit_references, work, halt):
            emit(result)
    except WorkersLostError as error:
        return str(error)
    except Exception as error:  # such as no memory for the process: an error here must not end the run
        return f"{type(error).__name__}: {error}".strip(": ")
    return None
