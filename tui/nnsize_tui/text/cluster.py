"""The cluster of a run as text, for screens and commands."""

import time
from collections.abc import Mapping

from nnsize_engine.processes.memory import amount_text
from nnsize_engine.results.cluster_facts import ClusterFacts, WorkerFacts
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.cluster import ClusterSettings, cluster_words
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_engine.text import escape_text, seconds_text

MIN_SILENT_SECONDS = 10.0
"""Seconds without a word from a worker from which on it is said how many: workers of Dask speak every few seconds."""

FULL_SHARE = 0.8
"""Share of its memory from which on a worker is nearly full: Dask then gives it nothing new to do."""

WAITING = "waiting"
"""The word for the state of a run that waits for workers of its cluster."""

TASKS: Mapping[Kind, str] = by_kind(size="fits", evolution="tasks", watched="fits")
"""The noun for what workers finish: fits of a search, shares of the generations of an evolution."""

MAX_MINUTE_RATE = 10_000  # tasks a minute; from there on they are given a second

UNIT_BYTES: Mapping[str, float] = {"MB": 1e6, "GB": 1e9, "TB": 1e12}
"""Bytes of each unit that memory of workers is given in."""


def cluster_text(cluster: ClusterSettings | None) -> str | None:
    """Return the cluster of a run's settings in a few words; None for this machine."""
    return None if cluster is None else escape_text(cluster_words(cluster))


def busy_words(cluster: ClusterFacts) -> str:
    """Return how many workers compute: ``28 of 30 workers busy``."""
    count = len(cluster.workers)
    return f"{cluster.busy} of {count} worker{'' if count == 1 else 's'} busy"


def header_words(cluster: ClusterFacts, kind: Kind) -> list[list[str]]:
    """Return words about a cluster that has workers, the fullest first: busy workers, tasks, throughput, memory."""
    busy, memory, where = busy_words(cluster), memory_words(cluster), escape_text(cluster.where)
    rate, short_rate = rate_text(cluster.rate, TASKS[kind]), rate_text(cluster.rate, "")
    waiting, short_waiting = (
        ([], []) if kind == "evolution" else ([fits_waiting(cluster)], [f"{cluster.waiting:,} waiting"])
    )
    full = [busy, *waiting, rate, memory]
    return [
        [where, *full],
        full,
        [busy, *short_waiting, short_rate, memory],
        [f"{cluster.busy}/{len(cluster.workers)} busy", *short_waiting, short_rate],
    ]


def fits_waiting(cluster: ClusterFacts) -> str:
    """Return how many fits of a search no worker has begun: ``12 fits waiting``."""
    return f"{cluster.waiting:,} fit{'' if cluster.waiting == 1 else 's'} waiting"


def rate_text(rate: float, tasks: str) -> str:
    """Return finished tasks a minute, or a second if they are many: ``248 fits/min``; without a noun if it is empty."""
    minute, noun = 60 * rate, f" {tasks}" if tasks else ""
    if minute >= MAX_MINUTE_RATE:
        return f"{rate:,.0f}{noun}/s"
    return f"{minute:.1f}{noun}/min" if 0 < minute < 9.95 else f"{minute:,.0f}{noun}/min"


def memory_words(cluster: ClusterFacts) -> str:
    """Return the memory of all workers: ``12 of 60 GB``; without the limit if a worker has none."""
    return _share_of_memory(cluster.memory, cluster.memory_limit, " of ")


def summary_of(cluster: ClusterFacts, kind: Kind) -> str:
    """Return a cluster in one line: its workers, what waits, its throughput and memory."""
    if not cluster.workers:
        return "none is connected"
    return ", ".join([*header_words(cluster, kind)[1], *trouble_words(cluster)])


def trouble_words(cluster: ClusterFacts, now: float | None = None) -> list[str]:
    """Return how many workers are nearly full, and how many are silent; empty if none is."""
    now = time.time() if now is None else now
    full = sum(is_nearly_full(worker) for worker in cluster.workers)
    silent = sum(is_silent(worker, now) for worker in cluster.workers)
    return [*([f"{full} nearly full"] if full else []), *([f"{silent} silent"] if silent else [])]


def worker_memory(worker: WorkerFacts) -> str:
    """Return the memory of a worker and its limit: ``1.2/4.0 GB``."""
    return _share_of_memory(worker.memory, worker.memory_limit, "/")


def _share_of_memory(used: int, limit: int, between: str) -> str:
    """Return both amounts in the unit of the limit; the used one alone if there is no limit."""
    if not limit:
        return amount_text(used)
    whole = amount_text(limit)
    number, _, unit = whole.partition(" ")
    if unit not in UNIT_BYTES:
        return f"{amount_text(used)}{between}{whole}"
    share = used / UNIT_BYTES[unit]
    return f"{share:.0f}{between}{whole}" if "." not in number and share >= 9.95 else f"{share:.1f}{between}{whole}"


def host_text(host: str) -> str:
    """Return a host without its domain; an address as it is."""
    name = host.partition(".")[0]
    return host if name.isdecimal() else name or host


def is_nearly_full(worker: WorkerFacts) -> bool:
    """Return whether a worker has hardly any memory left."""
    return worker.memory_limit > 0 and worker.memory >= FULL_SHARE * worker.memory_limit


def is_silent(worker: WorkerFacts, now: float) -> bool:
    """Return whether a worker was not heard of for some time."""
    return now - worker.last_seen >= MIN_SILENT_SECONDS


def seen_words(worker: WorkerFacts, now: float) -> str:
    """Return when a worker was last heard of: ``now``, or ``12s`` ago."""
    return seconds_text(now - worker.last_seen) if is_silent(worker, now) else "now"


def waits_for_workers(view: AnyView | None) -> bool:
    """Return whether a run would compute, but its cluster lacks workers."""
    if view is None or view.cluster is None or view.state not in ("starting", "running"):
        return False
    return bool(view.cluster.waits_for)


def waiting_words(view: AnyView) -> str:
    """Return what a run on a cluster waits for, with what a queue says; empty if it computes, or has no cluster."""
    if view.cluster is None or not waits_for_workers(view):
        return ""
    lacking, bracket, status = escape_text(view.cluster.waits_for).partition(" (")
    return f"{lacking} of cluster {escape_text(view.cluster.where)}{bracket}{status}"


def waiting_sentence(view: AnyView) -> str:
    """Return a sentence about what a run on a cluster waits for; empty if it computes, or has no cluster."""
    words = waiting_words(view)
    return f"Waiting for {words}; nothing is lost, and the run goes on by itself." if words else ""
