"""Train one network in steps: a training's state is a value that can be kept, stored and continued exactly.

    rows = read_rows(X, y, task="classification")
    for state in training(rows, parameters):   # about every 50 ms
        show(state.loss_curve)                  # leave the loop to stop; training(..., state=state) goes on
    network = finish(state, rows)

`train` does it all at once. The numbers are scikit-learn's: the same initial weights, shuffles, batches, steps and
stopping rule. In float64 every operation is done in scikit-learn's order, so weights and losses are equal bit for bit,
unless NumPy picks another BLAS path for scikit-learn's arrays than for ours: it does so for tables in Fortran order
without shuffling.
In float32 the weights follow scikit-learn's training on float32 data; losses are summed in float64 here and partly in
float32 there, so they differ by rounding, and a stopping rule may fire an epoch apart.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.errors import FitError, SettingsError
from nnsize_engine.network import epochs as _epochs
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.kernel_settings import kernel_settings_for
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.training_rows import PRECISIONS, TrainingRows, read_rows
from nnsize_engine.processes.code_cache import compiling, forget
from nnsize_engine.settings.network import NetworkParameters

MAX_ADVANCE_EPOCHS = 100_000  # of one call of `advance`, which holds their losses

OVERFLOW = (
    "Solver produced non-finite parameter weights. The input data may contain large values and need to be preprocessed."
)
"""scikit-learn's words for a training whose weights overflowed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingState:
    """Everything that a training needs besides its rows; made of plain numbers and arrays, so it can be pickled."""

    parameters: NetworkParameters
    shape: NetworkShape
    weights: NDArray[Any]
    means: NDArray[Any]
    """Adam's means of gradients, or sgd's velocities."""
    squares: NDArray[Any]
    """Adam's means of squared gradients; empty for sgd."""
    best_weights: NDArray[Any]
    """The weights of the best validation score so far; empty without early stopping."""
    order: NDArray[np.int64]
    """Numbers of the rows trained on, in the last epoch's order."""
    held_back: NDArray[np.int64]
    """Numbers of the rows that early stopping watches."""
    key: NDArray[np.uint32]
    """The random generator's state; its position is in `counts`."""
    counts: NDArray[np.int64]
    """See `epochs`."""
    marks: NDArray[np.float64]
    """See `epochs`."""
    loss_curve: NDArray[np.float64]
    validation_scores: NDArray[np.float64]
    """Empty without early stopping."""

    @property
    def epochs(self) -> int:
        """Epochs done so far."""
        return int(self.counts[_epochs.EPOCH])

    @property
    def has_ended(self) -> bool:
        """Whether there is nothing left to do."""
        return bool(self.counts[_epochs.ENDING] != _epochs.RUNNING)


def start(rows: TrainingRows, parameters: NetworkParameters) -> TrainingState:
    """Draw the initial weights and, for early stopping, the rows to hold back.

    Raises `SettingsError` for lbfgs and `FitError` where too few rows can be held back.
    """
    if parameters.solver == "lbfgs":
        raise SettingsError(
            "lbfgs is trained by scikit-learn in one go; only adam and sgd are trained in steps", field="solver"
        )
    generator = np.random.RandomState(parameters.random_state)
    shape = NetworkShape(units=(rows.inputs.shape[1], *parameters.hidden_layer_sizes, rows.targets.shape[1]))
    weights = shape.initial_weights(parameters.activation, generator, rows.inputs.dtype.type)
    order, held_back = np.arange(len(rows.inputs)), np.arange(0)
    if parameters.early_stopping:
        order, held_back = _hold_back(rows, parameters, generator)
    generator_state = generator.get_state(legacy=False)["state"]
    empty = np.empty(0, dtype=weights.dtype)
    return TrainingState(
        parameters=parameters,
        shape=shape,
        weights=weights,
        means=np.zeros_like(weights),
        squares=np.zeros_like(weights) if parameters.solver == "adam" else empty,
        best_weights=weights.copy() if parameters.early_stopping else empty,
        order=order,
        held_back=held_back,
        key=generator_state["key"].copy(),
        counts=np.array([0, 0, 0, generator_state["pos"], _epochs.RUNNING]),
        marks=np.array([np.inf, -np.inf, parameters.learning_rate_init]),
        loss_curve=np.empty(0),
        validation_scores=np.empty(0),
    )


