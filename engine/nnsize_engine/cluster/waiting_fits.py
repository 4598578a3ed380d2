"""Fits that wait for a worker: those to repeat, then the next ones of the search; very short ones are grouped."""

from collections import deque
from collections.abc import Collection, Iterator, Sequence

from nnsize_engine.results.search_race import FitKey
from nnsize_engine.search.search import FitTask

GROUP_SECONDS = 0.15  # of several very short fits that are one task, about

MAX_FITS_OF_GROUP = 16

USUAL_FIT_SECONDS = 1.0  # assumed before the first result, so that the first fits are single


class WaitingFits:
    """The fits that no worker has; one thread uses it."""

    def __init__(self) -> None:
        self._again: deque[FitTask] = deque()
        self._fit_seconds = USUAL_FIT_SECONDS
        """Mean seconds of the last fits."""

    def __len__(self) -> int:
        """Return the number of fits to repeat."""
        return len(self._again)

    def next_group(self, tasks: Iterator[FitTask], unfinished: Collection[FitKey]) -> tuple[FitTask, ...]:
        """Return the fits of the next task: one, or several very short ones; empty if there are none.

        Args:
            tasks: the next fits of the search, after those to repeat.
            unfinished: fits that go on from a state; each is a task of its own.
        """
        group: list[FitTask] = []
        while len(group) < self._wanted:
            task = self._again.popleft() if self._again else next(tasks, None)
            if task is None:
                break
            is_alone = (task[0].number, task[1]) in unfinished
            if is_alone and group:
                self._again.appendleft(task)
                break
            group.append(task)
            if is_alone:
                break
        return tuple(group)

    def put_first(self, tasks: Sequence[FitTask]) -> None:
        """Let fits be the next ones, in their order."""
        self._again.extendleft(reversed(tasks))

    def put_last(self, task: FitTask) -> None:
        """Let a fit wait for the others that are repeated."""
        self._again.append(task)

    def note_seconds(self, seconds: float) -> None:
        """Note how long a fit took, from its begin to its result."""
        self._fit_seconds += 0.2 * (seconds - self._fit_seconds)

    @property
    def group_seconds(self) -> float:
        """Seconds that the next task will take, about."""
        return self._fit_seconds * self._wanted

    @property
    def _wanted(self) -> int:
        return min(MAX_FITS_OF_GROUP, max(1, int(GROUP_SECONDS / max(self._fit_seconds, 1e-4))))
