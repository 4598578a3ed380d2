"""The written-down scoring names against the installed scikit-learn."""

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import get_scorer, get_scorer_names
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nnsize_engine.data.split import load_builtin
from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import DatasetFacts, Task
from nnsize_engine.settings.scorings import (
    BINARY_ONLY,
    CLASSIFICATION,
    MULTILABEL_ONLY,
    REGRESSION,
    check_scoring,
    default_scoring,
    needs_label_one,
    scorings_for,
)

TASKS: dict[Task, str] = {"binary": "breast_cancer", "multiclass": "iris", "regression": "synthetic"}


def _scores(task: Task, names: Iterable[str]) -> set[str]:
    """The names that give a finite score on a trained network of a task."""
    X, y = load_builtin(TASKS[task])
    y = np.abs(y)
    network: Any = MLPRegressor if task == "regression" else MLPClassifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = network(hidden_layer_sizes=(10,), max_iter=60, random_state=0).fit(X, y)
        good = set()
        for name in names:
            try:
                value = get_scorer(name)(network, X, y)
            except (ValueError, AttributeError):
                continue
            if np.isfinite(value):
                good.add(name)
    return good


def test_every_scoring_of_scikit_learn_is_known_and_no_other() -> None:
    assert set(get_scorer_names()) == CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL_ONLY


@pytest.mark.parametrize("task", TASKS)
def test_every_scoring_that_fits_a_task_scores_a_network(task: Task) -> None:
    assert _scores(task, set(scorings_for(task))) == set(scorings_for(task))


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_no_scoring_of_classes_that_works_is_refused(task: Task) -> None:
    assert _scores(task, CLASSIFICATION | BINARY_ONLY | MULTILABEL_ONLY) == set(scorings_for(task))


@pytest.mark.parametrize("task", TASKS)
def test_the_default_fits_its_task(task: Task) -> None:
    assert default_scoring(task) in scorings_for(task)


@pytest.mark.parametrize(
    ("name", "task", "reason"),
    [
        ("roc_auc,f1", "binary", "scoring 'roc_auc,f1' names 2 scorings, but one decides; name one, such as roc_auc"),
        ("acuracy", "binary", "unknown scoring 'acuracy'; the nearest is 'accuracy', and all are accuracy, "),
        ("roc_auc", "multiclass", "does not fit more than two classes; choose one of accuracy, "),
        ("r2", "binary", "does not fit two classes"),
        ("accuracy", "regression", "does not fit regression; choose one of d2_absolute_error_score, "),
        ("f1_samples", "multiclass", "does not fit more than two classes"),
    ],
)
def test_a_scoring_that_cannot_work_is_refused_with_those_that_can(name: str, task: Task, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        check_scoring(name, task)


@pytest.mark.parametrize("labels", [("no", "yes"), (0, 2), (1, 2), (-1, 1), (False, True), ("0", "1b")], ids=str)
def test_what_needs_a_label_1_is_what_scikit_learn_refuses_without_one(labels: tuple[object, object]) -> None:
    X, y = load_builtin("breast_cancer")
    named = np.array(labels)[y]
    known = DatasetFacts(name="own", task="binary", rows=569, inputs=30, classes=2, labels=tuple(map(str, labels)))
    refused = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = MLPClassifier(hidden_layer_sizes=(4,), max_iter=5, random_state=0).fit(X, named)
        for name in scorings_for("binary"):
            try:
                get_scorer(name)(network, X, named)
            except ValueError:
                refused.add(name)
    expected = {name for name in scorings_for("binary") if needs_label_one(name, known)}
    assert refused == (set() if 1 in labels else expected)


def test_several_numbers_are_scored_by_what_scikit_learn_scores_them_by() -> None:
    X, y = load_builtin("synthetic")
    both = np.column_stack([y, y**2]) + 100
    network = MLPRegressor(hidden_layer_sizes=(4,), max_iter=300, random_state=0, loss="poisson")
    good = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.fit(X, both)
        for name in REGRESSION:
            try:
                get_scorer(name)(network, X, both)
            except ValueError:
                continue
            good.add(name)
    assert good == set(scorings_for("regression", targets=2))
    with pytest.raises(SettingsError, match="scoring 'neg_max_error' does not fit regression of 2 targets; choose one"):
        check_scoring("neg_max_error", "regression", targets=2)
