"""The numbers that candidates and splits get when a search is extended.

A candidate is numbered by its place in the search's list, and a split counts the folds of all rounds. Both may change
when sizes, rounds or repeats are added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.settings.search import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbering:
    """The new numbers of a search's candidates and splits."""

    candidates: Mapping[int, int]
    """New number by old number."""

    folds_before: int
    folds_after: int
    splits_before: int
    splits_after: int

    @classmethod
    def between(cls, before: SizeSettings, after: SizeSettings) -> Self:
        """Return the new numbers where ``after`` extends ``before``."""
        places = {_identity(candidate): candidate.number for candidate in list_candidates(after)}
        return cls(
            candidates={one.number: places[_identity(one)] for one in list_candidates(before)},
            folds_before=before.folds,
            folds_after=after.folds,
            splits_before=before.splits,
            splits_after=after.splits,
        )

    def split(self, split: int) -> int:
        """Return the new number of a split: its fold and its repeat stay. The final test follows the last split."""
        if split >= self.splits_before:
            return self.splits_after
        repeat, fold = divmod(split, self.folds_before)
        return repeat * self.folds_after + fold

    def fits(self, fits: Iterable[FitResult]) -> list[FitResult]:
        """Return fits with their new numbers."""
        return [replace(fit, candidate=self.candidates[fit.candidate], fold=self.split(fit.fold)) for fit in fits]


def _identity(candidate: Candidate) -> tuple[object, ...]:
    """Return what tells a candidate from the others of its search, whatever its number."""
    return candidate.hidden_layer_sizes, candidate.parameters
