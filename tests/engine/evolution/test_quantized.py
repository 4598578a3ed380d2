"""Networks with steps and with rounded weights evolve as they will be used."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem, network_of, used_weights
from nnsize_engine.evolution.scores import quantized, train_by_gradient
from nnsize_engine.network.rounding import rounded_members
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.steps import steep_weights
from nnsize_engine.network.stored import as_npz, fitted_network, fitted_pipeline
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[Any]

UNITS = (3, 4, 2)


def obviously_rounded(values: Floats, bits: int) -> Floats:
    """Return numbers that are rounded together, by the formulas of the papers."""
    if bits == 1:
        signs: Floats = np.where(values >= 0, 1.0, -1.0)
        found: Floats = signs * np.abs(values).mean()
        return found
    most = 2 ** (bits - 1) - 1
    scale = np.abs(values).max() / most
    return scale * np.round(values / scale) if scale else values


@given(st.integers(0, 2**32 - 1), st.sampled_from([8, 4, 2, 1]), st.sampled_from(["float32", "float64"]))
def test_the_weights_and_the_biases_of_each_layer_are_rounded_apart(seed: int, bits: int, precision: str) -> None:
    shape = NetworkShape(units=UNITS)
    members = np.random.default_rng(seed).normal(size=(2, shape.weight_count)).astype(precision)
    rounded = rounded_members(members, UNITS, bits)
    assert rounded.dtype == members.dtype
    for before, after in zip(members.astype(float), rounded, strict=True):
        for given_parts, found_parts in zip(shape.split(before), shape.split(after), strict=True):
            for values, found in zip(given_parts, found_parts, strict=True):
                np.testing.assert_allclose(found, obviously_rounded(values, bits), rtol=1e-5, atol=1e-7)
                assert len(np.unique(found)) <= 2**bits


@pytest.mark.parametrize("bits", [8, 4, 2, 1])
def test_zeros_stay_finite_and_numbers_that_are_none_stay_so(bits: int) -> None:
    members = np.zeros((2, NetworkShape(units=UNITS).weight_count))
    members[1, 0] = np.nan
    rounded = rounded_members(members, UNITS, bits)
    assert (rounded[0] == 0).all()
    assert np.isnan(rounded[1, 0])


def problem_of(data: str = "iris", **given: Any) -> Problem:
    settings = EvolutionSettings(**{"data": data, "layers": "5,4", "fitness": "log_loss", **given})
    return make_problem(settings, load_split(settings))


def members_of(problem: Problem, count: int = 4) -> Floats:
    members: Floats = np.random.default_rng(0).normal(size=(count, problem.settings.weights))
    return members.astype(problem.settings.precision)


@pytest.mark.parametrize("bits", [8, 4, 2, 1])
@pytest.mark.parametrize("activation", ["relu", "step"])
def test_members_are_evaluated_and_stored_with_rounded_weights(bits: int, activation: str) -> None:
    problem = problem_of(bits=bits, activation=activation, weight_decay=0.01)
    plain = problem_of(activation=activation, weight_decay=0.01)
    members = members_of(problem)
    losses, expected = np.empty(4), np.empty(4)
    fill_losses(problem, problem.training, members, losses)
    fill_losses(plain, plain.training, used_weights(problem, members), expected)
    np.testing.assert_array_equal(losses, expected)
    stored = network_of(problem, "evolved", members[0], steps=1)
    np.testing.assert_array_equal(np.frombuffer(stored.weights), used_weights(problem, members)[0])
    coefs = fitted_pipeline(stored).named_steps["network"].coefs_
    assert all(len(np.unique(matrix)) <= 2**bits for matrix in coefs)


@pytest.mark.parametrize("data", ["iris", "breast_cancer", "diabetes"])
def test_a_network_of_steps_predicts_the_same_in_scikit_learn_and_by_its_arrays(data: str) -> None:
    fitness = "squared_error" if data == "diabetes" else "log_loss"
    problem = problem_of(data, activation="step", fitness=fitness, precision="float64")
    X = problem.split.X_train
    for weights in members_of(problem):
        stored = network_of(problem, "evolved", weights, steps=1)
        network, pipeline = fitted_network(stored), fitted_pipeline(stored)
        outputs = network.outputs((X - problem.mean) / problem.scale)
        found = pipeline.predict(X).reshape(len(X), -1) if data == "diabetes" else pipeline.predict_proba(X)
        expected = outputs if data != "breast_cancer" else np.column_stack([1 - outputs, outputs])
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        coefs, intercepts = network.shape.split(network.weights)
        values = (X - problem.mean) / problem.scale
        for matrix, biases in zip(coefs[:-1], intercepts[:-1], strict=True):
            values = (values @ matrix + biases > 0).astype(float)
        assert set(np.unique(values)) <= {0.0, 1.0}
        last = values @ coefs[-1] + intercepts[-1]
        if data == "iris":
            np.testing.assert_array_equal(outputs.argmax(axis=1), last.argmax(axis=1))
        assert as_npz(stored)


def test_a_sum_of_exactly_zero_is_no_step_up() -> None:
    shape = NetworkShape(units=(1, 2, 1))
    weights = np.array([1.0, 0.0, -0.5, 0.0, 1.0, 1.0, 0.0])  # sums x - 0.5 and 0
    coefs, intercepts = shape.split(steep_weights(weights, shape))
    for x, expected in ((0.5, [0, 0]), (np.nextafter(0.5, 1) + 1e-15, [1, 0]), (0.4, [0, 0])):
        with np.errstate(over="ignore"):
            values = 1 / (1 + np.exp(-(np.array([x]) @ coefs[0] + intercepts[0])))
        np.testing.assert_array_equal(values, expected)


def test_the_gradient_trained_network_is_compared_with_the_same_rounding() -> None:
    import threading

    problem = problem_of(bits=2, activation="step")
    trained = train_by_gradient(problem, threading.Event())
    assert trained is not None
    assert trained[0].activation == "logistic", "no gradient leads through a step"
    found = quantized(problem, trained)
    assert found is not None
    assert (found[0].name, found[0].activation) == ("quantized", "step")
    weights = np.frombuffer(trained[0].weights)[np.newaxis]
    np.testing.assert_array_equal(
        np.frombuffer(found[0].weights), rounded_members(weights, problem.settings.units, 2)[0]
    )
    assert found[1].fitness != trained[1].fitness
    plain = replace(problem, settings=replace(problem.settings, bits=None, activation="relu"))
    assert quantized(plain, trained) is None
