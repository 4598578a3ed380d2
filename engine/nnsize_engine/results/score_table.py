"""The scores of several sizes by fold, with the missing ones of dropped sizes filled in."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

Score = float | None
"""The score of a candidate on a fold, the mean over repeats; None when a fit failed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreTable:
    """The scores of the usable sizes, which are named by their places among all sizes."""

    places: tuple[int, ...]
    rows: Sequence[Sequence[float]]
    """A row a fold, a column a size."""

    def column(self, place: int) -> list[float]:
        """Return the scores of one size, fold by fold."""
        at = self.places.index(place)
        return [row[at] for row in self.rows]

    def means(self) -> dict[int, float]:
        """Return the mean of each size."""
        means = map(statistics.fmean, zip(*self.rows, strict=True))
        return dict(zip(self.places, means, strict=True))


def filled_table(scores: Sequence[Sequence[Score]], tried: Sequence[int], folds: int) -> ScoreTable:
    """Return the tried sizes without a failed fit and their scores; the missing scores of a dropped size are filled in.

    A missing score is the size's mean plus the fold's effect, both on the folds that the size has.
    """
    usable: list[int] = []
    known: list[list[float]] = []
    for place in tried:
        column = [one for one in scores[place] if one is not None]
        if len(column) == len(scores[place]):
            usable.append(place)
            known.append(column)
    whole = [column for column in known if len(column) == folds]
    effects = [statistics.fmean(of_fold) for of_fold in zip(*whole, strict=True)]
    for column in known:
        if (own := len(column)) < folds:
            level = statistics.fmean(column) - statistics.fmean(effects[:own])
            column += [level + effect for effect in effects[own:]]
    return ScoreTable(places=tuple(usable), rows=list(zip(*known, strict=True)))
