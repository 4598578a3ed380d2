"""Searches that change one weight at a time: equal to evaluating the whole network for every change."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, mean_squared_error

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.families.hill_climbing import HillClimbing
from nnsize_engine.evolution.families.simulated_annealing import Decay, SimulatedAnnealing
from nnsize_engine.evolution.local_problem import LocalProblem, local_problem
from nnsize_engine.evolution.one_weight_search import OneWeightState
from nnsize_engine.evolution.problem import Problem, make_problem
from nnsize_engine.settings.activations import ACTIVATIONS
from nnsize_engine.settings.evolution import EvolutionSettings
from support.obvious_one_weight import ObviousSearch
from support.reference_evolution import exact_log_loss, last_sums, split_weights

Floats = NDArray[Any]
Searches = HillClimbing | SimulatedAnnealing

MEASURES = (
    ("breast_cancer", "log_loss"),
    ("breast_cancer", "accuracy"),
    ("iris", "log_loss"),
    ("iris", "accuracy"),
    ("diabetes", "squared_error"),
)


@cache
def problem_of(**given: Any) -> Problem:
    values = EvolutionSettings(**{"init": "glorot", "bounds": "glorot:3", "members": 9, **given})
    return make_problem(values, load_split(values))


def local(problem: Problem, rows: NDArray[np.int64] | None = None) -> LocalProblem:
    table = problem.training if rows is None else problem.training.some(rows)
    return local_problem(problem, table, bounds_of(problem.settings))


def first_weights(problem: Problem, seed: int) -> Floats:
    bounds = bounds_of(problem.settings)
    drawn = np.random.default_rng(seed).uniform(bounds.first_low, bounds.first_high)
    return drawn.astype(problem.settings.precision)


def begun(family: Searches, on: LocalProblem, weights: Floats, members: int, seed: int = 0) -> OneWeightState:
    start = Start(weights=weights.size, members=members, step=family.step, seed=seed, restart=0)
    return family.begin(start, weights, on.loss(weights))


def carried_on(family: Searches, on: LocalProblem, state: OneWeightState, generations: int) -> OneWeightState:
    for _ in range(generations):
        generation = family.open(state, on)
        generation.advance(generation.left)
        state = generation.close()
    return state


def obvious_loss(on: LocalProblem) -> Callable[[Floats], float]:
    """Return the loss of a whole network in NumPy, from the definitions."""
    problem, table = on.problem, on.table
    values, units = problem.settings, problem.settings.units

    def loss(weights: Floats) -> float:
        sums = last_sums(units, weights, table.rows.inputs, values.activation)
        penalty = values.weight_decay / 2 * sum((matrix**2).sum() for matrix in split_weights(units, weights)[0])
        if not np.isfinite(sums).all():
            return np.inf
        classes = table.labels if units[-1] > 1 else table.rows.targets[:, 0].astype(np.int64)
        match values.fitness:
            case "log_loss":
                found = exact_log_loss(sums, classes)
            case "accuracy":
                chosen = sums.argmax(axis=1) if units[-1] > 1 else sums[:, 0] > 0
                found = -accuracy_score(classes, chosen)
            case _:
                found = mean_squared_error(table.rows.targets, sums)
        return float(found + penalty)

    return loss


def obvious(family: Searches, on: LocalProblem, weights: Floats, seed: int) -> ObviousSearch:
    def temperature(evaluation: int) -> float:
        if isinstance(family, HillClimbing):
            return 0.0
        first, rate = family.first_temperature, family.rate
        falling = {
            "geometric": first * rate**evaluation,
            "exponential": first * np.exp(-rate * evaluation),
            "arithmetic": first - rate * evaluation,
        }
        return float(max(falling[family.decay], family.min_temperature))

    return ObviousSearch(
        loss_of=obvious_loss(on),
        weights=weights,
        limits=on.network.limits,
        low=on.network.low,
        high=on.network.high,
        seed=seed,
        step=family.step,
        growth=family.growth,
        shrinkage=family.shrinkage,
        temperature=temperature,
    )


@st.composite
def searches(draw: st.DrawFn) -> Searches:
    step = draw(st.sampled_from([0.1, 1.0, 5.0]))
    if draw(st.booleans()):
        return HillClimbing(step=step)
    rates: list[tuple[Decay, float]] = [("geometric", 0.97), ("exponential", 0.02), ("arithmetic", 0.001)]
    decay, rate = draw(st.sampled_from(rates))
    first, least = draw(st.sampled_from([(1.0, 0.001), (0.1, 0.0), (0.01, 1e-5)]))
    return SimulatedAnnealing(step=step, decay=decay, rate=rate, first_temperature=first, min_temperature=least)


@given(
    searches(),
    st.sampled_from(MEASURES),
    st.sampled_from(["1", "3", "2,3", "4,2,3", "2,1,2,2"]),
    st.sampled_from(ACTIVATIONS),
    st.sampled_from([0.0, 0.02]),
    st.integers(1, 40),
    st.integers(0, 2**32),
)
@settings(max_examples=60, deadline=None)
def test_each_change_is_judged_as_by_the_whole_network(
    family: Searches, measure: tuple[str, str], layers: str, activation: str, decay: float, count: int, seed: int
) -> None:
    """In float64 every loss is equal to 1e-9, and every change is kept or not as the whole networks' losses say."""
    data, fitness = measure
    # Two outputs whose biases reach the same bound are equal but for rounding, which decides about an accuracy.
    bounds = "-1e6:1e6" if fitness == "accuracy" else "glorot:3"
    problem = problem_of(
        data=data, fitness=fitness, layers=layers, activation=activation, weight_decay=decay, bounds=bounds,
        precision="float64",
    )  # fmt: skip
    random = np.random.default_rng(seed)
    on = local(problem, random.permutation(len(problem.training.answers))[:count])
    weights = first_weights(problem, seed)
    state, plain = begun(family, on, weights, 25, seed), obvious(family, on, weights, seed)
    for _ in range(4):
        generation = family.open(state, on)
        while generation.left:
            before, steps = generation.weights.copy(), generation.steps.copy()
            generation.advance(1)
            is_kept = not np.array_equal(before, generation.weights)
            has_turned = not np.array_equal(np.sign(steps), np.sign(generation.steps))
            plain.change(is_kept_there=is_kept, has_turned_there=has_turned)
            np.testing.assert_array_equal(generation.weights, plain.weights)
            assert generation.loss == pytest.approx(plain.loss, rel=1e-9, abs=1e-9)
        state = generation.close()
        np.testing.assert_array_equal(state.steps, plain.steps)
    assert state.best_loss == pytest.approx(plain.best_loss, rel=1e-9, abs=1e-9)
    assert obvious_loss(on)(state.best_weights) == pytest.approx(state.best_loss, rel=1e-9, abs=1e-9)


