"""Train one network in steps. The state of a training is a value, which can be stored and continued exactly.

    rows = read_rows(X, y, task="classification")
    state = start(rows, parameters)
    while not state.has_ended:
        state = advance(state, rows)    # about 50 ms of training
        show(state.loss_curve)
    network = finish(state, rows)

`train_rows` does all of it at once. The result equals scikit-learn's `MLPClassifier` and `MLPRegressor`: same initial
weights, shuffles, batches, steps and stopping rule. In float64 every operation is done in scikit-learn's order, so
weights and losses are equal bit for bit. There is one exception: without shuffling, NumPy takes another BLAS path for
scikit-learn's batches of a table in Fortran order. In float32 the weights follow scikit-learn's training on float32
data. Losses are summed in float64 here and partly in float32 there; they differ by rounding, and a stopping rule may
end the training one epoch earlier or later.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import FitError, SettingsError
from nnsize_engine.network import epochs as _epochs
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.kernel_settings import kernel_settings_for
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.training_rows import PRECISIONS, TrainingRows, read_rows
from nnsize_engine.processes.code_cache import clear_cache, compiling
from nnsize_engine.settings.network import NetworkParameters

MAX_ADVANCE_EPOCHS = 100_000  # of one call of `advance`, which holds their losses

OVERFLOW = (
    "Solver produced non-finite parameter weights. The input data may contain large values and need to be preprocessed."
)
"""scikit-learn's message for a training whose weights overflowed."""

ALL_ZERO = "Sample weights must contain at least one non-zero number."
"""scikit-learn's message for training rows whose weights are all 0."""

