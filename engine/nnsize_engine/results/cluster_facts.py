"""Facts about the cluster of a run, as of a moment ago; the explorer shows them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFacts:
    """One worker process of a cluster."""

    name: str
    """Its name or address, different from that of every other worker."""

    host: str
    threads: int
    """Fits or tasks that it computes at a time."""

    fits_done: int
    """Fits, or shares of generations, that it has finished for this run."""

    busy_with: str
    """What it computes, in a few words; empty while it waits."""

    memory: int
    """Bytes that its process uses."""

    memory_limit: int
    """Bytes that it may use; 0 for no limit."""

    last_seen: float
    """Time at which the scheduler last heard from it, in seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFacts:
    """The workers of a run, and what they do."""

    where: str
    """The cluster as the user named it."""

    workers: tuple[WorkerFacts, ...]
    """The workers that are connected, by name."""

    waiting: int
    """Tasks that no worker has begun."""

    rate: float
    """Tasks finished a second, over the last minute."""

    bytes_sent: int
    """Bytes of rows sent to workers so far, by this runner."""

    waits_for: str
    """What the run waits for, such as a worker, in a few words; empty while it computes."""

    @property
    def busy(self) -> int:
        """Number of workers that compute."""
        return sum(bool(worker.busy_with) for worker in self.workers)

    @property
    def memory(self) -> int:
        """Bytes that all workers use."""
        return sum(worker.memory for worker in self.workers)

    @property
    def memory_limit(self) -> int:
        """Bytes that all workers may use; 0 if one of them has no limit."""
        limits = [worker.memory_limit for worker in self.workers]
        return sum(limits) if all(limits) else 0


def sorted_workers(workers: Iterable[WorkerFacts]) -> tuple[WorkerFacts, ...]:
    """Return workers by name, numbers in names by their value: ``worker-2`` before ``worker-10``."""

    def key(worker: WorkerFacts) -> list[tuple[bool, int, str]]:
        parts = re.findall(r"[0-9]{1,18}|[^0-9]+", worker.name)
        return [(True, int(part), part) if part[0] in "0123456789" else (False, 0, part) for part in parts]

    return tuple(sorted(workers, key=key))


CLUSTER_COLUMNS = ("where_text", "waiting", "rate", "bytes_sent", "waits_for")
"""Columns of the table with the one row about a cluster."""

WORKER_COLUMNS = ("name", "host", "threads", "fits_done", "busy_with", "memory", "memory_limit", "last_seen")
"""Columns of the table of its workers; fields of :class:`WorkerFacts`."""
