"""The cluster of a run and its workers in the run file, as of a moment ago."""

import sqlite3
from dataclasses import asdict

from nnsize_engine.results.cluster_facts import (
    CLUSTER_COLUMNS,
    WORKER_COLUMNS,
    ClusterFacts,
    WorkerFacts,
    sorted_workers,
)
from nnsize_engine.runs.facts import columns_of
from nnsize_engine.runs.stored_values import select


def set_cluster(connection: sqlite3.Connection, facts: ClusterFacts | None) -> None:
    """Store what is known of the cluster now, in place of what was stored before; None for no cluster.

    Only the runner calls it, inside a :func:`nnsize_engine.runs.database.transaction`.
    """
    connection.execute("DELETE FROM cluster")
    connection.execute("DELETE FROM cluster_worker")
    if facts is None:
        return
    row = (facts.where, facts.waiting, facts.rate, facts.bytes_sent, facts.waits_for)
    connection.execute(f"INSERT INTO cluster ({', '.join(CLUSTER_COLUMNS)}) VALUES (?, ?, ?, ?, ?)", row)
    named = ", ".join(f":{name}" for name in WORKER_COLUMNS)
    connection.executemany(
        f"INSERT INTO cluster_worker ({', '.join(WORKER_COLUMNS)}) VALUES ({named})",
        [asdict(worker) for worker in facts.workers],
    )


def read_cluster(connection: sqlite3.Connection) -> ClusterFacts | None:
    """Read what the runner knew of its cluster a moment ago; None for a run without one, or of an earlier version."""
    if not columns_of(connection, "cluster"):
        return None
    rows = select(connection, "cluster", CLUSTER_COLUMNS, "LIMIT 1")
    if not rows:
        return None
    where, waiting, rate, bytes_sent, waits_for = rows[0]
    workers = select(connection, "cluster_worker", WORKER_COLUMNS)
    return ClusterFacts(
        where=where,
        workers=sorted_workers(WorkerFacts(**dict(zip(WORKER_COLUMNS, row, strict=True))) for row in workers),
        waiting=waiting,
        rate=rate,
        bytes_sent=bytes_sent,
        waits_for=waits_for,
    )
