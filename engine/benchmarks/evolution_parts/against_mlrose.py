"""Evaluations a second of hill climbing, annealing and the genetic algorithm, against mlrose.

Ours and mlrose's run in turn in one thread of one process, on the same rows and networks with log loss. mlrose's
networks have no hidden biases. Compilation happens before the clock starts.
"""

import time
import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import mlrose_ky as mlrose
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.evolution_parts.part import Part, Run, Runs, median, table
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.families import genetic, hill_climbing, simulated_annealing
from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.local_problem import local_problem
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem, scaled
from nnsize_engine.settings.auto_strategy import recommended

NETWORKS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "digits 64-32-10": {"data": "digits", "layers": "32"},
        "breast_cancer 30-64-32-1": {"data": "breast_cancer", "layers": "64,32"},
    }
)
LOCAL: Mapping[str, Any] = MappingProxyType(
    {"random_hill_climb": hill_climbing.FAMILY, "simulated_annealing": simulated_annealing.FAMILY}
)
EVALUATIONS, MLROSE_EVALUATIONS, MLROSE_MEMBERS = 20_000, 1000, 200

MIN_RATIO = 20
"""Target."""


def local_evaluations(family: Any, problem: Problem, evaluations: int) -> float:
    """Change one weight so many times; return the loss."""
    bounds = bounds_of(problem.settings)
    on = local_problem(problem, problem.training, bounds)
    weights = np.random.default_rng(0).uniform(bounds.first_low, bounds.first_high).astype(bounds.low.dtype)
    start = Start(weights=weights.size, members=None, step=family.step, seed=0, restart=0)
    state = family.begin(start, weights, on.loss(weights))
    while state.evaluations < evaluations:
        generation = family.open(state, on)
        generation.advance(generation.left)
        state = generation.close()
    return float(state.best_loss)


def genetic_evaluations(problem: Problem, evaluations: int) -> float:
    """Evaluate so many networks of the genetic algorithm; return the loss."""
    family, bounds = genetic.FAMILY, bounds_of(problem.settings)
    count = family.member_count(bounds.weights, None)
    shape, limits = (count, bounds.weights), bounds.first_high
    members = np.random.default_rng(0).uniform(-1, 1, shape).astype(limits.dtype)
    losses = np.empty(count)
    fill_losses(problem, problem.training, members * limits, losses)
    start = Start(weights=bounds.weights, members=None, step=family.step, seed=0, restart=0)
    state = family.begin(start, members, losses)
    for _ in range(evaluations // count - 1):
        trials = np.empty_like(members)
        family.fill(family.propose(state), 0, trials)
        fill_losses(problem, problem.training, trials * limits, losses)
        state = family.tell(state, trials, losses)
    return float(state.losses[0])


def mlrose_evaluations(algorithm: str, problem: Problem, evaluations: int) -> None:
    """Evaluate so many networks by mlrose with its own settings."""
    labels = problem.split.y_train
    targets = np.eye(len(problem.classes))[labels] if problem.kind == "multiclass" else labels[:, np.newaxis]
    generations = evaluations // MLROSE_MEMBERS - 1
    network = mlrose.NeuralNetwork(
        hidden_nodes=list(problem.settings.hidden_layer_sizes),
        algorithm=algorithm,
        max_iters=generations if algorithm == "genetic_alg" else evaluations,
        max_attempts=evaluations,
        clip_max=5,
        pop_size=MLROSE_MEMBERS,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.fit(scaled(problem, problem.split.X_train), targets)


def per_second(work: Callable[[int], object], evaluations: int) -> float:
    """Return evaluations a second of processor time; the first ones compile and load."""
    work(400)
    began = time.process_time()
    work(evaluations)
    return evaluations / (time.process_time() - began)


def _both(algorithm: str, network: Mapping[str, str]) -> Run:
    def run(seed: int) -> dict[str, Any]:
        settings = recommended(**network, seed=seed)
        problem = make_problem(settings, load_split(settings))

        def ours(evaluations: int) -> float:
            if algorithm in LOCAL:
                return local_evaluations(LOCAL[algorithm], problem, evaluations)
            return genetic_evaluations(problem, evaluations)

        with threadpool_limits(1, "blas"):
            rates = (
                per_second(ours, EVALUATIONS),
                per_second(lambda count: mlrose_evaluations(algorithm, problem, count), MLROSE_EVALUATIONS),
            )
            return {"ours": rates[0], "mlrose": rates[1], "ratio": rates[0] / rates[1], "loss": ours(EVALUATIONS)}

    return run


def _lines(found: Runs) -> list[str]:
    """Return a table of evaluations a second, and our loss."""
    rows = [
        [
            subject,
            *(f"{median(runs, name):,.0f}" for name in ("ours", "mlrose", "ratio")),
            f"{median(runs, 'loss'):.3f}",
        ]
        for subject, runs in found.items()
    ]
    return [
        f"One thread. Target: at least {MIN_RATIO} times the evaluations of mlrose.",
        "",
        *table(f"|ours a second|mlrose's a second|ratio|our loss after {EVALUATIONS:,}", rows),
    ]


ROWS: Mapping[str, Run] = MappingProxyType(
    {
        f"{name}, {algorithm}": _both(algorithm, network)
        for name, network in NETWORKS.items()
        for algorithm in (*LOCAL, "genetic_alg")
    }
)

PART = Part(rows=ROWS, seeds=1, lines=_lines)
