"""What each worker of a run does and has done, as the runner knows it."""

import threading
import time
from collections import Counter, deque
from collections.abc import Mapping

RATE_SECONDS = 60.0  # over which the rate of finished tasks is taken

MAX_TIMES = 100_000  # finished tasks that the rate is computed from


class WorkTally:
    """Counts of tasks by worker; any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: Counter[str] = Counter()
        self._under_way: dict[str, dict[str, str]] = {}
        self._times: deque[float] = deque(maxlen=MAX_TIMES)
        self._began = time.monotonic()
        self._waiting = 0
        self._bytes = 0

    def begin(self, address: str, task: str, words: str) -> None:
        """Note that a worker has begun a task, with words for what it is."""
        with self._lock:
            self._under_way.setdefault(address, {})[task] = words

    def end(self, address: str, task: str, *, done: int) -> None:
        """Note that a worker has left a task: what it has finished in it; 0 if the task was lost or halted."""
        with self._lock:
            self._under_way.get(address, {}).pop(task, None)
            self._done[address] += done
            self._times.extend([time.monotonic()] * done)

    def forget(self, address: str) -> None:
        """Note that a worker is gone, with what it had under way."""
        with self._lock:
            self._under_way.pop(address, None)

    def set_waiting(self, count: int) -> None:
        """Note how many tasks no worker has begun."""
        with self._lock:
            self._waiting = count

    def add_bytes(self, count: int) -> None:
        """Note that bytes were sent to a worker."""
        with self._lock:
            self._bytes += count

    @property
    def waiting(self) -> int:
        """Tasks that no worker has begun."""
        return self._waiting

    @property
    def bytes_sent(self) -> int:
        """Bytes sent to workers."""
        return self._bytes

    @property
    def rate(self) -> float:
        """Tasks finished a second, over the last minute."""
        now = time.monotonic()
        with self._lock:
            while self._times and now - self._times[0] > RATE_SECONDS:
                self._times.popleft()
            return len(self._times) / max(1.0, min(RATE_SECONDS, now - self._began))

    def done_by(self, address: str) -> int:
        """Return the number of tasks that a worker has finished."""
        return self._done[address]

    def busy_with(self) -> Mapping[str, str]:
        """Return in words what each busy worker computes, by address."""
        with self._lock:
            return {address: _words(list(tasks.values())) for address, tasks in self._under_way.items() if tasks}


def _words(tasks: list[str]) -> str:
    return tasks[0] if len(tasks) == 1 else f"{tasks[0]} and {len(tasks) - 1} more"
