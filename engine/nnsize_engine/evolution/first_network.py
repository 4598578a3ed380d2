"""The weights of the network that an evolution begins with, checked against its bounds."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.stored import TRUSTED
from nnsize_engine.runs.first_network import FirstNetwork, first_network, network_refusal
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[Any]


_TRUSTED_OPTIMIZERS = tuple(
    f"sklearn.neural_network._stochastic_optimizers.{name}" for name in ("AdamOptimizer", "SGDOptimizer")
)
"""What a network that was fitted by scikit-learn itself holds beside its weights; it runs no code."""


def read_first_network(settings: EvolutionSettings, bounds: Bounds) -> Floats:
    """Return the weights of the network that ``init`` names, in the precision of the run, shape (1, weights).

    Raises:
        DataError: it cannot be read, has other layers or another activation, or a weight outside the bounds.
    """
    name = Path(settings.init).name
    try:
        found = _of_skops(Path(settings.init)) if settings.init.endswith(".skops") else first_network(settings.init)
    except SettingsError as error:
        raise DataError(str(error), field="init") from error
    refusal = network_refusal(found, settings)
    if refusal is not None:
        raise DataError(refusal, field="init")
    weights = np.frombuffer(found.weights, dtype="<f8").astype(settings.precision)[np.newaxis]
    if weights.shape[1] != bounds.weights or not np.isfinite(weights).all():
        raise DataError(f"init {name} holds something that is not a finite number", field="init")
    if ((weights < bounds.low) | (weights > bounds.high)).any():
        raise DataError(
            f"init {name} has weights up to {float(np.abs(weights).max()):.3g}, outside the bounds {settings.bounds}; "
            "give wider bounds",
            field="init",
        )
    return weights


def _of_skops(path: Path) -> FirstNetwork:
    """Read a fitted pipeline, or a network alone; no code of the file is run."""
    from skops.io import load

    try:
        found: Any = load(path, trusted=[*TRUSTED, *_TRUSTED_OPTIMIZERS])
        found = found.steps[-1][1] if hasattr(found, "steps") else found
        found = getattr(found, "regressor_", found)  # within a TransformedTargetRegressor
        shape = NetworkShape(units=(*(len(layer) for layer in found.coefs_), found.coefs_[-1].shape[1]))
        weights = shape.join(found.coefs_, found.intercepts_).astype("<f8").tobytes()
        return FirstNetwork(units=shape.units, activation=str(found.activation), weights=weights)
    except Exception as error:  # a damaged file fails in many ways
        raise DataError(
            f"init {path.name} cannot be read as a network that scikit-learn fitted: {error}. A network that reads "
            "frames of a table can be exported as .npz instead",
            field="init",
        ) from error
