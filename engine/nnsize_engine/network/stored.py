"""Stored networks of runs, and what they become: a network that predicts, a scikit-learn pipeline, a file."""

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import StoreError
from nnsize_engine.network.estimator import output_activation, to_estimator
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.target_scaling import TargetScaling, standard_scaler
from nnsize_engine.results.records import StoredNetwork, Training
from nnsize_engine.settings.activations import SMOOTH_STEP, STEP
from nnsize_engine.settings.network import NetworkParameters

TRUSTED = ("numpy.dtype",)
"""Types that skops is told to trust. ``SimpleImputer`` keeps the dtype of its numbers, which runs no code."""


def stored_network(network: FittedNetwork, *, mean: tuple[float, ...], scale: tuple[float, ...]) -> StoredNetwork:
    """Return a network of a search as a run stores it, with the mean and scale of its inputs (empty if unscaled)."""
    scores = network.validation_scores
    training = Training(
        rows=network.training_rows,
        loss=_finite(network.loss),
        best_loss=_finite(network.best_loss),
        best_validation_score=_finite(network.best_validation_score),
        loss_curve=tuple(network.loss_curve.tolist()) if np.isfinite(network.loss_curve).all() else (),
        validation_scores=tuple(scores.tolist()) if scores is not None and np.isfinite(scores).all() else None,
    )
    return StoredNetwork(
        name="best",
        units=network.shape.units,
        activation=network.parameters.activation,
        kind=network.kind,
        classes=() if network.classes is None else tuple(network.classes.tolist()),
        mean=mean,
        scale=scale,
        steps=network.n_iter,
        weights=network.weights.astype("<f8").tobytes(),
        training=training,
        **scaling_facts(network.scaling),
    )


def scaling_facts(scaling: TargetScaling | None) -> dict[str, Any]:
    """Return a scaling of targets as fields of :class:`StoredNetwork`."""
    if scaling is None:
        return {}
    return {
        "target_scale": scaling.kind,
        "target_mean": tuple(scaling.mean.tolist()),
        "target_deviation": tuple(scaling.scale.tolist()),
    }


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def fitted_network(
    stored: StoredNetwork, *, rows: int = 0, parameters: NetworkParameters | None = None
) -> FittedNetwork:
    """Return a network in float64, for inputs already standardised by the stored ``mean`` and ``scale``.

    An evolved network has no loss curve: its loss is NaN and its curve is empty.

    Args:
        stored: the network.
        rows: number of training rows, if its training does not tell.
        parameters: those of its training; None for an evolved network.

    Raises:
        StoreError: the number of weights does not fit its layers.
    """
    shape = NetworkShape(units=stored.units)
    scalers = {len(stored.mean), len(stored.scale)}
    if (
        len(stored.units) < 2
        or len(stored.weights) != 8 * shape.weight_count
        or scalers not in ({0}, {stored.units[0]})
    ):
        raise StoreError(f"the {stored.name} network is damaged: its numbers are not as many as its layers need")
    scaling = _scaling(stored)
    training = stored.training or Training(
        rows=rows, loss=None, best_loss=math.inf, best_validation_score=None, loss_curve=(), validation_scores=None
    )
    scores = training.validation_scores
    return FittedNetwork(
        parameters=parameters or _parameters(stored),
        shape=shape,
        kind=stored.kind,
        classes=np.array(stored.classes) if stored.classes else None,
        weights=np.frombuffer(stored.weights, dtype="<f8").astype(np.float64),
        n_iter=stored.steps,
        training_rows=training.rows,
        loss=math.nan if training.loss is None else training.loss,
        best_loss=training.best_loss,
        best_validation_score=training.best_validation_score,
        loss_curve=np.array(training.loss_curve),
        validation_scores=None if scores is None else np.array(scores),
        has_converged=True,
        remarks=(),
        trained_by="nnsize",
        scaling=scaling,
        has_steps=stored.activation == STEP,
        threshold=stored.threshold,
    )


def _parameters(stored: StoredNetwork) -> NetworkParameters:
    """Return the parameters of an evolved network; scikit-learn knows no step, but the function whose limit it is."""
    activation = SMOOTH_STEP if stored.activation == STEP else stored.activation
    return NetworkParameters(hidden_layer_sizes=stored.units[1:-1], activation=activation)


def _scaling(stored: StoredNetwork) -> TargetScaling | None:
    """Return the scaling of a stored network's targets.

    Raises:
        StoreError: it does not fit the outputs.
    """
    if stored.target_scale == "none":
        return None
    if {len(stored.target_mean), len(stored.target_deviation)} != {stored.units[-1]}:
        raise StoreError(f"the {stored.name} network is damaged: its target scaling does not fit its outputs")
    return TargetScaling(
        kind=stored.target_scale, mean=np.array(stored.target_mean), scale=np.array(stored.target_deviation)
    )


def encoder_to_bytes(encoder: Any) -> bytes:
    """Return a fitted ``ColumnTransformer``, or the scaler of a matrix, as a run stores it."""
    from skops.io import dumps

    content: bytes = dumps(encoder)
    return content


def encoder_from_bytes(content: bytes) -> Any:
    """Return the fitted ``ColumnTransformer`` of a run, or the scaler of its matrix.

    Raises:
        StoreError: the bytes are damaged, or hold types other than scikit-learn's transformers.
    """
    from skops.io import loads

    try:
        return loads(content, trusted=list(TRUSTED))
    except Exception as error:  # a damaged archive fails in many ways
        raise StoreError(f"the encoding of the table is damaged: {type(error).__name__}: {error}") from error


