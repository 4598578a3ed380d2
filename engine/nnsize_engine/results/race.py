"""Drop sizes that can no longer matter while a search runs, and find new ones, among those of one combination.

A size is dropped when it is behind the best smoothed score by more than the error of the difference. The error comes
from the differences on single folds. Few folds say little about a variance, so it is shrunk towards the median over all
sizes. :mod:`nnsize_engine.results.grid_race` leads the races of all combinations of the other parameters.

The constants were chosen on the study in ``engine/benchmarks/decision``.
"""

import math
import statistics
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import sub

from nnsize_engine.results.decision import ROUNDING, Decision, decide
from nnsize_engine.results.score_table import Score, ScoreTable, filled_table
from nnsize_engine.results.search_records import Candidate

FIRST_LARGEST = 64
"""The largest size of the first round; larger ones follow while the curve may still rise."""

OCTAVE = 2
"""Steps between two sizes of the first round; the sizes that may be tried are half an octave apart."""

ERRORS_TO_DROP = 1.0
"""Standard errors of the difference that a size has to be behind, where sizes are found."""

ERRORS_TO_DROP_OF_GRID = 1.5
"""The same for what is never tried again: the sizes of an explicit grid, and whole combinations."""

SLACK_OF_FOUND = 0.15
"""Share of the usual slack where sizes are found: they are an octave apart, so a whole slack is worth two octaves."""

ERRORS_TO_TELL_APART = 2.0
"""Standard errors of the difference from which on a size is said to be worse: about 95 of 100 such claims hold."""

PRIOR_FOLDS = 4
"""Folds that the median variance counts for, next to the folds of a size's own variance."""

NEAR_PERFECT = 0.95
"""Mean score from which two folds are too few to drop a size: scores near 1 differ by single rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceSettings:
    """The limits of a race."""

    folds: int
    finds_sizes: bool
    """True if sizes are added on the way; False for an explicit grid."""

    is_bounded: bool = True
    """True if 1 is the best possible score."""

    @property
    def errors_to_drop(self) -> float:
        """Standard errors of the difference that a size has to be behind."""
        return ERRORS_TO_DROP if self.finds_sizes else ERRORS_TO_DROP_OF_GRID

    @property
    def slack_share(self) -> float:
        """Share of the usual slack that the recommended size may lose."""
        return SLACK_OF_FOUND if self.finds_sizes else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The moment at which a candidate was dropped, and the reason."""

    folds: int
    """Folds after which it was dropped."""

    behind: float
    """Score that it is behind the best smoothed one at least: the difference less some standard errors."""


