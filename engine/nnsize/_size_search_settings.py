"""The settings of a size search from the parameters of a SizeSearchCV and its training rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import is_regressor
from sklearn.model_selection import check_cv
from sklearn.utils.multiclass import check_classification_targets, type_of_target, unique_labels

from nnsize._evolution_settings import jobs_of, seed_of
from nnsize._training_data import table_of, training_split
from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.search.folds import Fold
from nnsize_engine.search.search import SizeSearch
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.scorings import estimator_scoring
from nnsize_engine.settings.search import SizeSettings

_OF_SEARCH = ("hidden_layer_sizes", "random_state", "verbose", "warm_start")
"""Parameters of a network that the search sets itself, or that belong to calls of ``fit``."""

NO_FITS = "No fits were performed. Was the CV iterator empty? Were there no candidates?"
"""scikit-learn's message for a cross-validation without a split."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Checked rows of a call of ``fit``."""

    X: NDArray[Any]
    y: NDArray[Any]
    groups: Any
    sample_weight: NDArray[Any] | None


def predicts_numbers(estimator: Any, y: Any) -> bool:
    """Return whether the networks are regressors: those of the estimator, or else by the target."""
    if estimator is not None:
        return bool(is_regressor(estimator))
    return str(type_of_target(y, input_name="y")).startswith("continuous")


def plan_of(search: Any, rows: Rows) -> SizeSearch:
    """Return a search that is ready to run.

    Raises:
        NnsizeError: a parameter is refused.
        ValueError: the target cannot be used, or there are no folds.
    """
    task, classes = _task(search, rows.y)
    count = rows.y.shape[1] if task == "multilabel" else 0 if classes is None else len(classes)
    split = training_split(rows.X, rows.y, task=task, classes=count, sample_weight=rows.sample_weight)
    folds = _folds(search.cv, rows, is_classification=task != "regression")
    chosen, *further = _scorings(search.scoring, task)
    settings = SizeSettings(
        table=table_of(split, classes),
        neurons=_neurons_text(search.neurons),
        max_neurons=search.max_neurons,
        cv=len(folds),
        scoring=chosen,
        further_scorings=tuple(further),
        seed=seed_of(search.random_state),
        test_size=0,
        scaler=search.scaler,
        target_scale=search.target_scale,
        jobs=jobs_of(search.n_jobs),
        network=_network(search.estimator),
        references=False,
    )
    return SizeSearch(settings=settings, split=split, folds=folds, candidates=list_candidates(settings))


def _task(search: Any, y: NDArray[Any]) -> tuple[Task, NDArray[Any] | None]:
    """Return the task, and the class labels where there are any."""
    if predicts_numbers(search.estimator, y):
        return "regression", None
    check_classification_targets(y)
    if y.ndim == 2:
        return "multilabel", None
    classes = unique_labels(y)
    if len(classes) < 2:
        raise ValueError(f"SizeSearchCV needs two classes or more; y holds only the class {classes[0]}")
    return "binary" if len(classes) == 2 else "multiclass", classes


def _folds(cv: Any, rows: Rows, *, is_classification: bool) -> tuple[Fold, ...]:
    splitter = check_cv(cv, rows.y, classifier=is_classification)
    folds = tuple(
        Fold(train=np.asarray(train).astype(np.int32), test=np.asarray(test).astype(np.int32))
        for train, test in splitter.split(rows.X, rows.y, rows.groups)
    )
    if not folds:
        raise ValueError(NO_FITS)
    return folds


def _scorings(scoring: Any, task: Task) -> Sequence[str]:
    """Return the names of the scorings; None is what ``score`` of scikit-learn's estimators computes."""
    if scoring is None:
        return [estimator_scoring(task)]
    names = [scoring] if isinstance(scoring, str) else list(scoring) if isinstance(scoring, list | tuple) else []
    if not names or not all(isinstance(name, str) for name in names):
        raise NnsizeError(f"scoring is {scoring!r}; it must be the name of a scikit-learn scoring, or a list of names")
    return names


def _neurons_text(neurons: Any) -> str:
    """Return sizes as ``nnsize size --neurons`` takes them."""
    if isinstance(neurons, str):
        return neurons
    sizes = neurons if isinstance(neurons, Iterable) else [neurons]
    return ",".join("x".join(map(str, size)) if isinstance(size, Iterable) else str(size) for size in sizes)


def _network(estimator: Any) -> NetworkParameters:
    if estimator is None:
        return NetworkParameters()
    given = estimator.get_params(deep=False)
    return NetworkParameters(**{name: value for name, value in given.items() if name not in _OF_SEARCH})
