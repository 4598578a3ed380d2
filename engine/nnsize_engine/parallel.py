"""The one place that calls joblib: run a function over tasks on several processors, results as they come."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar, cast

from nnsize_engine.errors import NnsizeError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class WorkersLostError(NnsizeError):
    """A worker process died, most often because memory ran out; the tasks under way are lost."""


def worker_count(jobs: int | None) -> int:
    """Workers for a ``jobs`` setting: the processors this process may use, when it is None."""
    from joblib import cpu_count

    return jobs if jobs is not None else cast(int, cpu_count())


def stream(function: Callable[[TaskT], ResultT], tasks: Iterable[TaskT], workers: int) -> Iterator[ResultT]:
    """Yield ``function(task)`` for every task, in order of completion.

    Tasks are taken one at a time, as workers come free: when ``tasks`` ends early, what is under way is still yielded.
    Workers are processes; each gets its share of the processors for its matrix products.

    Raises:
        WorkersLostError: a worker process was killed.
    """
    from joblib import Parallel, cpu_count, delayed, parallel_config
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    blas_threads = max(1, cpu_count() // workers)
    parent = os.getpid()
    with parallel_config(backend="loky", inner_max_num_threads=blas_threads):
        parallel: Any = Parallel(
            n_jobs=workers,
            # One at a time: joblib's batches would hold back finished results and delay a pause.
            pre_dispatch="n_jobs",
            batch_size=1,
            return_as="generator_unordered",
            # Arrays above this are written once and mapped by every worker, instead of sent with each task.
            max_nbytes=50_000,
        )
        wrapped = delayed(_call_watched)
        try:
            yield from parallel(wrapped(parent, function, task) for task in tasks)
        except TerminatedWorkerError as error:
            raise WorkersLostError(str(error).splitlines()[0]) from error


_watch = threading.local()


def _call_watched(parent: int, function: Callable[[TaskT], ResultT], task: TaskT) -> ResultT:
    """Run one task in a worker that ends when the runner does, even one killed without notice."""
    if os.getpid() != parent and not getattr(_watch, "is_started", False):
        _watch.is_started = True
        threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()
    return function(task)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
