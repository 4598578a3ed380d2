"""The networks of a search."""

import warnings
from typing import Any

import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nnsize_engine.data.split import load_builtin
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.scorings import default_scoring
from nnsize_engine.settings.search import SizeSettings


@pytest.mark.parametrize("data", BUILTIN)
def test_weights_are_counted_as_scikit_learn_makes_them(data: str) -> None:
    settings = SizeSettings(data=data, neurons="3,4x2", scoring=default_scoring(BUILTIN[data].task))
    X, y = load_builtin(data)
    for candidate in list_candidates(settings):
        estimator: Any = MLPRegressor if settings.task == "regression" else MLPClassifier
        network = estimator(hidden_layer_sizes=candidate.hidden_layer_sizes, max_iter=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            network.fit(X, y)
        assert candidate.weights == sum(array.size for array in (*network.coefs_, *network.intercepts_))
