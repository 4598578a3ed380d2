"""Searches that change one weight at a time find what mlrose's find with its fixed steps, and more with their own.

mlrose moves a random weight by one step up or down. With a growth of 1 and a shrinkage of -1 our steps are fixed too;
what still differs is the order of the weights, and that a kept direction is tried again.
"""

from typing import Any

import mlrose_ky as mlrose
import numpy as np
import pytest
from numpy.typing import NDArray

from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.families.hill_climbing import HillClimbing
from nnsize_engine.evolution.families.simulated_annealing import SimulatedAnnealing
from nnsize_engine.evolution.local_problem import LocalProblem, local_problem
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[Any]

EVALUATIONS, SEEDS, STEP, RATE, FIRST, LEAST = 600, 15, 0.3, 0.99, 0.05, 1e-4


@pytest.fixture(scope="module")
def problem() -> LocalProblem:
    values = EvolutionSettings(
        data="iris", layers="4", fitness="log_loss", init="glorot", bounds="glorot:10", members=9, weight_decay=0.01,
        precision="float64",
    )  # fmt: skip
    made = make_problem(values, load_split(values))
    return local_problem(made, made.training, bounds_of(values))


def first_weights(problem: LocalProblem, seed: int) -> Floats:
    drawn: Floats = np.random.default_rng(seed).uniform(-problem.network.limits, problem.network.limits)
    return drawn


def ours(family: HillClimbing | SimulatedAnnealing, problem: LocalProblem, seed: int) -> float:
    weights = first_weights(problem, seed)
    start = Start(weights=weights.size, members=EVALUATIONS, step=family.step, seed=seed, restart=0)
    generation = family.open(family.begin(start, weights, problem.loss(weights)), problem)
    generation.advance(EVALUATIONS)
    return generation.close().loss


def mlroses(algorithm: Any, problem: LocalProblem, seed: int, **given: Any) -> float:
    """Return the loss where mlrose's search ends; its coordinates are in units of the Glorot limit, as our steps."""
    limits = problem.network.limits
    fitness = mlrose.CustomFitness(lambda coordinates: problem.loss(coordinates * limits), "continuous")
    task = mlrose.ContinuousOpt(limits.size, fitness, maximize=False, min_val=-10, max_val=10, step=STEP)
    start = first_weights(problem, 100 + seed) / limits
    end, *_ = algorithm(task, max_attempts=10**9, max_iters=EVALUATIONS, init_state=start, random_state=seed, **given)
    return problem.loss(end * limits)


def test_hill_climbing(problem: LocalProblem) -> None:
    fixed, own = HillClimbing(step=STEP, growth=1.0, shrinkage=-1.0), HillClimbing()
    theirs = np.median([mlroses(mlrose.random_hill_climb, problem, seed) for seed in range(SEEDS)])
    assert np.median([ours(fixed, problem, seed) for seed in range(SEEDS)]) / theirs == pytest.approx(1, abs=0.15)
    assert np.median([ours(own, problem, seed) for seed in range(SEEDS)]) < 0.95 * theirs


@pytest.mark.parametrize(
    ("decay", "rate", "schedule"),
    [
        ("geometric", 0.99, mlrose.GeomDecay(FIRST, 0.99, LEAST)),
        ("exponential", 0.02, mlrose.ExpDecay(FIRST, 0.02, LEAST)),
        ("arithmetic", 0.0001, mlrose.ArithDecay(FIRST, 0.0001, LEAST)),
    ],
)
def test_annealing(problem: LocalProblem, decay: Any, rate: float, schedule: Any) -> None:
    fixed = SimulatedAnnealing(
        step=STEP, growth=1.0, shrinkage=-1.0, decay=decay, rate=rate, first_temperature=FIRST, min_temperature=LEAST
    )
    theirs = np.median([mlroses(mlrose.simulated_annealing, problem, seed, schedule=schedule) for seed in range(SEEDS)])
    found = np.median([ours(fixed, problem, seed) for seed in range(SEEDS)])
    assert found / theirs == pytest.approx(1, abs=0.2)
