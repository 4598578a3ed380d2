"""Settings are checked when they are made."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.builtin import BUILTIN
from nnsize_engine.errors import SettingsError
from nnsize_engine.network.parameters import NetworkParameters
from nnsize_engine.run_settings import settings_from_json, settings_to_json
from nnsize_engine.scorings import scorings_for
from nnsize_engine.settings import SizeSettings, parse_test_size


@st.composite
def size_settings(draw: st.DrawFn) -> SizeSettings:
    data = draw(st.sampled_from(sorted(BUILTIN)))
    return SizeSettings(
        data=data,
        neurons=draw(st.sampled_from(["5:100:2", "8,16x4", "log:4:64:4"])),
        cv=draw(st.integers(2, BUILTIN[data].rows)),
        scoring=draw(st.sampled_from(scorings_for(BUILTIN[data].task))),
        seed=draw(st.integers(0, 2**32 - 1)),
        test_size=draw(st.floats(0, 1, exclude_min=True, exclude_max=True) | st.integers(1, 100)),
        split_seed=draw(st.integers(0, 2**32 - 1)),
        jobs=draw(st.none() | st.integers(1, 64)),
    )


@given(size_settings())
def test_stored_settings_are_read_back_unchanged(settings: SizeSettings) -> None:
    assert settings_from_json(settings_to_json(settings)) == settings


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"data": "nothing"}, "unknown data 'nothing'"),
        ({"scoring": "nothing"}, "unknown scoring 'nothing'"),
        ({"scoring": "r2"}, "does not fit two classes"),
        ({"neurons": "5:5"}, "names no size"),
        ({"cv": 1}, "cv is 1; it must be a whole number, between 2 and 569 folds"),
        ({"cv": True}, "cv is True"),
        ({"seed": -1}, "seed is -1; it must be a whole number, between 0 and 4294967295"),
        ({"split_seed": 2**32}, "split-seed is 4294967296"),
        ({"cv": 10**30}, "it must be a whole number, between 2 and 569 folds"),
        ({"jobs": 0}, "jobs is 0"),
        ({"jobs": 100_000}, "jobs is 100000; it must be a whole number, between 1 and 1024 fits at a time"),
        ({"network": NetworkParameters(max_iter=10**20)}, "max-iter is 1"),
        ({"test_size": 0.0}, "test-size is 0.0; it must be a fraction"),
        ({"test_size": 1.0}, "test-size is 1.0"),
        ({"test_size": 0}, "test-size is 0"),
        ({"test_size": math.nan}, "test-size is nan"),
        ({"test_size": True}, "test-size is True"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_its_reason(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        SizeSettings(**fields)  # type: ignore[arg-type]


def test_a_test_size_is_a_fraction_or_a_number_of_rows() -> None:
    assert parse_test_size("0.33") == 0.33
    assert parse_test_size("100") == 100
    assert isinstance(parse_test_size("100"), int)
    with pytest.raises(SettingsError, match="test-size is 'third'"):
        parse_test_size("third")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cv": 1}', '{"unknown": 1}'])
def test_stored_settings_of_another_kind_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        settings_from_json(text)
