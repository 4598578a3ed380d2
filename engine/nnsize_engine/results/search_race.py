"""Follow the race of a search: the runner and every reader of the run make the same decisions."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nnsize_engine.results.choice import Choice
from nnsize_engine.results.grid_race import Cell, GridRace, Race
from nnsize_engine.results.race import Dropped, RaceSettings
from nnsize_engine.results.score_table import Score
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.results.statistics import SharedStatistics, numpy_mean
from nnsize_engine.settings.scorings import has_best_score_one
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text

FitKey = tuple[int, int]
"""A candidate's number and a split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceView:
    """The state of a race and its fits."""

    race: Race
    wanted: tuple[FitKey, ...]
    """Fits that the present round still needs, fold by fold; empty when the race is over."""

    total: int
    """Fits of the whole race at most, unless the answer moves to other sizes."""

    @property
    def tried(self) -> tuple[int, ...]:
        """Candidates that have fits or get some now, in the search's order."""
        return self.race.tried

    @property
    def dropped(self) -> Mapping[int, Dropped]:
        """Candidates that are out, with the reason."""
        return self.race.dropped

    @property
    def compared(self) -> tuple[int, ...]:
        """Candidates that are compared with one another."""
        return self.race.compared

    @property
    def recommended(self) -> int | None:
        """The candidate that the newest decision recommends."""
        return None if self.race.decision is None else self.race.decision.recommended


class SearchRace:
    """The race of one search, followed as fits end.

    A decision looks at all candidates, so it is made only when the last fit of a round has ended. With repeats, the
    score of a candidate on a fold is the mean over its fits there. ``candidates`` are all of the search.
    """

    def __init__(self, settings: SizeSettings, candidates: Sequence[Candidate]) -> None:
        self._folds, self._repeats = settings.folds, settings.repeats
        self._ended: dict[FitKey, Score] = {}
        self._scores: dict[Cell, Score] = {}
        self._race = GridRace(
            RaceSettings(
                folds=settings.folds,
                finds_sizes=settings.finds_sizes,
                is_bounded=has_best_score_one(settings.scoring),
            ),
            candidates,
        )
        self._view = self._advance()
        self._outstanding = dict.fromkeys(self._view.wanted)
        """The wanted fits that have not ended, in order."""

    def take(self, fits: Iterable[FitResult]) -> bool:
        """Take fits that have ended; return whether a round has ended with them."""
        for fit in fits:
            score = fit.test_score
            is_usable = fit.error is None and score is not None and math.isfinite(score)
            key = fit.candidate, fit.fold
            self._ended[key] = score if is_usable else None
            self._outstanding.pop(key, None)
            self._take_cell((fit.candidate, fit.fold % self._folds))
        if self._outstanding or not self._view.wanted:
            return False
        self._view = self._advance()
        self._outstanding = dict.fromkeys(self._view.wanted)
        return True

    def _take_cell(self, cell: Cell) -> None:
        """Take the score of a candidate on a fold as soon as all its fits there have ended."""
        ended = self._ended
        if self._repeats == 1:  # most searches, with up to millions of cells
            self._scores[cell] = ended[cell]
            return
        keys = self._keys(cell)
        if all(key in ended for key in keys):
            scores = [score for key in keys if (score := ended[key]) is not None]
            self._scores[cell] = numpy_mean(scores) if len(scores) == self._repeats else None

    def _keys(self, cell: Cell) -> list[FitKey]:
        number, fold = cell
        return [(number, repeat * self._folds + fold) for repeat in range(self._repeats)]

    def _advance(self) -> RaceView:
        """Go on to the next round."""
        self._race.advance(self._scores)
        race = self._race.state()
        fits = [key for cell in race.wanted for key in self._keys(cell) if key not in self._ended]
        fits.sort(key=lambda key: (key[1] % self._folds, key[1]))  # by fold, then by repeat
        return RaceView(race=race, wanted=tuple(fits), total=self._total(race))

    def _total(self, race: Race) -> int:
        """Return the fits that have ended, and those that can follow."""
        if not race.wanted:
            return len(self._ended)
        splits = range(self._folds * self._repeats)
        left = sum((number, split) not in self._ended for number in race.active for split in splits)
        return len(self._ended) + left + len(race.possible) * len(splits)

    @property
    def is_over(self) -> bool:
        """Return whether no fit is wanted any more."""
        return not self._view.wanted

    def view(self) -> RaceView:
        """Return the state of the race."""
        return replace(self._view, wanted=tuple(self._outstanding))


def recommend_by_race(
    choice: Choice | None, view: RaceView, candidates: Sequence[Candidate], shared: Sequence[SharedStatistics]
) -> Choice | None:
    """Return a choice with the race's own recommendation, which also knows the folds that dropped sizes have.

    ``candidates`` and ``shared`` are in the search's order. Before the first decision, the choice stays as it is.
    """
    decision = view.race.decision
    if choice is None or decision is None:
        return choice
    own = shared[decision.recommended]
    if own.mean is None:
        return choice
    return replace(
        choice,
        recommended=candidates[decision.recommended],
        recommended_mean=own.mean,
        recommended_error=own.standard_error,
        best_smoothed=candidates[decision.best],
        smoothed=decision.smoothed,
        smoothed_error=decision.standard_error,
        slack=decision.slack,
    )


def dropped_words(dropped: Dropped, digits: int = 4) -> str:
    """Return when and why a candidate is out: ``after 3 folds: at least 0.0040 behind``."""
    return f"after {dropped.folds} folds: at least {score_text(dropped.behind, digits)} behind"
