"""Recommendations by the scores of each repeat alone, which show how the answer moves with the seed."""

from collections.abc import Sequence
from dataclasses import replace

from nnsize_engine.results.candidates import neurons_text
from nnsize_engine.results.choice import Choice, choose
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.statistics import CandidateSummary, shared_statistics, summarise
from nnsize_engine.settings.search import SizeSettings


def recommended_by(summaries: Sequence[CandidateSummary], folds: int, repeat: int) -> Candidate | None:
    """Return what the scores of one repeat alone recommend, as a search with that seed would.

    Returns None while a fit of the repeat is missing, and if no candidate can be chosen.
    """
    splits = slice(repeat * folds, (repeat + 1) * folds)
    if any(None in summary.fits[splits] for summary in reversed(summaries)):  # the last candidates miss fits longest
        return None
    of_repeat = [
        summarise(
            summary.candidate,
            [replace(fit, fold=fit.fold - splits.start) for fit in summary.fits[splits] if fit is not None],
            folds,
        )
        for summary in summaries
    ]
    choice = choose(of_repeat, shared_statistics(of_repeat))
    return None if choice is None else choice.recommended


class ByRepeat:
    """The recommendations of the repeats that are complete; each is made once."""

    def __init__(self, settings: SizeSettings) -> None:
        self._folds = settings.folds
        self._repeats = settings.repeats if settings.repeats > 1 else 0
        self._found: dict[int, Candidate] = {}

    def recommended(self, summaries: Sequence[CandidateSummary]) -> tuple[Candidate, ...]:
        """Return the recommended candidate of each complete repeat, in their order; empty without repeats."""
        for repeat in range(self._repeats):
            if repeat not in self._found:
                found = recommended_by(summaries, self._folds, repeat)
                if found is not None:
                    self._found[repeat] = found
        return tuple(self._found[repeat] for repeat in sorted(self._found))


def seeds_text(by_repeat: Sequence[Candidate], choice: Choice) -> str:
    """Return how the recommendation moves: ``with each of 5 seeds alone: 23 to 41 neurons``; empty before two.

    Sizes are ordered by their weights. It also counts seeds that recommend other values of the other parameters.
    """
    if len(by_repeat) < 2:
        return ""
    ordered = sorted(by_repeat, key=lambda one: (one.weights, one.hidden_layer_sizes))
    ends = dict.fromkeys(neurons_text(one) for one in (ordered[0], ordered[-1]))
    words = f"with each of {len(by_repeat)} seeds alone: {' to '.join(ends)} neurons"
    others = sum(one.parameters != choice.recommended.parameters for one in by_repeat)
    return f"{words}, with other parameters in {others}" if others else words
