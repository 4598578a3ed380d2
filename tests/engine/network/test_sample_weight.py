"""Training with sample weights equals scikit-learn's, operation by operation."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsize_engine.errors import DataError, FitError
from nnsize_engine.network.estimator import new_estimator
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.state_bytes import state_from_bytes, state_to_bytes
from nnsize_engine.network.train import ALL_ZERO, WEIGHTLESS, advance, finish, start, train_rows
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.settings.network import NetworkParameters
from support.networks import KINDS, Case, cases, make_table, quiet
from support.training import assert_same_training, assert_same_weights


@st.composite
def weighted_cases(draw: st.DrawFn) -> tuple[Case, NDArray[np.float64]]:
    """Draw a case of the trainer, and weights of its rows: fractions, counts, or many zeros."""
    case = draw(cases())
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = len(case.X)
    match draw(st.sampled_from(["fractions", "counts", "zeros", "sparse", "ones"])):
        case "fractions":
            return case, random.exponential(size=rows)
        case "counts":
            return case, random.integers(1, 6, size=rows).astype(float)
        case "zeros":
            return case, random.exponential(size=rows) * (random.random(rows) > 0.3)
        case "sparse":
            return case, (random.random(rows) > 0.8).astype(float)
        case _:
            return case, np.ones(rows)


def _with_scikit_learn(case: Case, weights: NDArray[Any], precision: str = "float64") -> Any:
    y = case.y.astype(precision) if case.task == "regression" else case.y
    model = new_estimator(case.parameters, "regression" if case.task == "regression" else "multiclass")
    with quiet():
        return model.fit(case.X.astype(precision), y, sample_weight=weights.astype(precision))


def _fit_both(case: Case, weights: NDArray[Any], precision: str = "float64") -> tuple[FittedNetwork, Any] | None:
    """Our network and scikit-learn's; None where both refuse."""
    rows = read_rows(case.X, case.y, task=case.task, precision=precision).weighted(weights)
    try:
        expected = _with_scikit_learn(case, weights, precision)
    except ZeroDivisionError:  # NumPy's, of a batch or of validation rows that weigh nothing
        with pytest.raises(FitError, match="sample weights of"):
            train_rows(rows, case.parameters)
        return None
    except ValueError as error:
        # Of validation rows that weigh nothing, some scores of scikit-learn say what it says of all rows.
        with pytest.raises(FitError, match=f"{re.escape(str(error))}|sample weights of all validation rows"):
            train_rows(rows, case.parameters)
        return None
    return train_rows(rows, case.parameters), expected


@settings(deadline=None, max_examples=300)
@given(drawn=weighted_cases())
def test_weighted_training_equals_scikit_learn_to_the_last_bit(drawn: tuple[Case, NDArray[np.float64]]) -> None:
    both = _fit_both(*drawn)
    if both is None:
        return
    network, expected = both
    assert_same_training(network, expected)


@settings(deadline=None, max_examples=100)
@given(drawn=weighted_cases())
def test_weighted_training_in_float32_has_the_weights_of_scikit_learn(drawn: tuple[Case, NDArray[np.float64]]) -> None:
    """The weights of rows are float32 as well. Losses differ by rounding, so the stopping rule cannot tip."""
    case, weights = drawn
    parameters = replace(case.parameters, tol=0.0, n_iter_no_change=np.inf, early_stopping=False)
    both = _fit_both(replace(case, parameters=parameters), weights, "float32")
    if both is None:
        return
    network, expected = both
    assert network.precision == "float32"
    assert_same_weights(network, expected)
    np.testing.assert_allclose(network.loss_curve, np.array(expected.loss_curve_, dtype=float), rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_weight_of_2_counts_as_much_as_the_row_twice_in_the_first_step(kind: str) -> None:
    X, y = make_table(kind, 40, 3, 0)
    task = "classification" if kind in ("binary", "multiclass", "multilabel") else "regression"
    parameters = NetworkParameters(
        hidden_layer_sizes=(4,), solver="sgd", max_iter=1, shuffle=False, alpha=0.0, random_state=0,
        loss="poisson" if kind == "poisson" else "squared_error",
    )  # fmt: skip
    weights = np.ones(40)
    weights[:7] = 2
    weighted = train_rows(read_rows(X, y, task=task).weighted(weights), parameters)
    repeated = train_rows(
        read_rows(np.concatenate([X, X[:7]]), np.concatenate([y, y[:7]]), task=task), parameters
    )  # fmt: skip
    np.testing.assert_allclose(weighted.weights, repeated.weights, rtol=1e-12, atol=1e-15)


@settings(deadline=None, max_examples=60)
@given(case=cases())
def test_lbfgs_passes_the_weights_to_scikit_learn(case: Case) -> None:
    case = replace(case, parameters=replace(case.parameters, solver="lbfgs", max_iter=5, early_stopping=False))
    weights = np.linspace(0, 2, len(case.X))
    both = _fit_both(case, weights)
    if both is not None:
        assert_same_weights(*both)


def test_a_stored_weighted_training_goes_on_exactly() -> None:
    X, y = make_table("binary", 60, 3, 0)
    rows = read_rows(X, y, task="classification").weighted(np.arange(60) / 7)
    parameters = NetworkParameters(hidden_layer_sizes=(5,), max_iter=20, random_state=0, early_stopping=True)
    state = advance(start(rows, parameters), rows, epochs=6)
    state = advance(state_from_bytes(state_to_bytes(state), parameters), rows, epochs=20)
    np.testing.assert_array_equal(finish(state, rows).weights, train_rows(rows, parameters).weights)


def test_a_batch_that_weighs_nothing_ends_the_training_with_a_sentence() -> None:
    rows = read_rows(np.eye(4), [0, 1, 0, 1], task="classification").weighted([1, 1, 0, 0])
    parameters = NetworkParameters(batch_size=2, shuffle=False, random_state=0)
    state = advance(start(rows, parameters), rows, seconds=10.0)
    assert state.has_ended
    assert state.epochs == 0
    with pytest.raises(FitError, match=re.escape(WEIGHTLESS)):
        finish(state, rows)


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ([1, -1, 1, 1], "a sample weight is -1; every one must be at least 0"),
        ([1, np.nan, 1, 1], "the sample weights contain an empty, infinite or too large value"),
        ([1, 1], "the sample weights have shape (2,); 4 rows need one each"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weights: Any, reason: str) -> None:
    rows = read_rows(np.eye(4), [0, 1, 0, 1], task="classification")
    with pytest.raises(DataError, match=re.escape(reason)):
        rows.weighted(weights)


def test_rows_that_all_weigh_nothing_are_refused_as_in_scikit_learn() -> None:
    rows = read_rows(np.eye(4), [0, 1, 0, 1], task="classification").weighted(np.zeros(4))
    with pytest.raises(FitError, match=re.escape(ALL_ZERO)):
        train_rows(rows, NetworkParameters(random_state=0))
