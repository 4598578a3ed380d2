"""Wall time, processor time and memory of a call and of all processes that it starts (Linux)."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")

_TICKS = os.sysconf("SC_CLK_TCK")
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured(Generic[ResultT]):
    """The result and the cost of a call."""

    result: ResultT
    wall_seconds: float
    processor_seconds: float
    peak_megabytes: float
    """Peak of all processes together; shared pages count once (PSS)."""


def measure(function: Callable[[], ResultT]) -> Measured[ResultT]:
    """Call a function and measure this process and its descendants during the call."""
    has_ended = threading.Event()
    peak = [0.0]

    def look() -> None:
        while not has_ended.wait(_POLL_SECONDS):
            peak[0] = max(peak[0], sum(_megabytes(pid) for pid in family()))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    processor, begin = _processor_seconds(), time.perf_counter()
    result = function()
    wall, processor = time.perf_counter() - begin, _processor_seconds() - processor
    peak[0] = max(peak[0], sum(_megabytes(pid) for pid in family()))
    has_ended.set()
    watcher.join()
    return Measured(result=result, wall_seconds=wall, processor_seconds=processor, peak_megabytes=peak[0])


def family(root: int | None = None) -> list[int]:
    """Return the ids of a process, by default this one, and of all its descendants."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _stat(int(folder.name))
            if fields:
                parents[int(folder.name)] = int(fields[1])
    found = [os.getpid() if root is None else root]
    for pid in found:  # the list grows during the loop, so that children of children follow
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name; empty if the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _processor_seconds() -> float:
    """Return the processor seconds of the living family and of children that have ended."""
    ticks = sum(int(field) for pid in family() for field in _stat(pid)[11:15])
    return ticks / _TICKS


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
