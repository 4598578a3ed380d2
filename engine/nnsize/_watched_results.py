"""The fits of a watched search as a run stores them: from what workers told, or from the results of the search."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from nnsize_engine.results.scores import Score
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.settings.watched import WatchedSettings

NOT_TOLD = "scikit-learn gave it no score; its warning says why"
"""The reason of a failed fit whose worker could tell nothing."""


def fit_of(message: Mapping[str, Any], settings: WatchedSettings) -> FitResult:
    """Return the fit that a worker told of.

    Raises:
        KeyError, TypeError, ValueError: the message is none of ours.
    """
    test, train, errors = message["test"], message["train"], message["errors"]
    error = message["error"] or None
    scores = [_score(name, test, train, errors) for name in settings.score_names]
    if error is None and scores[0].test is None:
        error = scores[0].error
    return FitResult(
        candidate=int(message["candidate"]),
        fold=int(message["split"]),
        test_score=None if error else scores[0].test,
        train_score=None if error else scores[0].train,
        fit_seconds=max(0.0, float(message["fit_seconds"])),
        score_seconds=max(0.0, float(message["score_seconds"])),
        iterations=None,
        has_converged=None,
        error=error,
        further=() if message["error"] else tuple(_renamed(scores[1:], settings)),
    )


def _score(name: str, test: Mapping[str, Any], train: Mapping[str, Any], errors: Mapping[str, Any]) -> Score:
    found, of_training = test.get(name), train.get(name)
    error = errors.get(name)
    if found is None:
        error = str(error or NOT_TOLD)
    elif not math.isfinite(found):
        found, error = None, f"the score is {found}"
    if of_training is not None and not math.isfinite(of_training):
        of_training = None
    return Score(name=name, test=found, train=of_training, error=None if found is not None else error)


def _renamed(scores: list[Score], settings: WatchedSettings) -> Iterator[Score]:
    """Return scores by the names of their scorings."""
    for score, scoring in zip(scores, settings.further_scorings, strict=True):
        yield Score(name=scoring, test=score.test, train=score.train, error=score.error)


def fit_from_results(results: Mapping[str, Any], number: int, split: int, settings: WatchedSettings) -> FitResult:
    """Return a fit that no worker told of, from ``cv_results_``, which has only the mean of its times."""

    def scores(rows: str) -> dict[str, float]:
        keys = {name: f"split{split}_{rows}_{name}" for name in settings.score_names}
        return {name: float(results[key][number]) for name, key in keys.items() if key in results}

    return fit_of(
        {
            "candidate": number,
            "split": split,
            "test": scores("test"),
            "train": scores("train"),
            "errors": dict.fromkeys(settings.score_names, NOT_TOLD),
            "error": None,
            "fit_seconds": float(results["mean_fit_time"][number]),
            "score_seconds": float(results["mean_score_time"][number]),
        },
        settings,
    )
