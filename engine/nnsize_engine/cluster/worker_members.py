"""Members of an evolution on a worker: what runs in the worker's process.

A worker keeps a replica of the population from one request to the next. It drops it when the run says so, and when
Dask drops the problem, as after the end of a runner that was killed.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from nnsize_engine.errors import NnsizeError
from nnsize_engine.evolution.sharing.messages import Request, Start
from nnsize_engine.evolution.sharing.replica import Replica
from nnsize_engine.evolution.sharing.shared_problem import SharedProblem
from nnsize_engine.evolution.sharing.workers import Outcome
from nnsize_engine.processes.memory import lacks_memory

LOOK_SECONDS = 10.0  # between two looks for replicas that no run wants any more


@dataclass(slots=True, eq=False)
class _Kept:
    """The replica of one run."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while it computes: a request that the run gave up may still be under way."""

    worker: Any = None
    problem: str = ""
    """Dask's key of the problem, which a worker has as long as the run wants it."""

    replica: Replica | None = None

    def is_wanted(self) -> bool:
        """Return whether the run is there."""
        return self.worker is None or self.problem in self.worker.state.tasks


_kept: dict[tuple[str, str], _Kept] = {}
"""By name of the evolution and address of the worker; several workers may be in one process."""

_changing = threading.Lock()

_watches: list[threading.Thread] = []


def evaluate_members(
    evolution: str, problem: str, shared: SharedProblem, start: Start | None, request: Request
) -> Outcome:
    """Evaluate members in a worker's task; expected errors are returned.

    Args:
        evolution: a name for the evolution, of which this worker may have a replica.
        problem: Dask's key of its problem.
        shared: its problem.
        start: the population to begin from; None to go on.
        request: the members, without the population.
    """
    from distributed import get_worker

    worker: Any = get_worker()
    kept = _of(evolution, worker.address)
    with kept.lock:
        kept.worker, kept.problem = worker, problem
        try:
            if kept.replica is None:
                kept.replica = _new_replica(shared, worker.state.nthreads)
            return kept.replica.answer(request, start)
        except NnsizeError as error:
            _drop(kept)
            return error
        except Exception as error:
            _drop(kept)
            if lacks_memory(error):
                return MemoryError(str(error))
            raise


def drop_replicas(evolution: str) -> None:
    """Drop the replicas of an evolution in this process."""
    with _changing:
        gone = [_kept.pop(key) for key in list(_kept) if key[0] == evolution]
    _drop_all(gone)


def _of(evolution: str, address: str) -> _Kept:
    with _changing:
        if not _watches:
            _watches.append(threading.Thread(target=_drop_unwanted, daemon=True))
            _watches[0].start()
        return _kept.setdefault((evolution, address), _Kept())


def _new_replica(shared: SharedProblem, threads: int) -> Replica:
    """Compile, or load what is compiled, and return a replica without a population."""
    from nnsize_engine.evolution.warm_up import prepare_evolution

    prepare_evolution(shared.problem.settings)
    return Replica(shared, threads)


def _drop(kept: _Kept) -> None:
    if kept.replica is not None:
        kept.replica.close()
        kept.replica = None


def _drop_all(gone: list[_Kept]) -> None:
    """Drop replicas; one that still computes is dropped when that ends, as nothing else knows it."""
    for kept in gone:
        if kept.lock.acquire(blocking=False):
            _drop(kept)
            kept.lock.release()


def _drop_unwanted() -> None:
    """Drop replicas that no run wants any more, until the process ends."""
    while True:
        time.sleep(LOOK_SECONDS)
        with _changing:
            gone = [_kept.pop(key) for key, kept in list(_kept.items()) if not kept.is_wanted()]
        _drop_all(gone)
