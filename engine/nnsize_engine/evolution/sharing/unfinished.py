"""The members of a round that have no loss yet, and those that no worker has been asked for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.evaluator import Part
from nnsize_engine.evolution.sharing.messages import PartLosses


class Unfinished:
    """The members of one round."""

    def __init__(self, members: int) -> None:
        self.losses = np.full(members, np.inf)
        """Losses that came back, shape (members,)."""

        self._is_done: NDArray[np.bool_] = np.zeros(members, dtype=np.bool_)
        self._lost: NDArray[np.uint8] = np.zeros(members, dtype=np.uint8)
        self._waiting: list[Part] = [(0, members)] if members else []

    @property
    def done(self) -> int:
        """Number of members whose losses came back."""
        return int(self._is_done.sum())

    @property
    def is_complete(self) -> bool:
        """Return whether all losses came back."""
        return bool(self._is_done.all())

    @property
    def waiting(self) -> int:
        """Number of members that no worker has been asked for."""
        return sum(last - first for first, last in self._waiting)

    def take(self, members: int) -> Part | None:
        """Return the next members to ask for, so many at most; None if there are none."""
        while self._waiting:
            first, last = self._waiting.pop(0)
            cut = min(first + members, last)
            if cut < last:
                self._waiting.insert(0, (cut, last))
            if not self._is_done[first:cut].all():
                return first, cut
        return None

    def put_back(self, part: Part) -> None:
        """Ask for members again, before all others; those that came back meanwhile are left out."""
        if not self._is_done[slice(*part)].all():
            self._waiting.insert(0, part)

    def lose(self, part: Part) -> int:
        """Ask again for members that a worker died with; return how many workers died with one of them, at most."""
        self.put_back(part)
        rows = slice(*part)
        self._lost[rows][~self._is_done[rows]] += 1
        return int(self._lost[rows].max())

    def fill(self, losses: PartLosses) -> None:
        """Take losses that came back; of those that came twice, the first ones stay."""
        rows = slice(losses.first, losses.last)
        if not self._is_done[rows].any():
            losses.fill(self.losses)
        else:
            here: NDArray[Any] = np.full(len(self.losses), np.inf)
            losses.fill(here)
            self.losses[rows] = np.where(self._is_done[rows], self.losses[rows], here[rows])
        self._is_done[rows] = True
