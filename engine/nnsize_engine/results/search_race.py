"""Follow the race of a search: the runner and every reader of the run make the same decisions."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.race import (
    ERRORS_TO_DROP,
    ERRORS_TO_DROP_OF_GRID,
    SLACK_OF_FOUND,
    Dropped,
    Race,
    RaceSettings,
    race,
)
from nnsize_engine.results.records import Candidate, FitResult
from nnsize_engine.results.statistics import SharedStatistics
from nnsize_engine.settings.scorings import has_best_score_one
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text

FitKey = tuple[int, int]
"""A candidate's number and a split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceView:
    """The state of a race, by the numbers of candidates."""

    tried: tuple[int, ...]
    """Candidates that have fits or get some now, in the search's order."""

    dropped: Mapping[int, Dropped]
    """Candidates that are out, with the reason."""

    compared: tuple[int, ...]
    """Candidates in the newest decision that are not dropped; those of the first round before there is one."""

    recommended: int | None
    """The candidate that the newest decision recommends."""

    wanted: tuple[FitKey, ...]
    """Fits that the present round still needs, fold by fold; empty when the race is over."""

    total: int
    """Fits of the whole race, if nothing more is dropped or added."""

    race: Race
    """The same by numbers of neurons, with the newest decision."""


class SearchRace:
    """The race of one search, followed as fits end.

    A decision looks at all sizes, so it is made only when the last fit of a round has ended.
    """

    def __init__(self, settings: SizeSettings) -> None:
        self._folds = settings.folds
        self._sizes = {candidate.number: candidate.hidden_layer_sizes[0] for candidate in list_candidates(settings)}
        self._numbers = {size: number for number, size in self._sizes.items()}
        is_found = settings.finds_sizes
        self._settings = RaceSettings(
            folds=settings.folds,
            max_neurons=max(self._numbers),
            sizes=() if is_found else tuple(sorted(self._numbers)),
            errors_to_drop=ERRORS_TO_DROP if is_found else ERRORS_TO_DROP_OF_GRID,
            slack_share=SLACK_OF_FOUND if is_found else 1.0,
            is_bounded=has_best_score_one(settings.scoring),
        )
        self._scores: dict[FitKey, float | None] = {}
        self._race = race(self._settings, {})

    def take(self, fits: Iterable[FitResult]) -> bool:
        """Take fits that have ended; return whether a round has ended with them."""
        for fit in fits:
            score = fit.test_score
            is_usable = fit.error is None and score is not None and math.isfinite(score)
            self._scores[self._sizes[fit.candidate], fit.fold] = score if is_usable else None
        if not self._race.wanted or any(cell not in self._scores for cell in self._race.wanted):
            return False
        self._race = race(self._settings, self._scores)
        return True

    @property
    def is_over(self) -> bool:
        """Return whether no fit is wanted any more."""
        return not self._race.wanted

    def view(self) -> RaceView:
        """Return the state of the race."""
        now, numbers = self._race, self._numbers
        missing = sum((size, fold) not in self._scores for size in now.active for fold in range(self._folds))
        decided = [size for size in now.decided or now.sizes if size not in now.dropped]
        return RaceView(
            tried=tuple(sorted(numbers[size] for size in now.sizes)),
            dropped={numbers[size]: reason for size, reason in now.dropped.items()},
            compared=tuple(sorted(numbers[size] for size in decided)),
            recommended=None if now.recommended is None else numbers[now.recommended],
            wanted=tuple((numbers[size], fold) for size, fold in now.wanted if (size, fold) not in self._scores),
            total=len(self._scores) + (missing if now.wanted else 0),
            race=now,
        )


def recommend_by_race(
    choice: Choice | None, race: RaceView, candidates: Sequence[Candidate], shared: Sequence[SharedStatistics]
) -> Choice | None:
    """Return a choice with the race's own recommendation, which also knows the folds that dropped sizes have.

    ``candidates`` and ``shared`` are in the search's order. Before the first decision, the choice stays as it is.
    """
    decision, decided = race.race.decision, race.race.decided
    if choice is None or decision is None:
        return choice
    by_size = {candidate.hidden_layer_sizes[0]: candidate for candidate in candidates}
    recommended = by_size[decided[decision.recommended]]
    mean = shared[recommended.number].mean
    if mean is None:
        return choice
    return replace(
        choice,
        recommended=recommended,
        recommended_mean=mean,
        recommended_error=shared[recommended.number].standard_error,
        best_smoothed=by_size[decided[decision.best]],
        smoothed={
            by_size[size].number: score
            for size, score in zip(decided, decision.smoothed, strict=True)
            if math.isfinite(score)
        },
        smoothed_error=decision.standard_error,
        slack=decision.slack,
    )


def dropped_words(dropped: Dropped, digits: int = 4) -> str:
    """Return when and why a candidate is out: ``after 3 folds: at least 0.0040 behind``."""
    return f"after {dropped.folds} folds: at least {score_text(dropped.behind, digits)} behind"
