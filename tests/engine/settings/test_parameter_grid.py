"""The short text that names a parameter's values."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import DEFAULTS, Value, parameter_words, parse_values, values_text

tenths = st.integers(0, 300)


@given(start=tenths, end=tenths, step=st.integers(-40, 40).filter(bool), scale=st.sampled_from([1, 10, 1000]))
def test_a_range_means_what_numpy_arange_means_in_decimal_numbers(start: int, end: int, step: int, scale: int) -> None:
    first, last, by = (Decimal(number) / scale for number in (start, end, step))
    expected = [number / scale for number in range(start, end, step)]
    if not expected:
        with pytest.raises(SettingsError, match="names no value, because the end is left out"):
            parse_values("alpha", f"{first}:{last}:{by}")
        return
    found = parse_values("alpha", f"{first}:{last}:{by}")
    assert list(found) == expected
    spaced = np.arange(float(first), float(last), float(by))
    assert len(spaced) in (len(found), len(found) + 1)  # NumPy may keep the end, by rounding
    np.testing.assert_allclose(np.array(spaced[: len(found)], float), np.array(found, float), rtol=1e-12, atol=1e-12)


@given(low=st.floats(1e-12, 1e6), high=st.floats(1e-12, 1e6), count=st.integers(2, 60))
def test_a_log_range_is_numpy_geomspace(low: float, high: float, count: int) -> None:
    assume(abs(low - high) > 0.01 * low)  # of hardly different ends, values fall together
    found = parse_values("alpha", f"log:{low!r}:{high!r}:{count}")
    assert (found[0], found[-1]) == (low, high)
    np.testing.assert_allclose(np.array(found, float), np.geomspace(low, high, count), rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("activation", "relu, tanh,relu", ("relu", "tanh")),
        ("alpha", "log:1e-5:1e-1:5", (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)),
        ("alpha", "1,1.0,.5,1E-3", (1.0, 0.5, 0.001)),
        ("momentum", "0.1:0.5:0.1", (0.1, 0.2, 0.3, 0.4)),
        ("momentum", "0.9:0.5:-0.2", (0.9, 0.7)),
        ("momentum", "0.1:0.4:0.1", (0.1, 0.2, 0.3)),
        ("alpha", "0:3", (0.0, 1.0, 2.0)),
        ("batch_size", "auto,32,64", ("auto", 32, 64)),
        ("batch_size", "log:16:256:5", (16, 32, 64, 128, 256)),
        ("max_iter", "100:400:100,1e3", (100, 200, 300, 1000)),
        ("n_iter_no_change", "5,inf", (5, math.inf)),
        ("early_stopping", "yes,no", (True, False)),
        ("early_stopping", "TRUE,false,yes", (True, False)),
        ("tol", "0", (0.0,)),
    ],
)
def test_values_are_read_in_the_order_written_each_once(name: str, text: str, values: tuple[Value, ...]) -> None:
    found = parse_values(name, text)
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]


@given(st.sampled_from(sorted(DEFAULTS)), st.data())
def test_what_is_written_out_is_read_back(name: str, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(_values_of(name), min_size=1, max_size=5, unique=True))
    assert parse_values(name, values_text(tuple(drawn))) == tuple(drawn)


def _values_of(name: str) -> st.SearchStrategy[Value]:
    default = DEFAULTS[name]
    if isinstance(default, bool):
        return st.booleans()
    if isinstance(default, float):
        least = 0.0 if name in ("alpha", "power_t", "tol") else 1e-12
        return st.floats(least, 0.99)
    if isinstance(default, int):
        return st.integers(1, 10**6)
    if name == "batch_size":
        return st.just("auto") | st.integers(1, 1000)
    choices = {
        "activation": ["identity", "logistic", "relu", "tanh"],
        "solver": ["adam", "lbfgs", "sgd"],
        "learning_rate": ["adaptive", "constant", "invscaling"],
        "loss": ["poisson", "squared_error"],
    }
    return st.sampled_from(choices[name])


def test_every_parameter_but_the_searchs_own_can_be_searched() -> None:
    assert set(DEFAULTS) == set(NetworkParameters().as_dict()) - {"hidden_layer_sizes", "random_state"}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("alpha", "x", "alpha is 'x'; it must be a number of at least 0"),
        ("alpha", "1,x", "alpha '1,x': alpha is 'x'; it must be a number of at least 0"),
        ("alpha", "", "alpha is ''; it must be a number of at least 0"),
        ("alpha", "nan", "alpha is 'nan'; it must be a number of at least 0"),
        ("alpha", "1e400", "alpha is inf; it must be a number of at least 0"),
        ("alpha", "٣", "alpha is '٣'; it must be a number of at least 0"),
        ("alpha", "-1:1:0.5", "alpha '-1:1:0.5': alpha is -1.0; it must be a number of at least 0"),
        ("alpha", "1:2:0", "alpha '1:2:0': the step of '1:2:0' is 0; it must be another number"),
        ("alpha", "2:1", "alpha '2:1': '2:1' names no value, because the end is left out"),
        ("alpha", "1:2:3:4", "alpha '1:2:3:4': '1:2:3:4' does not read as START:END:STEP, in numbers"),
        ("alpha", "log:1:2", "alpha 'log:1:2': 'log:1:2' does not read as log:FIRST:LAST:COUNT, in numbers"),
        ("alpha", "log:0:1:3", "alpha 'log:0:1:3': 'log:0:1:3' needs two numbers above 0 as FIRST"),
        ("alpha", "log:1:2:1", "alpha 'log:1:2:1': 'log:1:2:1' needs two numbers above 0 as FIRST"),
        ("alpha", "0:1e300:1e-300", "alpha '0:1e300:1e-300' names more than 100,000 values; search fewer"),
        ("alpha", "log:1:2:999999999", "alpha 'log:1:2:999999999' names more than 100,000 values; search fewer"),
        ("activation", "relu,foo", "activation 'relu,foo': activation is 'foo'; it must be one of identity, logistic"),
        ("activation", "a:b", "activation 'a:b': 'a:b' does not read as one of its values, which have no ranges"),
        ("early_stopping", "maybe", "early_stopping is 'maybe'; it must be yes or no"),
        ("early_stopping", "0:1", "early_stopping '0:1': '0:1' does not read as one of its values"),
        ("max_iter", "1:2:0.5", "max_iter '1:2:0.5': max_iter is 1.5; it must be a whole number of at least 1"),
        ("max_iter", "1e999", "max_iter is inf; it must be a whole number of at least 1"),
        ("batch_size", "0.5", 'batch_size is 0.5; it must be "auto" or a whole number of at least 1'),
        ("random_state", "1,2", "random_state is set by the search; use seed instead"),
        ("hidden_layer_sizes", "5", "hidden_layer_sizes is set by the search; use neurons instead"),
        ("alhpa", "1", "unknown parameter 'alhpa'; choose one of activation, solver, alpha, "),
    ],
)
def test_a_text_that_cannot_be_meant_is_one_sentence(name: str, text: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        parse_values(name, text)
    assert str(refusal.value).startswith(reason)
    assert "\n" not in str(refusal.value)


@given(st.sampled_from(sorted(DEFAULTS)), st.text(alphabet="0123456789.:,-+elogyasnutinf ", max_size=20))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    try:
        values = parse_values(name, text)
    except SettingsError:
        return
    for value in values:
        assert getattr(NetworkParameters(**{name: value}), name) == value  # type: ignore[arg-type]


def test_a_parameter_in_words() -> None:
    words = [
        parameter_words(name, value)
        for name, value in (
            ("activation", "tanh"), ("alpha", 0.001), ("early_stopping", True), ("early_stopping", False),
            ("batch_size", "auto"), ("learning_rate_init", 1 / 3), ("solver", "sgd"), ("max_iter", 300),
        )
    ]  # fmt: skip
    assert words == [
        "tanh", "alpha 0.001", "early stopping", "no early stopping",
        "batch size auto", "learning rate init 0.333333", "sgd", "max iter 300",
    ]  # fmt: skip
