"""What the trainer is measured on, and the two ways to search: scikit-learn's and ours."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_digits, make_classification
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from nnsize_engine.metrics import score
from nnsize_engine.network.parameters import NetworkParameters
from nnsize_engine.network.rows import TrainingRows, read_rows
from nnsize_engine.network.train import train_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A size search over one hidden layer."""

    title: str
    load: Callable[[], tuple[NDArray[Any], NDArray[Any]]]
    sizes: tuple[int, ...]
    folds: int
    scoring: str
    max_iter: int
    target: float
    """How many times faster than GridSearchCV it has to be."""


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
        target=16,
    ),
    "digits": Workload(
        title="digits: 1,797 rows x 64, 10 classes, sizes 10..100, 5 folds",
        load=_digits,
        sizes=tuple(range(10, 101, 10)),
        folds=5,
        scoring="accuracy",
        max_iter=200,
        target=6,
    ),
    "synthetic": Workload(
        title="synthetic: 20,000 rows x 40, sizes 16..256, 3 folds, 30 epochs",
        load=_synthetic,
        sizes=(16, 32, 64, 128, 256),
        folds=3,
        scoring="roc_auc",
        max_iter=30,
        target=2.5,
    ),
}


def search_with_grid(workload: Workload) -> NDArray[np.float64]:
    """GridSearchCV on all cores; fold scores `(folds, sizes)`."""
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


def search_with_ours(workload: Workload, precision: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Every candidate's first fold, then every second fold, on a thread per core; fold scores and epochs."""
    X, y = workload.load()
    folds = [_prepare(X, y, train, test, precision) for train, test in StratifiedKFold(workload.folds).split(X, y)]
    tasks = [(fold, size) for fold in folds for size in workload.sizes]

    def fit(fold: "_Fold", size: int) -> tuple[float, int]:
        network = train_rows(
            fold.rows, NetworkParameters(hidden_layer_sizes=(size,), random_state=0, max_iter=workload.max_iter)
        )
        return score(network, fold.X_test, fold.y_test, workload.scoring), network.n_iter

    with threadpool_limits(1, "blas"):
        results = Parallel(n_jobs=-1, backend="threading")(delayed(fit)(fold, size) for fold, size in tasks)
    scores, epochs = zip(*results, strict=True)
    shape = workload.folds, len(workload.sizes)
    return np.reshape(scores, shape), np.reshape(epochs, shape)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fold:
    rows: TrainingRows
    X_test: NDArray[Any]
    y_test: NDArray[Any]


def _prepare(X: NDArray[Any], y: NDArray[Any], train: NDArray[Any], test: NDArray[Any], precision: str) -> _Fold:
    scaler = StandardScaler().fit(X[train])
    rows = read_rows(scaler.transform(X[train]), y[train], task="classification", precision=precision)
    return _Fold(rows=rows, X_test=scaler.transform(X[test]), y_test=y[test])
