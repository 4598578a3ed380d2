"""Workloads of the trainer benchmark, searched by scikit-learn and by ours."""

import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_digits, make_classification
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.split import Split, load_split
from nnsize_engine.processes.parallel import worker_count
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.precision import Precision
from nnsize_engine.settings.search import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A size search over one hidden layer."""

    title: str
    load: Callable[[], tuple[NDArray[Any], NDArray[Any]]]
    sizes: tuple[int, ...]
    folds: int
    scoring: str
    max_iter: int
    like: str
    """Name of built-in data with the same task."""

    target: float
    """Target of the speed, as a multiple of that of GridSearchCV."""


def _article() -> tuple[NDArray[Any], NDArray[Any]]:
    X, y = load_breast_cancer(return_X_y=True)
    X_train, _, y_train, _ = train_test_split(X, y, test_size=0.33, random_state=42)
    return X_train, y_train


def _digits() -> tuple[NDArray[Any], NDArray[Any]]:
    X, y = load_digits(return_X_y=True)
    return X, y


def _synthetic() -> tuple[NDArray[Any], NDArray[Any]]:
    X, y = make_classification(20_000, 40, n_informative=20, random_state=0)
    return X, y


WORKLOADS = {
    "article": Workload(
        title="article 1: 381 rows x 30, sizes 5..99, 5 folds",
        load=_article,
        sizes=tuple(range(5, 100, 2)),
        folds=5,
        scoring="roc_auc",
        max_iter=200,
        like="breast_cancer",
        target=16,
    ),
    "digits": Workload(
        title="digits: 1,797 rows x 64, 10 classes, sizes 10..100, 5 folds",
        load=_digits,
        sizes=tuple(range(10, 101, 10)),
        folds=5,
        scoring="accuracy",
        max_iter=200,
        like="digits",
        target=6,
    ),
    "synthetic": Workload(
        title="synthetic: 20,000 rows x 40, sizes 16..256, 3 folds, 30 epochs",
        load=_synthetic,
        sizes=(16, 32, 64, 128, 256),
        folds=3,
        scoring="roc_auc",
        max_iter=30,
        like="breast_cancer",
        target=2.5,
    ),
}


def search_with_grid(workload: Workload) -> NDArray[np.float64]:
    """Search by GridSearchCV on all cores; return fold scores, shape (folds, sizes)."""
    X, y = workload.load()
    pipeline = Pipeline(
        [
            ("scale", StandardScaler()),
            ("network", MLPClassifier(random_state=0, max_iter=workload.max_iter)),
        ]
    )
    grid = GridSearchCV(
        pipeline,
        {"network__hidden_layer_sizes": [(size,) for size in workload.sizes]},
        cv=workload.folds,
        scoring=workload.scoring,
        n_jobs=-1,
        refit=False,
        error_score="raise",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        grid.fit(X, y)
    return np.array([grid.cv_results_[f"split{fold}_test_score"] for fold in range(workload.folds)])


def search_with_ours(workload: Workload, precision: Precision) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Search by ours on all cores, training scores included; return fold scores and epochs, shape (folds, sizes)."""
    X, y = workload.load()
    settings = SizeSettings(
        data=workload.like,
        neurons=",".join(map(str, workload.sizes)),
        cv=workload.folds,
        scoring=workload.scoring,
        precision=precision,
        network=NetworkParameters(max_iter=workload.max_iter),
    )
    facts = replace(load_split(settings).facts, rows=len(X), inputs=X.shape[1], train_rows=len(X))
    split = Split(X_train=X, y_train=y, X_test=X[:0], y_test=y[:0], facts=facts)
    search = plan(settings, split)
    shape = workload.folds, len(workload.sizes)
    scores, epochs = np.empty(shape), np.empty(shape, dtype=np.int64)
    for fit in run_fits(search, (), {}, worker_count(None), threading.Event(), lambda _: None):
        assert isinstance(fit, FinishedFit)
        scores[fit.result.fold, fit.result.candidate] = fit.result.test_score
        epochs[fit.result.fold, fit.result.candidate] = fit.result.iterations or 0
    return scores, epochs
