"""Start the process that works on a run, and the one that compiles ahead: detached from this terminal."""

import contextlib
import os
import time
from pathlib import Path

from nnsize_engine.errors import RunError
from nnsize_engine.processes.identity import has_ended
from nnsize_engine.processes.memory import check_limit
from nnsize_engine.processes.spawn import spawn as spawn
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.own_files import open_own, read_own
from nnsize_engine.runs.waiting_runner import WaitingRunner

LOG_NAME = "runner.log"

RUNS_CODE = "--run-code"
"""Argument of a runner that may call a Python function of the user."""

# A runner usually takes a run over in a tenth of a second; a machine that is busy or swaps needs many of them.
MAX_ANSWER_SECONDS = 60.0

MIN_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.005, 0.05  # between two looks: soon at first, for a runner that waited

MAX_LOG_BYTES = 100_000  # read of the end of a runner's log, for its last line


def start_runner(folder: Path, *, runs_code: bool = False, waiting: WaitingRunner | None = None) -> None:
    """Start a runner and wait until it has taken the run over, about a tenth of a second.

    ``waiting`` may have a runner that has loaded its libraries; it takes the run if it fits.

    Raises:
        NnsizeError: it could not start, for instance with so little memory.
    """
    allowed = [RUNS_CODE] if runs_code else []
    check_limit()
    try:
        log = open_own(folder / LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            pid = None if waiting is None else waiting.hand_over(folder, log, runs_code=runs_code)
            if pid is None:
                pid = spawn(["nnsize_engine.runner", str(folder), *allowed], log)
        finally:
            os.close(log)
    except OSError as error:
        raise RunError(f"the runner of {folder.name} cannot be started: {error.strerror or error}") from error
    deadline, pause = time.monotonic() + MAX_ANSWER_SECONDS, MIN_PAUSE_SECONDS
    while time.monotonic() < deadline:
        is_gone = has_ended(pid)  # asked first: one that ended later may have taken the run over after it was read
        header, _ = read_state(folder)
        if header.runner is not None and header.runner.pid == pid:
            return
        if is_gone:
            raise RunError(f"the runner of {folder.name} ended at once: {_last_line(folder / LOG_NAME)}")
        time.sleep(pause)
        pause = min(1.5 * pause, MAX_PAUSE_SECONDS)
    raise RunError(f"the runner of {folder.name} does not answer; its log is {folder / LOG_NAME}")


def _last_line(path: Path) -> str:
    try:
        lines = read_own(path, MAX_LOG_BYTES).decode(errors="replace").split("\n")
    except OSError as error:
        return str(error.strerror or error)
    return next((line for line in reversed(lines) if line.strip()), "it left no message")


def compile_ahead() -> None:
    """Let a background process compile what runs need, unless this machine has it; the first run waits less."""
    from nnsize_engine.processes.code_cache import COMPILED_AHEAD, needs_compiling

    if needs_compiling(COMPILED_AHEAD):
        with contextlib.suppress(OSError), Path(os.devnull).open("wb") as log:  # the first run compiles for itself
            spawn(["nnsize_engine.preflight.compile_ahead"], log.fileno())
