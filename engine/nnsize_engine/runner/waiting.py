"""A runner that loads its libraries before it has a run: ``python -m nnsize_engine.runner.waiting KIND``.

Its standard input is a socket. The process that started it sends one JSON line with the folder of a run, together
with the descriptor of its log. From then on this is the runner of that run. It ends if the socket is closed before,
also by the death of that process, or if nothing comes for half an hour. It waits without any lock or file.
"""

import json
import os
import select
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.processes.giving_way import GivingWay
from nnsize_engine.runner.__main__ import enter_background, work_on
from nnsize_engine.runner.preload import preload
from nnsize_engine.runs.waiting_runner import TAKEN
from nnsize_engine.settings.run import known_kind

MAX_WAIT_SECONDS = 1800.0  # for a run; longer than most runs are set up

_READ_BYTES = 65_536  # in one turn; a path has at most 4,096 bytes on Linux


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The run to work on."""

    folder: Path
    runs_code: bool
    """True if it may call a Python function of the user."""

    log: int
    """Descriptor of the log of the run."""


def main(arguments: Sequence[str]) -> int:
    """Load libraries, wait for a run and work on it; return the exit code of its runner, 0 without a run."""
    with socket.socket(fileno=os.dup(0)) as channel:  # a copy that the processes of a run do not inherit
        _read_nothing()
        enter_background()
        giving_way = GivingWay()
        loading = threading.Thread(target=preload, args=(known_kind(arguments[1]),), daemon=True)
        loading.start()
        request = _receive(channel)
        if request is None:
            return 0
        giving_way.end()
        for output in (1, 2):
            os.dup2(request.log, output)
        os.close(request.log)
        channel.sendall(TAKEN)
    return work_on(request.folder, runs_code=request.runs_code, wait_for_libraries=loading.join)


def _read_nothing() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _receive(channel: socket.socket) -> Request | None:
    """Wait for a run; return None if none comes."""
    if not select.select([channel], [], [], MAX_WAIT_SECONDS)[0]:
        return None
    line, logs, *_ = socket.recv_fds(channel, _READ_BYTES, 1)
    while line and not line.endswith(b"\n"):
        more = channel.recv(_READ_BYTES)
        if not more:
            return None
        line += more
    if not line or not logs:
        return None
    given = json.loads(line)
    return Request(folder=Path(given["folder"]), runs_code=given["runs_code"], log=logs[0])


if __name__ == "__main__":
    code = main(sys.argv)
    # At once, as any runner: libraries may still be loading, and the interpreter would wait for fits under way.
    os._exit(code)
