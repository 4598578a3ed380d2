"""``--strategy auto`` after numbers of evaluations, and gradient training on the same objective."""

import time
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from benchmarks.evolution_parts import evolvers
from benchmarks.evolution_parts.part import Part, Run, Runs, median, spread, table
from nnsize_engine.evolution.problem import Problem, fill_losses, scaled
from nnsize_engine.settings.auto_strategy import recommended

NETWORKS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "digits 64-32-10": {"data": "digits", "layers": "32"},
        "breast_cancer 30-64-32-1": {"data": "breast_cancer", "layers": "64,32"},
    }
)

AT_ADAM = " Adam"
"""Suffix of a target that is a multiple of Adam's objective in the same run."""

TARGETS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "digits 64-32-10, auto, 20,000": ("0.36", "0.970"),
        "digits 64-32-10, auto, 100,000": ("1.02 x" + AT_ADAM, "0.975"),
        "breast_cancer 30-64-32-1, auto, 20,000": ("0.19", ""),
        "breast_cancer 30-64-32-1, auto, 100,000": ("0.090", ""),
    }
)
"""The largest objective and the smallest test accuracy of rows."""

SOLVERS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "Adam": {"solver": "adam", "max_iter": 1500, "tol": 0.0, "n_iter_no_change": 1500},
        "L-BFGS": {"solver": "lbfgs", "max_iter": 500, "tol": 1e-7},
    }
)
"""Settings with which the objective hardly falls at the end of the training."""

_BATCH = 200  # rows of a step of Adam


def _auto(evaluations: int, network: Mapping[str, str]) -> Run:
    def run(seed: int) -> dict[str, Any]:
        problem = evolvers.problem_for(recommended(**network, seed=seed, evaluations=evaluations))
        found: dict[str, Any] = evolvers.ours(problem)
        return found

    return run


def _gradient(solver: str, network: Mapping[str, str]) -> Run:
    def run(seed: int) -> dict[str, Any]:
        problem = evolvers.problem_for(recommended(**network, seed=seed))
        X, y = scaled(problem, problem.split.X_train), problem.split.y_train
        # scikit-learn divides alpha by the rows of a step; so the penalty is that of the weight decay.
        alpha = problem.settings.weight_decay * (min(_BATCH, len(y)) if solver == "Adam" else len(y))
        layers = problem.settings.hidden_layer_sizes
        estimator = MLPClassifier(layers, alpha=alpha, batch_size=_BATCH, random_state=seed, **SOLVERS[solver])
        began = time.perf_counter()
        with threadpool_limits(1, "blas"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # all iterations were used
            estimator.fit(X, y)
        return {**_scores(problem, estimator), "seconds": time.perf_counter() - began}

    return run


def _scores(problem: Problem, estimator: Any) -> dict[str, float]:
    """Return the objective of evolution and the test accuracy of scikit-learn's network."""
    layers = zip(estimator.coefs_, estimator.intercepts_, strict=True)
    weights = np.concatenate([part.ravel() for layer in layers for part in layer]).astype(problem.settings.precision)
    losses = np.empty(1)
    fill_losses(problem, problem.training, weights[np.newaxis], losses)
    split = problem.split
    return {
        "objective": float(losses[0]),
        "test_score": float(estimator.score(scaled(problem, split.X_test), split.y_test)),
    }


def _rows() -> dict[str, Run]:
    rows: dict[str, Run] = {}
    for name, network in NETWORKS.items():
        rows |= {f"{name}, auto, {count:,}": _auto(count, network) for count in (20_000, 100_000)}
        rows |= {f"{name}, {solver}": _gradient(solver, network) for solver in SOLVERS}
    return rows


def _lines(found: Runs) -> list[str]:
    """Return a table of the objectives and test accuracies, beside their targets."""
    rows = []
    for subject, runs in found.items():
        adam = median(found[subject.partition(",")[0] + ", Adam"], "objective")
        objective, accuracy = TARGETS.get(subject, ("", ""))
        if objective.endswith(AT_ADAM):
            objective = f"{float(objective.split()[0]) * adam:.4f} (= {objective})"
        rows.append(
            [
                subject,
                spread(runs, "objective", 4),
                objective,
                f"{median(runs, 'objective') / adam:.3f}",
                spread(runs, "test_score", 3),
                accuracy,
                spread(runs, "seconds", 2),
            ]
        )
    head = "|objective|at most|times Adam's|test accuracy|at least|seconds"
    return ["Log loss and weight decay on the training rows. Medians (ranges) of the seeds.", "", *table(head, rows)]


PART = Part(rows=_rows(), seeds=5, lines=_lines)
