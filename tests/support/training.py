"""Short forms of training, for tests."""

from collections.abc import Iterator

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
