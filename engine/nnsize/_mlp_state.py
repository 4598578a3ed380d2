"""The fitted attributes of an estimator as the state of a compiled training, and back.

The attributes have the names and types of scikit-learn's estimators, private ones included, so that scikit-learn can
continue what compiled code began, and the other way round.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import is_classifier

from nnsize._mlp_coverage import output_activation
from nnsize._sklearn_private import AdamOptimizer, SGDOptimizer
from nnsize_engine.network import epochs
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.train import TrainingState
from nnsize_engine.network.training_rows import TargetKind
from nnsize_engine.settings.network import NetworkParameters


def kind_of(estimator: Any) -> TargetKind:
    """Return the kind of targets that the output layer predicts."""
    if not is_classifier(estimator):
        return "regression"
    if estimator.out_activation_ == "softmax":
        return "multiclass"
    return "binary" if estimator.n_outputs_ == 1 else "multilabel"


def initialise(estimator: Any, units: tuple[int, ...], dtype: Any, generator: np.random.RandomState) -> None:
    """Draw the initial weights, and set the attributes of a network that was never trained."""
    estimator.n_iter_, estimator.t_ = 0, 0
    estimator.n_layers_ = len(units)
    estimator.out_activation_ = output_activation(estimator)
    shape = NetworkShape(units=units)
    weights = shape.initial_weights(estimator.activation, generator, dtype.type)
    estimator.coefs_, estimator.intercepts_ = _parts(shape, weights)
    estimator._best_coefs, estimator._best_intercepts = _parts(shape, weights)
    estimator.loss_curve_ = []
    estimator._no_improvement_count = 0
    stops_early = estimator.early_stopping
    estimator.best_loss_ = None if stops_early else np.inf
    estimator.validation_scores_ = [] if stops_early else None
    estimator.best_validation_score_ = -np.inf if stops_early else None


def training_state(
    estimator: Any,
    parameters: NetworkParameters,
    rows: tuple[NDArray[np.int64], NDArray[np.int64]],
    generator: np.random.RandomState,
) -> TrainingState:
    """Return the state from which training goes on.

    Args:
        estimator: with weights and an optimizer.
        parameters: parameters of the training.
        rows: indices of the rows to train on, and of the validation rows of early stopping.
        generator: draws the shuffles.
    """
    shape = NetworkShape(units=_units(estimator))
    weights = shape.join(estimator.coefs_, estimator.intercepts_)
    means, squares, steps = _memories(estimator, shape)
    drawn = generator.get_state(legacy=False)["state"]
    stops_early = parameters.early_stopping
    best = shape.join(estimator._best_coefs, estimator._best_intercepts) if stops_early else weights[:0]
    marks = [
        np.inf if stops_early else estimator.best_loss_,
        estimator.best_validation_score_ if stops_early else -np.inf,
        estimator._optimizer.learning_rate,
    ]
    return TrainingState(
        parameters=parameters,
        shape=shape,
        weights=weights,
        means=means,
        squares=squares,
        best_weights=best,
        order=rows[0],
        held_back=rows[1],
        key=drawn["key"].copy(),
        counts=np.array([0, estimator._no_improvement_count, steps, drawn["pos"], epochs.RUNNING]),
        marks=np.array(marks, dtype=np.float64),
        loss_curve=np.empty(0),
        validation_scores=np.empty(0),
    )


def store(estimator: Any, state: TrainingState, generator: np.random.RandomState) -> None:
    """Set the attributes of an estimator to what a training has reached, and its generator to the same place."""
    estimator.n_iter_ = state.epochs
    estimator.t_ += state.epochs * len(state.order)
    estimator._no_improvement_count = int(state.counts[epochs.STALE])
    estimator.loss_curve_.extend(state.loss_curve)
    if state.epochs:
        estimator.loss_ = state.loss_curve[-1]
    coefs, intercepts = _parts(state.shape, state.weights)
    if state.parameters.early_stopping:
        coefs, intercepts = _best_parts(estimator, state, (coefs, intercepts))
        estimator._best_coefs, estimator._best_intercepts = coefs, intercepts
        estimator.validation_scores_.extend(state.validation_scores)
        estimator.best_validation_score_ = state.marks[epochs.BEST_SCORE]
    else:
        estimator.best_loss_ = state.marks[epochs.BEST_LOSS]
    estimator.coefs_, estimator.intercepts_ = coefs, intercepts
    _store_memories(estimator._optimizer, state)
    drawn = generator.get_state(legacy=False)
    drawn["state"] = {"key": state.key, "pos": int(state.counts[epochs.POSITION])}
    generator.set_state(drawn)


def new_optimizer(estimator: Any) -> Any:
    """Return scikit-learn's optimizer for the present weights, before its first step."""
    parts = estimator.coefs_ + estimator.intercepts_
    match estimator.solver:
        case "adam":
            return AdamOptimizer(
                parts, estimator.learning_rate_init, estimator.beta_1, estimator.beta_2, estimator.epsilon
            )
        case "sgd":
            return SGDOptimizer(
                parts,
                estimator.learning_rate_init,
                estimator.learning_rate,
                estimator.momentum,
                estimator.nesterovs_momentum,
                estimator.power_t,
            )
        case _:
            raise ValueError(f"{estimator.solver} does not train in steps")


