"""Training equals scikit-learn's, operation by operation."""

import itertools
import pickle
import re
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.utils import shuffle

from nnsize_engine.errors import DataError, FitError, SettingsError
from nnsize_engine.network.estimator import to_estimator
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.train import OVERFLOW, advance, finish, start, train_rows
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.settings.network import NetworkParameters
from support import reference
from support.networks import KINDS, Case, cases, fit_with_scikit_learn, make_table, quiet
from support.training import assert_same_training, assert_same_weights, train, training


def _fit_both(case: Case, precision: str = "float64") -> tuple[FittedNetwork, Any] | None:
    """Our network and scikit-learn's; None where both refuse for the same reason."""
    try:
        expected, reason = fit_with_scikit_learn(case, precision), None
    except ValueError as error:
        expected, reason = None, str(error)
    if reason is None:
        return train(case.X, case.y, case.parameters, task=case.task, precision=precision), expected
    with pytest.raises(FitError, match=re.escape(reason)):
        train(case.X, case.y, case.parameters, task=case.task, precision=precision)
    return None


@settings(deadline=None, max_examples=300)
@given(case=cases())
def test_training_gives_the_weights_losses_epochs_and_predictions_of_scikit_learn(case: Case) -> None:
    """Not to a tolerance: equal to the last bit, so no stopping rule can tip."""
    both = _fit_both(case)
    if both is None:
        return
    network, expected = both
    assert_same_training(network, expected)
    with quiet():
        np.testing.assert_array_equal(network.predict(case.X), expected.predict(case.X))
        if case.task == "classification":
            np.testing.assert_array_equal(network.predict_proba(case.X), expected.predict_proba(case.X))


@settings(deadline=None, max_examples=100)
@given(case=cases())
def test_float32_gives_the_weights_that_scikit_learn_trains_on_float32(case: Case) -> None:
    """Losses are summed in float64 here and partly in float32 there: they may differ by float32's rounding.

    A stopping rule sees that difference, so the epochs are compared with the rule made unable to tip.
    """
    parameters = NetworkParameters(
        **{**case.parameters.as_dict(), "tol": 0.0, "n_iter_no_change": np.inf, "early_stopping": False}
    )
    both = _fit_both(Case(X=case.X, y=case.y, task=case.task, parameters=parameters), "float32")
    if both is None:
        return
    network, expected = both
    assert network.precision == "float32"
    assert_same_weights(network, expected)
    np.testing.assert_allclose(network.loss_curve, np.array(expected.loss_curve_, dtype=float), rtol=1e-5)


