"""Lead the races of all combinations of the other searched parameters, and drop combinations that are clearly behind.

A race goes in rounds. A round wants some cells, each a candidate on a fold. When all of them have scores, the race
decides what to drop, where to look more closely, and whether to go on upwards; the next round follows. Everything is a
function of the scores alone. So the order in which fits end, the number of workers, and interruptions change nothing,
and a reader of a run sees the same decisions as the runner that made them.

Each combination has its own curve and its own race over its own sizes. All are on the same fold, so that a round holds
the fits of all of them, and combinations are compared on the same folds: at their best smoothed score.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nnsize_engine.results.candidates import combinations_of
from nnsize_engine.results.decision import ROUNDING
from nnsize_engine.results.race import (
    ERRORS_TO_DROP_OF_GRID,
    Dropped,
    RaceSettings,
    SizeRace,
    shrunk_error,
    variance_of_difference,
)
from nnsize_engine.results.score_table import Score
from nnsize_engine.results.search_records import Candidate

Cell = tuple[int, int]
"""A candidate's number and a fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceDecision:
    """The newest decision of a race, by the numbers of candidates."""

    best: int
    """The candidate with the best smoothed score."""

    recommended: int
    smoothed: Mapping[int, float]
    """Of all combinations that are still in."""

    standard_error: float | None
    slack: float
    undecided: tuple[int, ...]
    """Candidates of the recommended one's combination that may still be best or recommended, by size."""

    combinations_left: int
    """Combinations that are still in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """The state of a race after some fits, by the numbers of candidates."""

    tried: tuple[int, ...]
    """Candidates that have fits or get some now, in the search's order."""

    wanted: tuple[Cell, ...]
    """Cells that the present round still needs, fold by fold; empty when the race is over."""

    dropped: Mapping[int, Dropped]
    active: tuple[int, ...]
    """Candidates that get fits on all folds unless they are dropped later."""

    possible: tuple[int, ...]
    """Candidates that may follow, unless the answer moves to other sizes."""

    compared: tuple[int, ...]
    """Candidates in the newest decision that are not dropped; those of the first round before there is one."""

    estimated: Mapping[int, float]
    """Mean scores of dropped candidates on all folds so far.

    Their later folds are guessed from the other sizes of the combination or, if all are out, from the best one.
    """

    decision: RaceDecision | None
    """None before the first decision, and if no candidate was scored on every fold."""

    folds: int
    """Folds that every candidate which is not dropped has at the end of the present round."""


