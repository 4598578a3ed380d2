"""Fitted scikit-learn estimators made of our networks, and networks that scikit-learn trains."""

import warnings
from typing import Any, assert_never

import numpy as np

from nnsize_engine.errors import FitError
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.steps import steep_weights
from nnsize_engine.network.training_rows import TargetKind, TrainingRows
from nnsize_engine.settings.network import NetworkParameters


def new_estimator(parameters: NetworkParameters, kind: TargetKind) -> Any:
    """Return an unfitted `MLPClassifier` or `MLPRegressor` with these parameters."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    given = parameters.as_dict()
    match kind:
        case "regression":
            return MLPRegressor(**given)
        case "binary" | "multiclass" | "multilabel":
            del given["loss"]
            return MLPClassifier(**given)
        case _:
            assert_never(kind)


def to_estimator(network: FittedNetwork) -> Any:
    """Return a fitted scikit-learn estimator with the weights of a network, for scorers and exports.

    A network with a scaling of its targets becomes a ``TransformedTargetRegressor`` around its ``MLPRegressor``, one
    with a threshold a ``FixedThresholdClassifier`` around its ``MLPClassifier``.
    """
    estimator = _network_estimator(network)
    if network.threshold is not None:
        return _with_threshold(estimator, network.threshold)
    return estimator if network.scaling is None else _with_scaling(estimator, network)


def _with_scaling(estimator: Any, network: FittedNetwork) -> Any:
    from sklearn.base import clone
    from sklearn.compose import TransformedTargetRegressor

    assert network.scaling is not None
    transformer = network.scaling.to_transformer(network.training_rows)
    whole = TransformedTargetRegressor(clone(estimator), transformer=clone(transformer))
    whole.regressor_, whole.transformer_ = estimator, transformer
    whole._training_dim = 1 if network.shape.units[-1] == 1 else 2  # predict reads it
    return whole


def _with_threshold(estimator: Any, threshold: float) -> Any:
    from sklearn.base import clone
    from sklearn.model_selection import FixedThresholdClassifier

    second = estimator.classes_[1]
    whole = FixedThresholdClassifier(
        clone(estimator), threshold=threshold, pos_label=second, response_method="predict_proba"
    )
    whole.estimator_ = estimator
    return whole


def _network_estimator(network: FittedNetwork) -> Any:
    """Return the fitted ``MLPClassifier`` or ``MLPRegressor`` of a network."""
    estimator = new_estimator(network.parameters, network.kind)
    weights = steep_weights(network.weights, network.shape) if network.has_steps else network.weights.copy()
    coefs, intercepts = network.shape.split(weights)
    facts = {
        "coefs_": coefs,
        "intercepts_": intercepts,
        "n_features_in_": network.shape.units[0],
        "n_layers_": len(network.shape.units),
        "n_outputs_": network.shape.units[-1],
        "n_iter_": network.n_iter,
        "t_": 0 if network.parameters.solver == "lbfgs" else network.n_iter * network.training_rows,
        "loss_": network.loss,
        "out_activation_": output_activation(network),
    }
    if network.parameters.solver != "lbfgs":
        scores = network.validation_scores
        facts |= {
            "loss_curve_": network.loss_curve.tolist(),
            "best_loss_": network.best_loss,
            "validation_scores_": None if scores is None else scores.tolist(),
            "best_validation_score_": network.best_validation_score,
        }
    if network.classes is not None:
        facts |= {"classes_": network.classes, "_label_binarizer": _label_binarizer(network)}
    for name, value in facts.items():
        setattr(estimator, name, value)
    return estimator


def output_activation(network: FittedNetwork) -> str:
    """Return the activation of the output layer, as ``out_activation_`` names it."""
    match network.kind:
        case "regression":
            return {"poisson": "exp", "squared_error": "identity"}[network.parameters.loss]
        case "multiclass":
            return "softmax"
        case "binary" | "multilabel":
            return "logistic"
        case _:
            assert_never(network.kind)


def _label_binarizer(network: FittedNetwork) -> Any:
    from sklearn.preprocessing import LabelBinarizer

    assert network.classes is not None
    labels = np.eye(len(network.classes), dtype=np.int64) if network.kind == "multilabel" else network.classes
    return LabelBinarizer().fit(labels)


def train_with_scikit_learn(rows: TrainingRows, parameters: NetworkParameters) -> FittedNetwork:
    """Let scikit-learn train a network, as for lbfgs, which compiled code does not cover.

    Warnings become remarks. Python collects warnings per process, not per thread, so call this in processes.

    Raises:
        FitError: scikit-learn refuses, with its message.
    """
    estimator = new_estimator(parameters, rows.kind)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            estimator.fit(rows.inputs, rows.labels, sample_weight=rows.sample_weight)
        except ValueError as error:
            raise FitError(str(error)) from error
    shape = NetworkShape(units=(rows.inputs.shape[1], *parameters.hidden_layer_sizes, rows.targets.shape[1]))
    return FittedNetwork(
        parameters=parameters,
        shape=shape,
        kind=rows.kind,
        classes=rows.classes,
        weights=shape.join(estimator.coefs_, estimator.intercepts_),
        n_iter=int(estimator.n_iter_),
        training_rows=len(rows.inputs),
        loss=float(estimator.loss_),
        best_loss=None,
        best_validation_score=None,
        loss_curve=np.array(getattr(estimator, "loss_curve_", [])),
        validation_scores=None,
        has_converged=not any(warning.category.__name__ == "ConvergenceWarning" for warning in caught),
        remarks=tuple(str(warning.message) for warning in caught),
        trained_by="scikit-learn",
        scaling=rows.scaling,
    )
