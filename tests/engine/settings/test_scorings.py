"""The written-down scoring names against the installed scikit-learn."""

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import get_scorer, get_scorer_names
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nnsize_engine.data.split import load_builtin
from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import BUILTIN, DatasetFacts, Task
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.scorings import (
    BINARY_ONLY,
    CLASSIFICATION,
    MULTILABEL_ONLY,
    REGRESSION,
    check_scoring,
    check_scorings,
    default_scoring,
    needs_label_one,
    scorings_for,
    split_scorings,
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


@pytest.mark.parametrize("labels", [2, 3, 5])
def test_several_labels_are_scored_by_what_scikit_learn_scores_them_by(labels: int) -> None:
    X, y = make_multilabel_classification(200, n_classes=labels, random_state=0)
    network = MLPClassifier(hidden_layer_sizes=(8,), max_iter=100, random_state=0)
    good = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.fit(X, y)
        for name in scorings_for("multilabel", targets=5):
            try:
                get_scorer(name)(network, X, y)
            except ValueError:
                continue
            good.add(name)
    assert good == set(scorings_for("multilabel", targets=labels))


def test_roc_auc_of_two_labels_is_refused_with_the_reason() -> None:
    with pytest.raises(SettingsError, match="scoring 'roc_auc' needs three labels or more, because scikit-learn takes"):
        check_scoring("roc_auc", "multilabel", targets=2)
    with pytest.raises(SettingsError, match="scoring 'r2' does not fit 3 labels at once; choose one of accuracy, "):
        check_scoring("r2", "multilabel", targets=3)


def test_the_first_of_several_scorings_chooses() -> None:
    assert split_scorings("roc_auc") == ("roc_auc", ())
    assert split_scorings("roc_auc, f1,accuracy") == ("roc_auc", ("f1", "accuracy"))


@pytest.mark.parametrize("text", ["", ",", "roc_auc,", "roc_auc,,f1"])
def test_a_list_of_scorings_without_a_name_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="name one scoring, or several joined by commas: roc_auc,f1"):
        split_scorings(text)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("accuracy", "r2"), "scoring 'r2' does not fit more than two classes"),
        (("accuracy", "f1_macr"), "unknown scoring 'f1_macr'; the nearest is 'f1_macro'"),
        (("accuracy", "f1_macro", "accuracy"), "scoring accuracy is named twice; name it once"),
    ],
)
def test_every_one_of_several_scorings_must_fit(names: tuple[str, ...], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        check_scorings(names, BUILTIN["iris"], has_label_one=True)


def test_a_list_of_scorings_for_an_evolution_says_that_it_takes_one() -> None:
    with pytest.raises(SettingsError, match="names 2 scorings, but one decides; name one, such as accuracy"):
        EvolutionSettings(data="iris", scoring="accuracy,f1_macro")