@given(searches(), st.sampled_from(MEASURES), st.lists(st.integers(1, 30), min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_parts_of_a_generation_change_no_bit(family: Searches, measure: tuple[str, str], parts: list[int]) -> None:
    problem = problem_of(data=measure[0], fitness=measure[1], layers="3,2", weight_decay=0.01)
    whole, cut = local(problem), local(problem)
    first = begun(family, whole, first_weights(problem, 1), 40)
    at_once = carried_on(family, whole, first, 2)
    state = carried_on(family, cut, first, 1)
    generation = family.open(state, cut)
    for part in parts:
        generation.advance(part)
    generation.advance(generation.left)
    assert_equal(at_once, generation.close())


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 2e-5), ("float64", 1e-12)])
@pytest.mark.parametrize(
    "measure", [("iris", "log_loss"), ("breast_cancer", "log_loss"), ("diabetes", "squared_error")]
)
@pytest.mark.parametrize("family", [HillClimbing(), SimulatedAnnealing()], ids=lambda family: family.name)
def test_after_many_changes_the_sums_are_those_of_a_whole_evaluation(
    family: Searches, measure: tuple[str, str], precision: str, tolerance: float
) -> None:
    """After 20,000 changes of one generation, sums and loss have drifted by a few units of rounding at most.

    A new generation computes the sums again, so that they drift no further, however long the search is.
    """
    given = {"data": measure[0], "fitness": measure[1], "layers": "8,4", "weight_decay": 0.01, "precision": precision}
    problem = problem_of(**given)
    on, other = local(problem), local(problem)
    state = begun(family, on, first_weights(problem, 3), 20_000)
    generation = family.open(state, on)
    generation.advance(generation.left)
    state = generation.close()
    assert state.accepted > 500
    drifted, scale = on.known.sums.copy(), float(np.abs(on.known.sums).max())
    assert generation.loss == pytest.approx(on.loss(generation.weights), rel=tolerance)
    after = family.open(state, other)  # computes all sums
    np.testing.assert_array_equal(after.weights, generation.weights)
    assert float(np.abs(drifted - other.known.sums).max()) <= tolerance * scale
    family.open(state, on)
    np.testing.assert_array_equal(on.known.sums, other.known.sums)


def test_a_generation_that_is_left_changes_nothing() -> None:
    problem = problem_of(data="iris", fitness="log_loss", layers="3")
    on, family = local(problem), HillClimbing()
    state = carried_on(family, on, begun(family, on, first_weights(problem, 1), 30), 1)
    family.open(state, on).advance(17)
    assert_equal(carried_on(family, on, state, 1), carried_on(family, local(problem), state, 1))


@pytest.mark.parametrize("family", [HillClimbing(), SimulatedAnnealing()], ids=lambda family: family.name)
def test_a_scoring_is_computed_from_whole_networks(family: Searches) -> None:
    problem = problem_of(data="breast_cancer", fitness="f1", layers="2", weight_decay=0.001)
    on = local(problem)
    first = begun(family, on, first_weights(problem, 2), 20)
    state = carried_on(family, on, first, 2)
    assert state.best_loss <= first.loss
    assert on.loss(state.weights) == state.loss
    assert on.loss(state.best_weights) == state.best_loss
    assert state.evaluations == 40


