"""Simple models on the folds of a search: a dummy, a linear model, gradient-boosted trees.

Each gets the inputs that the networks get, so it equals scikit-learn's ``cross_val_score`` of a pipeline with the same
first step. This module is imported in a process of its own, because its models take a second to import.
"""

import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, assert_never

import numpy as np

from nnsize_engine.data.split import Floats, Inputs, Split, Targets
from nnsize_engine.errors import FitError
from nnsize_engine.processes.memory import amount_text
from nnsize_engine.results.references import ReferenceName, ReferenceResult
from nnsize_engine.results.scores import score_of
from nnsize_engine.scoring.estimator_score import score_estimator
from nnsize_engine.search.fold_rows import MAX_SHARED_BYTES, FitRows, make_rows, take_rows, take_weights
from nnsize_engine.search.folds import Fold
from nnsize_engine.settings.search import SizeSettings

MAX_ITERATIONS = 10_000  # of the logistic regression; on scaled inputs it needs some hundreds at most


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReferenceWork:
    """The references to fit, and the rows to fit them on."""

    settings: SizeSettings
    X: Inputs
    y: Targets
    folds: tuple[Fold, ...]
    outstanding: tuple[tuple[ReferenceName, int], ...]
    """References and folds, fold by fold."""

    sample_weight: Floats | None = None
    """Weight of each row in training; None where all count the same."""


def reason_to_leave_out(split: Split) -> str | None:
    """Return why references are not fitted on these rows; None if they are.

    They need the inputs a second time, in a process of their own.
    """
    size = split.facts.train_rows * split.facts.inputs * np.dtype(float).itemsize
    if size <= MAX_SHARED_BYTES:
        return None
    return f"the table is large, and they would need another {amount_text(size)} of memory or more"


def make_reference(name: ReferenceName, settings: SizeSettings) -> Any:
    """Return the unfitted model of a reference."""
    is_regression = settings.task == "regression"
    match name:
        case "dummy":
            from sklearn.dummy import DummyClassifier, DummyRegressor

            return DummyRegressor() if is_regression else DummyClassifier(strategy="prior")
        case "linear":
            from sklearn.linear_model import LogisticRegression, Ridge

            return Ridge() if is_regression else _of_labels(LogisticRegression(max_iter=MAX_ITERATIONS), settings)
        case "trees":
            return _boosted_trees(settings, is_regression=is_regression)
        case _:
            assert_never(name)


def _boosted_trees(settings: SizeSettings, *, is_regression: bool) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.multioutput import MultiOutputRegressor

    if not is_regression:
        return _of_labels(HistGradientBoostingClassifier(random_state=settings.seed), settings)
    trees = HistGradientBoostingRegressor(random_state=settings.seed)
    return MultiOutputRegressor(trees) if settings.known.targets > 1 else trees


def _of_labels(classifier: Any, settings: SizeSettings) -> Any:
    """Return a classifier as one that predicts several labels, if the task has them."""
    from sklearn.multioutput import MultiOutputClassifier

    return MultiOutputClassifier(classifier) if settings.task == "multilabel" else classifier


def fit_references(work: ReferenceWork) -> Iterator[ReferenceResult]:
    """Fit and score each outstanding reference; one that fails has its reason."""
    settings = replace(work.settings, precision="float64")
    rows: FitRows | None = None
    fold_of_rows = -1
    for name, fold in work.outstanding:
        if rows is None or fold != fold_of_rows:
            chosen, X, y = work.folds[fold], work.X, work.y
            rows = make_rows(
                take_rows(X, chosen.train), y[chosen.train], take_rows(X, chosen.test), y[chosen.test], settings,
                is_tested_once=False,
            ).weighted(take_weights(work.sample_weight, chosen.train))  # fmt: skip
            fold_of_rows = fold
        yield _fit_or_fail(name, fold, rows, settings)


def _fit_or_fail(name: ReferenceName, fold: int, rows: FitRows, settings: SizeSettings) -> ReferenceResult:
    try:
        return _fit(name, fold, rows, settings)
    except Exception as error:  # a model may refuse rows or a scoring in any way, and must not fail the run
        reason = " ".join(str(error).split()) or type(error).__name__
        return failed_reference(name, fold, "out of memory" if isinstance(error, MemoryError) else reason)


def failed_reference(name: ReferenceName, fold: int, reason: str) -> ReferenceResult:
    """Return the result of a reference that could not be fitted or scored."""
    return ReferenceResult(
        name=name, fold=fold, test_score=None, train_score=None, fit_seconds=0.0, score_seconds=0.0, error=reason
    )


def _fit(name: ReferenceName, fold: int, rows: FitRows, settings: SizeSettings) -> ReferenceResult:
    X_train, X_test = rows.train_as_scikit_learn.inputs, np.asarray(rows.X_test)
    if rows.is_fortran_order:
        X_test = np.asfortranarray(X_test)
    model = make_reference(name, settings)
    weights = {} if rows.train.sample_weight is None else {"sample_weight": rows.train.sample_weight}
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X_train, rows.y_train, **weights)
    fitted = time.perf_counter()
    test_score = score_estimator(model, X_test, rows.y_test, settings.scoring)
    test = [_score_or_reason(model, X_test, rows.y_test, scoring) for scoring in settings.further_scorings]
    scored = time.perf_counter()
    train = [_score_or_reason(model, X_train, rows.y_train, scoring) for scoring in settings.further_scorings]
    return ReferenceResult(
        name=name,
        fold=fold,
        test_score=test_score,
        train_score=score_estimator(model, X_train, rows.y_train, settings.scoring),
        fit_seconds=fitted - began,
        score_seconds=scored - fitted,
        further=tuple(map(score_of, settings.further_scorings, test, train)),
    )


def _score_or_reason(model: Any, X: Floats, y: Targets, scoring: str) -> float | str:
    try:
        return score_estimator(model, X, y, scoring)
    except FitError as error:
        return str(error)
