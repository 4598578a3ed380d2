"""Made-up clusters of runs that are made up."""

import contextlib
import time
from pathlib import Path

from nnsize_engine.results.cluster_facts import ClusterFacts, WorkerFacts
from nnsize_engine.runs.cluster_tables import set_cluster
from nnsize_engine.runs.database import open_for_writing, transaction

MB = 10**6
GB = 10**9


def made_cluster(workers: int = 34, *, where: str = "slurm", waiting: int = 12, waits_for: str = "") -> ClusterFacts:
    """Return a cluster of workers with numbers made from their places: some idle, some nearly full."""
    return ClusterFacts(
        where=where,
        workers=tuple(_worker(number) for number in range(workers)),
        waiting=waiting,
        rate=4.13 if workers else 0.0,
        bytes_sent=48_000_000,
        waits_for=waits_for,
    )


def _worker(number: int) -> WorkerFacts:
    return WorkerFacts(
        name=f"SLURMCluster-{number}",
        host=f"node{number // 4:03d}.cluster.example",
        threads=1,
        fits_done=3 + number * 5 % 11,
        busy_with="" if number % 7 == 6 else f"{5 + 5 * (number % 20)} neurons, fold {1 + number % 5}",
        memory=int((3.7 if number % 9 == 8 else 0.4 + 0.05 * number) * GB),
        memory_limit=4 * GB,
        last_seen=time.time() + 3600,  # it counts as now, however long a test takes
    )


def show_cluster(folder: Path, cluster: ClusterFacts | None) -> None:
    """Store a cluster as the runner of a run does."""
    with contextlib.closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        set_cluster(connection, cluster)
