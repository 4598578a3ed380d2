"""Scores equal scikit-learn's scorers, ties and odd folds included."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import get_scorer, get_scorer_names

from nnsize_engine.errors import FitError
from nnsize_engine.network.estimator import to_estimator
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.scoring.classification import CLASSIFICATION
from nnsize_engine.scoring.regression import REGRESSION
from nnsize_engine.scoring.score import _quick_score, _ScoredRows, score
from nnsize_engine.settings.network import NetworkParameters
from support.networks import make_table, quiet
from support.training import train

QUICK_SCORINGS = frozenset(CLASSIFICATION) | frozenset(REGRESSION)
LABELS = {"binary": (0, 1), "other binary": (1, 2), "texts": ("a", "b"), "multiclass": (0, 1, 4)}


def _network(y: NDArray[Any], task: str, seed: int, precision: str = "float64") -> FittedNetwork:
    X, _ = make_table("one output", len(y), 2, seed)
    parameters = NetworkParameters(hidden_layer_sizes=(3,), max_iter=3, random_state=seed, learning_rate_init=0.3)
    return train(X, y, parameters, task=task, precision=precision)


def _scikit_learn(network: FittedNetwork, X: NDArray[Any], y: NDArray[Any], scoring: str) -> float | None:
    """The scorer's answer; None where it refuses or finds no number."""
    with quiet():
        try:
            value = float(get_scorer(scoring)(to_estimator(network), X.astype(network.precision), y))
        except ValueError:
            return None
    return value if np.isfinite(value) else None


def _assert_same(network: FittedNetwork, X: NDArray[Any], y: NDArray[Any], scoring: str) -> None:
    expected = _scikit_learn(network, X, y, scoring)
    if expected is None:
        with pytest.raises(FitError):
            score(network, X, y, scoring)
    else:
        found = score(network, X, y, scoring)
        assert isinstance(found, float)
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)
        if scoring.startswith("roc_auc"):
            assert found == expected


@settings(deadline=None, max_examples=300)
@given(
    scoring=st.sampled_from(sorted(CLASSIFICATION)),
    labels=st.sampled_from(sorted(LABELS)),
    answers=st.lists(st.integers(0, 2), min_size=2, max_size=25),
    inputs=st.lists(st.integers(-2, 2), min_size=25, max_size=25),
    precision=st.sampled_from(["float64", "float32"]),
    seed=st.integers(0, 50),
)
def test_classification_scores_are_those_of_scikit_learn(
    scoring: str, labels: str, answers: list[int], inputs: list[int], precision: str, seed: int
) -> None:
    """Inputs take five values, so many outputs tie; a fold may lack a class."""
    classes = np.array(LABELS[labels])
    network = _network(classes[np.arange(20) % len(classes)], "classification", seed, precision)
    y = classes[np.array(answers) % len(classes)]
    X = np.column_stack([inputs[: len(y)], np.zeros(len(y))])
    _assert_same(network, X, y, scoring)


@settings(deadline=None, max_examples=200)
@given(
    scoring=st.sampled_from(sorted(REGRESSION)),
    outputs=st.integers(1, 3),
    rows=st.integers(1, 30),
    is_constant=st.booleans(),
    precision=st.sampled_from(["float64", "float32"]),
    seed=st.integers(0, 50),
)
def test_regression_scores_are_those_of_scikit_learn(
    scoring: str, outputs: int, rows: int, is_constant: bool, precision: str, seed: int
) -> None:
    random = np.random.default_rng(seed)
    network = _network(random.normal(size=(20, outputs)), "regression", seed, precision)
    y = np.zeros((rows, outputs)) if is_constant else random.normal(size=(rows, outputs))
    assume(rows > 1 or scoring != "r2")
    _assert_same(network, random.normal(size=(rows, 2)), y[:, 0] if outputs == 1 else y, scoring)


@pytest.mark.parametrize("scoring", sorted(CLASSIFICATION))
@pytest.mark.parametrize("labels", ["binary", "multiclass"])
def test_the_common_case_needs_no_scikit_learn(scoring: str, labels: str) -> None:
    classes = np.array(LABELS[labels])
    y = classes[np.arange(40) % len(classes)]
    network = _network(y, "classification", 0)
    X, _ = make_table("one output", 40, 2, 1)
    quick = _quick_score(_ScoredRows(network, X, y), scoring)
    is_for_two_classes = scoring in ("f1", "precision", "recall", "roc_auc")
    assert (quick is None) == (is_for_two_classes and labels == "multiclass")
    _assert_same(network, X, y, scoring)


@pytest.mark.parametrize("scoring", sorted(REGRESSION))
def test_the_common_regression_needs_no_scikit_learn(scoring: str) -> None:
    y = np.random.default_rng(0).normal(size=40)
    network = _network(y, "regression", 0)
    X, _ = make_table("one output", 40, 2, 1)
    assert _quick_score(_ScoredRows(network, X, y), scoring) is not None
    _assert_same(network, X, y, scoring)


@pytest.mark.parametrize("scoring", sorted(set(get_scorer_names()) - QUICK_SCORINGS))
def test_every_other_scoring_goes_through_scikit_learn(scoring: str) -> None:
    y = np.arange(40) % 2
    X, _ = make_table("one output", 40, 2, 1)
    _assert_same(_network(y, "classification", 0), X, y, scoring)


def test_a_fold_of_one_class_has_no_roc_auc_and_says_why() -> None:
    X, _ = make_table("one output", 10, 2, 1)
    with pytest.raises(FitError, match="Only one class is present in y_true"):
        score(_network(np.arange(20) % 2, "classification", 0), X, np.zeros(10, dtype=int), "roc_auc")
