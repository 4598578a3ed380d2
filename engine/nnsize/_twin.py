"""The scikit-learn estimator with the same parameters and the same state as ours: its twin.

Our estimators keep all they learn in attributes with scikit-learn's names and types, so a twin is made by taking the
attributes over. A twin predicts, and it trains what compiled code does not cover.
"""

from copy import deepcopy
from typing import Any

from sklearn.base import is_classifier
from sklearn.neural_network import MLPClassifier, MLPRegressor


def twin_of(estimator: Any) -> Any:
    """Return a scikit-learn estimator that shares parameters and fitted attributes with ours."""
    kind: Any = MLPClassifier if is_classifier(estimator) else MLPRegressor
    twin = kind.__new__(kind)
    vars(twin).update(vars(estimator))
    if is_classifier(estimator):
        twin.loss = "log_loss"  # scikit-learn's classifier sets it when it is made; it is no parameter
    return twin


def independent_twin(estimator: Any) -> Any:
    """Return a scikit-learn estimator with copies of parameters and fitted attributes."""
    return deepcopy(twin_of(estimator))


def take_state(estimator: Any, twin: Any) -> None:
    """Take over what a twin has learned."""
    learned = dict(vars(twin))
    if is_classifier(estimator):
        del learned["loss"]
    vars(estimator).update(learned)
