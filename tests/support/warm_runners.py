"""Runners that are forked from a process which has loaded all libraries: for tests that start many.

Otherwise each loads scikit-learn, SciPy, Numba and compiled code anew, two seconds of a processor. All else but its
priority is as in a runner that :func:`nnsize_engine.runs.launch.start` starts: a process and a session of its own, its
log.
Commands and the explorer start theirs as users do, in many other tests.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

RUNNER = "nnsize_engine.runner"

WARM_RUNNER = "support.warm_runners"
"""The module in the command line of forked runners, and of the process that forks them."""

LIBRARIES = (
    "sklearn.dummy", "sklearn.ensemble", "sklearn.linear_model", "sklearn.metrics", "sklearn.model_selection",
    "sklearn.multioutput", "sklearn.neural_network", "sklearn.pipeline", "sklearn.preprocessing", "sklearn.datasets",
    "nnsize_engine.runner.search_job", "nnsize_engine.runner.evolution_worker", "nnsize_engine.search.references",
    "nnsize_engine.runner.comparison_worker", "nnsize_engine.evolution.evolve", "nnsize_engine.data.split",
)  # fmt: skip
"""Modules that runners load when they need them."""


CHECKPOINT_VARIABLE = "NNSIZE_TESTED_CHECKPOINT_SECONDS"
"""Environment variable with the seconds between two checkpoints of an evolution, or of a training; without it, ten."""

MAX_REQUEST_BYTES = 1_000_000  # an environment and some words


class WarmRunners:
    """A process that forks runners on request of any process that knows its address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def spawn(self, module: Sequence[str], log: int) -> int:
        """Start a runner with the environment of this moment, and the descriptor of a log; return its process id."""
        environment = dict(os.environ) | {"PYTHONSAFEPATH": "1"}
        request = json.dumps({"arguments": list(module), "environment": environment})
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.address)
            socket.send_fds(connection, [b" "], [log])
            connection.sendall(request.encode())
            connection.shutdown(socket.SHUT_WR)
            return int(connection.recv(20))


@contextlib.contextmanager
def warm_runners() -> Iterator[WarmRunners]:
    """Have a process that forks runners; runners it has forked outlive it.

    Its BLAS has one thread from the start, as runners limit theirs: after a fork, OpenBLAS forgets such a limit.
    """
    with tempfile.TemporaryDirectory(prefix="nnsize-") as folder, socket.socket(socket.AF_UNIX) as listener:
        address = str(Path(folder) / "runners")
        listener.bind(address)
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", WARM_RUNNER, str(listener.fileno())],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,  # its end tells the process that nobody needs it any more
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"},
        )
        try:
            yield WarmRunners(address)
        finally:
            process.communicate()


def _load() -> None:
    from nnsize_engine.evolution.warm_up import prepare_evolution
    from nnsize_engine.settings.evolution import EvolutionSettings

    for name in LIBRARIES:
        importlib.import_module(name)
    prepare_evolution(EvolutionSettings())  # training by gradient, too
    gc.freeze()


def _become_runner(request: dict[str, Any], log: int) -> NoReturn:
    from nnsize_engine.runner import __main__ as runner
    from nnsize_engine.runner import evolution_worker
    from nnsize_engine.search import search

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.environ.clear()
    os.environ.update(request["environment"])
    runner.NICENESS = 0  # tests wait for it; behind all that is at work in other tests, it would take minutes
    if seconds := os.environ.get(CHECKPOINT_VARIABLE):
        evolution_worker.CHECKPOINT_SECONDS = search.STATE_SECONDS = float(seconds)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os._exit(runner.main(request["arguments"]))


def _serve() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks for runners is interrupted, and then closes the input
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a runner
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        with connection:
            _answer(connection, listener)


def _answer(connection: socket.socket, listener: socket.socket) -> None:
    _, (log,), *_ = socket.recv_fds(connection, 1, 1)
    with connection.makefile("rb") as file:
        request = json.loads(file.read(MAX_REQUEST_BYTES))
    child = os.fork()
    if child == 0:
        connection.close()
        listener.close()
        _become_runner(request, log)
    os.close(log)
    connection.sendall(str(child).encode())


if __name__ == "__main__":
    _serve()
