"""Wall time, processor time and memory of a call and of every process it starts (Linux)."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")

_TICKS = os.sysconf("SC_CLK_TCK")
_BETWEEN_LOOKS = 0.05  # seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured(Generic[ResultT]):
    """A call's result and cost."""

    result: ResultT
    wall_seconds: float
    processor_seconds: float
    peak_megabytes: float
    """Of all processes together; pages that processes share are counted once (PSS)."""


def measure(function: Callable[[], ResultT]) -> Measured[ResultT]:
    """Call a function and watch this process and its descendants meanwhile."""
    has_ended = threading.Event()
    peak = [0.0]

    def look() -> None:
        while not has_ended.wait(_BETWEEN_LOOKS):
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
    """A process, this one unless named, and all its descendants."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _stat(int(folder.name))
            if fields:
                parents[int(folder.name)] = int(fields[1])
    found = [os.getpid() if root is None else root]
    for pid in found:  # grows while it is read: children of children follow
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; empty for a process that has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _processor_seconds() -> float:
    """Of the living family and of children that have ended."""
    ticks = sum(int(field) for pid in family() for field in _stat(pid)[11:15])
    return ticks / _TICKS


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
