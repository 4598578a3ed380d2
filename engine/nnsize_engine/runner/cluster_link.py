"""The cluster of a run, as its runner holds it: opened and closed in a thread of its own, shown to readers."""

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from nnsize_engine.results.cluster_facts import ClusterFacts
from nnsize_engine.runner.events import Emit
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.runs.cluster_tables import set_cluster
from nnsize_engine.search.events import Note
from nnsize_engine.settings.cluster import ClusterSettings

if TYPE_CHECKING:  # it loads Dask, which takes a second
    from nnsize_engine.cluster.connection import Cluster

SHOW_SECONDS = 0.7  # between two times that readers get the state of the cluster


class ClusterLink:
    """The cluster of one run."""

    def __init__(self, settings: ClusterSettings, folder: Path, journal: Journal) -> None:
        self.cluster: Cluster | None = None
        """The cluster, once its first workers are there."""

        self._connected: Cluster | None = None
        """The cluster, also while its first workers are still to come."""

        self._settings = settings
        self._folder = folder
        self._journal = journal
        self._closing = threading.Event()
        self._closed = threading.Event()
        self._has_begun = False
        self._shown_at = 0.0
        self._threads = 0

    def work(self, emit: Emit) -> None:
        """Open the cluster, and close it once :meth:`begin_closing` is called.

        Raises:
            ClusterError: it cannot be used.
        """
        from nnsize_engine.cluster.opening import open_cluster

        self._has_begun = True
        try:
            note = lambda level, text: emit(Note(text, level=level))  # noqa: E731
            with open_cluster(self._settings, self._folder, note, self._closing, self._take) as cluster:
                self.cluster = cluster
                self._closing.wait()
        finally:
            self._closed.set()

    def show(self) -> None:
        """Queue, about once a second, what is known of the cluster, and how many fits it takes at a time."""
        now = time.monotonic()
        if now - self._shown_at < SHOW_SECONDS:
            return
        self._shown_at = now
        facts = self._waiting() if self._connected is None else self._connected.facts()
        self._journal.add(lambda connection: set_cluster(connection, facts))
        threads = sum(worker.threads for worker in facts.workers)
        if threads and threads != self._threads:
            self._threads = threads
            self._journal.add(lambda connection: writer.set_workers(connection, threads))

    def _take(self, cluster: "Cluster") -> None:
        self._connected = cluster

    def _waiting(self) -> ClusterFacts:
        return ClusterFacts(
            where=self._settings.where, workers=(), waiting=0, rate=0.0, bytes_sent=0, waits_for="the first workers"
        )

    def begin_closing(self) -> None:
        """Let the cluster be closed in its thread: tasks are dropped, jobs cancelled, worker processes ended."""
        self._closing.set()

    @property
    def is_closed(self) -> bool:
        """Return whether nothing is left that this run started for the cluster."""
        return not self._has_begun or self._closed.is_set()
