"""Parameters of a training as one NumPy record of numbers, for compiled code.

Numba reads the fields of a record by name; a tuple of as many numbers would be slow to compile. Loops copy the fields
they need into variables first, because the compiler would read the record in every iteration. Fields that scale
gradients and weights have the precision of the network, as NumPy computes with them in the precision of its arrays.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, assert_never

import numpy as np

from nnsize_engine.errors import SettingsError
from nnsize_engine.network.training_rows import TargetKind
from nnsize_engine.settings.network import NetworkParameters

IDENTITY, RELU, TANH, LOGISTIC, SOFTMAX, EXPONENTIAL, STEP = range(7)
SQUARED_ERROR, POISSON, LOG_LOSS, BINARY_LOG_LOSS = range(4)
ACCURACY, ACCURACY_OF_ONE_CLASS, R_SQUARED = range(3)
ADAM, SGD, LBFGS = range(3)
CONSTANT, INVSCALING, ADAPTIVE = range(3)

ACTIVATION_CODES = {"identity": IDENTITY, "relu": RELU, "tanh": TANH, "logistic": LOGISTIC}
SCHEDULE_CODES = {"constant": CONSTANT, "invscaling": INVSCALING, "adaptive": ADAPTIVE}
SOLVER_CODES = {"adam": ADAM, "sgd": SGD, "lbfgs": LBFGS}
"""lbfgs is trained by scikit-learn; its networks predict in compiled code, where no solver is asked."""

REGRESSION_CODES = {"squared_error": (IDENTITY, SQUARED_ERROR), "poisson": (EXPONENTIAL, POISSON)}
"""Output activation and loss, by the loss that regression minimises."""

Code = TypeVar("Code")


KernelSettings = Any
"""One `numpy.record` with the fields below."""

_FIELDS = {
    "activation": "i8",  # of hidden layers
    "output_activation": "i8",
    "loss": "i8",
    "validation_score": "i8",
    "solver": "i8",
    "nesterov": "i8",
    "schedule": "i8",
    "shuffle": "i8",
    "early_stopping": "i8",
    "is_weighted": "i8",  # whether rows have sample weights
    "batch_size": "i8",
    "max_epochs": "i8",
    "patience": "f8",  # most epochs in a row without improvement
    "tolerance": "f8",
    "learning_rate_init": "f8",
    "power": "f8",
    "beta_1": "f8",
    "beta_2": "f8",
    "half_penalty": "f8",
    "penalty": "precision",  # alpha
    "momentum": "precision",
    "keep_mean": "precision",  # beta_1 and, next, 1 - beta_1
    "add_mean": "precision",
    "keep_square": "precision",
    "add_square": "precision",
    "epsilon": "precision",
    "rounding": "precision",  # from 1 to the next number: probabilities are clipped by it before their logarithm
    "zero": "precision",
    "one": "precision",
}


def kernel_settings_for(
    parameters: NetworkParameters,
    kind: TargetKind,
    class_count: int,
    rows: int,
    precision: str,
    *,
    is_weighted: bool = False,
    has_steps: bool = False,
) -> KernelSettings:
    """Return the settings of training on a number of rows for a kind of target.

    With ``has_steps``, hidden neurons have steps as activation, whatever the parameters say. No gradient leads through
    a step, so these settings are for predictions alone.

    Raises:
        SettingsError: there is no compiled code for an activation, a solver, a schedule or a loss.
    """
    output_activation, loss = _output(parameters, kind)
    auto = parameters.batch_size == "auto"
    values: dict[str, Any] = {
        "activation": STEP if has_steps else code_of(ACTIVATION_CODES, "activation", parameters.activation),
        "output_activation": output_activation,
        "loss": loss,
        "validation_score": _validation_score(kind, class_count),
        "solver": code_of(SOLVER_CODES, "solver", parameters.solver),
        "nesterov": parameters.nesterovs_momentum,
        "schedule": code_of(SCHEDULE_CODES, "learning_rate", parameters.learning_rate),
        "shuffle": parameters.shuffle,
        "early_stopping": parameters.early_stopping,
        "is_weighted": is_weighted,
        "batch_size": min(200 if auto else int(parameters.batch_size), rows),
        "max_epochs": parameters.max_iter,
        "patience": parameters.n_iter_no_change,
        "tolerance": parameters.tol,
        "learning_rate_init": parameters.learning_rate_init,
        "power": parameters.power_t,
        "beta_1": parameters.beta_1,
        "beta_2": parameters.beta_2,
        "half_penalty": 0.5 * parameters.alpha,
        "penalty": parameters.alpha,
        "momentum": parameters.momentum,
        "keep_mean": parameters.beta_1,
        "add_mean": 1 - parameters.beta_1,
        "keep_square": parameters.beta_2,
        "add_square": 1 - parameters.beta_2,
        "epsilon": parameters.epsilon,
        "rounding": np.finfo(precision).eps,
        "zero": 0,
        "one": 1,
    }
    record = np.rec.array([tuple(values[name] for name in _FIELDS)], dtype=_record_type(precision))
    return record[0]


@cache
def _record_type(precision: str) -> np.dtype[Any]:
    fields = [(name, precision if kind == "precision" else kind) for name, kind in _FIELDS.items()]
    return np.dtype(fields, align=True)


def code_of(codes: Mapping[str, Code], field: str, name: str) -> Code:
    """Return the number that compiled code knows a name by: kernels take unknown numbers for known ones.

    Raises:
        SettingsError: compiled code does not know the name.
    """
    if name not in codes:
        raise SettingsError(f"{field} is {name!r}; compiled code knows {', '.join(codes)}", field=field)
    return codes[name]


def _output(parameters: NetworkParameters, kind: TargetKind) -> tuple[int, int]:
    """Return the codes of the output activation and of the loss."""
    match kind:
        case "regression":
            return code_of(REGRESSION_CODES, "loss", parameters.loss)
        case "multiclass":
            return SOFTMAX, LOG_LOSS
        case "binary" | "multilabel":
            return LOGISTIC, BINARY_LOG_LOSS
        case _:
            assert_never(kind)


def _validation_score(kind: TargetKind, class_count: int) -> int:
    """Return the code of what scikit-learn's ``score`` computes."""
    if kind == "regression":
        return R_SQUARED
    return ACCURACY_OF_ONE_CLASS if class_count == 1 else ACCURACY
