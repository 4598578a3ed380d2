"""Evolution of a network by ours, SciPy, pymoo and mlrose, with the time of each generation.

The objective of SciPy and pymoo is a forward pass by NumPy in float64, of a few members at a time so that the values
stay in the processor's cache. It is valid for binary classification, as in article 2.
"""

import sys
import threading
import time
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, differential_evolution
from threadpoolctl import threadpool_limits

from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem, network_of, scaled
from nnsize_engine.evolution.scores import final_scores, train_by_gradient
from nnsize_engine.evolution.warm_up import prepare_evolution
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.results.records import NetworkScores
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[Any]

_CHUNK = 8
"""Members computed at a time; more are slower, and fewer are no faster."""


def problem_for(settings: EvolutionSettings) -> Problem:
    """Return the problem of the settings, with its data loaded and its code compiled."""
    prepare_evolution(settings)
    return make_problem(settings, load_split(settings))


# The objective of SciPy and pymoo.


class Objective:
    """Minus the accuracy on the training rows, which is minimised; can be sent to other processes."""

    def __init__(self, problem: Problem) -> None:
        self.units = problem.settings.units
        self.inputs = np.ascontiguousarray(scaled(problem, problem.split.X_train))
        self.wanted = problem.split.y_train == problem.classes[1]

    def of_many(self, members: Floats) -> Floats:
        """Return the values of members, shape (members, weights) to shape (members,)."""
        found = [self._of_some(members[first : first + _CHUNK]) for first in range(0, len(members), _CHUNK)]
        return np.concatenate(found)

    def of_columns(self, points: Floats) -> Floats:
        """Return the values as SciPy's ``vectorized`` needs them: shape (weights, members) to shape (members,)."""
        return self.of_many(np.atleast_2d(points.T))

    def of_one(self, weights: Floats) -> float:
        """Return the value of one member, as SciPy's ``workers`` need it."""
        return float(self._of_some(weights[np.newaxis])[0])

    def _of_some(self, members: Floats) -> Floats:
        values, begin = self.inputs, 0
        for layer, (inputs, neurons) in enumerate(zip(self.units, self.units[1:], strict=False)):
            end = begin + inputs * neurons
            matrices = members[:, begin:end].reshape(-1, inputs, neurons)
            values = np.matmul(values, matrices)
            values += members[:, np.newaxis, end : end + neurons]
            begin = end + neurons
            if layer < len(self.units) - 2:
                np.maximum(values, 0, out=values)
        accuracies: Floats = ((values[:, :, 0] > 0) == self.wanted).mean(axis=1)
        return -accuracies


# The time of a generation.


def generations_of_ours(problem: Problem, generations: int) -> list[float]:
    """Return the seconds of each generation after the first population, on all cores."""
    evolution, seconds = Evolution(problem, None, lambda _: None), []
    with ThreadPool(worker_count(problem.settings.jobs)) as pool:
        evolution.next_generation(pool, threading.Event())
        for _ in range(generations):
            began = time.perf_counter()
            evolution.next_generation(pool, threading.Event())
            seconds.append(time.perf_counter() - began)
    return seconds


def generations_of_scipy(problem: Problem, generations: int, *, vectorized: bool) -> list[float]:
    """Return the same of ``differential_evolution``; each of its processes has one BLAS thread."""
    times: list[float] = []
    _with_scipy(problem, generations, vectorized=vectorized, callback=lambda _: times.append(time.perf_counter()))
    return np.diff(times).tolist()


def _with_scipy(problem: Problem, generations: int, *, vectorized: bool, callback: Callable[[Any], None]) -> Floats:
    objective, settings = Objective(problem), problem.settings
    low, high = (end.astype(np.float64) for end in (bounds_of(settings).low, bounds_of(settings).high))
    given: dict[str, Any] = {"vectorized": True} if vectorized else {"workers": -1}

    def after(intermediate_result: Any) -> None:
        callback(intermediate_result)

    with threadpool_limits(worker_count(None) if vectorized else 1, "blas"):
        evolve: Any = differential_evolution  # its types know no vectorised functions
        result = evolve(
            objective.of_columns if vectorized else objective.of_one,
            Bounds(low, high),
            strategy=settings.strategy,
            maxiter=generations,
            popsize=settings.popsize,
            tol=settings.tol,
            rng=settings.seed,
            callback=after,
            polish=False,
            updating="deferred",
            **given,
        )
    best: Floats = result.x
    return best


def generations_of_pymoo(problem: Problem, generations: int) -> list[float]:
    """Return the same of pymoo's DE, which has the same repair and crossover; F is the middle of SciPy's range.

    pymoo computes all distances between trials and parents to find equal ones, which no setting prevents.
    """
    from pymoo.algorithms.soo.nonconvex.de import DE
    from pymoo.core.problem import Problem as PymooProblem
    from pymoo.operators.sampling.lhs import LHS
    from pymoo.optimize import minimize

    objective, settings = Objective(problem), problem.settings

    class Network(PymooProblem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=settings.weights, n_obj=1, xl=-1.0, xu=1.0)

        def _evaluate(self, x: Floats, out: dict[str, Any], *_: Any, **__: Any) -> None:
            out["F"] = objective.of_many(x)

    times: list[float] = []
    algorithm = DE(
        pop_size=settings.member_count,
        sampling=LHS(criterion=None),  # no choice among several hypercubes, as in the others
        variant="DE/best/1/bin",
        F=0.75,
        CR=0.7,
        prob_mut=0.0,
    )
    minimize(
        Network(),
        algorithm,
        ("n_gen", generations + 1),
        seed=settings.seed,
        callback=lambda _: times.append(time.perf_counter()),
    )
    return np.diff(times).tolist()


