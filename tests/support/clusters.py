"""Schedulers and workers of Dask as processes on this machine, started and stopped by tests."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from nnsize_engine.cluster.cluster_fits import ClusterFits
from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.opening import open_cluster
from nnsize_engine.cluster.shared_folds import SharedFolds
from nnsize_engine.data.split import load_split
from nnsize_engine.results.search_race import FitKey
from nnsize_engine.search.events import FinishedFit, SearchEvent, UnfinishedFit
from nnsize_engine.search.search import SizeSearch, plan, run_fits, stream_fits
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

START_SECONDS = 300.0  # for a process to import Dask on a busy machine

_QUIET = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error", "PYTHONSAFEPATH": "1"}


_MAIN = """
import runpy, sys
from nnsize_engine.processes.parent_watch import end_with
end_with(int(sys.argv.pop(1)))
runpy.run_module(sys.argv.pop(1), run_name="__main__")
"""
"""Runs a module in a process that ends with the tests, even if they are killed."""


class DaskProcess:
    """A scheduler or a worker in a process of its own."""

    def __init__(
        self, kind: str, *arguments: str, environment: Mapping[str, str] | None = None, prefix: Sequence[str] = ()
    ) -> None:
        """``prefix`` is a command that runs it elsewhere, such as in another network."""
        self._lines: list[str] = []
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", _MAIN, str(os.getpid()), f"distributed.cli.dask_{kind}", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **_QUIET, **(environment or {})},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.append(line)

    @property
    def output(self) -> str:
        """What it printed."""
        return "".join(self._lines)

    def send(self, number: int) -> None:
        """Send a signal to it and to what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send(signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Machines:
    """A scheduler and workers; tests kill and start them again."""

    def __init__(self, port: int | None = None, protocol: str = "tcp", options: tuple[str, ...] = ()) -> None:
        self.port = free_port() if port is None else port
        self.address = f"{protocol}://127.0.0.1:{self.port}"
        self._protocol = protocol
        self._options = options
        self.workers: list[DaskProcess] = []
        self.scheduler = self._scheduler()

    def _scheduler(self) -> DaskProcess:
        return DaskProcess(
            "scheduler", "--host", f"{self._protocol}://127.0.0.1", "--port", str(self.port), "--no-dashboard",
            *self._options,
        )  # fmt: skip

    def start_worker(self, *options: str, environment: Mapping[str, str] | None = None) -> DaskProcess:
        """Start a worker with one thread."""
        worker = DaskProcess(
            "worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1",
            "--death-timeout", str(START_SECONDS), *self._options, *options, environment=environment,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def restart_scheduler(self) -> None:
        """Kill the scheduler, start another one at its address, and workers in place of those that end with it."""
        count = len(self.workers)
        self.scheduler.kill()
        for worker in self.workers:
            worker.kill()
        self.workers.clear()
        self.scheduler = self._scheduler()
        for _ in range(count):
            self.start_worker()

    def settings(self, workers: int) -> ClusterSettings:
        """Return the settings of a run on this scheduler that waits for some workers."""
        return ClusterSettings(where=self.address, workers=(workers, workers), wait_seconds=START_SECONDS)

    @staticmethod
    def local(workers: int) -> ClusterSettings:
        """Return the settings of a run on workers of its own."""
        return ClusterSettings(where=f"local:{workers}")

    def is_idle(self) -> bool:
        """Return whether the scheduler knows of no task."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return not client.sync(client.scheduler.who_has) and not any(client.processing().values())

    def stop(self) -> None:
        """End all of them."""
        for process in (*self.workers, self.scheduler):
            process.kill()


@contextlib.contextmanager
def machines(workers: int, **options: str) -> Iterator[Machines]:
    """Start a scheduler and workers, and end them."""
    found = Machines(**options)  # type: ignore[arg-type]
    try:
        for _ in range(workers):
            found.start_worker()
        yield found
    finally:
        found.stop()


class Log:
    """Lines that a run would log."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, level: str, text: str) -> None:
        """Take a line."""
        self.lines.append(f"{level}: {text}")

    def __contains__(self, text: object) -> bool:
        return any(str(text) in line for line in self.lines)


@contextlib.contextmanager
def connected(
    where: str, folder: Path, log: Log, *, workers: int = 1, seconds: float = START_SECONDS
) -> Iterator[Cluster]:
    """Connect to a cluster as a run does."""
    settings = ClusterSettings(
        where=where, workers=None if where.startswith("local") else (workers, workers), wait_seconds=seconds
    )
    with open_cluster(settings, folder, log.note, threading.Event()) as cluster:
        yield cluster


def search_of(**changes: object) -> SizeSearch:
    """Return a search of a few short fits."""
    given = {"neurons": "2,5,9", "cv": 3, "network": NetworkParameters(max_iter=30), **changes}
    settings = SizeSettings(**given)  # type: ignore[arg-type]
    return plan(settings, load_split(settings))


def local_fits(search: SizeSearch) -> dict[FitKey, FinishedFit]:
    """Run all fits of a search in this process."""
    fits = run_fits(search, (), {}, 1, threading.Event(), lambda _: None)
    return {key_of(fit): fit for fit in fits if isinstance(fit, FinishedFit)}


def cluster_fits(
    search: SizeSearch,
    cluster: Cluster,
    *,
    unfinished: Mapping[FitKey, UnfinishedFit] | None = None,
    done: Mapping[FitKey, object] | None = None,
    halt: threading.Event | None = None,
    events: list[SearchEvent] | None = None,
    folds: SharedFolds | None = None,
) -> Iterator[FinishedFit | UnfinishedFit]:
    """Yield the fits of a search as they come from a cluster."""
    halt = threading.Event() if halt is None else halt
    emit = (lambda _: None) if events is None else events.append
    shared = SharedFolds(search, cluster) if folds is None else folds
    fits = ClusterFits(search, shared, cluster, unfinished or {}, halt, emit)
    yield from stream_fits(search, (done or {}).keys(), fits, 2, halt)


def key_of(fit: FinishedFit | UnfinishedFit) -> FitKey:
    """Return the candidate and the split of a fit."""
    return (fit.result.candidate, fit.result.fold) if isinstance(fit, FinishedFit) else (fit.candidate, fit.fold)


def same_scores(found: Mapping[FitKey, FinishedFit], expected: Mapping[FitKey, FinishedFit]) -> bool:
    """Return whether the scores, the iterations and the losses of fits are equal to the last bit."""
    return {key: _facts(fit) for key, fit in found.items()} == {key: _facts(fit) for key, fit in expected.items()}


def _facts(fit: FinishedFit) -> tuple[object, ...]:
    result = fit.result
    scores = (result.test_score, result.train_score, result.iterations, result.has_converged, result.error)
    return (*scores, fit.loss_curve, result.further)


def wait_until(is_reached: Callable[[], object], seconds: float = START_SECONDS) -> None:
    """Wait until a function returns True.

    Raises:
        AssertionError: it does not in time.
    """
    deadline = time.monotonic() + seconds
    while not is_reached():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
