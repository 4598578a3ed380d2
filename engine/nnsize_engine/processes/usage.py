"""What a run uses of its machine: processor time and memory of its runner and of the processes that it started.

Read from Linux's ``/proc``; elsewhere, and for a run on another machine, nothing is known.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.processes.identity import ProcessIdentity, is_alive

_PROC = Path("/proc")
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessUsage:
    """What a run used since the look before."""

    processors: float
    """Processor seconds a second: 1.9 when two processors were nearly always busy."""

    megabytes: float
    """Memory of all its processes; what several share counts once, where the system tells."""


class UsageFollower:
    """Looks at one run's processes again and again."""

    def __init__(self) -> None:
        self._runner: ProcessIdentity | None = None
        self._ticks: dict[int, int] = {}
        self._looked = 0.0

    def look(self, runner: ProcessIdentity | None) -> ProcessUsage | None:
        """What the runner and its children used since the last look; None at the first, and where it is unknown."""
        if runner is None or not is_alive(runner):
            self._runner = None
            return None
        before, since, is_same = self._ticks, self._looked, runner == self._runner
        self._runner, self._looked = runner, time.monotonic()
        self._ticks = {pid: ticks for pid in _family(runner.pid) if (ticks := _ticks(pid)) is not None}
        if not is_same or not self._ticks:
            return None
        # Of a process that is new everything counts; one that ended took what it used since with it.
        used = sum(ticks - before.get(pid, 0) for pid, ticks in self._ticks.items())
        seconds = max(self._looked - since, 1e-3)
        memory = sum(map(_bytes, self._ticks))
        return ProcessUsage(
            processors=max(0.0, used / os.sysconf("SC_CLK_TCK") / seconds), megabytes=memory / _MEGABYTE
        )


def _family(pid: int) -> list[int]:
    """A process, its children, and theirs."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += _children(one)
    return found


def _children(pid: int) -> list[int]:
    try:
        threads = list((_PROC / str(pid) / "task").iterdir())
        return [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except (OSError, ValueError):
        return []


def _ticks(pid: int) -> int | None:
    """Processor time so far, of the process itself, in clock ticks; None when there is no such process."""
    try:
        fields = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[11]) + int(fields[12])
    except (OSError, ValueError, IndexError):
        return None


def _bytes(pid: int) -> int:
    """Memory in use, pages that several processes share divided among them."""
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
