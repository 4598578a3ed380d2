"""The workers that take another fit, in the order in which they get one."""

from collections import Counter
from collections.abc import Iterable, Iterator

from nnsize_engine.cluster.workers import Worker

SHORT_SECONDS = 0.5  # of a fit, below which the next one is sent before it ends

VERY_SHORT_SECONDS = 0.02  # of a fit, below which the next two are


def free_places(workers: Iterable[Worker], given: Counter[str], seconds: float) -> Iterator[Worker]:
    """Yield workers that take another fit: first one for each free thread, then those sent ahead.

    Args:
        workers: the workers that are there.
        given: number of fits that each worker has, by address; it grows with each place.
        seconds: seconds of a fit.
    """
    ahead = 2 if seconds < VERY_SHORT_SECONDS else 1 if seconds < SHORT_SECONDS else 0
    taking = [worker for worker in workers if worker.is_taking_tasks]
    for depth in range(max((worker.threads for worker in taking), default=0) + ahead):
        for worker in taking:
            if depth < worker.threads + ahead and given[worker.address] <= depth:
                given[worker.address] += 1
                yield worker
