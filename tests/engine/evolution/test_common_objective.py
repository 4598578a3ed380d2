"""The objective that strategies and gradient training are compared by."""

import threading
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.common_objective import for_gradient, objective_of
from nnsize_engine.evolution.problem import Problem, make_problem
from nnsize_engine.evolution.scores import quantized, train_by_gradient
from nnsize_engine.network.stored import fitted_network
from nnsize_engine.results.records import StoredNetwork
from nnsize_engine.settings.evolution import EvolutionSettings

DECAY = 0.02

NEVER = threading.Event()  # halts nothing


def problem_of(**given: Any) -> Problem:
    settings = EvolutionSettings(
        **{"data": "iris", "layers": "5", "fitness": "log_loss", "weight_decay": DECAY, "members": 20, **given}
    )
    return make_problem(settings, load_split(settings))


def penalty(network: StoredNetwork) -> float:
    fitted = fitted_network(network)
    return DECAY / 2 * sum(float((layer**2).sum()) for layer in fitted.shape.split(fitted.weights)[0])


@pytest.mark.parametrize(
    "given", [{}, {"bits": 2}, {"activation": "step"}, {"bits": 4, "activation": "step", "precision": "float64"}]
)
def test_it_is_the_loss_of_each_network_as_it_is_used_and_its_penalty(given: dict[str, Any]) -> None:
    problem = problem_of(**given)
    gradient = train_by_gradient(problem, NEVER)
    assert gradient is not None
    rounded = quantized(problem, gradient)
    assert (rounded is None) == (not given)
    for network, _ in (gradient, *([rounded] if rounded else [])):
        rows = problem.training.rows
        expected = log_loss(rows.labels, fitted_network(network).outputs(rows.inputs.astype(float))) + penalty(network)
        assert objective_of(problem, network) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("data", ["iris", "diabetes"])
def test_gradient_training_comes_close_to_the_least_objective_of_scikit_learn(data: str) -> None:
    problem = problem_of(data=data, fitness="squared_error" if data == "diabetes" else "log_loss", precision="float64")
    found = train_by_gradient(for_gradient(problem), NEVER)
    assert found is not None
    rows = problem.training.rows
    kind = MLPRegressor if data == "diabetes" else MLPClassifier
    alpha = DECAY * len(rows.inputs) / (2 if data == "diabetes" else 1)
    least = np.inf
    for seed in range(3):
        peer = kind(hidden_layer_sizes=(5,), solver="lbfgs", alpha=alpha, max_iter=5000, random_state=seed)
        peer.fit(rows.inputs, rows.targets.ravel() if data == "diabetes" else rows.labels)
        penalties = DECAY / 2 * sum(float((layer**2).sum()) for layer in peer.coefs_)
        if data == "diabetes":
            loss = float(((peer.predict(rows.inputs) - rows.targets.ravel()) ** 2).mean())
        else:
            loss = log_loss(rows.labels, peer.predict_proba(rows.inputs))
        least = min(least, loss + penalties)
    objective = objective_of(problem, found[0])
    assert objective is not None
    assert objective <= 1.05 * least


def test_a_fitness_without_a_gradient_is_trained_for_as_long() -> None:
    assert for_gradient(problem_of(fitness="accuracy")).parameters == for_gradient(problem_of()).parameters
