"""How many workers a run on a queue wants: more while all are busy, fewer while some have nothing to do.

Dask's own rule wants as many as finish all submitted tasks within seconds. A run submits a fit only when a worker is
nearly free for it, so by that rule it would never get more workers.
"""

import math
from collections.abc import Collection
from typing import Any

GROWTH = 2  # times as many workers while all are busy, up to the most that the user allows

IDLE_SECONDS = 60  # until a worker without work is given back: another job may have to wait for hours


def wanted_workers(threads: Collection[int], tasks: int) -> int:
    """Return the number of workers that a run can use.

    ``threads`` are those of each connected worker, ``tasks`` what they compute and what waits for them.
    """
    room = sum(threads)
    if tasks >= room:
        return GROWTH * len(threads)
    return math.ceil(tasks * len(threads) / room)


def adaptive_class() -> Any:
    """Return a class for ``cluster.adapt`` that follows :func:`wanted_workers`."""
    from distributed import Adaptive

    class AdaptiveQueue(Adaptive):  # type: ignore[misc]  # Dask has no types
        async def target(self) -> int:
            scheduler = self.cluster.scheduler
            workers = list(scheduler.workers.values())
            tasks = sum(len(one.processing) for one in workers) + len(scheduler.queued) + len(scheduler.unrunnable)
            wanted = wanted_workers([one.nthreads for one in workers], tasks)
            return int(max(self.minimum, min(self.maximum, wanted)))

    return AdaptiveQueue