@settings(deadline=None, max_examples=40)
@given(case=cases(), chunks=st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_a_training_in_steps_saved_and_reopened_equals_one_in_one_go(case: Case, chunks: list[int]) -> None:
    rows = read_rows(case.X, case.y, task=case.task)
    try:
        whole = train_rows(rows, case.parameters)
    except FitError:
        return
    state = start(rows, case.parameters)
    for chunk in itertools.cycle(chunks):
        if state.has_ended:
            break
        kept = pickle.loads(pickle.dumps(state))
        after = advance(state, rows, epochs=chunk)
        _assert_equal_fields(state, kept)  # a state is a value: advancing makes another one
        _assert_equal_fields(advance(kept, rows, epochs=chunk), after)
        assert after.epochs <= state.epochs + chunk
        state = after
    _assert_equal_fields(finish(state, rows), whole)


def _assert_equal_fields(first: Any, second: Any) -> None:
    for field in fields(first):
        np.testing.assert_equal(getattr(first, field.name), getattr(second, field.name))


def test_training_reports_on_the_way_and_goes_on_from_where_it_was_left() -> None:
    rows = read_rows(*make_table("binary", 400, 10, 0), task="classification")
    parameters = NetworkParameters(hidden_layer_sizes=(20,), random_state=1, max_iter=100)
    steps = training(rows, parameters, seconds=0.001)
    left = next(steps)
    assert 1 <= left.epochs < 100
    assert len(left.loss_curve) == left.epochs
    states = list(training(rows, parameters, state=left, seconds=0.001))
    assert all(a.epochs < b.epochs for a, b in itertools.pairwise(states))
    np.testing.assert_array_equal(finish(states[-1], rows).weights, train_rows(rows, parameters).weights)


def test_a_stopped_training_can_be_finished_early() -> None:
    rows = read_rows(*make_table("one output", 50, 3, 0), task="regression")
    state = advance(start(rows, NetworkParameters(random_state=0)), rows, epochs=3)
    network = finish(state, rows)
    assert network.n_iter == 3
    assert not network.has_converged
    assert network.predict(rows.inputs).shape == (50,)


def test_shuffles_are_those_of_scikit_learn_epoch_on_epoch() -> None:
    X, y = make_table("one output", 1300, 2, 0)  # more rows than the generator's 624 words
    rows = read_rows(X, y, task="regression")
    state = start(rows, NetworkParameters(hidden_layer_sizes=(3,), random_state=5))
    generator = np.random.RandomState(5)
    generator.uniform(size=state.shape.weight_count)
    order = np.arange(1300)
    for _ in range(4):
        state = advance(state, rows, epochs=1)
        order = shuffle(order, random_state=generator)
        np.testing.assert_array_equal(state.order, order)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_a_step_of_descent_follows_the_gradient_found_by_differences(kind: str, activation: str) -> None:
    X, y = make_table(kind, 12, 3, 4)
    rows = read_rows(X, y, task="regression" if kind in ("one output", "two outputs", "poisson") else "classification")
    parameters = NetworkParameters(
        hidden_layer_sizes=(4, 3),
        activation=activation,
        solver="sgd",
        momentum=0.0,
        learning_rate_init=1.0,
        alpha=0.3,
        random_state=2,
        loss="poisson" if kind == "poisson" else "squared_error",
    )
    state = start(rows, parameters)
    last, loss = {
        "binary": ("logistic", "binary"),
        "multiclass": ("softmax", "multiclass"),
        "multilabel": ("logistic", "binary"),
        "poisson": ("exp", "poisson"),
    }.get(kind, ("identity", "squared_error"))

    def loss_of(weights: NDArray[Any]) -> float:
        coefs, intercepts = state.shape.split(weights)
        found = reference.outputs(coefs, intercepts, rows.inputs, activation, last)
        return reference.loss(found, rows.targets, loss, coefs, 0.3)

    step = advance(state, rows, epochs=1)
    assert step.loss_curve[0] == pytest.approx(loss_of(state.weights), rel=1e-12)
    # The mean over outputs in the squared error is no part of scikit-learn's gradient.
    scale = rows.targets.shape[1] if loss == "squared_error" else 1
    coefs_only = NetworkParameters(**{**parameters.as_dict(), "alpha": 0.0})
    unpenalised = advance(start(rows, coefs_only), rows, epochs=1)
    gradient = state.weights - unpenalised.weights
    for index in range(state.weights.size):
        change = np.zeros_like(state.weights)
        change[index] = 1e-6
        penalty_free = (loss_of(state.weights + change) - loss_of(state.weights - change)) / 2e-6
        penalty_free -= _penalty_slope(state.shape.split(state.weights), state.weights, index, 0.3 / len(X))
        assert gradient[index] == pytest.approx(scale * penalty_free, rel=1e-5, abs=1e-7)


def _penalty_slope(parts: Any, weights: NDArray[Any], index: int, strength: float) -> float:
    address = weights.__array_interface__["data"][0] + index * weights.itemsize
    for matrix in parts[0]:
        first = matrix.__array_interface__["data"][0]
        if first <= address < first + matrix.nbytes:
            return strength * float(weights[index])
    return 0.0


def test_one_step_worked_by_hand() -> None:
    """One input 2, one target 3, no hidden layer: output w·2 + b, error e = output - 3, slopes 2e and e."""
    rows = read_rows([[2.0], [2.0]], [3.0, 3.0], task="regression")
    parameters = NetworkParameters(
        hidden_layer_sizes=(), solver="sgd", momentum=0.0, learning_rate_init=0.1, alpha=0.0, random_state=0
    )
    state = start(rows, parameters)
    weight, bias = state.weights
    error = 2 * weight + bias - 3
    after = advance(state, rows, epochs=1)
    np.testing.assert_allclose(after.weights, [weight - 0.1 * 2 * error, bias - 0.1 * error], rtol=1e-15)
    np.testing.assert_allclose(after.loss_curve, [error**2 / 2], rtol=1e-15)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize("early_stopping", [False, True])
def test_weights_that_overflow_end_the_fit_with_the_reason_of_scikit_learn(solver: str, early_stopping: bool) -> None:
    X, y = make_table("multiclass", 60, 4, 0)
    parameters = NetworkParameters(
        hidden_layer_sizes=(5,),
        solver=solver,
        learning_rate_init=1e300,
        alpha=1e10,
        random_state=0,
        max_iter=50,
        early_stopping=early_stopping,
    )
    case = Case(X=X * 1e150, y=y, task="classification", parameters=parameters)
    if _fit_both(case) is None:
        with pytest.raises(FitError, match=OVERFLOW[:40]):
            train(case.X, case.y, parameters, task="classification")
    else:
        assert early_stopping, "early stopping may still have weights from before"


def test_an_overflowing_fit_is_given_up_at_once() -> None:
    X, y = make_table("one output", 60, 4, 0)
    rows = read_rows(X * 1e200, y, task="regression")
    state = advance(start(rows, NetworkParameters(solver="sgd", random_state=0, max_iter=10**6)), rows, seconds=1e-9)
    assert state.has_ended
    with pytest.raises(FitError, match="non-finite"):
        finish(state, rows)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "two outputs"])
