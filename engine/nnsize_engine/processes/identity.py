"""Identity of processes: a process id alone may belong to another process by now.

psutil is imported on the first call, so that the start of a process does not wait for it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nnsize_engine.processes.containers import this_host

if TYPE_CHECKING:
    import psutil

MAX_KNOWN_PROCESSES = 1_000  # a home holds rarely more live runs; each takes about 1 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """A process, distinguished from any later one with the same id."""

    pid: int
    start: str
    """Start of the process: clock ticks since boot on Linux, seconds since 1970 elsewhere. Empty if unknown."""

    host: str
    """Machine, boot and process namespace in which the id is valid."""


def this_process() -> ProcessIdentity:
    """Return the identity of the calling process."""
    import psutil

    start = ""
    with suppress(psutil.Error, OSError):
        start = _start(psutil.Process())
    return ProcessIdentity(pid=os.getpid(), start=start, host=this_host())


def is_alive(identity: ProcessIdentity) -> bool | None:
    """Return whether a process still runs; None if that is unknown here, as for another machine or container.

    A child of the calling process that has ended is collected, so that it does not stay as a zombie.
    """
    if identity.host != this_host():
        return None
    import psutil

    try:
        process = _find(identity.pid, identity.start)
        if process is None or not process.is_running():
            return False
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            _collect(identity.pid)
            return False
    except psutil.NoSuchProcess:
        return False
    except (psutil.Error, OSError):
        return None
    return True if identity.start else None  # without a start time, another process may have the id by now


def is_frozen(identity: ProcessIdentity) -> bool:
    """Return whether a process is stopped by a signal, such as SIGSTOP; False if that is unknown here."""
    if identity.host != this_host():
        return False
    import psutil

    try:
        process = _find(identity.pid, identity.start)
        return process is not None and process.status() == psutil.STATUS_STOPPED
    except (psutil.Error, OSError):
        return False


def has_ended(child: int) -> bool:
    """Return whether a process that the calling process started has ended, and collect it if so."""
    import psutil

    _collect(child)
    return not psutil.pid_exists(child)


@lru_cache(maxsize=MAX_KNOWN_PROCESSES)
def _find(pid: int, start: str) -> psutil.Process | None:
    """Return the process of an id if it has this start; else None.

    Results are cached, because a start on Linux needs the time of the boot, and reading that takes milliseconds on a
    machine with hundreds of processors. A process that is not found never comes back.
    """
    import psutil

    try:
        process = psutil.Process(pid)
        return process if start in ("", _start(process)) else None
    except psutil.NoSuchProcess:
        return None


def _start(process: psutil.Process) -> str:
    """Return the start of a process as a text that does not change while the process lives.

    On Linux, psutil adds the time of the boot to the clock ticks since boot. That time changes when the clock is set,
    so it is subtracted again; the loop repeats if the clock was set in between.
    """
    import psutil

    if not psutil.LINUX:
        return f"{process.create_time():.6f}"
    while True:
        boot = psutil.boot_time()
        seconds = psutil.Process(process.pid).create_time() - boot  # a Process keeps the first time it was asked for
        if psutil.boot_time() == boot:
            return str(round(seconds * os.sysconf("SC_CLK_TCK")))


def _collect(pid: int) -> None:
    """Wait for a process that has ended, if it is a child of this one: a zombie would look alive."""
    with suppress(OSError):
        os.waitpid(pid, os.WNOHANG)
