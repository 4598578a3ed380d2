"""Speed of families that mlrose has too: `python engine/benchmarks/one_weight.py` prints a table.

Ours and mlrose's run in turn in one thread of one process, on the same rows and networks with log loss; compare only
numbers of one call. mlrose's networks have no hidden biases. Compilation happens before the clock starts.
"""

import time
import warnings
from collections.abc import Callable
from typing import Any

import mlrose_ky as mlrose
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.report import say
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.families import genetic, hill_climbing, simulated_annealing
from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.local_problem import local_problem
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem, scaled
from nnsize_engine.settings.auto_strategy import recommended

NETWORKS = (("digits", "32"), ("breast_cancer", "64,32"))
LOCAL = {"random_hill_climb": hill_climbing.FAMILY, "simulated_annealing": simulated_annealing.FAMILY}
EVALUATIONS, MLROSE_EVALUATIONS, MLROSE_MEMBERS = 20_000, 1000, 200


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


def main() -> None:
    """Print evaluations a second, ours and mlrose's, and our loss after 20,000."""
    say("| network | algorithm | ours / s | mlrose / s | ratio | our loss |\n|---|---|---|---|---|---|")
    for data, layers in NETWORKS:
        settings = recommended(data=data, layers=layers)
        problem = make_problem(settings, load_split(settings))
        for algorithm in (*LOCAL, "genetic_alg"):

            def work(evaluations: int, algorithm: str = algorithm, problem: Problem = problem) -> float:
                if algorithm in LOCAL:
                    return local_evaluations(LOCAL[algorithm], problem, evaluations)
                return genetic_evaluations(problem, evaluations)

            def theirs(evaluations: int, algorithm: str = algorithm, problem: Problem = problem) -> None:
                mlrose_evaluations(algorithm, problem, evaluations)

            with threadpool_limits(1, "blas"):
                rates = per_second(work, EVALUATIONS), per_second(theirs, MLROSE_EVALUATIONS)
                loss = work(EVALUATIONS)
            say(
                f"| {data} {layers} | {algorithm} | {rates[0]:,.0f} | {rates[1]:,.0f} | {rates[0] / rates[1]:.0f} | "
                f"{loss:.3f} |"
            )


if __name__ == "__main__":
    main()