def fitted_pipeline(
    stored: StoredNetwork,
    *,
    rows: int = 0,
    encoder: bytes = b"",
    parameters: NetworkParameters | None = None,
    read: Any = None,
) -> Any:
    """Return a fitted ``Pipeline`` for raw inputs.

    Its steps are ``scale`` and ``network``, or ``network`` alone if inputs are unscaled. For frames of the user's own
    table they are ``encode``, the ``ColumnTransformer``, and ``network``. There is no ``passthrough`` step instead of
    the scaler: such a pipeline has no ``n_features_in_``. ``partial_fit`` of the network continues from its weights.

    Args:
        stored: the network.
        rows: number of training rows, for ``n_samples_seen_`` and ``t_``.
        encoder: the encoder of a table, as the run stores it.
        parameters: those of its training; None for an evolved network.
        read: a step before the encoder, which makes the frames that it takes; None for frames of these columns.
    """
    from sklearn.pipeline import Pipeline

    network = to_estimator(fitted_network(stored, rows=rows, parameters=parameters))
    if stored.target_scale == "none" and stored.threshold is None:
        network._no_improvement_count = 0  # partial_fit reads it
    if encoder:
        transformer = encoder_from_bytes(encoder)
        before = [] if read is None else [("read", read)]
        name = "encode" if _is_of_table(transformer) else "scale"
        return Pipeline([*before, (name, transformer), ("network", network)])
    if not stored.mean:
        return Pipeline([("network", network)])
    return Pipeline([("scale", standard_scaler(stored.mean, stored.scale, rows)), ("network", network)])


def _is_of_table(transformer: Any) -> bool:
    """Return whether a stored transformer encodes a table; others scale a matrix."""
    from sklearn.compose import ColumnTransformer

    return isinstance(transformer, ColumnTransformer)


def _encoder_arrays(encoder: bytes) -> dict[str, NDArray[Any]]:
    """Return the names of encoded inputs, and the quantiles of a matrix that they scale."""
    transformer: Any = encoder_from_bytes(encoder) if encoder else None
    has_names = transformer is not None and _is_of_table(transformer)
    arrays = {"inputs": np.array(list(transformer.get_feature_names_out()) if has_names else [], dtype=np.str_)}
    if hasattr(transformer, "quantiles_"):
        arrays |= {"quantiles": transformer.quantiles_, "references": transformer.references_}
    return arrays


def as_skops(
    stored: StoredNetwork,
    *,
    rows: int = 0,
    encoder: bytes = b"",
    parameters: NetworkParameters | None = None,
    read: Any = None,
) -> bytes:
    """Return the pipeline as a file for ``skops.io.load``, which needs :data:`TRUSTED` if a table misses numbers."""
    from skops.io import dumps

    content: bytes = dumps(fitted_pipeline(stored, rows=rows, encoder=encoder, parameters=parameters, read=read))
    return content


def as_joblib(
    stored: StoredNetwork,
    *,
    rows: int = 0,
    encoder: bytes = b"",
    parameters: NetworkParameters | None = None,
    read: Any = None,
) -> bytes:
    """Return the pipeline as a file for ``joblib.load``, which runs any code that such a file holds."""
    import joblib

    file = io.BytesIO()
    joblib.dump(fitted_pipeline(stored, rows=rows, encoder=encoder, parameters=parameters, read=read), file)
    return file.getvalue()


def as_npz(stored: StoredNetwork, *, encoder: bytes = b"", parameters: NetworkParameters | None = None) -> bytes:
    """Return the arrays that a prediction needs, as the content of an ``.npz`` file.

    Without scaling, means are 0 and scales are 1, so that one formula fits every file. ``inputs`` holds the names of
    the encoded columns of a table; it is empty for built-in data. A scaling by quantiles of built-in data adds
    ``quantiles`` and ``references``, from the first of which ``QuantileTransformer`` interpolates to the second.
    Outputs of a regression are multiplied by ``target_deviation`` and moved by ``target_mean``; if ``target_scale`` is
    ``log``, ``expm1`` follows. The activation ``step`` is 1 for a positive sum, else 0. Where there is a ``threshold``,
    the second class is predicted from this probability on, instead of above one half.
    """
    network = fitted_network(stored, parameters=parameters)
    coefs, intercepts = network.shape.split(network.weights)
    inputs, outputs = stored.units[0], stored.units[-1]
    arrays: dict[str, Any] = {
        **{f"coefs_{number}": layer for number, layer in enumerate(coefs)},
        **{f"intercepts_{number}": layer for number, layer in enumerate(intercepts)},
        "mean": np.array(stored.mean) if stored.mean else np.zeros(inputs),
        "scale": np.array(stored.scale) if stored.scale else np.ones(inputs),
        "classes": np.empty(0) if network.classes is None else network.classes,
        **_encoder_arrays(encoder),
        "activation": np.array(stored.activation),
        "out_activation": np.array(output_activation(network)),
        "units": np.array(stored.units),
        "kind": np.array(stored.kind),
        "target_scale": np.array(stored.target_scale),
        "target_mean": np.array(stored.target_mean) if stored.target_mean else np.zeros(outputs),
        "target_deviation": np.array(stored.target_deviation) if stored.target_deviation else np.ones(outputs),
    }
    if stored.threshold is not None:
        arrays["threshold"] = np.array(stored.threshold)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
