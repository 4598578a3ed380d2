"""Training losses of one candidate's fits, epoch by epoch: of finished fits, and of those under way."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.search_reader import read_loss_curve


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCurve:
    """The training loss of one fit."""

    fold: int
    """Its split, as in :class:`nnsize_engine.results.search_records.FitResult`."""

    epochs: tuple[int, ...]
    """From 1; of a fit under way only those at which it was looked at."""

    losses: tuple[float, ...]
    is_finished: bool


class LossCurveFollower:
    """Reads the losses of one candidate at a time, each finished fit once, and remembers what fits under way said.

    A run keeps the losses of finished fits alone; how one under way came to where it is, is known to who watched it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._candidate: int | None = None
        self._finished: dict[int, LossCurve] = {}
        self._live: dict[tuple[int, int], dict[int, float]] = {}

    def watch(self, under_way: Collection[FitProgress]) -> None:
        """Remember how far the fits under way are; forget those that no longer are."""
        here = {(fit.candidate, fit.fold): self._live.get((fit.candidate, fit.fold), {}) for fit in under_way}
        for fit in under_way:
            known = here[fit.candidate, fit.fold]
            if known and fit.epochs < max(known):  # it began anew
                known.clear()
            if fit.epochs:
                known[fit.epochs] = fit.loss
        self._live = here

    def look(self, candidate: int, finished: Collection[int]) -> tuple[LossCurve, ...]:
        """The curves of a candidate of which these folds are finished, by fold; those without losses are left out.

        Raises:
            StoreError: the run is gone, unreadable or damaged.
        """
        if candidate != self._candidate:
            self._candidate, self._finished = candidate, {}
        unread = [fold for fold in finished if fold not in self._finished]
        if unread:
            with reading(self._folder) as connection:
                for fold in unread:
                    losses = read_loss_curve(connection, candidate, fold)
                    self._finished[fold] = _curve(fold, range(1, len(losses) + 1), losses, is_finished=True)
        live = [
            _curve(fold, seen.keys(), seen.values(), is_finished=False)
            for (number, fold), seen in self._live.items()
            if number == candidate and fold not in self._finished
        ]
        known = [curve for curve in (*self._finished.values(), *live) if curve.epochs]
        return tuple(sorted(known, key=lambda curve: curve.fold))


def _curve(fold: int, epochs: Collection[int], losses: Collection[float], *, is_finished: bool) -> LossCurve:
    return LossCurve(fold=fold, epochs=tuple(epochs), losses=tuple(losses), is_finished=is_finished)
