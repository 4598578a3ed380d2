"""The workers of a cluster, as its scheduler describes them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from nnsize_engine.processes.memory import amount_text
from nnsize_engine.settings.cluster import ClusterKind

COMPUTING = "running"
"""Dask's status of a worker that takes tasks; ``paused`` is one whose memory is nearly full."""

LACKS_MEMORY = "workers with free memory"
"""Words for the lack of a run while the memory of each worker is nearly full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker that a run can use: connected, with the same versions."""

    address: str
    name: str
    host: str
    threads: int
    memory: int
    memory_limit: int
    """0 for no limit."""

    last_seen: float
    is_taking_tasks: bool
    """False while its memory is nearly full, and while it is closing."""


def lacking(workers: Mapping[str, Worker]) -> str:
    """Return what is lacking for a task to begin; empty if nothing is."""
    if not workers:
        return "a worker"
    return "" if any(worker.is_taking_tasks for worker in workers.values()) else LACKS_MEMORY


def worker_of(address: str, facts: Mapping[str, Any]) -> Worker:
    """Return a worker from what a scheduler says of it."""
    metrics = facts.get("metrics", {})
    return Worker(
        address=address,
        name=str(facts.get("name", address)),
        host=str(facts.get("host", "")),
        threads=int(facts.get("nthreads", 1)),
        memory=int(metrics.get("memory", 0)),
        memory_limit=int(facts.get("memory_limit") or 0),
        last_seen=float(facts.get("last_seen", 0.0)),
        is_taking_tasks=facts.get("status") == COMPUTING,
    )


def worker_words(worker: Worker) -> str:
    """Return a worker in words for the log."""
    threads = "1 thread" if worker.threads == 1 else f"{worker.threads} threads"
    memory = f", {amount_text(worker.memory_limit)}" if worker.memory_limit else ""
    return f"worker {worker.name} on {worker.host} ({threads}{memory})"


def more_memory(kind: ClusterKind, needed: int) -> str:
    """Return the advice how to start workers of a kind of cluster that may use so many bytes each."""
    limit = f"{math.ceil(needed / 1_000_000)}MB"
    match kind:
        case "scheduler" | "file":
            return f"start them with --memory-limit {limit} or more"
        case "queue":
            return f"give each process of a job {limit} or more, with memory and processes in jobqueue.yaml"
        case "local":
            return f"start fewer of them, or on a machine with {limit} for each"
        case _:
            assert_never(kind)
