"""The connection of a run to its cluster: connect, wait for workers, watch them, connect again."""

import contextlib
import threading
import time
from collections.abc import Mapping
from typing import Any

from nnsize_engine.cluster.backend import Backend, Note
from nnsize_engine.cluster.client import connected_client
from nnsize_engine.cluster.tally import WorkTally
from nnsize_engine.cluster.versions import PACKAGES, mismatch
from nnsize_engine.cluster.workers import LACKS_MEMORY, Worker, lacking, worker_of, worker_words
from nnsize_engine.errors import ClusterError
from nnsize_engine.processes.parallel import Halt
from nnsize_engine.results.cluster_facts import ClusterFacts, WorkerFacts, sorted_workers
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.text import seconds_text

LOOK_SECONDS = 0.5  # between two looks at the workers; of many workers it is longer

WORKERS_A_LOOK = 100  # for which a look takes LOOK_SECONDS; an answer about as many is 200 kB

CALL_SECONDS = 30.0  # for an answer of the scheduler or of workers that import libraries

MAX_FAILURES = 3  # looks in a row that fail, before a scheduler counts as gone that is still connected

NOTE_SECONDS = 20.0  # between two lines in the log about what a queue says; 40 jobs start one by one

MAX_LINES = 3  # lines in the log about workers that join at the same time; more are counted


