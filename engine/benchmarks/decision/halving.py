"""scikit-learn's successive halving over rows (`HalvingGridSearchCV`), with our trainer in place of `MLPClassifier`.

The search itself is scikit-learn's: its subsets of rows, its rounds, its choice. Our trainer gives the scores of
scikit-learn's own networks, several times faster.
"""

import warnings
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from grids import FOLDS, fit, folds_of
from kept_files import keep_arrays, kept_path
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV, KFold, StratifiedKFold
from tasks import Array, Sample, Task

_NAMES = "size", "fits", "share"


_seconds: list[float] = []
"""Processor time of each fit so far. scikit-learn clones its estimators, so none of them can keep it."""


class _Sized(BaseEstimator):  # type: ignore[misc]
    """A scaler and a network of one hidden layer."""

    def __init__(self, task: Task | None = None, seed: int = 0, size: int = 2) -> None:
        self.task = task
        self.seed = seed
        self.size = size

    def fit(self, X: Array, y: Array) -> Self:
        """Take the rows. The network is trained when it is scored, which happens once."""
        self.rows_ = X, y
        return self

    def score(self, X: Array, y: Array) -> float:
        """Train, and score by the scoring of the task."""
        assert self.task is not None
        X_train, y_train = self.rows_
        sample = Sample(X=X_train, y=y_train, X_truth=X, y_truth=y)
        found, seconds = fit(self.task, sample, (self.size,), self.seed)
        _seconds.append(seconds)
        return found


class _SizedClassifier(ClassifierMixin, _Sized):  # type: ignore[misc]
    """The same with classes: scikit-learn then starts with more rows."""

    score = _Sized.score


def kept_halving(task: Task) -> dict[str, Any]:
    """Return the chosen size, the fits, and the share of the whole grid's time, of each search that is computed."""
    path = kept_path(task, "halving")
    if not path.exists():
        return {name: [] for name in _NAMES}
    with np.load(path) as arrays:
        return {name: arrays[name].tolist() for name in _NAMES}


def compute_halving(task: Task) -> Iterator[int]:
    """Compute and keep the searches of a task that are missing; yield the number of each.

    The first search is timed, in turn with its whole grid; the others take its share.
    """
    found = kept_halving(task)
    for search in range(len(found["size"]), task.searches):
        _seconds.clear()
        halving = search_by_halving(task, search)
        seconds = sum(_seconds)
        found["share"].append(found["share"][0] if found["share"] else seconds / _seconds_of_grid(task, search))
        found["size"].append(int(halving.best_params_["size"]))
        found["fits"].append(FOLDS * sum(halving.n_candidates_))
        keep_arrays(kept_path(task, "halving"), **{name: np.array(found[name]) for name in _NAMES})
        yield search


def _seconds_of_grid(task: Task, search: int) -> float:
    return sum(fit(task, rows, (size,), search)[1] for rows in folds_of(task, task.draw(search)) for size in task.sizes)


def search_by_halving(task: Task, search: int) -> Any:
    """Return the search, ended. Its settings are scikit-learn's defaults."""
    sample = task.draw(search)
    estimator, splitter = (_Sized, KFold) if task.task == "regression" else (_SizedClassifier, StratifiedKFold)
    halving = HalvingGridSearchCV(
        estimator(task, search),
        {"size": list(task.sizes)},
        cv=splitter(FOLDS),
        random_state=search,
        refit=False,
        return_train_score=False,
        n_jobs=1,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # folds of a few rows lack a class, or have no score
        halving.fit(sample.X, sample.y)
    return halving
