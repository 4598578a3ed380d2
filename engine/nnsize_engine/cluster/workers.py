"""The workers of a cluster, as its scheduler describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnsize_engine.processes.memory import amount_text

COMPUTING = "running"
"""Dask's status of a worker that takes tasks; ``paused`` is one whose memory is nearly full."""


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
    return "" if any(worker.is_taking_tasks for worker in workers.values()) else "workers with free memory"


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
