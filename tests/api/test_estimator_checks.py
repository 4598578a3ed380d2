"""scikit-learn's checks of estimators, all of them, on ours."""

from typing import Any

import pytest
from sklearn.utils.estimator_checks import check_sample_weight_equivalence_on_dense_data, parametrize_with_checks

from nnsize import EvolutionClassifier, EvolutionRegressor, MLPClassifier, MLPRegressor, SizeSearchCV

SEARCH: dict[str, Any] = {"neurons": [20], "cv": 2, "n_jobs": 1, "store": False, "verbose": 0}

# scikit-learn checks its own perceptrons with as few epochs.
ESTIMATORS = [
    MLPClassifier(max_iter=100),
    MLPRegressor(max_iter=100),
    EvolutionClassifier((4,), strategy="auto", evaluations=3000),
    EvolutionRegressor((4,), strategy="auto", evaluations=3000),
    SizeSearchCV(MLPClassifier(max_iter=100, learning_rate_init=0.01), **SEARCH),
    SizeSearchCV(MLPRegressor(max_iter=100, learning_rate_init=0.01), **SEARCH),
]

_WEIGHTS = "a row of weight 2 is no two rows where folds are made and inputs are scaled, nor is it in GridSearchCV"

EXCEPTIONS = {f"check_sample_weight_equivalence_on_{kind}_data": _WEIGHTS for kind in ("dense", "sparse")}
"""Checks that a search cannot pass, and why."""

pytestmark = pytest.mark.filterwarnings("ignore")


def _exceptions(estimator: Any) -> dict[str, str]:
    return EXCEPTIONS if isinstance(estimator, SizeSearchCV) else {}


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=_exceptions)  # type: ignore[untyped-decorator]  # scikit-learn has no type hints
def test_an_estimator_passes_a_check_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.parametrize(
    "network", [MLPClassifier(solver="lbfgs"), MLPRegressor(solver="sgd", tol=1e-2, random_state=42)]
)
def test_weights_of_rows_stand_for_repeated_rows_where_they_do_in_scikit_learn(network: Any) -> None:
    """These are the parameters with which scikit-learn checks its own perceptrons."""
    check_sample_weight_equivalence_on_dense_data(type(network).__name__, network)
