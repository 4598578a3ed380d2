"""Parallel calls of a function in threads or processes; no other module calls joblib."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Protocol, Self, TypeVar, cast

from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.job_count import job_count
from nnsize_engine.processes.parent_watch import end_with

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class WorkersLostError(NnsizeError):
    """A worker process died, most often because memory ran out; its task and those of other workers are lost."""


class Halt(Protocol):
    """A signal to start no further tasks; ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Return whether to halt."""
        ...


def worker_count(jobs: int | None) -> int:
    """Return the number of workers for ``jobs``; None and -1 mean all processors that this process may use."""
    if jobs is not None and jobs > 0:
        return jobs
    from joblib import cpu_count

    return job_count(jobs, cast(int, cpu_count()))


def in_threads(
    function: Callable[[TaskT], ResultT], tasks: Iterable[TaskT], workers: int, halt: Halt
) -> Iterator[ResultT]:
    """Call a function in threads and yield results in order of completion; for code that releases the GIL.

    Once ``halt`` is set, no further task starts; the results of those already started are still yielded.
    """
    from joblib import parallel_config

    with one_blas_thread(), parallel_config(backend="threading"):
        yield from _stream(function, tasks, workers, halt)


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit the BLAS to one thread per caller while compiled code runs.

    The matrix products of a mini-batch are small: several BLAS threads would wait for each other three times as long as
    they compute, and twenty times as long on busy processors.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def in_processes(
    function: Callable[[TaskT], ResultT], tasks: Iterable[TaskT], workers: int, halt: Halt
) -> Iterator[ResultT]:
    """Call a function in processes and yield results in order of completion; for code that holds the GIL.

    ``halt`` works as in :func:`in_threads`.

    Raises:
        WorkersLostError: a worker process was killed.
    """
    from joblib import parallel_config
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with parallel_config(
        backend="loky",
        inner_max_num_threads=_blas_threads(workers),
        initializer=end_with,
        initargs=(os.getpid(),),
    ):
        try:
            yield from _stream(function, tasks, workers, halt)
        except TerminatedWorkerError as error:
            raise WorkersLostError(str(error).splitlines()[0]) from error


class ThreadPool:
    """Threads that stay alive between calls, for compiled work of milliseconds; each has one BLAS thread.

    joblib takes 10 ms to start a few tasks, longer than a whole generation of a hundred members. A thread that waits
    for work takes 0.1 ms.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers) if workers > 1 else None
        self._limits: Any = None

    def __enter__(self) -> Self:
        from threadpoolctl import threadpool_limits

        self._limits = threadpool_limits(limits=1, user_api="blas")
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._limits.restore_original_limits()

    def each(self, function: Callable[[TaskT], None], tasks: Sequence[TaskT], halt: Halt) -> Iterator[TaskT]:
        """Call the function with every task; yield each task when it is done, in order of completion.

        Once ``halt`` is set, no further task starts; those already started are still yielded.
        """
        if self._pool is None:
            for task in tasks:
                if halt.is_set():
                    return
                function(task)
                yield task
            return

        def run(task: TaskT) -> TaskT | None:
            if halt.is_set():
                return None
            function(task)
            return task

        for future in as_completed([self._pool.submit(run, task) for task in tasks]):
            done = future.result()
            if done is not None:
                yield done


def _blas_threads(workers: int) -> int:
    """Return the number of BLAS threads per worker process, so that all of them together use every processor."""
    return max(1, worker_count(None) // workers)


def _stream(function: Callable[[Any], ResultT], tasks: Iterable[Any], workers: int, halt: Halt) -> Iterator[ResultT]:
    from joblib import Parallel, delayed

    def outstanding() -> Iterator[Any]:
        for task in tasks:
            if halt.is_set():
                return
            yield delayed(function)(task)

    parallel: Any = Parallel(
        n_jobs=workers,
        # One task at a time, because batches would hold back finished results and delay a pause.
        pre_dispatch="n_jobs",
        batch_size=1,
        return_as="generator_unordered",
        # Larger arrays are written once and memory-mapped by every process, instead of sent with each task.
        max_nbytes=50_000,
    )
    yield from parallel(outstanding())
