"""Workers that died while they trained: with which fit, and how often without a result between."""

import time
from collections import Counter

from nnsize_engine.errors import ClusterError, FitError
from nnsize_engine.results.search_race import FitKey

MAX_DEATHS = 5  # of workers that trained the same fit; it is stored as failed after one more

MAX_DEATHS_IN_A_ROW = 12  # times that workers died without a finished fit between; more are no accident

TOGETHER_SECONDS = 3.0  # in which workers die with their job or their machine; it counts as once, however many they are


class Deaths:
    """Counts of dead workers; one thread uses it."""

    def __init__(self) -> None:
        self._by_fit: Counter[FitKey] = Counter()
        self._times: list[float] = []
        """Times at which workers died since the last result."""

    def note(self, fit: FitKey) -> None:
        """Note that a worker died while it trained a fit.

        Raises:
            ClusterError: workers die again and again.
        """
        self._by_fit[fit] += 1
        now = time.monotonic()
        if not self._times or now - self._times[-1] > TOGETHER_SECONDS:
            self._times.append(now)
        if len(self._times) > MAX_DEATHS_IN_A_ROW:
            raise ClusterError(
                f"workers died {len(self._times)} times in a row, most likely because memory ran out; start workers "
                "with more memory, or fewer threads each, then resume"
            )

    def note_result(self) -> None:
        """Note that a worker returned a result."""
        self._times.clear()

    def forget(self, fit: FitKey) -> None:
        """Count the deaths with a fit anew, since it has come further."""
        del self._by_fit[fit]

    def error_of(self, fit: FitKey) -> FitError | None:
        """Return the error of a fit with which too many workers died; None while it may be repeated."""
        count = self._by_fit[fit]
        if count <= MAX_DEATHS:
            return None
        return FitError(f"{count} workers died with it, most likely because memory ran out")