def _hold_back(
    rows: TrainingRows, parameters: NetworkParameters, generator: np.random.RandomState
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split the rows by scikit-learn's own function, which draws from the same generator."""
    from sklearn import config_context
    from sklearn.model_selection import train_test_split

    stratify = rows.targets[:, 0] if rows.kind == "binary" else None
    try:
        with config_context(skip_parameter_validation=True):  # as inside fit: the reasons are worded alike
            order, held_back = train_test_split(
                np.arange(len(rows.inputs)),
                random_state=generator,
                test_size=parameters.validation_fraction,
                stratify=stratify,
            )
    except ValueError as error:
        raise FitError(str(error)) from error
    if len(held_back) < 2:
        raise FitError("The validation set is too small. Increase 'validation_fraction' or the size of your dataset.")
    return order, held_back


def advance(
    state: TrainingState, rows: TrainingRows, *, seconds: float = 0.05, epochs: int | None = None
) -> TrainingState:
    """Train on for about this time (at least one epoch), or for this many epochs; return the new state."""
    state = replace(
        state,
        **{name: getattr(state, name).copy() for name in _epochs.Progress._fields[1:]},
    )
    left = state.parameters.max_iter - state.epochs
    left = left if epochs is None else min(epochs, left)
    left = min(left, MAX_ADVANCE_EPOCHS)
    losses, scores = np.empty(max(left, 0)), np.empty(max(left, 0))
    done, begin, chunk = 0, time.perf_counter(), 1
    while done < left and not state.has_ended:
        chunk = left if epochs is not None else min(chunk, left - done)
        done += _run(state, rows, losses[done : done + chunk], scores[done : done + chunk])
        spent = time.perf_counter() - begin
        if spent >= seconds:
            break
        chunk = max(1, int((seconds - spent) / (spent / done)))
    return replace(
        state,
        loss_curve=np.concatenate([state.loss_curve, losses[:done]]),
        validation_scores=np.concatenate([state.validation_scores, scores[: done if state.held_back.size else 0]]),
    )


def _run(state: TrainingState, rows: TrainingRows, losses: Any, scores: Any) -> int:
    """Call the compiled epochs, which change the state's arrays."""
    class_count = 0 if rows.classes is None else len(rows.classes)
    settings = kernel_settings_for(state.parameters, rows.kind, class_count, len(state.order), rows.precision)
    held = rows.targets[state.held_back]
    spread = np.zeros(held.shape[1])
    if held.size:
        spread += np.sum((held - np.average(held, axis=0)) ** 2, axis=0)
    table = _epochs.Table(rows.inputs, rows.targets, rows.inputs[state.held_back], held, spread)
    progress = _epochs.Progress(
        np.array(state.shape.units), *(getattr(state, name) for name in _epochs.Progress._fields[1:])
    )
    with np.errstate(all="ignore"):  # without Numba these are NumPy's warnings; a lost training says so at its end
        done: int = _epochs.run_epochs(addresses(rows.precision), settings, table, progress, losses, scores)
    return done


def training(
    rows: TrainingRows, parameters: NetworkParameters, *, state: TrainingState | None = None, seconds: float = 0.05
) -> Iterator[TrainingState]:
    """The training's state, again and again until it has ended; begins at the start or goes on from a state."""
    state = start(rows, parameters) if state is None else state
    while not state.has_ended:
        state = advance(state, rows, seconds=seconds)
        yield state


def finish(state: TrainingState, rows: TrainingRows) -> FittedNetwork:
    """The network of a state, ended or not; `FitError` with scikit-learn's reason if its weights overflowed."""
    parameters = state.parameters
    weights = state.best_weights if parameters.early_stopping else state.weights
    if not np.isfinite(weights).all():
        raise FitError(OVERFLOW)
    return FittedNetwork(
        parameters=parameters,
        shape=state.shape,
        kind=rows.kind,
        classes=rows.classes,
        weights=weights,
        n_iter=state.epochs,
        training_rows=len(state.order),
        loss=float(state.loss_curve[-1]) if state.epochs else float("nan"),
        best_loss=None if parameters.early_stopping else float(state.marks[_epochs.BEST_LOSS]),
        best_validation_score=float(state.marks[_epochs.BEST_SCORE]) if parameters.early_stopping else None,
        loss_curve=state.loss_curve,
        validation_scores=state.validation_scores if parameters.early_stopping else None,
        has_converged=bool(state.counts[_epochs.ENDING] == _epochs.CONVERGED),
        remarks=_remarks(state),
        trained_by="nnsize",
    )


def _remarks(state: TrainingState) -> tuple[str, ...]:
    remarks = []
    batch_size, rows = state.parameters.batch_size, len(state.order)
    if isinstance(batch_size, int) and batch_size > rows:
        remarks.append(f"batch_size is {batch_size}, more than the {rows} training rows: every batch is all of them")
    if state.counts[_epochs.ENDING] == _epochs.OUT_OF_EPOCHS:
        remarks.append(f"training reached max_iter={state.parameters.max_iter} epochs before it converged")
    return tuple(remarks)


def train_rows(rows: TrainingRows, parameters: NetworkParameters) -> FittedNetwork:
    """Train a network to its end."""
    if parameters.solver == "lbfgs":
        from nnsize_engine.network.estimator import train_with_scikit_learn

        return train_with_scikit_learn(rows, parameters)
    state = start(rows, parameters)
    while not state.has_ended:
        state = advance(state, rows, epochs=parameters.max_iter)
    return finish(state, rows)


def train(
    X: ArrayLike, y: ArrayLike, parameters: NetworkParameters, *, task: str, precision: str = "float64"
) -> FittedNetwork:
    """Read a table and train a network on it to the end."""
    return train_rows(read_rows(X, y, task=task, precision=precision), parameters)


def prepare_compiled_code(precision: str = "float64") -> None:
    """Compile (seconds, once per machine) or load (a moment) what training needs, before several threads need it."""
    if precision not in PRECISIONS:
        raise SettingsError(f"the precision is {precision!r}; it must be float64 or float32", field="precision")
    rows = read_rows(np.eye(4), [0, 1, 0, 1], task="classification", precision=precision)
    smallest = NetworkParameters(hidden_layer_sizes=(1,), max_iter=1, random_state=0)
    with compiling(precision):
        try:
            train_rows(rows, smallest).predict(rows.inputs)
        except Exception:  # machine code that a full disk or a crash left damaged fails to load in many ways
            forget()
            train_rows(rows, smallest).predict(rows.inputs)
