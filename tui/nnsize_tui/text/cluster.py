"""The cluster of a run as text, for screens and commands."""

from nnsize_engine.processes.memory import amount_text
from nnsize_engine.results.cluster_facts import ClusterFacts, WorkerFacts
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.cluster import ClusterSettings, cluster_words
from nnsize_engine.text import NONE, escape_text, seconds_text

MIN_SILENT_SECONDS = 10.0
"""Seconds without a word from a worker from which on it is said how many: workers of Dask speak every few seconds."""

FULL_SHARE = 0.8
"""Share of its memory from which on a worker is nearly full: Dask then gives it nothing new to do."""


def cluster_text(cluster: ClusterSettings | None) -> str | None:
    """Return the cluster of a run's settings in a few words; None for this machine."""
    return None if cluster is None else escape_text(cluster_words(cluster))


def busy_words(cluster: ClusterFacts) -> str:
    """Return how many workers compute: ``28 of 30 workers``; of the same length while their number is."""
    count = len(cluster.workers)
    return f"{cluster.busy:>{len(str(count))}} of {count} worker{'' if count == 1 else 's'}"


def header_words(cluster: ClusterFacts) -> list[str]:
    """Return words about a cluster for the header of a run, the fullest first."""
    busy, waiting = busy_words(cluster), f"{cluster.waiting:>4} waiting"
    rate = f"{rate_text(cluster.rate):>7}"
    return [
        f"  {busy}  {waiting}  {rate}  {memory_words(cluster):>16}",
        f"  {busy}  {waiting}  {rate}",
        f"  {busy}  {waiting}",
        f"  {busy}",
    ]


def rate_text(rate: float) -> str:
    """Return finished tasks a second, or a minute if they are rare: ``4.1/s``, ``12/min``; a sign for none."""
    if rate <= 0:
        return NONE
    if rate < 1:
        return f"{60 * rate:.1f}/min" if 60 * rate < 9.95 else f"{60 * rate:.0f}/min"
    return f"{rate:.1f}/s" if rate < 99.5 else f"{rate:.0f}/s"


def memory_words(cluster: ClusterFacts) -> str:
    """Return the memory of all workers: ``12 GB of 60 GB``; without the limit if a worker has none."""
    used = amount_text(cluster.memory)
    return f"{used} of {amount_text(cluster.memory_limit)}" if cluster.memory_limit else used


def summary_of(cluster: ClusterFacts) -> str:
    """Return a cluster in one line: its workers, what waits, its throughput and memory."""
    if not cluster.workers:
        return f"none connected, {cluster.waiting} waiting"
    busy, rate = busy_words(cluster).strip(), rate_text(cluster.rate)
    return f"{busy} busy, {cluster.waiting} waiting, {rate} finished, {memory_words(cluster)}"


def worker_memory(worker: WorkerFacts) -> str:
    """Return the memory of a worker and its limit: ``1.2/4.0 GB``, in the unit of the limit if that is the same."""
    used = amount_text(worker.memory)
    if not worker.memory_limit:
        return used
    limit = amount_text(worker.memory_limit)
    number, _, unit = used.rpartition(" ")
    return f"{number}/{limit}" if limit.endswith(f" {unit}") else f"{used}/{limit}"


def host_text(host: str) -> str:
    """Return a host without its domain; an address as it is."""
    name = host.partition(".")[0]
    return host if name.isdecimal() else name or host


def is_nearly_full(worker: WorkerFacts) -> bool:
    """Return whether a worker has hardly any memory left."""
    return worker.memory_limit > 0 and worker.memory >= FULL_SHARE * worker.memory_limit


def seen_words(worker: WorkerFacts, now: float) -> str:
    """Return when a worker was last heard of: ``now``, or ``12s`` ago."""
    silent = now - worker.last_seen
    return "now" if silent < MIN_SILENT_SECONDS else seconds_text(silent)


def waiting_sentence(view: AnyView) -> str:
    """Return a sentence about what a run on a cluster waits for; empty if it computes, or has no cluster."""
    cluster = view.cluster
    if cluster is None or not cluster.waits_for or view.state not in LIVE_STATES:
        return ""
    return (
        f"Waiting for {escape_text(cluster.waits_for)} of cluster {escape_text(cluster.where)}; nothing is lost, and "
        "the run goes on by itself."
    )
