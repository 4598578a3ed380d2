"""The start and the end of every run, whatever it computes."""

import platform
import threading
from importlib.metadata import version
from typing import Protocol, TypeVar

from nnsize_engine import __version__
from nnsize_engine.errors import ClusterError, DataError, NnsizeError
from nnsize_engine.processes.memory import lacks_memory, limit_words
from nnsize_engine.processes.parallel import WorkersLostError
from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.results.records import DataFacts, State
from nnsize_engine.runner.cluster_link import ClusterLink
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.table_check import has_changed
from nnsize_engine.settings.target_scale import SCALE_WORDS, TargetScale
from nnsize_engine.text import escape_text

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "joblib")


RESUME_WITH_MEMORY = "and what is finished is kept; free memory and resume it"


class Progress:
    """The progress of a job: at work, halted or ended."""

    def __init__(self) -> None:
        self.halt = threading.Event()
        """While it is set, no computation starts."""

        self.is_at_work = False
        """True if the computing thread works for the job."""

        self.ending: tuple[State, str | None] = ("failed", None)
        """The state that the run ends in, and why."""

        self.has_ended = False

    def end(self, state: State, reason: str | None = None) -> None:
        """Let the run end in this state; the first ending counts."""
        if not self.has_ended:
            self.has_ended = True
            self.ending = (state, reason)


Taken = TypeVar("Taken", contravariant=True)
"""The events of one kind of run."""


class Job(Protocol[Taken]):
    """The work on one run; every kind of run implements this."""

    @property
    def progress(self) -> Progress:
        """Progress of the job."""

    @property
    def stop_seconds(self) -> float:
        """Seconds that a stop waits for the computation under way."""

    @property
    def is_prepared(self) -> bool:
        """Return whether the data and the compiled code are ready."""

    def prepare(self) -> None:
        """Start to load the data and, the first time on a machine, to compile."""

    def proceed(self) -> None:
        """Start what comes next, unless it is under way."""

    def take(self, event: Taken) -> None:
        """Note what the computing thread found, and queue it to be stored."""

    def show_under_way(self) -> None:
        """Queue, a few times a second at most, how far the present step is."""

    @property
    def link(self) -> ClusterLink | None:
        """The cluster that computes; None without one."""


def ending_of(error: Exception, *, has_results: bool, needs_less: str) -> tuple[State, str]:
    """Return the state in which an error ends a run, and why; ``needs_less`` names what would take less memory."""
    if isinstance(error, WorkersLostError):
        return "failed", (
            f"worker processes were killed again and again, most likely because memory ran out, {RESUME_WITH_MEMORY}, "
            f"or start one with fewer jobs or {needs_less}"
        )
    if isinstance(error, NnsizeError):
        # Nothing was computed yet when the data does not allow these settings, or the cluster cannot be reached.
        is_refusal = isinstance(error, DataError | ClusterError)
        return "refused" if is_refusal and not has_results else "failed", str(error)
    if lacks_memory(error):
        limit = limit_words()
        advice = f"; {limit}" if limit else f" {RESUME_WITH_MEMORY}, or start one with {needs_less}"
        return "failed", f"memory ran out{advice}"
    return "failed", f"{type(error).__name__}: {error}".strip(": ")


def change_of_data(header: RunHeader, found: DataFacts) -> tuple[State, str] | None:
    """Return how a run ends whose data has changed, and why; None when the data is unchanged."""
    table = header.settings.table
    if header.data is not None:
        if header.data.sha256 == found.sha256:
            return None
        if table is None:
            return "failed", f"the data {found.name} is no longer what this run began with; start a new run"
        return "failed", has_changed(table)
    if table is not None and table.sha256 != found.sha256:
        source = escape_text(table.choice.source)
        return "refused", f"{source} has changed since it was looked at; look at it again, and start with what you see"
    return None


def store_start(journal: Journal, header: RunHeader, facts: DataFacts, workers: int) -> None:
    """Put in line what the run works on, and with what."""
    versions = {"python": platform.python_version(), "nnsize": __version__}
    versions |= {library: version(library) for library in _LIBRARIES}
    journal.add(lambda connection: writer.set_workers(connection, workers))
    if header.data is None:
        journal.add(lambda connection: writer.set_data(connection, facts, versions))
        table = header.settings.table
        if table is not None and (left_out := left_out_text(table)):
            journal.log("info", f"of {table.choice.name}: {left_out}")
        for note in table.notes if table is not None else ():
            journal.log("info", note)
    for library, before in header.versions.items():
        if versions.get(library) != before:
            journal.log("warning", f"{library} was {before} and is now {versions.get(library)}: results may differ")


def facts_text(facts: DataFacts, scale: TargetScale) -> str:
    """Return the data in half a line, with the scaling of its target."""
    tested = f"{facts.test_rows} test rows" if facts.test_rows else "no test rows"
    text = f"{facts.name}: {facts.train_rows} training rows, {tested}, {facts.inputs} inputs"
    return ", ".join(part for part in (text, SCALE_WORDS[scale]) if part)
