"""The settings of a size search from the parameters of a SizeSearchCV and its rows."""

import warnings
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import neural_network
from sklearn.model_selection import check_cv
from sklearn.utils.multiclass import check_classification_targets, unique_labels

from nnsize._evolution_settings import jobs_of, seed_of
from nnsize._mlp_classifier import MLPClassifier
from nnsize._mlp_regressor import MLPRegressor
from nnsize._neurons import neurons_text
from nnsize._size_search_rows import Rows, predicts_numbers
from nnsize._size_search_scorings import NamedScorings, named_scorings
from nnsize_engine.data.kept_rows import KeptRows, Splits
from nnsize_engine.data.kept_split import settings_of_rows, split_of_rows
from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.search.folds import Fold
from nnsize_engine.search.search import SizeSearch
from nnsize_engine.settings.cluster import ClusterSettings, cluster_settings
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.splitters import GIVEN

_OF_SEARCH = ("hidden_layer_sizes", "random_state", "verbose", "warm_start")
"""Parameters of a network that the search sets itself, or that belong to calls of ``fit``."""

_NETWORKS = (MLPClassifier, MLPRegressor, neural_network.MLPClassifier, neural_network.MLPRegressor)

NO_FITS = "No fits were performed. Was the CV iterator empty? Were there no candidates?"
"""scikit-learn's message for a cross-validation without a split."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What is searched, on what."""

    settings: SizeSettings
    scorings: NamedScorings
    kept: KeptRows
    splits: Splits
    """Training and test rows of each split, whether they were given or made of a number of folds."""

    def search(self) -> SizeSearch:
        """Return the search, ready to run in this process."""
        table = self.settings.table
        assert table is not None
        return SizeSearch(
            settings=self.settings,
            split=split_of_rows(self.kept, table),
            folds=tuple(Fold(train=train, test=test) for train, test in self.splits),
            candidates=list_candidates(self.settings),
        )


def plan_of(search: Any, rows: Rows) -> Plan:
    """Return what an estimator is to search.

    Raises:
        NnsizeError: a parameter is refused.
        TypeError: the estimator is no network, or the name no text.
        ValueError: the target cannot be used, or there are no folds.
    """
    _check_types(search)
    task, classes = _task(search, rows.y)
    splits = _splits(search.cv, rows, is_classification=task != "regression")
    is_given = not (search.cv is None or isinstance(search.cv, Integral))
    kept = rows.kept(splits if is_given else None)
    scorings = named_scorings(search.scoring, search.refit, task)
    chosen, *further = scorings.all
    table = settings_of_rows(kept, task, classes)
    for name, reason in table.left_out:
        warnings.warn(f"column {name!r} is left out: {reason}", UserWarning, stacklevel=4)
    settings = SizeSettings(
        data=table.choice.name,
        table=table,
        neurons=neurons_text(search.neurons),
        max_neurons=search.max_neurons,
        cv=len(splits),
        splitter=GIVEN if is_given else "",
        scoring=chosen,
        further_scorings=tuple(further),
        seed=_seed(search),
        test_size=0,
        scaler=search.scaler,
        target_scale=search.target_scale,
        jobs=jobs_of(search.n_jobs),
        cluster=_cluster(search.cluster),
        network=_network(search.estimator),
        references=False,
    )
    return Plan(settings=settings, scorings=scorings, kept=kept, splits=splits)


def _check_types(search: Any) -> None:
    if search.name is not None and not isinstance(search.name, str):
        raise TypeError(f"name is {search.name!r}; it must be a text, such as 'my search', or None")
    if search.estimator is not None and not isinstance(search.estimator, _NETWORKS):
        words = " ".join(repr(search.estimator).split())
        raise TypeError(f"estimator is {words}; it must be an MLPClassifier or MLPRegressor, or None")
    if not isinstance(search.max_store, Real):
        raise TypeError(f"max_store is {search.max_store!r}; it must be a number of bytes, such as 1_000_000_000")


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


def _splits(cv: Any, rows: Rows, *, is_classification: bool) -> Splits:
    """Return the splits of a number of folds, a splitter, or pairs of rows.

    Raises:
        ValueError: there are none, or they name rows that are not there.
    """
    splitter = check_cv(cv, rows.y, classifier=is_classification)
    count, found = len(rows.y), []
    for train, test in splitter.split(rows.X, rows.y, rows.groups):
        pair = [_row_numbers(one, count) for one in (train, test)]
        found.append((pair[0], pair[1]))
    if not found:
        raise ValueError(NO_FITS)
    return tuple(found)


def _row_numbers(given: Any, count: int) -> NDArray[np.int32]:
    """Return the places of rows that are given by them, or by truth values."""
    rows = np.asarray(given)
    if rows.dtype == bool and rows.shape == (count,):
        rows = np.flatnonzero(rows)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows):
        raise ValueError("cv gives a split whose training or test rows are no list of row numbers")
    if rows.min() < -count or rows.max() >= count:
        raise ValueError(f"cv names row {rows.max()}, but X has only {count} rows")
    return np.where(rows < 0, rows + count, rows).astype(np.int32)


def _cluster(cluster: Any) -> ClusterSettings | None:
    """Return the cluster that computes, as ``nnsize size --cluster`` takes it."""
    if cluster is None:
        return None
    if not isinstance(cluster, str):
        raise NnsizeError(f"cluster is {cluster!r}; it must be a text such as 'local:4' or 'slurm', or None")
    return cluster_settings(cluster, "")


def _seed(search: Any) -> int:
    """Return the seed of the search, else that of its network; a table of results should be repeatable in any case."""
    given = (search.random_state, getattr(search.estimator, "random_state", None), 0)
    return seed_of(next(seed for seed in given if seed is not None))


def _network(estimator: Any) -> NetworkParameters:
    if estimator is None:
        return NetworkParameters()
    given = estimator.get_params(deep=False)
    return NetworkParameters(**{name: value for name, value in given.items() if name not in _OF_SEARCH})
