"""The networks of a search."""

import warnings
from typing import Any, cast

import pytest
from sklearn.exceptions import ConvergenceWarning

from nnsize_engine.builtin import BUILTIN
from nnsize_engine.candidates import list_candidates
from nnsize_engine.data import load_builtin
from nnsize_engine.scorings import default_scoring
from nnsize_engine.settings import SizeSettings
from nnsize_engine.trainer import make_pipeline


@pytest.mark.parametrize("data", BUILTIN)
def test_weights_are_counted_as_scikit_learn_makes_them(data: str) -> None:
    settings = SizeSettings(data=data, neurons="3,4x2", scoring=default_scoring(BUILTIN[data].task))
    X, y = load_builtin(data)
    for candidate in list_candidates(settings):
        pipeline = cast(Any, make_pipeline(settings.task, candidate.hidden_layer_sizes, 0))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            pipeline.set_params(mlp__max_iter=1).fit(X, y)
        network = pipeline.named_steps["mlp"]
        assert candidate.weights == sum(array.size for array in (*network.coefs_, *network.intercepts_))
