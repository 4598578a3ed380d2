"""Which trainings compiled code covers; scikit-learn's own code does the others.

Compiled code gives scikit-learn's numbers to the last bit where its docstrings say so. Wherever scikit-learn computes
in another way, such as on sparse inputs, its own code is used instead.
"""

from collections.abc import Iterable
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.base import is_classifier

from nnsize._sklearn_private import AdamOptimizer, SGDOptimizer
from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.network import NetworkParameters

STEPWISE_SOLVERS = ("adam", "sgd")

_NAMES = tuple(field.name for field in fields(NetworkParameters) if field.name != "random_state")
"""Parameters of a compiled training; its generator is passed on. A classifier has no ``loss``."""


def compiled_parameters(
    estimator: Any, inputs: Any, targets: Any, generator: np.random.RandomState, *, is_incremental: bool
) -> NetworkParameters | None:
    """Return the parameters of a compiled training on these rows; None if scikit-learn must train."""
    if generator.get_state(legacy=False)["bit_generator"] != "MT19937":
        return None
    given = {name: getattr(estimator, name) for name in _NAMES if hasattr(estimator, name)}
    if any(isinstance(value, np.floating) and value.dtype != np.float64 for value in given.values()):
        return None  # scikit-learn rounds some of its products to the precision of the parameter
    optimizer = getattr(estimator, "_optimizer", None)
    if is_incremental and optimizer is not None:
        given |= _parameters_of(optimizer)
    try:
        parameters = NetworkParameters(**given)
    except SettingsError:  # scikit-learn takes the value, or refuses it in its own words
        return None
    return parameters if _has_covered_rows(estimator, inputs, targets) else None


def _parameters_of(optimizer: Any) -> dict[str, Any]:
    """Return the parameters with which an optimizer was made; later changes of an estimator do not reach it."""
    found = {"learning_rate_init": optimizer.learning_rate_init}
    match optimizer:
        case AdamOptimizer():
            return (
                found
                | {"solver": "adam", "beta_1": optimizer.beta_1, "beta_2": optimizer.beta_2}
                | {"epsilon": optimizer.epsilon}
            )
        case SGDOptimizer():
            return found | {
                "solver": "sgd",
                "learning_rate": optimizer.lr_schedule,
                "momentum": optimizer.momentum,
                "nesterovs_momentum": optimizer.nesterov,
                "power_t": optimizer.power_t,
            }
        case _:
            raise TypeError(f"the optimizer of the estimator is {optimizer!r}; it must be one of scikit-learn's")


def _has_covered_rows(estimator: Any, inputs: Any, targets: Any) -> bool:
    if issparse(inputs):
        return False
    if not estimator.shuffle and not inputs.flags.c_contiguous:
        return False  # NumPy takes another BLAS path for batches in Fortran order
    is_mixed = not is_classifier(estimator) and np.result_type(inputs, targets) != inputs.dtype
    return not is_mixed  # scikit-learn trains float32 inputs with float64 targets in both precisions


def can_continue(estimator: Any, units: tuple[int, ...], dtype: Any) -> bool:
    """Return whether the fitted attributes are those of such a network, so that compiled code can train it on.

    They are not if a parameter such as ``hidden_layer_sizes`` or ``early_stopping`` was changed in between.
    """
    shapes = [np.shape(matrix) for matrix in estimator.coefs_]
    if shapes != list(pairwise(units)):
        return False
    if any(part.dtype != dtype for part in _flat(estimator.coefs_, estimator.intercepts_)):
        return False
    best = "best_validation_score_" if estimator.early_stopping else "best_loss_"
    return getattr(estimator, best, None) is not None and estimator.out_activation_ == output_activation(estimator)


def output_activation(estimator: Any) -> str:
    """Return the activation of the output layer, as ``out_activation_`` names it."""
    if not is_classifier(estimator):
        return "exp" if estimator.loss == "poisson" else "identity"
    return "softmax" if estimator._label_binarizer.y_type_ == "multiclass" else "logistic"


def _flat(*lists: Iterable[Any]) -> list[Any]:
    return [part for parts in lists for part in parts]
