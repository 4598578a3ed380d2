"""A runner that loads its libraries while its run is still being set up, so that the run starts at once."""

import contextlib
import json
import os
import signal
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.processes.memory import available_bytes
from nnsize_engine.processes.spawn import spawn_silent
from nnsize_engine.settings.run import Kind

MODULE = "nnsize_engine.runner.waiting"

TAKEN = b"1"
"""The answer of a runner that has taken a run."""

MIN_FREE_BYTES = 1_000_000_000  # of memory, below which no runner waits; one that waits takes up to 0.2 GB

MAX_ANSWER_SECONDS = 10.0  # for a waiting runner to say that it takes the run: milliseconds, seconds on a busy machine


@dataclass(frozen=True, slots=True, kw_only=True)
class _Process:
    pid: int
    channel: socket.socket
    """What tells it its run. It ends when this is closed, also by the end of this process."""

    environment: Mapping[str, str]
    """The environment that it began with: libraries read theirs while they are loaded."""


class WaitingRunner:
    """At most one runner that waits. It may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._has_ended = False

    def start(self, kind: Kind) -> None:
        """Start a runner for this kind of run, unless one waits, none is needed any more, or memory is scarce."""
        available = available_bytes()
        if available is not None and available < MIN_FREE_BYTES:
            return
        with self._lock, contextlib.suppress(OSError):  # the start of the run says what is wrong
            if self._process is None and not self._has_ended:
                self._process = _spawn(kind)

    def hand_over(self, folder: Path, log: int, *, runs_code: bool) -> int | None:
        """Let the waiting runner work on a run, with the descriptor of its log; return its process id.

        Returns None if no runner waits or it does not fit: a runner must be started then.
        """
        with self._lock:
            waiting, self._process = self._process, None
        if waiting is None:
            return None
        if waiting.environment == dict(os.environ) and _is_taken(waiting.channel, folder, log, runs_code=runs_code):
            waiting.channel.close()
            return waiting.pid
        _end(waiting)
        return None

    def end(self) -> None:
        """End the runner that waits, and let none be started any more."""
        with self._lock:
            self._has_ended = True
            waiting, self._process = self._process, None
        if waiting is not None:
            _end(waiting)


def _spawn(kind: Kind) -> _Process:
    """Start a runner that waits.

    Raises:
        OSError: it cannot be started.
    """
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            pid = spawn_silent([MODULE, kind], theirs.fileno())
    except OSError:
        ours.close()
        raise
    return _Process(pid=pid, channel=ours, environment=dict(os.environ))


def _is_taken(channel: socket.socket, folder: Path, log: int, *, runs_code: bool) -> bool:
    """Tell a waiting runner its run; return whether it takes it."""
    request = json.dumps({"folder": str(folder.absolute()), "runs_code": runs_code})
    try:
        channel.settimeout(MAX_ANSWER_SECONDS)
        socket.send_fds(channel, [f"{request}\n".encode()], [log])
        return channel.recv(1) == TAKEN
    except OSError:  # it has ended, or is frozen
        return False


def _end(waiting: _Process) -> None:
    """End a runner that has no run yet; it holds nothing that must be tidied up."""
    waiting.channel.close()
    with contextlib.suppress(OSError):
        os.kill(waiting.pid, signal.SIGKILL)
    # On a busy machine, its end takes a while.
    threading.Thread(target=_collect, args=(waiting.pid,), daemon=True).start()


def _collect(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.waitpid(pid, 0)
