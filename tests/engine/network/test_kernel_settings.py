"""Every name becomes a number that compiled code knows; a kernel would take an unknown number for a known one."""

from typing import Any

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.network.kernel_settings import (
    ACTIVATION_CODES,
    REGRESSION_CODES,
    SCHEDULE_CODES,
    SOLVER_CODES,
    kernel_settings_for,
)
from nnsize_engine.settings.activations import ACTIVATIONS
from nnsize_engine.settings.network import CHOICES, NetworkParameters


def test_compiled_code_has_a_number_of_its_own_for_every_name() -> None:
    assert set(ACTIVATION_CODES) == set(ACTIVATIONS) == set(CHOICES["activation"])
    assert set(SOLVER_CODES) == set(CHOICES["solver"])
    assert set(SCHEDULE_CODES) == set(CHOICES["learning_rate"])
    assert set(REGRESSION_CODES) == set(CHOICES["loss"])
    for codes in (ACTIVATION_CODES, SOLVER_CODES, SCHEDULE_CODES, REGRESSION_CODES):
        assert len(set(codes.values())) == len(codes)


@pytest.mark.parametrize("field", ["activation", "solver", "learning_rate", "loss"])
def test_a_name_without_compiled_code_is_refused_and_not_taken_for_another(field: str) -> None:
    parameters = NetworkParameters()
    object.__setattr__(parameters, field, "swish")  # as if it had been added to the settings alone
    with pytest.raises(SettingsError, match=f"^{field} is 'swish'; compiled code knows") as caught:
        kernel_settings_for(parameters, "regression", 0, 10, "float64")
    assert caught.value.field == field


def test_an_unknown_kind_of_target_is_refused() -> None:
    kind: Any = "ranking"
    with pytest.raises(AssertionError):
        kernel_settings_for(NetworkParameters(), kind, 2, 10, "float64")
