"""The fitness of members and of whole networks, where it is computed from their outputs."""

from dataclasses import replace
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import FitError
from nnsize_engine.evolution.objectives import BestFBeta
from nnsize_engine.evolution.outputs import Outputs, ScoredRows
from nnsize_engine.evolution.problem import Problem, Table, fitness_value, member_sums, plain_network, scaled
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.stored import fitted_network
from nnsize_engine.network.training_rows import TargetKind
from nnsize_engine.results.records import StoredNetwork
from nnsize_engine.scoring.score import score
from nnsize_engine.settings.fitness import is_minimised, parse_fitness, scoring_of

Floats = NDArray[Any]

MAX_JUDGED_VALUES = 1_000_000  # outputs that are judged together: 8 MB in float64


def add_objective(problem: Problem, table: Table, members: Floats, sums: Floats, losses: NDArray[np.float64]) -> None:
    """Add the fitness of members to their losses, in place; a loss is not finite where the fitness is not defined.

    Args:
        problem: with an objective.
        table: the rows.
        members: weights as the networks use them, shape (members, weights).
        sums: the last layer before its activation, shape (members, rows, outputs).
        losses: shape (members,).
    """
    rows, size = scored_rows(problem, table), max(1, MAX_JUDGED_VALUES // max(1, sums[0].size))
    for first in range(0, len(members), size):
        part = slice(first, first + size)
        outputs = _outputs(problem, members[part], sums[part])
        losses[part] += _losses(problem, table, rows, members[part], outputs)
        losses[part][~np.isfinite(sums[part]).reshape(len(members[part]), -1).all(axis=1)] = np.inf


def _losses(problem: Problem, table: Table, rows: ScoredRows, members: Floats, outputs: Outputs) -> NDArray[np.float64]:
    objective = problem.objective
    assert objective is not None
    with np.errstate(all="ignore"):
        if isinstance(objective, BestFBeta) and table is problem.held_out:
            # The threshold belongs to the network: held-out rows must not choose it.
            training = _outputs(problem, members, member_sums(problem, problem.training, members))
            _, thresholds = objective.best(training, scored_rows(problem, problem.training))
            return objective.losses_at(outputs, rows, thresholds)
        return objective.losses(outputs, rows)


def _outputs(problem: Problem, members: Floats, sums: Floats) -> Outputs:
    """Return the outputs of members whose last sums are known."""
    return Outputs(
        values=activated(problem.training.rows.kind, sums.astype(np.float64)),
        scaling=problem.training.rows.scaling,
        network=lambda number: fitted_network(plain_network(problem, "evolved", members[number], steps=0)),
    )


def activated(kind: TargetKind, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities, or numbers as they are, of the last sums, shape (..., outputs)."""
    with np.errstate(all="ignore"):
        match kind:
            case "regression":
                return sums
            case "binary" | "multilabel":
                found: NDArray[np.float64] = 1 / (1 + np.exp(-sums))
                return found
            case "multiclass":
                powers = np.exp(sums - sums.max(axis=-1, keepdims=True))
                shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
                return shares
            case _:
                assert_never(kind)


def scored_rows(problem: Problem, table: Table) -> ScoredRows:
    """Return rows as an objective sees them."""
    is_binary = problem.kind == "binary"
    return ScoredRows(
        inputs=table.rows.inputs,
        targets=table.rows.targets.astype(np.float64),
        answers=table.answers,
        truth=table.rows.targets[:, 0].astype(np.int64) if is_binary else table.labels,
        groups=table.groups,
    )


def rows_of_final_test(problem: Problem) -> ScoredRows | None:
    """Return the test rows as an objective sees them; None without any."""
    split, rows = problem.split, problem.training.rows
    y = split.y_test
    if not len(y):
        return None
    numbers, truth = np.zeros((len(y), 0)), np.zeros(len(y), dtype=np.int64)
    if rows.classes is None:
        numbers = np.asarray(y if rows.scaling is None else rows.scaling.transform(y), dtype=np.float64)
    else:
        truth = np.searchsorted(rows.classes, y).astype(np.int64)
    return ScoredRows(
        inputs=scaled(problem, split.X_test),
        targets=numbers.reshape(len(y), -1),
        answers=y,
        truth=truth,
        groups=None if split.fitness_groups is None else split.fitness_groups[1],
    )


def network_fitness(problem: Problem, network: FittedNetwork, rows: ScoredRows) -> float | None:
    """Return the fitness of a network on rows in float64, without weight decay; None if it is not defined."""
    inputs = rows.inputs.astype(np.float64)
    settings, objective = problem.settings, problem.objective
    if parse_fitness(settings.fitness).kind in ("loss", "scoring") and settings.fitness_groups is None:
        return _score(problem, network, replace(rows, inputs=inputs))
    assert objective is not None
    values = replace(network, scaling=None).outputs(inputs)
    if not np.isfinite(values).all():
        return None
    outputs = Outputs(values=values[np.newaxis], scaling=network.scaling, network=lambda _: network)
    if isinstance(objective, BestFBeta):
        assert network.threshold is not None
        threshold = network.threshold if objective.positive == 1 else 1 - network.threshold
        losses = objective.losses_at(outputs, rows, np.array([threshold]))
    else:
        losses = objective.losses(outputs, rows)
    return fitness_value(settings, float(losses[0]))


def _score(problem: Problem, network: FittedNetwork, rows: ScoredRows) -> float | None:
    """Return the fitness of a network that scikit-learn has a scoring for."""
    name, answers = problem.settings.fitness, rows.answers
    if is_minimised(name):  # a loss is that of the scaled target
        network = replace(network, scaling=None)
        if network.kind == "regression":
            answers = rows.targets[:, 0] if rows.targets.shape[1] == 1 else rows.targets
    try:
        value = score(network, rows.inputs, answers, scoring_of(name))
    except FitError:
        return None
    return fitness_value(problem.settings, -value) if is_minimised(name) else value


def best_threshold(problem: Problem, stored: StoredNetwork) -> float | None:
    """Return the threshold of the second class's probability that the fitness finds best on the training rows.

    Return None if the fitness has no threshold.
    """
    if not isinstance(problem.objective, BestFBeta):
        return None
    values = fitted_network(stored).outputs(problem.training.rows.inputs.astype(np.float64))
    if not np.isfinite(values).all():
        return None
    outputs = Outputs(values=values[np.newaxis], scaling=None, network=lambda _: fitted_network(stored))
    threshold = float(problem.objective.best(outputs, scored_rows(problem, problem.training))[1][0])
    return threshold if problem.objective.positive == 1 else 1 - threshold