class SizeRace:
    """The race among the sizes of one combination of the other parameters.

    Sizes are named by their place among all that may be tried, in the order of their weights. A size is decided on
    only with the scores that were taken; taking them is the caller's part.
    """

    def __init__(self, settings: RaceSettings, candidates: Sequence[Candidate]) -> None:
        self.settings = settings
        self.candidates = tuple(sorted(candidates, key=lambda one: one.weights))
        self.tried = _first_places(self.candidates) if settings.finds_sizes else list(range(len(candidates)))
        self.dropped: dict[int, Dropped] = {}
        self.scores: list[list[Score]] = [[] for _ in candidates]
        """Of each size, fold by fold."""

        self.decision: Decision | None = None
        """The newest decision, by place; None before the first one, and while no size is usable."""

        self.decided: tuple[int, ...] = ()
        """The sizes that the newest decision is about."""

        self.undecided: tuple[int, ...] = ()
        """Sizes that the newest decision cannot tell from the best one, or that may still be recommended."""

        self.has_failed = False
        """True if no size is left that was scored on every fold."""

        self._table = ScoreTable(places=(), rows=())
        self._behind: Mapping[int, float] = {}

    @property
    def active(self) -> list[int]:
        """The sizes that are not dropped."""
        return [place for place in self.tried if place not in self.dropped]

    def decide(self, folds: int) -> None:
        """Decide anew; every size that is not dropped has a score, or a failure, on so many folds.

        Dropped sizes stay on the smoothed curve, but are never chosen: their later folds are only guessed.
        """
        self.decided = self.undecided = ()
        self.decision = None
        choosable = [place for place in self.active if None not in self.scores[place]]
        self.has_failed = not choosable
        if self.has_failed:
            return
        table = self._table = filled_table(self.scores, self.tried, folds)
        weights = [self.candidates[place].weights for place in table.places]
        of_table = decide([self.candidates[p].hidden_layer_sizes for p in table.places], weights, table.rows)
        smoothed = [-math.inf] * len(self.candidates)
        for place, score in zip(table.places, of_table.smoothed, strict=True):
            smoothed[place] = score
        rounding = ROUNDING * max(map(abs, of_table.smoothed))
        top = max(smoothed[place] for place in choosable)
        slack = self.settings.slack_share * of_table.slack
        within = [place for place in choosable if smoothed[place] >= top - slack - rounding]
        self.decided = tuple(self.tried)
        self.decision = Decision(
            best=next(place for place in choosable if smoothed[place] >= top - rounding),
            recommended=min(within, key=lambda place: (self.candidates[place].weights, -smoothed[place])),
            smoothed=tuple(smoothed),
            standard_error=of_table.standard_error,
            slack=slack,
        )
        self._judge(self.decision, choosable, rounding)

    def _judge(self, decision: Decision, choosable: Sequence[int], rounding: float) -> None:
        """Find the sizes that are clearly behind, and those that cannot be told apart from the answer.

        A larger size than the recommended one matters if it may be the best; a smaller one if it may be within the
        slack.
        """
        folds = len(self._table.rows)
        best = self._table.column(decision.best)
        columns = zip(self._table.places, zip(*self._table.rows, strict=True), strict=True)
        variances = {place: variance_of_difference(best, other) for place, other in columns if place != decision.best}
        typical = statistics.median(variances.values()) if variances else 0.0
        most_weights = self.candidates[decision.recommended].weights
        behind, apart = {}, set()
        for place, variance in variances.items():
            difference = decision.smoothed[decision.best] - decision.smoothed[place]
            error = shrunk_error(variance, typical, folds)
            limit = (0.0 if self.candidates[place].weights > most_weights else decision.slack) + rounding
            if difference - self.settings.errors_to_drop * error > limit:
                behind[place] = difference - self.settings.errors_to_drop * error
            if difference - ERRORS_TO_TELL_APART * error > limit:
                apart.add(place)
        self._behind = behind
        can_tell = self.may_drop(folds)
        self.undecided = tuple(place for place in choosable if not (can_tell and place in apart))

    def new_places(self, *, is_last: bool) -> Collection[int]:
        """Return the sizes to try as well, before the next fold.

        The next octave follows while the recommended size is within an octave of the largest one, because the smoothed
        curve is least certain at its end. On the last fold, the size just below the recommended one follows, unless the
        recommended one is the largest that may be tried: the curve still rises there, and large sizes take longest.
        """
        if self.decision is None or not self.settings.finds_sizes:
            return ()
        largest, recommended, last = self.tried[-1], self.decision.recommended, len(self.candidates) - 1
        if recommended >= largest - OCTAVE and largest < last:
            return (min(largest + OCTAVE, last),)
        if recommended == last:
            return ()
        below = max(0, recommended - 1)
        return (below,) if is_last and below not in self.tried else ()

    def possible_places(self) -> list[int]:
        """Return the sizes that may still follow unless another size is recommended later.

        Before the first decision these are all larger octaves.
        """
        if not self.settings.finds_sizes or self.has_failed:
            return []
        largest, last = self.tried[-1], len(self.candidates) - 1
        if self.decision is None:
            return [*range(largest + OCTAVE, last, OCTAVE), *([last] if largest < last else [])]
        recommended, below = self.decision.recommended, self.decision.recommended - 1
        return [below] if below >= 0 and recommended < last and below not in self.tried else []

    def may_drop(self, folds: int) -> bool:
        """Return whether so many folds tell sizes apart: near a perfect score, two of several do not."""
        assert self.decision is not None
        is_near_perfect = self.settings.is_bounded and max(self.decision.smoothed) > NEAR_PERFECT
        return folds > 2 or self.settings.folds == 2 or not is_near_perfect

    def drop(self, folds: int) -> None:
        """Drop the sizes that are clearly behind, except those that have to stay."""
        kept = self._protected()
        for place, behind in self._behind.items():
            if place not in self.dropped and place not in kept:
                self.dropped[place] = Dropped(folds=folds, behind=behind)

    def _protected(self) -> set[int]:
        """Return the sizes that stay: the best mean, the best smoothed, the recommended, the neighbours of all."""
        assert self.decision is not None
        centres = {self.decision.best, self.decision.recommended, self.best_mean()[0]}
        active = self.active
        neighbours = {one for place in centres for one in _neighbours(self.candidates, active, place)}
        return centres | neighbours

    def best_mean(self) -> tuple[int, float]:
        """Return the size with the largest mean, the first of equals, and the mean."""
        means = self._table.means()
        best = max(means, key=means.__getitem__)
        return best, means[best]

    def best_smoothed(self) -> float:
        """Return the best smoothed score."""
        assert self.decision is not None
        return self.decision.smoothed[self.decision.best]

    def scores_of_best(self) -> list[float]:
        """Return the scores of the size with the best smoothed score, fold by fold."""
        assert self.decision is not None
        return self._table.column(self.decision.best)

    def estimated_means(self) -> dict[int, float]:
        """Return the means of dropped candidates, by number; their missing scores are filled in."""
        means = self._table.means()
        return {self.candidates[place].number: mean for place, mean in means.items() if place in self.dropped}

    def smoothed_scores(self) -> dict[int, float]:
        """Return the smoothed score of each usable candidate, by number."""
        assert self.decision is not None
        return {self.candidates[place].number: self.decision.smoothed[place] for place in self._table.places}