class Cluster:
    """A cluster that computes a run.

    ``client`` is another one after the connection was lost; all futures of the earlier one are lost with it. So take it
    for each call, and hold futures together with the client that made them.
    """

    def __init__(self, settings: ClusterSettings, backend: Backend, note: Note, halt: Halt) -> None:
        self.settings = settings
        self.tally = WorkTally()
        """What each worker does; whoever submits tasks keeps it."""

        self._backend = backend
        self._note = note
        self._halt = halt
        self.losses = 0
        """Number of times that the scheduler was gone; all that it had is lost, also if Dask reconnected by itself."""

        self._client: Any = None
        self._workers: Mapping[str, Worker] = {}
        self._versions: dict[str, str] = {}
        """In words how the versions of each connected worker differ; empty if they do not."""

        self._refusals: set[str] = set()
        self._waits_for = "the scheduler"
        self._status = ""
        """What is known about workers that are still to come, while there is none."""

        self._change = threading.Condition()
        self._is_closed = threading.Event()

    @property
    def client(self) -> Any:
        """The ``distributed.Client``.

        Raises:
            ConnectionError: the scheduler is gone for now; :meth:`wait_for_workers` waits for it.
        """
        client = self._client
        if client is None or client.status != "running":
            raise ConnectionError("the scheduler is gone")
        return client

    def is_current(self, client: Any) -> bool:
        """Return whether a client is still the one that is connected; else all its futures are lost."""
        return client is self._client and client.status == "running"

    @property
    def is_cut_off(self) -> bool:
        """Return whether the scheduler is gone, or does not answer."""
        return self._waits_for == "the scheduler"

    @property
    def workers(self) -> Mapping[str, Worker]:
        """The workers that can be used, by address, as of the last look; empty while the scheduler is gone."""
        return self._workers

    def facts(self) -> ClusterFacts:
        """Return what is known of the cluster now, for the screen."""
        workers, busy = self._workers, self.tally.busy_with()
        names = [worker.name for worker in workers.values()]
        found = [
            WorkerFacts(
                name=worker.name if names.count(worker.name) == 1 else f"{worker.name} {worker.address}",
                host=worker.host,
                threads=worker.threads,
                fits_done=self.tally.done_by(worker.address),
                busy_with=busy.get(worker.address, ""),
                memory=worker.memory,
                memory_limit=worker.memory_limit,
                last_seen=worker.last_seen,
            )
            for worker in workers.values()
        ]
        return ClusterFacts(
            where=self.settings.where,
            workers=sorted_workers(found),
            waiting=self.tally.waiting,
            rate=self.tally.rate,
            bytes_sent=self.tally.bytes_sent,
            waits_for=f"{self._waits_for} ({self._status})" if self._status and self._waits_for else self._waits_for,
        )

    def wait_for_change(self, seconds: float) -> None:
        """Wait until workers come or go, or the time is up."""
        with self._change:
            self._change.wait(seconds)

    def connect(self) -> None:
        """Reach the scheduler for the first time, and begin to watch its workers.

        Raises:
            ClusterError: it cannot be reached, or has other versions.
        """
        self._client = connected_client(self._backend)
        self._check_scheduler()
        threading.Thread(target=self._watch, daemon=True).start()

    def _check_scheduler(self) -> None:
        """Accept a scheduler with the same versions: it unpacks each task to pass it on."""
        client, address = self._client, self._backend.address
        assert client is not None, "it is connected"
        try:
            answer = client.sync(client.scheduler.versions, packages=list(PACKAGES), callback_timeout=CALL_SECONDS)
        except (OSError, TimeoutError) as error:
            raise ClusterError(f"the scheduler {address} does not answer; start it again") from error
        if words := mismatch(answer):
            raise ClusterError(f"the scheduler {address} cannot be used: {words}; start it with the same versions")

    def wait_for_workers(self) -> None:
        """Wait until the fewest workers that the settings ask for are there, or the run is halted.

        Raises:
            ClusterError: they are not there in time.
        """
        wanted, seconds = self.settings.min_workers, self.settings.wait_seconds
        deadline, said, next_note = time.monotonic() + seconds, "", 0.0
        while len(self._workers) < wanted and not self._halt.is_set():
            status = self._status = self._backend.status()
            if status != said and time.monotonic() >= next_note:
                said, next_note = status, time.monotonic() + NOTE_SECONDS
                self._note("info", f"waiting for workers: {status}")
            if time.monotonic() > deadline:
                raise ClusterError(self._no_workers(wanted, seconds, status))
            self.wait_for_change(min(1.0, LOOK_SECONDS))

    def _no_workers(self, wanted: int, seconds: float, status: str) -> str:
        where, found = self.settings.where, len(self._workers)
        if self._refusals and not found:
            return f"no worker of {where} can be used: {'; '.join(sorted(self._refusals))}; install the same versions"
        count = "no worker" if not found else f"only {found} of {wanted} workers"
        told = f" ({status})" if status else ""
        is_others = self.settings.kind in ("scheduler", "file")
        advice = f"start one with: dask worker {self._backend.address}" if is_others else "try again later"
        return f"{count} connected to {where} within {seconds_text(seconds)}{told}; {advice}"

    def close(self) -> None:
        """Leave the cluster; Dask then forgets all tasks and rows of this run."""
        self._is_closed.set()
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):  # whatever it is, the run must end
                client.close(timeout=3)

    def _watch(self) -> None:
        """Look at the workers until the cluster is closed; connect again when the scheduler was gone."""
        failures = 0
        while not self._is_closed.wait(LOOK_SECONDS * max(1.0, len(self._workers) / WORKERS_A_LOOK)):
            client = self._client
            try:
                if client is None or client.status not in ("running", "connecting"):
                    self._client = client = connected_client(self._backend)
                    self._note("info", "the scheduler is there again")
                if client.status == "running":
                    self._look(client)
                    failures = 0
                    continue
            except (ClusterError, OSError, TimeoutError, RuntimeError, ValueError):
                failures += 1  # it is gone for now, going, or very busy; the next look tells
            if client is None or client.status != "running" or failures > MAX_FAILURES:
                self._lose_scheduler()

    def _lose_scheduler(self) -> None:
        if self._is_closed.is_set():
            return
        if not self._waits_for or self._workers:
            self._note("warning", "the scheduler is gone; the run waits until it is there again")
        if self._waits_for != "the scheduler":
            self.losses += 1
        self._versions.clear()
        self._take({}, "the scheduler")

    def _look(self, client: Any) -> None:
        """Read which workers there are, and check the versions of new ones."""
        answer = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=CALL_SECONDS)
        found: Mapping[str, Mapping[str, Any]] = answer["workers"]
        self._versions = {address: words for address, words in self._versions.items() if address in found}
        new = [address for address in found if address not in self._versions]
        if new:
            self._check_versions(client, new, found)
        usable = {
            address: worker_of(address, one) for address, one in found.items() if self._versions.get(address) == ""
        }
        self._status = "" if usable else self._status_or_problem()
        self._take(usable, lacking(usable))

    def _status_or_problem(self) -> str:
        try:
            return self._backend.status()
        except ClusterError as error:
            return str(error)

    def _check_versions(self, client: Any, new: list[str], found: Mapping[str, Mapping[str, Any]]) -> None:
        """Ask new workers for their versions; one that does not answer is asked again at the next look."""
        answers = client.sync(
            client.scheduler.broadcast,
            msg={"op": "versions", "packages": list(PACKAGES)},
            workers=new,
            on_error="ignore",
            callback_timeout=CALL_SECONDS,
        )
        for address, answer in answers.items():
            words = self._versions[address] = mismatch(answer)
            if words and words not in self._refusals:
                self._refusals.add(words)
                host = found[address].get("host", address)
                self._note("warning", f"workers such as {address} on {host} are not used: {words}")

    def _take(self, workers: Mapping[str, Worker], waits_for: str) -> None:
        """Take over what was found, and tell who waits for a change."""
        before = self._workers
        joined = [worker for address, worker in workers.items() if address not in before]
        left = [worker for address, worker in before.items() if address not in workers]
        self._say([f"{worker_words(worker)} has joined" for worker in joined], "workers have joined")
        if waits_for != "the scheduler":
            self._say([f"{worker_words(worker)} has left" for worker in left], "workers have left")
        for worker in left:
            self.tally.forget(worker.address)
        if before and not workers and waits_for == "a worker":
            self._note("warning", "no worker is left; the run waits until one joins")
        if waits_for == LACKS_MEMORY and self._waits_for != waits_for:
            self._note(
                "warning",
                "the memory of all workers is nearly full; the run waits until it is free again, or until workers with "
                "more memory join",
            )
        with self._change:
            self._workers, self._waits_for = workers, waits_for
            if joined or left:
                self._change.notify_all()

    def _say(self, lines: list[str], several: str) -> None:
        if len(lines) > MAX_LINES:
            lines = [f"{len(lines)} {several}"]
        for line in lines:
            self._note("info", line)