WEIGHTLESS = "the sample weights of a batch are all 0, so it has no mean loss; use a larger batch_size"
WEIGHTLESS_VALIDATION = (
    "the sample weights of all validation rows of early stopping are 0; use a larger validation_fraction"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingState:
    """Everything that a training needs besides its rows: plain numbers and arrays, which can be pickled."""

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
    """Indices of the rows to train on, in the order of the last epoch."""
    held_back: NDArray[np.int64]
    """Indices of the validation rows of early stopping."""
    key: NDArray[np.uint32]
    """State of the random generator; its position is in `counts`."""
    counts: NDArray[np.int64]
    """Integers, in the order of the constants in :mod:`nnsize_engine.network.epochs`."""
    marks: NDArray[np.float64]
    """Numbers, in the order of the constants in :mod:`nnsize_engine.network.epochs`."""
    loss_curve: NDArray[np.float64]
    validation_scores: NDArray[np.float64]
    """Empty without early stopping."""

    @property
    def epochs(self) -> int:
        """Number of epochs done."""
        return int(self.counts[_epochs.EPOCH])

    @property
    def has_ended(self) -> bool:
        """True if no further epoch will be trained."""
        return bool(self.counts[_epochs.ENDING] != _epochs.RUNNING)


def start(rows: TrainingRows, parameters: NetworkParameters) -> TrainingState:
    """Draw the initial weights and, for early stopping, the validation rows.

    Raises:
        SettingsError: the solver is lbfgs.
        FitError: there are too few rows for validation, or sample weights are all 0.
    """
    if parameters.solver == "lbfgs":
        raise SettingsError(
            "lbfgs is trained by scikit-learn in one go; only adam and sgd are trained in steps", field="solver"
        )
    if rows.sample_weight is not None and not rows.sample_weight.any():
        raise FitError(ALL_ZERO)
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
    """Split the rows by scikit-learn's own function, which draws from the same generator as scikit-learn's fit."""
    from sklearn import config_context
    from sklearn.model_selection import train_test_split

    stratify = rows.targets[:, 0] if rows.kind == "binary" else None
    try:
        with config_context(skip_parameter_validation=True):  # as inside fit, so that error messages are the same
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
    if rows.sample_weight is not None and not rows.sample_weight[held_back].any():
        raise FitError(WEIGHTLESS_VALIDATION)
    return order, held_back


def advance(
    state: TrainingState, rows: TrainingRows, *, seconds: float = 0.05, epochs: int | None = None
) -> TrainingState:
    """Train for a number of epochs, or without one for about some seconds but at least one epoch.

    Return the new state; the given one stays as it is.
    """
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
        if spent >= seconds or state.has_ended:
            break
        chunk = max(1, int((seconds - spent) / (spent / done)))
    return replace(
        state,
        loss_curve=np.concatenate([state.loss_curve, losses[:done]]),
        validation_scores=np.concatenate([state.validation_scores, scores[: done if state.held_back.size else 0]]),
    )


def _run(state: TrainingState, rows: TrainingRows, losses: Any, scores: Any) -> int:
    """Run compiled epochs, which change the arrays of the state; return how many were done."""
    class_count = 0 if rows.classes is None else len(rows.classes)
    is_weighted = rows.sample_weight is not None
    settings = kernel_settings_for(
        state.parameters, rows.kind, class_count, len(state.order), rows.precision, is_weighted=is_weighted
    )
    weights = np.empty(0, dtype=rows.precision) if rows.sample_weight is None else rows.sample_weight
    held = rows.targets[state.held_back]
    held_weights = weights[state.held_back] if is_weighted else weights
    table = _epochs.Table(
        rows.inputs,
        rows.targets,
        weights,
        rows.inputs[state.held_back],
        held,
        held_weights,
        _spread(held, held_weights if is_weighted else None),
    )
    progress = _epochs.Progress(
        np.array(state.shape.units), *(getattr(state, name) for name in _epochs.Progress._fields[1:])
    )
    with np.errstate(all="ignore"):  # without Numba, NumPy warns of overflows; `finish` reports them
        done: int = _epochs.run_epochs(addresses(rows.precision), settings, table, progress, losses, scores)
    return done


def _spread(held: NDArray[Any], weights: NDArray[Any] | None) -> NDArray[np.float64]:
    """Return the sum of (weighted) squared deviations of each output from its mean, as ``r2_score`` computes it."""
    spread = np.zeros(held.shape[1])
    if held.size:
        squares = (held - np.average(held, axis=0, weights=weights)) ** 2
        spread += np.sum(squares if weights is None else weights[:, np.newaxis] * squares, axis=0)
    return spread


def finish(state: TrainingState, rows: TrainingRows) -> FittedNetwork:
    """Return the network of a state, whether its training has ended or not.

    Raises:
        FitError: the weights overflowed, or the sample weights of a batch were all 0.
    """
    parameters = state.parameters
    if state.counts[_epochs.ENDING] == _epochs.WEIGHTLESS:
        raise FitError(WEIGHTLESS)
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
        scaling=rows.scaling,
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
    """Train a network to the end.

    Raises:
        FitError: the weights overflowed, there are too few rows for validation, or weights of rows are all 0.
    """
    if parameters.solver == "lbfgs":
        from nnsize_engine.network.estimator import train_with_scikit_learn

        return train_with_scikit_learn(rows, parameters)
    state = start(rows, parameters)
    while not state.has_ended:
        state = advance(state, rows, epochs=parameters.max_iter)
    return finish(state, rows)


def prepare_compiled_code(precision: str = "float64") -> None:
    """Compile or load what training calls, before several threads need it.

    Compiling takes seconds, once per machine; loading takes a moment.
    """
    if precision not in PRECISIONS:
        raise SettingsError(f"the precision is {precision!r}; it must be float64 or float32", field="precision")
    rows = read_rows(np.eye(4), [0, 1, 0, 1], task="classification", precision=precision)
    smallest = NetworkParameters(hidden_layer_sizes=(1,), max_iter=1, random_state=0)
    with compiling(precision):
        try:
            train_rows(rows, smallest).predict(rows.inputs)
        except Exception:  # damaged machine code, after a full disk or a crash, fails to load in many ways
            clear_cache()
            train_rows(rows, smallest).predict(rows.inputs)