def _first_places(candidates: Sequence[Candidate]) -> list[int]:
    """Return the sizes of the first round, an octave apart."""
    return [p for p in range(0, len(candidates), OCTAVE) if candidates[p].hidden_layer_sizes[0] <= FIRST_LARGEST]


def variance_of_difference(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the variance over folds (n - 1) of the difference of two candidates."""
    differences = list(map(sub, one, other))
    mean = math.fsum(differences) / len(differences)
    return math.fsum([(value - mean) ** 2 for value in differences]) / (len(differences) - 1)


def shrunk_error(variance: float, typical: float, folds: int) -> float:
    """Return the standard error of a difference, whose variance is shrunk towards the typical one."""
    shrunk = (PRIOR_FOLDS * typical + (folds - 1) * variance) / (folds - 1 + PRIOR_FOLDS)
    return math.sqrt(shrunk / folds)


def _neighbours(candidates: Sequence[Candidate], active: Sequence[int], of: int) -> list[int]:
    """Return the neighbours of a size among those with as many layers.

    In each layer these are the nearest one with fewer and the nearest one with more neurons; distances are octaves.
    """
    centre = candidates[of].hidden_layer_sizes
    among = [place for place in active if place != of and len(candidates[place].hidden_layer_sizes) == len(centre)]
    if len(centre) == 1:
        at = bisect_left(among, of)
        return [*among[max(0, at - 1) : at], *among[at : at + 1]]
    nearest: dict[tuple[int, bool], tuple[float, int]] = {}
    for place in among:
        steps = [math.log2(size / own) for size, own in zip(candidates[place].hidden_layer_sizes, centre, strict=True)]
        distance = math.hypot(*steps)
        for layer, step in enumerate(steps):
            if step and distance < nearest.get((layer, step > 0), (math.inf, 0))[0]:
                nearest[layer, step > 0] = distance, place
    return [place for _, place in nearest.values()]
