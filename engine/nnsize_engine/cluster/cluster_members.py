"""The workers of a cluster as those that evaluate the members of an evolution.

Each request is a task of Dask for one worker. The problem and a population travel as data of Dask: the run sends them
to the first worker that needs them, and other workers get them from there.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.dispatched import Dispatched, new_wake, send
from nnsize_engine.cluster.worker_members import drop_replicas, evaluate_members
from nnsize_engine.cluster.workers import Worker, more_memory
from nnsize_engine.errors import ClusterError, DataError
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.evolution.sharing.messages import Behind, Request, Start
from nnsize_engine.evolution.sharing.shared_problem import SharedProblem, shared_problem
from nnsize_engine.evolution.sharing.worker_share import WorkerShare
from nnsize_engine.evolution.sharing.workers import Outcome, WorkerLostError
from nnsize_engine.processes.memory import amount_text
from nnsize_engine.results.records import Evaluating
from nnsize_engine.search.events import Note
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.population_memory import needed_bytes

_GONE = (OSError, TimeoutError)
"""What a call raises while the scheduler is gone."""


@dataclass(slots=True, eq=False)
class _Asked:
    """A request that a worker has."""

    task: str
    start: Start | None


@dataclass(slots=True, eq=False)
class _Sent:
    """Data that is on workers."""

    value: SharedProblem | Start
    client: Any
    future: Any


class ClusterMembers:
    """Workers that evaluate members; see :class:`nnsize_engine.evolution.sharing.workers.Workers`."""

    def __init__(self, problem: Problem, cluster: Cluster, note: Callable[[str], None]) -> None:
        """``note`` logs a warning.

        Raises:
            DataError: the first members cannot be read.
        """
        self._shared = shared_problem(problem)
        self._settings = problem.settings
        self._cluster = cluster
        self._note = note
        self._evolution = uuid.uuid4().hex[:12]
        self._woken, self._wake = new_wake()
        self._dispatched: Dispatched | None = None
        self._losses = cluster.losses
        """Losses of the scheduler before the last request."""

        self._asked: dict[str, _Asked] = {}
        self._unsent: list[str] = []
        self._gone: set[str] = set()
        """Workers that Dask does not know any more, until the cluster is looked at again."""

        self._left_out: set[str] = set()
        self._seen: Mapping[str, Worker] = {}
        self._problem: _Sent | None = None
        self._start: _Sent | None = None
        self._holders: set[str] = set()
        self._numbers = iter(range(1_000_000_000))

    def names(self) -> Sequence[str]:
        """Return the addresses of the workers that take tasks.

        Raises:
            ClusterError: their memory is too small, or all were left out.
        """
        workers = self._cluster.workers
        if workers and all(address in self._left_out for address in workers):
            raise ClusterError("no worker of the cluster can be used for this evolution; the log says why")
        if workers is not self._seen:
            self._seen = workers
            self._gone.clear()
        unused = self._left_out | self._gone
        # A worker whose memory is nearly full ends what it has, so it stays while it is asked.
        return [
            address
            for address, worker in workers.items()
            if address not in unused and (worker.is_taking_tasks or address in self._asked)
        ]

    def is_connected(self) -> bool:
        """Return whether the scheduler can be reached, and was reached all the time."""
        dispatched, losses = self._dispatched, self._cluster.losses
        return dispatched is not None and losses == self._losses and self._cluster.is_current(dispatched.client)

    def ask(self, name: str, request: Request) -> None:
        """Submit a task to a worker; if that fails, the request comes back."""
        first, last = request.part
        task = f"nnsize-{self._evolution}-{request.position[0]}-{first}-{next(self._numbers)}"
        self._asked[name] = _Asked(task, request.start)
        try:
            dispatched = self._connected()
            problem = self._send_problem(dispatched.client, name)
            start = None if request.start is None else self._send_start(dispatched.client, name, request.start)
            dispatched.submit(
                task, name, evaluate_members, self._evolution, problem.key, problem, start, replace(request, start=None)
            )
        except _GONE:
            self._unsent.append(name)
            self._gone.add(name)
            return
        tally = self._cluster.tally
        tally.begin(name, task, f"members {first:,} to {last - 1:,} of generation {request.position[0]:,}")
        tally.add_bytes(request.nbytes)

    def outcomes(self, seconds: float) -> Sequence[tuple[str, Outcome]]:
        """Return what came of requests since the last call; wait this long for the first one."""
        found: list[tuple[str, Outcome]] = [(name, Behind()) for name in self._unsent if name in self._asked]
        self._unsent.clear()
        if not found:
            self._woken.wait(seconds)
            self._woken.clear()
            found = self._take_ended()
        for name, outcome in found:
            self._leave(name, is_done=not isinstance(outcome, Exception))
        return found

    def forget(self, name: str) -> None:
        """Give up the request of a worker."""
        self._leave(name, is_done=False)

    def leave_out(self, name: str, reason: str) -> None:
        """Ask a worker for nothing more."""
        self._left_out.add(name)
        self._note(f"worker {name} is not used any more: {reason}")

    def close(self) -> None:
        """Let all workers drop what they have of this evolution."""
        for name in list(self._asked):
            self.forget(name)
        self._problem = self._start = None
        if self._dispatched is not None and self.is_connected():
            self._dispatched.call_workers(drop_replicas, self._evolution)

    def _connected(self) -> Dispatched:
        """Return the tasks of the present client; those of an earlier one are lost.

        Raises:
            ConnectionError: the scheduler is gone.
        """
        client = self._cluster.client
        if self._dispatched is None or self._dispatched.client is not client:
            self._dispatched = Dispatched(client, self._evolution, self._wake)
        self._losses = self._cluster.losses
        return self._dispatched

    def _send_problem(self, client: Any, name: str) -> Any:
        """Return the future of the problem, and send it if no worker has it."""
        if name not in self._holders:
            self._check_memory(name)
            self._holders.add(name)
            self._cluster.tally.add_bytes(self._shared.nbytes)
        self._problem = _sent(self._problem, self._shared, client, name)
        return self._problem.future

    def _send_start(self, client: Any, name: str, start: Start) -> Any:
        """Return the future of a population, and send it if no worker has it."""
        self._start = _sent(self._start, start, client, name)
        return self._start.future

    def _check_memory(self, name: str) -> None:
        """Accept a worker whose memory is large enough for the population.

        Raises:
            ClusterError: it is too small.
        """
        worker, needed = self._cluster.workers.get(name), needed_on_worker(self._settings)
        if worker is not None and needed is not None and 0 < worker.memory_limit < needed:
            raise ClusterError(
                f"the workers have too little memory: {self._settings.weights:,} weights of each member take "
                f"{amount_text(needed)} with the libraries, and a worker may use {amount_text(worker.memory_limit)}; "
                f"{more_memory(self._cluster.settings.kind, needed)}, or choose fewer members"
            )

    def _take_ended(self) -> list[tuple[str, Outcome]]:
        """Return what became of tasks that ended."""
        dispatched = self._dispatched
        if dispatched is None:
            return []
        if not self._cluster.is_current(dispatched.client):
            return [(name, Behind()) for name in self._asked]
        ended = set(dispatched.ended())
        names = {name: asked.task for name, asked in self._asked.items() if asked.task in ended}
        finished = [task for task in names.values() if dispatched.status(task) == "finished"]
        try:
            results = dispatched.fetch(finished) if finished else {}
        except _GONE:
            results = {}
        return [(name, self._outcome(dispatched, name, task, results)) for name, task in names.items()]

    def _outcome(self, dispatched: Dispatched, name: str, task: str, results: dict[str, Any]) -> Outcome:
        """Return what became of a task.

        Raises:
            Exception: the function itself raised it, which is a bug.
        """
        if task in results:
            found: Outcome = results[task]
            if isinstance(found, DataError):
                return DataError(f"on worker {name}, {found}", field=found.field)
            return found
        if dispatched.lost_connection(task):
            return Behind()
        error = dispatched.error(task) if dispatched.status(task) == "error" else None
        if error is not None and not type(error).__module__.startswith(("distributed", "concurrent", "asyncio")):
            raise error
        return WorkerLostError("it was killed, or its memory ran out")

    def _leave(self, name: str, *, is_done: bool) -> None:
        asked = self._asked.pop(name, None)
        if asked is None:
            return
        if self._dispatched is not None:
            self._dispatched.forget(asked.task)
        if asked.start is not None and all(other.start is None for other in self._asked.values()):
            self._start = None  # the last reference: workers drop it, beside their replicas
        self._cluster.tally.end(name, asked.task, done=int(is_done))


def _sent(sent: _Sent | None, value: SharedProblem | Start, client: Any, name: str) -> _Sent:
    """Return data on workers; it is sent to a worker if none has it.

    Raises:
        OSError, TimeoutError: the scheduler or the worker is gone.
    """
    is_there = sent is not None and sent.value is value and sent.client is client and sent.future.status == "finished"
    if sent is not None and is_there:
        return sent
    return _Sent(value, client, send(client, value, name))


def needed_on_worker(settings: EvolutionSettings) -> int | None:
    """Return the approximate bytes that an evolution needs on a worker; None if that is not known."""
    return needed_bytes(replace(settings, reference=False, jobs=1))


@contextlib.contextmanager
def shared_among(
    cluster: Cluster, problem: Problem, emit: Callable[[Evaluating | Note], None]
) -> Iterator[WorkerShare]:
    """Share the rounds of an evolution among the workers of a cluster until the end of the block.

    Raises:
        DataError: the first members cannot be read.
    """

    def warn(text: str) -> None:
        emit(Note(text, level="warning"))

    members = ClusterMembers(problem, cluster, warn)
    try:
        yield WorkerShare(members, problem.settings.weights, emit, warn)
    finally:
        members.close()
