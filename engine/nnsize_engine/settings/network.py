"""The parameters of one network and its training, with the names, defaults, meanings and limits of scikit-learn.

They are the parameters of `MLPClassifier` and `MLPRegressor` (scikit-learn 1.9) without `verbose` and `warm_start`,
which belong to calls of `fit`. Screens check settings while a person types, so this module loads no large library.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.activations import ACTIVATIONS
from nnsize_engine.settings.validate import MAX_SEED

CHOICES = {
    "activation": ACTIVATIONS,
    "solver": ("adam", "lbfgs", "sgd"),
    "learning_rate": ("adaptive", "constant", "invscaling"),
    "loss": ("poisson", "squared_error"),
}
_FACTS = ("shuffle", "nesterovs_momentum", "early_stopping")
_COUNTS = ("max_iter", "max_fun")
_NOT_NEGATIVE = ("alpha", "power_t", "tol")
_POSITIVE = ("learning_rate_init", "epsilon")
_BELOW_ONE = ("validation_fraction", "beta_1", "beta_2")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkParameters:
    """The parameters of scikit-learn's estimators; values that scikit-learn refuses raise a `SettingsError`."""

    hidden_layer_sizes: tuple[int, ...] = (100,)
    """Neurons of each hidden layer; one number stands for one layer, an empty tuple for none."""
    activation: str = "relu"
    """The function of hidden neurons: identity, logistic, relu or tanh."""
    solver: str = "adam"
    """adam and sgd run in compiled code, lbfgs in scikit-learn."""
    alpha: float = 0.0001
    """Strength of the L2 penalty on weights (not on biases)."""
    batch_size: int | str = "auto"
    """Rows per step; "auto" is 200, or all rows if there are fewer."""
    learning_rate: str = "constant"
    """The schedule of sgd's step size: constant, invscaling or adaptive."""
    learning_rate_init: float = 0.001
    """The first step size."""
    power_t: float = 0.5
    """The exponent of invscaling."""
    max_iter: int = 200
    """Largest number of epochs (adam, sgd) or iterations (lbfgs)."""
    shuffle: bool = True
    """True if each epoch visits the rows in a new order."""
    random_state: int | None = None
    """The seed of weights, shuffles and validation rows; None takes a new seed from the system for every fit."""
    tol: float = 1e-4
    """An epoch that improves by less than this counts as no improvement."""
    momentum: float = 0.9
    """Share of the last step that sgd adds to the next."""
    nesterovs_momentum: bool = True
    """True if sgd looks ahead along its momentum."""
    early_stopping: bool = False
    """True if training stops by the score on held-out rows, and returns the weights that scored best on them."""
    validation_fraction: float = 0.1
    """The share of rows held out for early stopping."""
    beta_1: float = 0.9
    """Decay of adam's mean of gradients."""
    beta_2: float = 0.999
    """Decay of adam's mean of squared gradients."""
    epsilon: float = 1e-8
    """Addend that keeps adam from dividing by zero."""
    n_iter_no_change: float = 10
    """Training stops after more than this many epochs in a row without improvement; may be infinite."""
    max_fun: int = 15000
    """Largest number of loss evaluations of lbfgs."""
    loss: str = "squared_error"
    """The loss of regression: squared_error or poisson; classification always minimises log loss."""

    def __post_init__(self) -> None:
        _set(self, "hidden_layer_sizes", _layers(self.hidden_layer_sizes))
        for name, choices in CHOICES.items():
            _check(
                self,
                name,
                lambda value, among=choices: isinstance(value, str) and value in among,
                "one of " + ", ".join(choices),
            )
        for name in _FACTS:
            _check(self, name, _is_fact, "true or false")
            _set(self, name, bool(getattr(self, name)))
        for name in _COUNTS:
            _check(self, name, _is_count, "a whole number of at least 1")
            _set(self, name, int(getattr(self, name)))
        for name in _NOT_NEGATIVE:
            _check(self, name, lambda value: _is_number(value) and 0 <= value < math.inf, "a number of at least 0")
        for name in _POSITIVE:
            _check(self, name, lambda value: _is_number(value) and 0 < value < math.inf, "a number above 0")
        for name in _BELOW_ONE:
            _check(self, name, lambda value: _is_number(value) and 0 <= value < 1, "at least 0 and below 1")
        _check(self, "momentum", lambda value: _is_number(value) and 0 <= value <= 1, "between 0 and 1")
        for name in (*_NOT_NEGATIVE, *_POSITIVE, *_BELOW_ONE, "momentum"):
            _set(self, name, float(getattr(self, name)))
        _check(
            self,
            "batch_size",
            lambda value: value == "auto" or _is_count(value),
            '"auto" or a whole number of at least 1',
        )
        _check(
            self,
            "n_iter_no_change",
            lambda value: _is_count(value) or (_is_number(value) and value == math.inf),
            "a whole number of at least 1, or infinite",
        )
        _check(self, "random_state", _is_seed, f"a whole number from 0 to {MAX_SEED}, or none")
        _whole(self, "batch_size", "n_iter_no_change", "random_state")

    def as_dict(self) -> dict[str, Any]:
        """Return the value of each parameter by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _layers(value: object) -> tuple[int, ...]:
    sizes = list(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else [value]
    counts = tuple(int(size) for size in sizes if isinstance(size, Integral) and int(size) >= 1)
    if len(counts) < len(sizes):
        raise SettingsError(
            f"hidden_layer_sizes is {value!r}; it must be a whole number of at least 1, or several of them",
            field="hidden_layer_sizes",
        )
    return counts


def _is_fact(value: object) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")  # NumPy's, without loading NumPy


def _is_number(value: object) -> bool:
    return isinstance(value, Real)


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and int(value) >= 1


def _is_seed(value: object) -> bool:
    return value is None or (isinstance(value, Integral) and 0 <= int(value) <= MAX_SEED)


def _check(parameters: NetworkParameters, name: str, is_right: Any, expected: str) -> None:
    value = getattr(parameters, name)
    if not is_right(value):
        raise SettingsError(f"{name} is {value!r}; it must be {expected}", field=name)


def _set(parameters: NetworkParameters, name: str, value: object) -> None:
    object.__setattr__(parameters, name, value)


def _whole(parameters: NetworkParameters, *names: str) -> None:
    """Turn NumPy's whole numbers into Python's, which can be stored as JSON."""
    for name in names:
        value = getattr(parameters, name)
        if isinstance(value, Integral):
            _set(parameters, name, int(value))
