"""The training of MLPClassifier and MLPRegressor: compiled where compiled code covers it, else by scikit-learn."""

import sys
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state

from nnsize._mlp_coverage import STEPWISE_SOLVERS, can_continue, compiled_parameters
from nnsize._mlp_rows import read_table
from nnsize._mlp_state import initialise, kind_of, new_optimizer, store, training_state
from nnsize._sklearn_private import SGDOptimizer, check_sample_weight
from nnsize._twin import take_state, twin_of
from nnsize_engine.network import epochs
from nnsize_engine.network.train import OVERFLOW, TrainingState, advance, prepare_compiled_code
from nnsize_engine.network.training_rows import TrainingRows

MAX_SECONDS_AT_ONCE = 0.5  # of compiled code, during which Ctrl-C waits

WEIGHTLESS = "Weights sum to zero, can't be normalized"
"""NumPy's message where scikit-learn averages over rows whose weights add up to 0."""

TOO_FEW_TO_VALIDATE = "The validation set is too small. Increase 'validation_fraction' or the size of your dataset."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """The arguments of a call of ``fit`` or ``partial_fit``."""

    X: Any
    y: Any
    sample_weight: Any
    is_incremental: bool
    """True for ``partial_fit``."""


def trains_in_steps(estimator: Any) -> bool:
    """Return true if the solver trains in steps, so that there is a ``partial_fit``.

    Raises:
        AttributeError: it does not.
    """
    if estimator.solver not in STEPWISE_SOLVERS:
        raise AttributeError(
            f"partial_fit is only available for stochastic optimizers. {estimator.solver} is not stochastic."
        )
    return True


def train(estimator: Any, call: Call) -> None:
    """Train an estimator as scikit-learn's does.

    Raises:
        ValueError: the data or a parameter cannot be used, or the weights overflowed.
    """
    sizes = _layer_sizes(estimator.hidden_layer_sizes)
    is_first = not hasattr(estimator, "coefs_") or (not estimator.warm_start and not call.is_incremental)
    if estimator.solver not in STEPWISE_SOLVERS:
        _train_by_scikit_learn(estimator, call)
        return
    inputs, targets = read_table(estimator, call.X, call.y, is_incremental=call.is_incremental, reset=is_first)
    weights = None if call.sample_weight is None else check_sample_weight(call.sample_weight, inputs)
    if estimator.early_stopping and call.is_incremental:
        raise ValueError("partial_fit does not support early_stopping=True")
    estimator.n_outputs_ = targets.shape[1]
    generator = check_random_state(estimator.random_state)
    parameters = compiled_parameters(estimator, inputs, targets, generator, is_incremental=call.is_incremental)
    units = (inputs.shape[1], *sizes, targets.shape[1])
    if parameters is None or not (is_first or can_continue(estimator, units, inputs.dtype)):
        _train_by_scikit_learn(estimator, call)
        return
    estimator._random_state = generator
    if is_first:
        initialise(estimator, units, inputs.dtype, generator)
    if not call.is_incremental or not hasattr(estimator, "_optimizer"):
        estimator._optimizer = new_optimizer(estimator)
    chosen = _split(estimator, targets, generator)
    rows = _training_rows(estimator, inputs, targets, weights)
    state = _trained(estimator, training_state(estimator, parameters, chosen, generator), rows, call)
    store(estimator, state, generator)
    _check(state, estimator)


def _layer_sizes(given: Any) -> list[Any]:
    sizes = list(given) if hasattr(given, "__iter__") else [given]
    if np.any(np.array(sizes) <= 0):
        raise ValueError(f"hidden_layer_sizes must be > 0, got {sizes}.")
    return sizes


def _train_by_scikit_learn(estimator: Any, call: Call) -> None:
    twin = twin_of(estimator)
    fit = twin.partial_fit if call.is_incremental else twin.fit
    try:
        fit(call.X, call.y, sample_weight=call.sample_weight)
    finally:  # a training that was interrupted or failed leaves as much as scikit-learn's
        take_state(estimator, twin)


def _split(estimator: Any, targets: Any, generator: np.random.RandomState) -> tuple[Any, Any]:
    """Return the indices of the rows to train on, and of the validation rows of early stopping."""
    numbers = np.arange(len(targets))
    if not estimator.early_stopping:
        return numbers, numbers[:0]
    keeps_shares = is_classifier(estimator) and targets.shape[1] == 1
    training, held_back = train_test_split(
        numbers,
        random_state=generator,
        test_size=estimator.validation_fraction,
        stratify=targets if keeps_shares else None,
    )
    if len(held_back) < 2:
        raise ValueError(TOO_FEW_TO_VALIDATE)
    return training, held_back


