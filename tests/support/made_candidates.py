"""Candidates and fits with made-up scores, without a run."""

from collections.abc import Sequence

import numpy as np

from nnsize_engine.results.search_records import Candidate, FitResult


def made_candidates(count: int) -> list[Candidate]:
    """Candidates of 1, 2, 3, ... neurons."""
    return [Candidate(number=one, hidden_layer_sizes=(one + 1,), weights=10 * one + 10) for one in range(count)]


def made_fits(candidates: Sequence[Candidate], folds: int, seed: int = 0) -> list[FitResult]:
    """Every fold of every candidate, with random scores."""
    scores = np.random.RandomState(seed).normal(0.9, 0.02, (len(candidates), folds))
    return [
        made_fit(candidate.number, fold, float(scores[place, fold]))
        for place, candidate in enumerate(candidates)
        for fold in range(folds)
    ]


def made_fit(
    candidate: int, fold: int, score: float | None, *, has_converged: bool | None = True, error: str | None = None
) -> FitResult:
    """One fit."""
    return FitResult(
        candidate=candidate, fold=fold, test_score=score, train_score=score, fit_seconds=1.0, score_seconds=0.1,
        iterations=7, has_converged=has_converged, error=error,
    )  # fmt: skip