class GridRace:
    """The races of all combinations, which go on as scores come in."""

    def __init__(self, settings: RaceSettings, candidates: Sequence[Candidate]) -> None:
        self._settings = settings
        self._races = [SizeRace(settings, members) for members in combinations_of(candidates)]
        self._settled: set[SizeRace] = set()
        """The races that wait for the others' new sizes on the present fold."""

        self._live = list(self._races)
        self._folds = min(2, settings.folds)
        self._wanted: tuple[Cell, ...] = ()
        self._is_over = False

    def advance(self, scores: Mapping[Cell, Score]) -> None:
        """Go on as far as the scores reach. Scores that no round wanted yet change nothing."""
        while not self._is_over:
            self._wanted = tuple(self._missing(scores))
            if self._wanted:
                return
            self._finish_round(scores)

    def _missing(self, scores: Mapping[Cell, Score]) -> list[Cell]:
        """Return the cells of this round without a score, fold by fold."""
        found = [
            (race.candidates[place].number, fold)
            for race in self._live
            if race not in self._settled
            for place in race.active
            for fold in range(len(race.scores[place]), self._folds)
        ]
        return sorted((cell for cell in found if cell not in scores), key=lambda cell: cell[1])

    def _finish_round(self, scores: Mapping[Cell, Score]) -> None:
        """Take the scores of the round that has ended, decide, and find the next round."""
        is_last = self._folds == self._settings.folds
        for race in self._live:
            if race in self._settled:
                continue
            for place in race.active:
                column, number = race.scores[place], race.candidates[place].number
                column += [scores[number, fold] for fold in range(len(column), self._folds)]
            race.decide(self._folds)
            if new := race.new_places(is_last=is_last):
                race.tried = sorted({*race.tried, *new})
            else:
                self._settled.add(race)
        self._live = [race for race in self._live if not race.has_failed]
        if not self._settled.issuperset(self._live):
            return
        if is_last or not self._live:
            self._is_over = True
            return
        self._drop()
        self._settled.clear()
        self._folds += 1

    def _drop(self) -> None:
        """Drop the sizes and the combinations that are clearly behind."""
        top = _top_of(self._live)
        behind = self._behind(top) if top.may_drop(self._folds) else {}
        for race in self._live:
            if race not in behind and race.may_drop(self._folds):
                race.drop(self._folds)
        for race, score in behind.items():
            for place in race.active:
                race.dropped[place] = Dropped(folds=self._folds, behind=score)
        self._live = [race for race in self._live if race not in behind]

    def _behind(self, top: SizeRace) -> dict[SizeRace, float]:
        """Return how far at least the combinations are behind that can no longer have the best size.

        The error is that of the difference between the best sizes of both. The combination with the best mean stays.
        """
        best = top.scores_of_best()
        others = [race for race in self._live if race is not top]
        variances = [variance_of_difference(best, race.scores_of_best()) for race in others]
        typical = statistics.median(variances) if variances else 0.0
        of_best_mean = max(self._live, key=lambda race: race.best_mean()[1])
        rounding = ROUNDING * abs(top.best_smoothed())
        found = {}
        for race, variance in zip(others, variances, strict=True):
            error = shrunk_error(variance, typical, len(best))
            behind = top.best_smoothed() - race.best_smoothed() - ERRORS_TO_DROP_OF_GRID * error
            if behind > rounding and race is not of_best_mean:
                found[race] = behind
        return found

    def state(self) -> Race:
        """Return the state of the race."""
        dropped = {race.candidates[p].number: why for race in self._races for p, why in race.dropped.items()}
        decided = [race for race in self._live if race.decision is not None]
        shown = decided or self._races
        return Race(
            tried=_numbers(self._races, lambda race: race.tried),
            wanted=self._wanted,
            dropped=dropped,
            active=_numbers(self._live, lambda race: race.active),
            possible=() if self._is_over else _numbers(self._live, SizeRace.possible_places),
            compared=_numbers(shown, lambda race: [p for p in race.decided or race.tried if p not in race.dropped]),
            estimated=self._estimated(decided),
            decision=_decision_of(decided),
            folds=self._folds,
        )

    def _estimated(self, decided: Sequence[SizeRace]) -> dict[int, float]:
        """Return the estimated means of dropped candidates, by number."""
        means = {number: mean for race in decided for number, mean in race.estimated_means().items()}
        if not decided:
            return means
        of_best = _top_of(decided).scores_of_best()
        for race in self._races:
            if race in decided or race.has_failed:
                continue
            for place in race.dropped:
                known = [score for score in race.scores[place] if score is not None]
                if len(known) == len(race.scores[place]):
                    harder = statistics.fmean(of_best) - statistics.fmean(of_best[: len(known)])
                    means[race.candidates[place].number] = statistics.fmean(known) + harder
        return means


def race(settings: RaceSettings, candidates: Sequence[Candidate], scores: Mapping[Cell, Score]) -> Race:
    """Return the state of a race with these scores; a candidate whose fit failed on a fold has None there.

    ``candidates`` are all that may be tried. One with a failed fit is left out of the decisions.
    """
    of_all = GridRace(settings, candidates)
    of_all.advance(scores)
    return of_all.state()


def _numbers(races: Sequence[SizeRace], places: Callable[[SizeRace], Iterable[int]]) -> tuple[int, ...]:
    """Return the numbers of these candidates of each race, in the search's order."""
    return tuple(sorted(race.candidates[place].number for race in races for place in places(race)))


def _top_of(races: Sequence[SizeRace]) -> SizeRace:
    """Return the combination with the best smoothed score, the first of equals within rounding."""
    scores = [race.best_smoothed() for race in races]
    least = max(scores) - ROUNDING * max(map(abs, scores))
    return next(race for race, score in zip(races, scores, strict=True) if score >= least)


def _decision_of(decided: Sequence[SizeRace]) -> RaceDecision | None:
    """Return the decision of the combination with the best smoothed score."""
    if not decided:
        return None
    top = _top_of(decided)
    decision = top.decision
    assert decision is not None
    return RaceDecision(
        best=top.candidates[decision.best].number,
        recommended=top.candidates[decision.recommended].number,
        smoothed={number: score for race in decided for number, score in race.smoothed_scores().items()},
        standard_error=decision.standard_error,
        slack=decision.slack,
        undecided=tuple(top.candidates[place].number for place in top.undecided),
        combinations_left=len(decided),
    )
