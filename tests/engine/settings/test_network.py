"""Parameters are scikit-learn's: names, defaults, and what is refused."""

import inspect
import math
import subprocess
import sys
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neural_network import MLPRegressor
from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.network import NetworkParameters

NAMES = [field.name for field in fields(NetworkParameters)]

VALUES = st.one_of(
    st.integers(-2, 3),
    st.sampled_from([2**32 - 1, 2**32, -(2**40)]),
    st.floats(),
    st.sampled_from([-0.0, 1.0, 1 - 2**-53, math.inf, 5e-324]),
    st.booleans(),
    st.none(),
    st.sampled_from(["auto", "relu", "adam", "lbfgs", "constant", "poisson", "Relu", "", "logistic", "squared_error"]),
    st.sampled_from([np.int64(1), np.float32(0.5), np.float64(0.0), np.bool_(True), np.int8(-1)]),
    st.lists(st.integers(-1, 3), max_size=2),
)


def _scikit_learn_accepts(name: str, value: Any) -> bool:
    constraints = {name: MLPRegressor._parameter_constraints[name]}
    try:
        validate_parameter_constraints(constraints, {name: value}, caller_name="MLPRegressor")
    except InvalidParameterError:
        return False
    if name == "hidden_layer_sizes":  # fit checks its numbers later
        sizes = value if isinstance(value, list) else [value]
        return all(size > 0 for size in sizes)
    return True


@given(name=st.sampled_from(NAMES), value=VALUES)
def test_a_value_is_refused_where_scikit_learn_refuses_it(name: str, value: Any) -> None:
    if _scikit_learn_accepts(name, value):
        NetworkParameters(**{name: value})
    else:
        with pytest.raises(SettingsError, match=f"^{name} is .*must be"):
            NetworkParameters(**{name: value})


def test_names_and_defaults_are_those_of_scikit_learn() -> None:
    defaults = {name: parameter.default for name, parameter in inspect.signature(MLPRegressor).parameters.items()}
    del defaults["verbose"], defaults["warm_start"]
    assert NetworkParameters().as_dict() == defaults


def test_one_number_stands_for_one_hidden_layer() -> None:
    assert NetworkParameters(hidden_layer_sizes=7).hidden_layer_sizes == (7,)  # type: ignore[arg-type]
    assert NetworkParameters(hidden_layer_sizes=np.array([3, 2])).hidden_layer_sizes == (3, 2)  # type: ignore[arg-type]


def test_numpy_numbers_become_python_numbers() -> None:
    given: dict[str, Any] = {
        "hidden_layer_sizes": (np.int64(3),),
        "alpha": np.float32(0.5),
        "batch_size": np.int16(8),
        "shuffle": np.bool_(False),
    }
    parameters = NetworkParameters(**given)
    kinds = {type(value) for value in parameters.as_dict().values()} | {type(parameters.hidden_layer_sizes[0])}
    assert kinds <= {int, float, str, bool, tuple, type(None)}


def test_a_refusal_says_what_was_found_and_what_is_expected() -> None:
    with pytest.raises(SettingsError, match=r"^alpha is -1; it must be a number of at least 0$"):
        NetworkParameters(alpha=-1)


def test_screens_can_load_parameters_without_anything_heavy() -> None:
    code = "import sys, nnsize_engine.settings.network; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"numpy", "numba", "scipy", "sklearn", "joblib", "llvmlite"} & set(loaded)
