"""Short forms of training, and comparisons with scikit-learn's, for tests."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.train import TrainingState, advance, start, train_rows
from nnsize_engine.network.training_rows import TrainingRows, read_rows
from nnsize_engine.settings.network import NetworkParameters


def training(
    rows: TrainingRows, parameters: NetworkParameters, *, state: TrainingState | None = None, seconds: float = 0.05
) -> Iterator[TrainingState]:
    """Yield the states of a training until it has ended, from its beginning or from a state."""
    state = start(rows, parameters) if state is None else state
    while not state.has_ended:
        state = advance(state, rows, seconds=seconds)
        yield state


def train(
    X: ArrayLike, y: ArrayLike, parameters: NetworkParameters, *, task: str, precision: str = "float64"
) -> FittedNetwork:
    """Read a table and train a network on it to the end."""
    return train_rows(read_rows(X, y, task=task, precision=precision), parameters)


def assert_same_weights(network: FittedNetwork, expected: Any) -> None:
    """Compare the weights with those of a fitted estimator of scikit-learn, to the last bit."""
    coefs, intercepts = network.shape.split(network.weights)
    for ours, theirs in zip([*coefs, *intercepts], [*expected.coefs_, *expected.intercepts_], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def assert_same_training(network: FittedNetwork, expected: Any) -> None:
    """Compare weights, epochs, losses and validation scores with a fitted estimator's, to the last bit."""
    assert_same_weights(network, expected)
    assert network.n_iter == expected.n_iter_
    np.testing.assert_array_equal(network.loss_curve, expected.loss_curve_)
    np.testing.assert_array_equal(network.best_loss, expected.best_loss_)
    np.testing.assert_array_equal(network.best_validation_score, expected.best_validation_score_)
    np.testing.assert_array_equal(network.validation_scores, expected.validation_scores_)
