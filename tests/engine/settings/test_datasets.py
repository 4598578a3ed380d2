"""The facts of built-in data, compared with the data."""

import numpy as np
import pytest

from nnsize_engine.data.split import load_builtin
from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import BUILTIN, builtin_data


@pytest.mark.parametrize("name", BUILTIN)
def test_the_facts_are_those_of_the_data(name: str) -> None:
    data = BUILTIN[name]
    X, y = load_builtin(name)
    assert X.shape == (data.rows, data.inputs)
    assert y.shape == (data.rows,)
    assert (len(np.unique(y)) if data.task != "regression" else 0) == data.classes
    assert (data.task == "binary") == (data.classes == 2)


def test_unknown_data_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SettingsError, match="unknown data 'irs'; choose one of breast_cancer, wine, iris, digits"):
        builtin_data("irs")
