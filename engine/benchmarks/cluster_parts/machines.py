"""A scheduler and its workers as processes on this machine, for a block."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.opening import open_cluster
from nnsize_engine.settings.cluster import ClusterSettings

WORKERS_A_PROCESS = 32  # of simulated workers; more of them wait for each other's turn at the interpreter

START_SECONDS = 180.0  # for processes to import Dask on a busy machine

ENVIRONMENT = {
    "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": str(Path(__file__).parents[2]),
}


@contextlib.contextmanager
def cluster_of(workers: int, *, simulated_seconds: float | None = None) -> Iterator[Cluster]:
    """Start a scheduler and workers, and connect to them.

    Args:
        workers: their number.
        simulated_seconds: seconds of each fit, of workers that share a process; None for a process for each worker.
    """
    address = f"tcp://127.0.0.1:{_free_port()}"
    started = [_start("distributed.cli.dask_scheduler", "--host", address.rpartition(":")[0], "--port",
                      address.rpartition(":")[2], "--no-dashboard")]  # fmt: skip
    try:
        _wait_for(address)
        if simulated_seconds is None:
            options = ("--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1")
            started += [_start("distributed.cli.dask_worker", address, *options) for _ in range(workers)]
        else:
            module = "benchmarks.cluster_parts.simulated_workers"
            for first in range(0, workers, WORKERS_A_PROCESS):
                count = min(WORKERS_A_PROCESS, workers - first)
                numbers = (str(count), "--first", str(first))
                started.append(_start(module, address, *numbers, "--seconds", str(simulated_seconds)))
        settings = ClusterSettings(where=address, workers=(workers, workers), wait_seconds=START_SECONDS)
        with (
            tempfile.TemporaryDirectory() as folder,
            open_cluster(settings, Path(folder), lambda *_: None, threading.Event()) as cluster,
        ):
            yield cluster
    finally:
        for process in started:
            process.kill()
            process.wait()


def sent_bytes() -> int:
    """Return the bytes that the loopback has carried since this machine started (Linux)."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, counts = line.partition(":")
        if name.strip() == "lo":
            return int(counts.split()[0])
    return 0


def _start(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    environment: Mapping[str, str] = os.environ | ENVIRONMENT
    return subprocess.Popen([sys.executable, "-m", module, *arguments], env=environment, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
    """Wait until something answers at an address."""
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    for _ in range(int(10 * START_SECONDS)):
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
            return
        threading.Event().wait(0.1)