@pytest.mark.parametrize("fitness", ["log_loss", "accuracy", "f1"])
@pytest.mark.parametrize("family", [HillClimbing(), SimulatedAnnealing()], ids=lambda family: family.name)
def test_networks_without_a_finite_loss_are_left(family: Searches, fitness: str) -> None:
    """No NaN is kept: a search that begins at weights which overflow stays there, or finds finite ones."""
    problem = problem_of(
        data="breast_cancer", fitness=fitness, layers="2,2,2", bounds="-1e15:1e15", activation="identity"
    )
    on = local(problem)
    state = begun(family, on, np.full(problem.settings.weights, 1e15, dtype=np.float32), 40)
    assert state.loss == np.inf or fitness == "accuracy"
    state = carried_on(family, on, state, 3)
    assert np.isfinite(state.weights).all()
    assert np.isfinite(state.steps).all()
    assert not np.isnan([state.loss, state.best_loss]).any()


def test_a_row_whose_exponentials_leave_the_range_gets_another_shift() -> None:
    """Steps of this size move sums by hundreds at once, up and down."""
    problem = problem_of(data="iris", fitness="log_loss", layers="2", bounds="-1e4:1e4", precision="float64")
    on, family = local(problem), SimulatedAnnealing(step=5000.0, min_temperature=3000.0)
    state = begun(family, on, first_weights(problem, 3), 60)
    for _ in range(4):
        generation = family.open(state, on)
        while generation.left:
            generation.advance(1)
            assert generation.loss == pytest.approx(obvious_loss(on)(generation.weights), rel=1e-9)
        state = generation.close()
    assert state.accepted > 20


def test_new_rows_give_new_losses() -> None:
    problem = problem_of(data="iris", fitness="log_loss", layers="3")
    family = SimulatedAnnealing()
    on = local(problem)
    state = carried_on(family, on, begun(family, on, first_weights(problem, 1), 30), 2)
    other = local(problem, np.arange(20))
    losses = np.array([other.loss(weights) for weights in family.remembered(state)])
    found = family.with_losses(state, losses)
    assert found.loss == losses[0]
    assert found.best_loss == min(losses)
    assert other.loss(found.best_weights) == found.best_loss


def test_weights_stay_within_their_bounds_and_turn_round_there() -> None:
    problem = problem_of(data="iris", fitness="log_loss", layers="3", bounds="-0.1:0.1")
    on, family = local(problem), HillClimbing(step=3.0)
    state = carried_on(family, on, begun(family, on, np.full(problem.settings.weights, 0.1, np.float32), 27), 1)
    assert np.abs(state.weights).max() <= np.float32(0.1)
    assert (state.steps < 0).all()  # each was visited once, at its upper bound


def test_a_generation_needs_an_evaluation() -> None:
    for family in (HillClimbing(), SimulatedAnnealing()):
        assert family.evaluations_of_generation(None) == 100
        assert family.evaluations_of_generation(7) == 7
        with pytest.raises(SettingsError, match="members is 0; a generation needs at least 1 evaluation"):
            family.evaluations_of_generation(0)


SEARCH = """
import numpy as np
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.families.simulated_annealing import SimulatedAnnealing
from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.families.hill_climbing import HillClimbing
from nnsize_engine.evolution.local_problem import local_problem
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.settings.evolution import EvolutionSettings

for family in (HillClimbing(), SimulatedAnnealing()):
    for data, fitness in (("iris", "log_loss"), ("diabetes", "squared_error")):
        values = EvolutionSettings(data=data, fitness=fitness, layers="3,2", weight_decay=0.01, precision="float64")
        problem = make_problem(values, load_split(values))
        on = local_problem(problem, problem.training, bounds_of(values))
        weights = np.random.default_rng(5).uniform(-on.network.limits, on.network.limits)
        start = Start(weights=weights.size, members=15, step=family.step, seed=2**64 - 1, restart=0)
        state = family.begin(start, weights, on.loss(weights))
        for _ in range(2):
            generation = family.open(state, on)
            generation.advance(15)
            state = generation.close()
        print(state.loss, state.best_loss, *state.weights)
"""


def test_without_numba_searches_are_the_same() -> None:
    compiled = io.StringIO()
    with contextlib.redirect_stdout(compiled):
        exec(SEARCH, {})
    command, environment = [sys.executable, "-W", "error", "-c", SEARCH], {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    ours, theirs = ([float(number) for number in text.split()] for text in (compiled.getvalue(), found.stdout))
    np.testing.assert_allclose(theirs, ours, rtol=1e-9)


def assert_equal(left: OneWeightState, right: OneWeightState) -> None:
    for field in fields(left):
        np.testing.assert_array_equal(getattr(left, field.name), getattr(right, field.name), err_msg=field.name)