def _best_parts(estimator: Any, state: TrainingState, last: Any) -> Any:
    """Return the weights that early stopping keeps.

    After an earlier call scikit-learn's best weights are those that it trains on, so they change with every step until
    an epoch scores better.
    """
    is_shared = estimator._best_coefs is estimator.coefs_
    has_improved = state.marks[epochs.BEST_SCORE] > estimator.best_validation_score_
    return last if is_shared and not has_improved else _parts(state.shape, state.best_weights)


def _units(estimator: Any) -> tuple[int, ...]:
    inputs = len(estimator.coefs_[0])
    return (inputs, *(matrix.shape[1] for matrix in estimator.coefs_))


def _parts(shape: NetworkShape, flat: NDArray[Any]) -> tuple[list[NDArray[Any]], list[NDArray[Any]]]:
    """Return ``coefs_`` and ``intercepts_`` that share no memory."""
    coefs, intercepts = shape.split(flat)
    return [part.copy() for part in coefs], [part.copy() for part in intercepts]


def _memories(estimator: Any, shape: NetworkShape) -> tuple[NDArray[Any], NDArray[Any], int]:
    """Return means or velocities, squares, and the steps done."""
    optimizer = estimator._optimizer
    layers = len(list(pairwise(shape.units)))
    match optimizer:
        case AdamOptimizer():
            means, squares = (shape.join(parts[:layers], parts[layers:]) for parts in (optimizer.ms, optimizer.vs))
            return means, squares, optimizer.t
        case SGDOptimizer():
            velocities = shape.join(optimizer.velocities[:layers], optimizer.velocities[layers:])
            return velocities, velocities[:0], 0
        case _:
            raise TypeError(f"the optimizer of the estimator is {optimizer!r}; it must be one of scikit-learn's")


def _store_memories(optimizer: Any, state: TrainingState) -> None:
    coefs, intercepts = state.shape.split(state.means)
    match optimizer:
        case AdamOptimizer():
            square_coefs, square_intercepts = state.shape.split(state.squares)
            optimizer.ms, optimizer.vs = coefs + intercepts, square_coefs + square_intercepts
            optimizer.t = int(state.counts[epochs.STEP])
        case SGDOptimizer():
            optimizer.velocities = coefs + intercepts
        case _:
            raise TypeError(f"the optimizer of the estimator is {optimizer!r}; it must be one of scikit-learn's")
    optimizer.learning_rate = state.marks[epochs.RATE]
