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
    found = _look(os.getpid())
    return ProcessIdentity(pid=os.getpid(), start=found.start if found is not None else "", host=this_host())


def is_alive(process: ProcessIdentity) -> bool | None:
    """Whether the process still runs; None where that cannot be known from here (another machine or container)."""
    if process.host != this_host():
        return None
    if _PROC.is_dir():
        found = _look(process.pid)
        if found is None or found.start != process.start:
            return False
        if found.has_ended:  # only now: another child with that number is for whoever started it to collect
            _reap(process.pid)
        return not found.has_ended
    _reap(process.pid)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the system says of a process."""

    start: str
    """In clock ticks since boot."""

    has_ended: bool
    """Whether only its remains are left."""


def _look(pid: int) -> _Seen | None:
    """What there is of a process; None when there is none of that number, or the system does not say."""
    try:
        content = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # The command's name, in parentheses, may hold any bytes, spaces and parentheses too: count from the last one.
    fields = content.rpartition(b")")[2].decode().split()
    return _Seen(start=fields[19], has_ended=fields[0] in "ZX")


def _reap(pid: int) -> None:
    """Collect the process if it was a child of this one, so that it does not linger as a zombie that looks alive."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except OSError:
        return
