"""Tasks that one client of Dask was given, each for one worker: submitted, finished, fetched.

A task is bound to its worker. So this side alone decides where and how often a task is repeated, and Dask never moves
one. A result is fetched by one call with a time limit: Dask's own ``gather`` waits for ever for a worker that died.
"""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from typing import Any

from nnsize_engine.cluster.worker_fits import TOPIC

FETCH_SECONDS = 60.0  # for results of a few tasks, each as large as the state of a training

SEND_SECONDS = 600.0  # for the rows of a large fold to reach a worker

CONNECTION_LOST = "scheduler-connection-lost"  # Dask's reason for what it gives up when a client loses its scheduler

ANSWER_SECONDS = 1.5  # for all workers to take a call


def send(client: Any, value: Any, address: str) -> Any:
    """Send a value to a worker, and return its future.

    Raises:
        OSError, TimeoutError: the scheduler or the worker is gone.
    """
    try:
        return client.scatter([value], workers=[address], hash=False, timeout=SEND_SECONDS)[0]
    except KeyError as error:  # the scheduler knows no such worker any more
        raise ConnectionError(f"worker {address} is gone") from error


class Dispatched:
    """The tasks of one client; only one thread submits and fetches."""

    def __init__(self, client: Any, token: str, wake: Callable[[], None]) -> None:
        """``token`` is named in reports of its tasks; ``wake`` is called from other threads when there is news."""
        self.client = client
        self.reports: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        """What tasks reported."""

        self._token = token
        self._wake = wake
        self._futures: dict[str, Any] = {}
        self._ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._connection: Any = None
        """The connection to the scheduler that was told of the wish for reports."""

        self._subscribe()

    def submit(self, task: str, address: str, function: Callable[..., Any], *arguments: Any) -> None:
        """Submit a task to a worker; arguments may be futures of this client."""
        self._subscribe()
        future = self.client.submit(
            function, *arguments, key=task, workers=[address], allow_other_workers=False, pure=False
        )
        self._futures[task] = future
        future.add_done_callback(self._note_end)

    def _subscribe(self) -> None:
        """Ask for reports; a scheduler that was started again, to which Dask reconnects by itself, knows of no wish."""
        connection = self.client.scheduler_comm
        if connection is not self._connection:
            self._connection = connection
            self.client.subscribe_topic(TOPIC, self._take_report)

    def ended(self) -> list[str]:
        """Return the tasks that have ended since the last call, however they did."""
        found = []
        while not self._ended.empty():
            found.append(self._ended.get())
        return [task for task in dict.fromkeys(found) if task in self._futures]

    def status(self, task: str) -> str:
        """Return Dask's status of a task: pending, finished, error, cancelled or lost."""
        return str(self._futures[task].status)

    def future(self, task: str) -> Any:
        """Return the future of a task, for a task that goes on from its result."""
        return self._futures[task]

    def error(self, task: str) -> BaseException | None:
        """Return the exception of a task that failed."""
        found: BaseException | None = self._futures[task].exception(timeout=FETCH_SECONDS)
        return found

    def lost_connection(self, task: str) -> bool:
        """Return whether a task was given up because the client lost its scheduler, and not because of a worker."""
        if self.status(task) != "cancelled":
            return False
        try:
            self._futures[task].result(timeout=FETCH_SECONDS)
        except CancelledError as error:
            return getattr(error, "reason", "") == CONNECTION_LOST
        return False

    def fetch(self, tasks: Sequence[str]) -> dict[str, Any]:
        """Return the results of finished tasks, without those that are lost.

        Raises:
            OSError, TimeoutError: the scheduler is gone, or does not answer.
        """
        wanted = list(tasks)
        while wanted:
            answer = self._call("gather", keys=wanted)
            if answer["status"] == "OK":
                return dict(answer["data"])
            missing = set(answer["keys"])
            if not missing:
                break
            wanted = [task for task in wanted if task not in missing]
        return {}

    def forget(self, task: str) -> None:
        """Let go of a task and its result; one that still runs is cancelled."""
        self._futures.pop(task, None)

    def call_workers(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Call a function in all worker processes; those that do not answer at once may have taken it, too."""
        try:
            self.client.sync(self.client._run, function, *arguments, on_error="ignore", callback_timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError):
            return  # the scheduler or a worker is gone; what it computed is lost anyway

    def _call(self, operation: str, **arguments: Any) -> Any:
        return self.client.sync(getattr(self.client.scheduler, operation), **arguments, callback_timeout=FETCH_SECONDS)

    def _note_end(self, future: Any) -> None:
        self._ended.put(future.key)
        self._wake()

    def _take_report(self, event: tuple[float, Any]) -> None:
        report = event[1]
        if isinstance(report, dict) and report.get("token") == self._token:
            self.reports.put(report)
            self._wake()


def new_wake() -> tuple[threading.Event, Callable[[], None]]:
    """Return an event, and the function that sets it."""
    event = threading.Event()
    return event, event.set
