"""Who evolves a network of article 2's shape, and what each generation costs: ours, SciPy, pymoo and mlrose.

SciPy's and pymoo's objective is the best obvious one: a forward pass by NumPy in float64, of some members at a time, so
that what they compute stays in the processor's cache. It is right for binary classification, as article 2 has it.
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
from nnsize_engine.evolution.problem import Problem, make_problem, network_of, scaled
from nnsize_engine.evolution.scores import final_scores, train_by_gradient
from nnsize_engine.evolution.warm_up import prepare_evolution
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.results.records import NetworkScores
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[Any]

_CHUNK = 8
"""Members computed at a time; more are slower, fewer no faster."""


def problem_for(settings: EvolutionSettings) -> Problem:
    """Settings and their data, ready to be evolved; what compiles is compiled."""
    prepare_evolution(settings.precision)
    return make_problem(settings, load_split(settings))


# The objective that SciPy and pymoo minimise: minus the accuracy.


class Objective:
    """Minus the accuracy on the training rows; can be sent to other processes."""

    def __init__(self, problem: Problem) -> None:
        self.units = problem.settings.units
        self.inputs = np.ascontiguousarray(scaled(problem, problem.split.X_train))
        self.wanted = problem.split.y_train == problem.classes[1]

    def of_many(self, members: Floats) -> Floats:
        """Shape (members, weights) to shape (members,)."""
        found = [self._of_some(members[first : first + _CHUNK]) for first in range(0, len(members), _CHUNK)]
        return np.concatenate(found)

    def of_columns(self, points: Floats) -> Floats:
        """What SciPy's ``vectorized`` asks: shape (weights, members) to shape (members,)."""
        return self.of_many(np.atleast_2d(points.T))

    def of_one(self, weights: Floats) -> float:
        """What SciPy's ``workers`` ask."""
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


# What a generation costs.


def generations_of_ours(problem: Problem, generations: int) -> list[float]:
    """Seconds of each generation after the first population, on all cores."""
    evolution, seconds = Evolution(problem, None, lambda _: None), []
    with ThreadPool(worker_count(problem.settings.jobs)) as pool:
        evolution.next_generation(pool, threading.Event())
        for _ in range(generations):
            began = time.perf_counter()
            evolution.next_generation(pool, threading.Event())
            seconds.append(time.perf_counter() - began)
    return seconds


def generations_of_scipy(problem: Problem, generations: int, *, vectorized: bool) -> list[float]:
    """The same of ``differential_evolution``; in its processes BLAS has one thread each."""
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
    """The same of pymoo's DE, which repairs and crosses over alike; F is the middle of SciPy's range.

    It looks for trials that equal a parent by computing all distances between them, which no setting prevents.
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
        sampling=LHS(criterion=None),  # it would draw many hypercubes and keep the best, which none of the others does
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


# What a whole run brings.


def ours(problem: Problem, most_evaluations: int) -> dict[str, Any]:
    """Evolve to the end, or for as many evaluations."""
    evolution = Evolution(problem, None, lambda _: None)
    began = time.perf_counter()
    with ThreadPool(worker_count(problem.settings.jobs)) as pool:
        while evolution.reason_to_end is None:
            if evolution.state is not None:
                population = evolution.state.population
                if population.evaluations + len(population.members) > most_evaluations:
                    break
            evolution.next_generation(pool, threading.Event())
    seconds = time.perf_counter() - began
    assert evolution.state is not None
    weights, generation = evolution.chosen()
    scores = final_scores(problem, network_of(problem, "evolved", weights, steps=generation), seconds)
    return {**_told(scores), "evaluations": evolution.state.population.evaluations, "seconds": seconds}


def scipy(problem: Problem, most_evaluations: int) -> dict[str, Any]:
    """SciPy's evolution, vectorised, with these settings."""
    members = problem.settings.member_count
    began = time.perf_counter()
    weights = _with_scipy(problem, most_evaluations // members - 1, vectorized=True, callback=lambda _: None)
    seconds = time.perf_counter() - began
    scores = final_scores(problem, network_of(problem, "evolved", weights, steps=0), seconds)
    return {**_told(scores), "evaluations": most_evaluations, "seconds": seconds}


def gradient(problem: Problem) -> dict[str, Any]:
    """The same network trained by gradient on all training rows."""
    trained = train_by_gradient(problem, threading.Event())
    assert trained is not None
    network, scores = trained
    return {**_told(final_scores(problem, network, scores.seconds)), "evaluations": None, "seconds": scores.seconds}


def mlrose(problem: Problem, algorithm: str, most_evaluations: int, most_seconds: float) -> dict[str, Any]:
    """mlrose's way to train the same network (without hidden biases, which it does not have), in limited time.

    Its own settings are used: log loss, first weights between -1 and 1, steps of 0.1, 200 members, mutations of 10 %.
    """
    # It imports what joblib no longer has, and does not use it.
    stub = types.ModuleType("joblib.my_exceptions")
    vars(stub)["WorkerInterrupt"] = type("WorkerInterrupt", (Exception,), {})
    sys.modules.setdefault(stub.__name__, stub)
    from mlrose_hiive import NeuralNetwork, genetic_alg, random_hill_climb, simulated_annealing

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
        1.0 if algorithm == "genetic_alg" else network.clip_max,  # it draws its first members from the whole range
        network.is_classifier,
    )
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

    np.random.seed(settings.seed + 1)  # what it draws from
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
    values = {}
    for name, (rows, labels) in {"train": (split.X_train, split.y_train), "test": (split.X_test, split.y_test)}.items():
        network.predict(scaled(problem, rows))
        chances = np.clip(network.predicted_probs.ravel(), 1e-16, 1 - 1e-16)
        right = labels == problem.classes[1]
        values[f"{name}_score"] = float(((chances > 0.5) == right).mean())
        values[f"{name}_loss"] = float(-np.log(np.where(right, chances, 1 - chances)).mean())
    return {**values, "evaluations": evaluations, "seconds": seconds}


def _told(scores: NetworkScores) -> dict[str, Any]:
    return {name: getattr(scores, name) for name in ("train_score", "test_score", "train_loss", "test_loss")}
