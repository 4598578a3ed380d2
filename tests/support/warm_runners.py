"""Runners that are forked from a process which has loaded all libraries: for tests that start many.

Otherwise each loads scikit-learn, SciPy, Numba and compiled code anew, two seconds of a processor. All else is as in a
runner that :func:`nnsize_engine.runs.launch.start` starts: a process and a session of its own, its log, its priority.
Commands and the explorer start theirs as users do, in many other tests.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

RUNNER = "nnsize_engine.runner"

LIBRARIES = (
    "sklearn.dummy", "sklearn.ensemble", "sklearn.linear_model", "sklearn.metrics", "sklearn.model_selection",
    "sklearn.multioutput", "sklearn.neural_network", "sklearn.pipeline", "sklearn.preprocessing", "sklearn.datasets",
    "nnsize_engine.runner.search_job", "nnsize_engine.runner.evolution_worker", "nnsize_engine.search.references",
    "nnsize_engine.runner.comparison_worker", "nnsize_engine.evolution.evolve", "nnsize_engine.data.split",
)  # fmt: skip
"""Modules that runners load when they need them."""


class WarmRunners:
    """A process that forks runners on request.

    Its BLAS has one thread from the start, as runners limit theirs: after a fork, OpenBLAS forgets such a limit.
    """

    def __init__(self) -> None:
        self._logs, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"},
        )
        theirs.close()

    def spawn(self, module: Sequence[str], log: int) -> int:
        """Start a runner with the environment of this moment, and the descriptor of a log; return its process id."""
        environment = dict(os.environ) | {"PYTHONSAFEPATH": "1"}
        request = json.dumps({"arguments": list(module), "environment": environment})
        socket.send_fds(self._logs, [b" "], [log])
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{request}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the process; runners it has forked go on."""
        self._process.communicate()
        self._logs.close()


@contextlib.contextmanager
def warm_runners() -> Iterator[WarmRunners]:
    """Have a process that forks runners."""
    runners = WarmRunners()
    try:
        yield runners
    finally:
        runners.close()


def _load() -> None:
    from nnsize_engine.evolution.warm_up import prepare_evolution
    from nnsize_engine.settings.evolution import EvolutionSettings

    for name in LIBRARIES:
        importlib.import_module(name)
    prepare_evolution(EvolutionSettings())  # training by gradient, too
    gc.freeze()


def _become_runner(request: dict[str, Any], log: int) -> NoReturn:
    from nnsize_engine.runner.__main__ import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.clear()
    os.environ.update(request["environment"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os._exit(main(request["arguments"]))


def _serve() -> None:
    answers, logs = os.fdopen(os.dup(1), "w"), socket.socket(fileno=int(sys.argv[1]))
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a runner
    for line in sys.stdin:
        _, (log,), *_ = socket.recv_fds(logs, 1, 1)
        child = os.fork()
        if child == 0:
            answers.close()
            logs.close()
            _become_runner(json.loads(line), log)
        os.close(log)
        answers.write(f"{child}\n")
        answers.flush()


if __name__ == "__main__":
    _serve()
