"""Tell whether the process that wrote something is still alive, also when its number was given to another."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc/self")  # Linux


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """A process, told apart from any later one with the same number."""

    pid: int
    start: str
    """When it started, as the system writes it; empty where the system does not say."""

    host: str
    """Machine, boot and process namespace: where the number means something."""


def this_process() -> ProcessIdentity:
    """The identity of the calling process."""
    return ProcessIdentity(pid=os.getpid(), start=_start_of(os.getpid()) or "", host=this_host())


def is_alive(process: ProcessIdentity) -> bool | None:
    """Whether the process still runs; None where that cannot be known from here (another machine or container)."""
    if process.host != this_host():
        return None
    _reap(process.pid)
    if _PROC.is_dir():
        return _start_of(process.pid) == process.start
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return None
    return None  # some process has the number; without its start nobody knows which


def has_ended(child: int) -> bool:
    """Whether a process that this one started has ended."""
    _reap(child)
    try:
        os.kill(child, 0)
    except ProcessLookupError:
        return True
    return False


def this_host() -> str:
    """A name that differs between machines, boots and containers."""
    name = socket.gethostname()
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{name} {boot} {(_PROC / 'ns/pid').readlink()}"
    except OSError:
        return name  # not Linux: the name alone has to do


def _start_of(pid: int) -> str | None:
    """Start time in clock ticks since boot; None when there is no such process, or only its remains."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The command's name, in parentheses, may itself hold spaces and parentheses: count from the last one.
    fields = text.rpartition(")")[2].split()
    state, start = fields[0], fields[19]
    return None if state in "ZX" else start


def _reap(pid: int) -> None:
    """Collect the process if it was a child of this one, so that it does not linger as a zombie that looks alive."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except OSError:
        return
