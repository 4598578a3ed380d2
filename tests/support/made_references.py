"""Made-up references of a search, without computation."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from nnsize_engine.results.references import ReferenceName, ReferenceResult
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.writer import add_reference


def made_reference(name: ReferenceName, fold: int, score: float, *, error: str | None = None) -> ReferenceResult:
    """Return a reference on one fold; a failed one has an error instead of its scores."""
    return ReferenceResult(
        name=name,
        fold=fold,
        test_score=None if error else score,
        train_score=None if error else min(1.0, score + 0.01),
        fit_seconds=0.02,
        score_seconds=0.001,
        error=error,
    )


def made_references(means: Mapping[ReferenceName, float], cv: int) -> list[ReferenceResult]:
    """Return references on all folds, fold by fold, with these means; folds differ by 0.002."""
    return [
        made_reference(name, fold, round(mean + 0.002 * (fold - (cv - 1) / 2), 9))
        for fold in range(cv)
        for name, mean in means.items()
    ]


def add_made_references(folder: Path, results: list[ReferenceResult]) -> None:
    """Store references in a run."""
    with contextlib.closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        for result in results:
            add_reference(connection, result)
