"""Processor time and memory of a run: of its runner and all processes that the runner started.

The usage of a run on another machine is unknown.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnsize_engine.processes.identity import ProcessIdentity, is_alive

if TYPE_CHECKING:
    import psutil

_BYTES_PER_MEGABYTE = 1_000_000

_MAX_LISTING_SHARE = 0.01
"""Largest share of the time that is spent on listing children, from 0 to 1. psutil finds children by reading the parent
of every process: 1 ms with 90 processes, 50 ms with 3,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessUsage:
    """Processors and memory that a run uses."""

    processors: float
    """Processor seconds per second since the last look; 1.9 means two processors that were nearly always busy."""

    megabytes: float
    """Memory of all processes; shared memory counts once if the system tells it."""


class UsageFollower:
    """Repeated looks at the processes of one run."""

    def __init__(self) -> None:
        self._runner: ProcessIdentity | None = None
        self._processes: list[psutil.Process] = []
        self._seconds: dict[psutil.Process, float] = {}
        self._looked = 0.0
        self._next_listing = 0.0

    def look(self, runner: ProcessIdentity | None) -> ProcessUsage | None:
        """Return what the runner and its children used since the last look; None at the first, or if unknown."""
        if runner is None or not is_alive(runner):
            self._runner = None
            return None
        before, last_look, is_same = self._seconds, self._looked, runner == self._runner
        self._runner, self._looked = runner, time.monotonic()
        if not is_same or self._looked >= self._next_listing:
            self._processes = _with_children(runner.pid)
            self._next_listing = self._looked + (time.monotonic() - self._looked) / _MAX_LISTING_SHARE
        found = ((process, _processor_seconds(process)) for process in self._processes)
        self._seconds = {process: seconds for process, seconds in found if seconds is not None}
        if not is_same or not self._seconds:
            return None
        interval = max(self._looked - last_look, 1e-3)
        # The time between the last look and the end of a process is lost.
        used = sum(
            seconds - before[process] if process in before else _part_since(interval, process, seconds)
            for process, seconds in self._seconds.items()
        )
        memory = sum(map(_bytes, self._seconds))
        return ProcessUsage(processors=max(0.0, used / interval), megabytes=memory / _BYTES_PER_MEGABYTE)


def _with_children(pid: int) -> list[psutil.Process]:
    """Return a process and all its descendants."""
    import psutil

    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _processor_seconds(process: psutil.Process) -> float | None:
    """Return the processor time of a process without its children; None if it has ended or is not accessible."""
    import psutil

    try:
        times = process.cpu_times()
    except psutil.Error:
        return None
    return times.user + times.system


def _part_since(interval: float, process: psutil.Process, seconds: float) -> float:
    """Return the part of the processor time of a new process that belongs to the last interval.

    A process may be older than the interval, because children are not listed at every look.
    """
    age = time.time() - process.create_time()
    return seconds * min(1.0, interval / max(age, 1e-3))


def _bytes(process: psutil.Process) -> int:
    """Return the memory of a process: its proportional set size on Linux, its unique set size on macOS.

    Both are denied for processes of other users; their resident set size is not.
    """
    import psutil

    try:
        try:
            found = process.memory_full_info()._asdict()
        except psutil.AccessDenied:
            found = process.memory_info()._asdict()
    except psutil.Error:
        return 0
    return int(next(found[name] for name in ("pss", "uss", "rss") if name in found))