# Whole runs.


def ours(problem: Problem) -> dict[str, Any]:
    """Evolve to the end; return scores, the objective on the training rows, and cost."""
    evolution = Evolution(problem, None, lambda _: None)
    began, processor = time.perf_counter(), time.process_time()
    with ThreadPool(worker_count(problem.settings.jobs)) as pool:
        while evolution.reason_to_end is None:
            evolution.next_generation(pool, threading.Event())
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    assert evolution.state is not None
    weights, generation = evolution.chosen()
    losses = np.empty(1)
    fill_losses(problem, problem.training, weights[np.newaxis], losses)
    scores = final_scores(problem, network_of(problem, "evolved", weights, steps=generation), seconds)
    evaluations = evolution.state.population.evaluations
    cost = {"evaluations": evaluations, "seconds": seconds, "processor_seconds": processor}
    return {**_scores_of(scores), "objective": float(losses[0]), **cost}


def scipy(problem: Problem, most_evaluations: int) -> dict[str, Any]:
    """Run SciPy's vectorised evolution; return scores and cost."""
    members = problem.settings.member_count
    began = time.perf_counter()
    weights = _with_scipy(problem, most_evaluations // members - 1, vectorized=True, callback=lambda _: None)
    seconds = time.perf_counter() - began
    scores = final_scores(problem, network_of(problem, "evolved", weights, steps=0), seconds)
    return {**_scores_of(scores), "evaluations": most_evaluations, "seconds": seconds}


def gradient(problem: Problem) -> dict[str, Any]:
    """Train the same network by gradient on all training rows; return scores and cost."""
    trained = train_by_gradient(problem, threading.Event())
    assert trained is not None
    network, scores = trained
    return {
        **_scores_of(final_scores(problem, network, scores.seconds)),
        "evaluations": None,
        "seconds": scores.seconds,
    }


def mlrose(problem: Problem, algorithm: str, most_evaluations: int, most_seconds: float) -> dict[str, Any]:
    """Train the same network by mlrose in limited time; return scores and cost. mlrose has no hidden biases.

    Its own settings are used: log loss, first weights between -1 and 1, steps of 0.1, 200 members, mutations of 10 %.
    """
    # mlrose imports a class that joblib has removed, and does not use it.
    stub = types.ModuleType("joblib.my_exceptions")
    vars(stub)["WorkerInterrupt"] = type("WorkerInterrupt", (Exception,), {})
    sys.modules.setdefault(stub.__name__, stub)
    from mlrose_hiive import genetic_alg, random_hill_climb, simulated_annealing

    settings = problem.settings
    network, fitness, search = _mlrose_network(problem, algorithm)
    evaluations = 0
    evaluate = fitness.evaluate

    def counted(state: Floats) -> Any:
        nonlocal evaluations
        evaluations += 1
        return evaluate(state)

    fitness.evaluate = counted
    began = time.perf_counter()

    def go_on(**_: Any) -> bool:
        return evaluations < most_evaluations and time.perf_counter() - began < most_seconds

    np.random.seed(settings.seed + 1)  # mlrose draws from the global generator
    given: dict[str, Any] = {
        "max_attempts": most_evaluations,
        "state_fitness_callback": go_on,
        "callback_user_info": [],
    }
    first = np.random.uniform(-1, 1, search.get_length())
    with threadpool_limits(1, "blas"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if algorithm == "genetic_alg":
            weights, _, _ = genetic_alg(search, pop_size=network.pop_size, mutation_prob=network.mutation_prob, **given)
        elif algorithm == "simulated_annealing":
            weights, _, _ = simulated_annealing(search, schedule=network.schedule, init_state=first, **given)
        else:
            weights, _, _ = random_hill_climb(search, init_state=first, **given)
    seconds = time.perf_counter() - began
    network.fitted_weights, network.output_activation = weights, fitness.get_output_activation()
    return {**_mlrose_scores(problem, network), "evaluations": evaluations, "seconds": seconds}


def _mlrose_network(problem: Problem, algorithm: str) -> tuple[Any, Any, Any]:
    """Return mlrose's network, its fitness and its search problem."""
    from mlrose_hiive import NeuralNetwork

    split, settings = problem.split, problem.settings
    X = scaled(problem, split.X_train)
    network = NeuralNetwork(hidden_nodes=list(settings.hidden_layer_sizes), activation=settings.activation)
    network.node_list = [X.shape[1] + 1, *settings.units[1:]]
    fitness, search = network._build_problem_and_fitness_function(
        X,
        split.y_train[:, np.newaxis],
        network.node_list,
        network.activation_dict[settings.activation],
        network.learning_rate,
        network.bias,
        1.0 if algorithm == "genetic_alg" else network.clip_max,  # genetic_alg draws members from the whole range
        network.is_classifier,
    )
    return network, fitness, search


def _mlrose_scores(problem: Problem, network: Any) -> dict[str, float]:
    split, values = problem.split, {}
    for name, (rows, labels) in {"train": (split.X_train, split.y_train), "test": (split.X_test, split.y_test)}.items():
        network.predict(scaled(problem, rows))
        chances = np.clip(network.predicted_probs.ravel(), 1e-16, 1 - 1e-16)
        right = labels == problem.classes[1]
        values[f"{name}_score"] = float(((chances > 0.5) == right).mean())
        values[f"{name}_loss"] = float(-np.log(np.where(right, chances, 1 - chances)).mean())
    return values


def _scores_of(scores: NetworkScores) -> dict[str, Any]:
    return {name: getattr(scores, name) for name in ("train_score", "test_score", "train_loss", "test_loss")}