def test_lbfgs_is_trained_by_scikit_learn_and_says_so(kind: str) -> None:
    X, y = make_table(kind, 60, 4, 0)
    case = Case(
        X=X,
        y=y,
        task="regression" if kind == "two outputs" else "classification",
        parameters=NetworkParameters(hidden_layer_sizes=(3,), solver="lbfgs", max_iter=5, random_state=0),
    )
    both = _fit_both(case)
    assert both is not None
    network, expected = both
    assert network.trained_by == "scikit-learn"
    assert not network.has_converged
    assert "failed to converge" in network.remarks[0]
    assert_same_weights(network, expected)
    np.testing.assert_array_equal(network.predict(X), expected.predict(X))
    with pytest.raises(SettingsError, match="lbfgs"):
        start(read_rows(X, y, task=case.task), case.parameters)


def test_remarks_say_what_scikit_learn_warns_of() -> None:
    X, y = make_table("binary", 30, 3, 0)
    network = train(X, y, NetworkParameters(batch_size=64, max_iter=2, random_state=0), task="classification")
    assert network.remarks == (
        "batch_size is 64, more than the 30 training rows: every batch is all of them",
        "training reached max_iter=2 epochs before it converged",
    )


def test_one_class_alone_can_be_learned_as_in_scikit_learn() -> None:
    X, _ = make_table("binary", 30, 3, 0)
    for early_stopping in (False, True):
        parameters = NetworkParameters(
            hidden_layer_sizes=(2,), random_state=0, max_iter=9, early_stopping=early_stopping
        )
        both = _fit_both(Case(X=X, y=np.full(30, 7), task="classification", parameters=parameters))
        assert both is not None
        network, expected = both
        assert_same_weights(network, expected)
        np.testing.assert_array_equal(network.validation_scores, expected.validation_scores_)
        np.testing.assert_array_equal(network.predict(X), expected.predict(X))


def test_without_a_seed_two_fits_differ() -> None:
    rows = read_rows(*make_table("binary", 30, 3, 0), task="classification")
    first, second = (train_rows(rows, NetworkParameters(hidden_layer_sizes=(2,), max_iter=1)) for _ in range(2))
    assert (first.weights != second.weights).any()


@pytest.mark.parametrize(
    ("X", "y", "task", "reason"),
    [
        ([[1.0], [np.nan]], [0, 1], "classification", "inputs contain an empty, infinite"),
        ([[1.0], [2.0]], [0.5, 1], "classification", "fractions"),
        ([[1.0], [2.0]], [0, 1, 1], "classification", "one target each"),
        ([["a"], ["b"]], [0, 1], "classification", "not a number"),
        ([[1.0], [2.0]], [[0, 1], [2, 1]], "classification", "labels must be 0 or 1"),
        ([[1.0], [2.0]], [np.inf, 1], "regression", "targets contain"),
        ([1.0, 2.0], [0, 1], "regression", "at least one row"),
        ([[1.0], [2.0]], [0, 1], "clustering", "classification or regression"),
    ],
)
def test_data_that_cannot_be_trained_on_is_refused_in_one_sentence(X: Any, y: Any, task: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read_rows(X, y, task=task)


@settings(deadline=None, max_examples=30)
@given(case=cases())
def test_the_estimator_taken_home_is_the_one_scikit_learn_would_have_made(case: Case) -> None:
    both = _fit_both(case)
    if both is None:
        return
    network, expected = both
    estimator = pickle.loads(pickle.dumps(to_estimator(network)))
    assert estimator.get_params() == expected.get_params()
    private = {"_optimizer", "_random_state", "_no_improvement_count", "_best_coefs", "_best_intercepts"}
    assert vars(expected).keys() - private == vars(estimator).keys()
    for name in (
        "n_iter_",
        "t_",
        "n_layers_",
        "n_outputs_",
        "n_features_in_",
        "out_activation_",
        "loss_curve_",
        "loss_",
        "best_loss_",
        "validation_scores_",
        "best_validation_score_",
    ):
        np.testing.assert_equal(getattr(estimator, name), getattr(expected, name))
    with quiet():
        predicted = expected.predict(case.X)
        np.testing.assert_array_equal(estimator.predict(case.X), predicted)
        if case.task == "classification" or np.isfinite(predicted).all():  # scikit-learn refuses to score infinity
            assert estimator.score(case.X, case.y) == expected.score(case.X, case.y)
