"""Runners that are forked from a process which has loaded all libraries: for tests that start many.

Otherwise each loads scikit-learn, SciPy, Numba and compiled code anew, two seconds of a processor. All else but its
priority is as in a runner that :func:`nnsize_engine.runs.launch.start` starts: a process and a session of its own, its
log.
Other processes are forked from it in the same way: see :mod:`support.warm_processes`. The explorer and the commands of
many other tests start theirs as users do.
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

from support.fork_request import request_fork

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

FURTHER_LIBRARIES = (
    "pandas", "skops.io", "nnsize_engine.data.inspect", "nnsize_engine.preflight.__main__",
    "nnsize_engine.export.kinds", "nnsize_engine.preflight.kinds", "nnsize_engine.search.estimate",
    "nnsize_engine.evolution.estimate", "nnsize_engine.network.stored", "nnsize_engine.processes.side_process",
    "nnsize_engine.export.model_file", "nnsize_tui.commands", "support.warm_processes",
)  # fmt: skip
"""Modules that other processes of tests load, and runners of own tables."""


CHECKPOINT_VARIABLE = "NNSIZE_TESTED_CHECKPOINT_SECONDS"
"""Environment variable with the seconds between two checkpoints of an evolution, or of a training; without it, ten."""

MAX_REQUEST_BYTES = 1_000_000  # an environment and some words


class WarmRunners:
    """A process that forks runners on request of any process that knows its address."""

    def __init__(self, address: str, *, forks_all: bool = False) -> None:
        self.address = address
        self.forks_all = forks_all
        """True if the processes that a runner starts are forked, too."""

    def spawn(self, module: Sequence[str], log: int) -> int:
        """Start a runner with the environment of this moment, and the descriptor of a log; return its process id."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            environment = dict(os.environ) | {"PYTHONSAFEPATH": "1"}
            stdio = [nothing, log, log]
            with request_fork(self.address, module, environment, stdio, forks_all=self.forks_all) as connection:
                return int(connection.recv(20))
        finally:
            os.close(nothing)


@contextlib.contextmanager
def warm_runners(further: Sequence[str] = ()) -> Iterator[WarmRunners]:
    """Have a process that forks runners; runners it has forked outlive it.

    ``further`` modules are loaded, too. Its BLAS and its OpenMP have one thread from the start, as runners and
    references limit theirs: after a fork, OpenBLAS forgets such a limit.
    """
    with tempfile.TemporaryDirectory(prefix="nnsize-") as folder, socket.socket(socket.AF_UNIX) as listener:
        address = str(Path(folder) / "runners")
        listener.bind(address)
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", WARM_RUNNER, str(listener.fileno()), *further],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,  # its end tells the process that nobody needs it any more
            env=os.environ
            | {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONSAFEPATH": "1"}
            | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        try:
            yield WarmRunners(address)
        finally:
            process.communicate()


def _load(further: Sequence[str]) -> None:
    from nnsize_engine.evolution.warm_up import prepare_evolution
    from nnsize_engine.settings.evolution import EvolutionSettings

    for name in (*LIBRARIES, *further):
        importlib.import_module(name)
    _keep_loaded_code()
    prepare_evolution(EvolutionSettings())  # training by gradient, too
    gc.freeze()


def _keep_loaded_code() -> None:
    """Let forks use the compiled code that they have already, without the lock of the cache's folder.

    All processes of the machine load it behind that lock, and one of low priority can hold it for minutes.
    """
    from nnsize_engine.evolution import warm_up
    from nnsize_engine.network import train
    from nnsize_engine.processes.code_cache import compiling

    loaded: set[str] = set()

    @contextlib.contextmanager
    def compiling_once(part: str) -> Iterator[None]:
        if part in loaded:
            yield
            return
        with compiling(part):
            yield
        loaded.add(part)

    users: tuple[Any, ...] = train, warm_up
    for user in users:
        user.compiling = compiling_once


def _become_runner(arguments: Sequence[str]) -> NoReturn:
    from nnsize_engine.runner import __main__ as runner
    from nnsize_engine.runner import evolution_worker
    from nnsize_engine.search import search

    os.setsid()
    runner.NICENESS = 0  # tests wait for it; behind all that is at work in other tests, it would take minutes
    if seconds := os.environ.get(CHECKPOINT_VARIABLE):
        evolution_worker.CHECKPOINT_SECONDS = search.STATE_SECONDS = float(seconds)
    os._exit(runner.main(arguments))


def _become(request: dict[str, Any], stdio: Sequence[int], address: str) -> NoReturn:
    """Go on as the requested process; it asks for further processes at the same address."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    for number, descriptor in enumerate(stdio):
        os.dup2(descriptor, number)
        os.close(descriptor)
    arguments = request["arguments"]
    if not request["forks_all"]:
        _become_runner(arguments)
    from support import warm_processes

    warm_processes.fork_all(WarmRunners(address, forks_all=True))
    if arguments[0] == RUNNER:
        _become_runner(arguments)
    warm_processes.go_on_as(arguments)


def _serve() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks for runners is interrupted, and then closes the input
    _load(sys.argv[2:])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a runner
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        with connection:
            _answer(connection, listener)


def _answer(connection: socket.socket, listener: socket.socket) -> None:
    _, stdio, *_ = socket.recv_fds(connection, 1, 3)
    address = listener.getsockname()
    with connection.makefile("rb") as file:
        request = json.loads(file.read(MAX_REQUEST_BYTES))
    child = os.fork()
    if child == 0:
        listener.close()
        if request["arguments"][0] != RUNNER:
            _supervise(request, stdio, address, connection)
        connection.close()
        _become(request, stdio, address)
    for descriptor in stdio:
        os.close(descriptor)
    if request["arguments"][0] == RUNNER:
        connection.sendall(str(child).encode())


def _supervise(request: dict[str, Any], stdio: Sequence[int], address: str, connection: socket.socket) -> NoReturn:
    """Fork the requested process, tell its id and how it ended, and kill it when whoever asked is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        connection.close()
        _become(request, stdio, address)
    for descriptor in (0, *stdio):
        os.close(descriptor)
    status = None
    with contextlib.suppress(OSError):  # who asked may be gone
        connection.sendall(f"{child}\n".encode())
        end, poll = os.pidfd_open(child), select.poll()
        poll.register(end, select.POLLIN)
        poll.register(connection, 0)  # its hang-up alone
        if end not in dict(poll.poll()):
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        connection.sendall(str(status).encode())
    os._exit(0)


if __name__ == "__main__":
    _serve()
