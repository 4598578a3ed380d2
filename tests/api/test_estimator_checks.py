"""scikit-learn's checks of estimators, all of them, on ours."""

from typing import Any

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from nnsize import EvolutionClassifier, EvolutionRegressor, MLPClassifier, MLPRegressor

# scikit-learn checks its own perceptrons with as few epochs; lbfgs and sgd are its choice for weights of rows.
ESTIMATORS = [
    MLPClassifier(max_iter=100),
    MLPRegressor(max_iter=100),
    MLPClassifier(solver="lbfgs"),
    MLPRegressor(solver="sgd", tol=1e-2, random_state=42),
    EvolutionClassifier((4,), strategy="auto", evaluations=3000),
    EvolutionRegressor((4,), strategy="auto", evaluations=3000),
]

pytestmark = pytest.mark.filterwarnings("ignore")


@parametrize_with_checks(ESTIMATORS)  # type: ignore[untyped-decorator]  # scikit-learn has no type hints
def test_an_estimator_passes_a_check_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)