def _training_rows(estimator: Any, inputs: Any, targets: Any, weights: Any) -> TrainingRows:
    """Return the rows as compiled code needs them: it would be compiled again for any other type or layout."""

    def required(values: Any) -> Any:
        return np.require(values, dtype=inputs.dtype, requirements=["C", "W", "A"])

    return TrainingRows(
        inputs=required(inputs),
        targets=required(targets),
        kind=kind_of(estimator),
        classes=estimator.classes_ if is_classifier(estimator) else None,
        sample_weight=None if weights is None else required(weights),
    )


def _trained(estimator: Any, state: TrainingState, rows: TrainingRows, call: Call) -> TrainingState:
    """Return the state at the end of the training, or at the last epoch before Ctrl-C."""
    batch_size = state.parameters.batch_size
    if isinstance(batch_size, int) and batch_size > len(state.order):
        warnings.warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped", stacklevel=4
        )
    _prepare(rows.precision)
    try:
        while not state.has_ended:
            state = _advanced(estimator, state, rows, is_incremental=call.is_incremental)
            if call.is_incremental:
                break
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=4)
        return state
    if not call.is_incremental and state.counts[epochs.ENDING] == epochs.OUT_OF_EPOCHS:
        warnings.warn(
            f"Stochastic Optimizer: Maximum iterations ({estimator.max_iter}) reached and the optimization hasn't "
            "converged yet.",
            ConvergenceWarning,
            stacklevel=4,
        )
    return state


def _advanced(estimator: Any, state: TrainingState, rows: TrainingRows, *, is_incremental: bool) -> TrainingState:
    """Return the state after some more epochs, or after one where something must be done between epochs."""
    has_schedule = state.parameters.solver == "sgd" and state.parameters.learning_rate == "invscaling"
    continues_schedule = has_schedule and estimator.t_ > 0
    is_stepwise = is_incremental or estimator.verbose or continues_schedule
    after = advance(state, rows, seconds=MAX_SECONDS_AT_ONCE, epochs=1 if is_stepwise else None)
    if continues_schedule:  # compiled code counts the rows of this call alone
        seen = estimator.t_ + after.epochs * len(after.order)
        rate = float(after.parameters.learning_rate_init) / (seen + 1) ** after.parameters.power_t
        after.marks[epochs.RATE] = rate
    if estimator.verbose:
        _tell(estimator, state, after)
    return after


def _tell(estimator: Any, before: TrainingState, state: TrainingState) -> None:
    """Print what scikit-learn prints after an epoch."""
    if state.epochs == before.epochs:
        return
    lines = [f"Iteration {state.epochs}, loss = {state.loss_curve[-1]:.8f}"]
    measure = "Training loss"
    if state.parameters.early_stopping:
        lines.append(f"Validation score: {state.validation_scores[-1]:f}")
        measure = "Validation score"
    patience = f"tol={estimator.tol:f} for {estimator.n_iter_no_change} consecutive epochs."
    stale = f"{measure} did not improve more than {patience}"
    is_adaptive = isinstance(estimator._optimizer, SGDOptimizer) and state.parameters.learning_rate == "adaptive"
    if state.counts[epochs.ENDING] == epochs.CONVERGED:
        lines.append(f"{stale}{' Learning rate too small.' if is_adaptive else ''} Stopping.")
    elif is_adaptive and state.marks[epochs.RATE] < before.marks[epochs.RATE]:
        lines.append(f"{stale} Setting learning rate to {state.marks[epochs.RATE]:f}")
    sys.stdout.write("\n".join(lines) + "\n")


def _check(state: TrainingState, estimator: Any) -> None:
    if state.counts[epochs.ENDING] == epochs.WEIGHTLESS:
        raise ZeroDivisionError(WEIGHTLESS)
    if not all(np.isfinite(part).all() for part in [*estimator.coefs_, *estimator.intercepts_]):
        raise ValueError(OVERFLOW)


@cache
def _prepare(precision: str) -> None:
    """Load compiled code once in a process; on a new machine this compiles it, which takes seconds."""
    prepare_compiled_code(precision)
