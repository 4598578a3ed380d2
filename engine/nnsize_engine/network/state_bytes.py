"""Unfinished trainings as bytes: a stopped run stores them and continues each fit exactly where it stopped."""

import io
from dataclasses import fields

import numpy as np

from nnsize_engine.errors import StoreError
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.train import TrainingState
from nnsize_engine.settings.network import NetworkParameters

_ARRAYS = tuple(field.name for field in fields(TrainingState) if field.name not in ("parameters", "shape"))


def state_to_bytes(state: TrainingState) -> bytes:
    """Return the arrays of a state as the content of an ``.npz`` file; parameters are stored with the run."""
    file = io.BytesIO()
    np.savez(file, units=np.array(state.shape.units), **{name: getattr(state, name) for name in _ARRAYS})
    return file.getvalue()


def state_from_bytes(content: bytes, parameters: NetworkParameters) -> TrainingState:
    """Return a stored state.

    Raises:
        StoreError: the bytes are damaged, or belong to another network.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            shape = NetworkShape(units=tuple(arrays["units"].tolist()))
            state = TrainingState(parameters=parameters, shape=shape, **{name: arrays[name] for name in _ARRAYS})
    except Exception as error:  # a damaged archive fails in many ways
        raise StoreError("a training under way cannot be read back: it is damaged") from error
    if shape.units[1:-1] != parameters.hidden_layer_sizes or len(state.weights) != shape.weight_count:
        raise StoreError("a training under way belongs to another network")
    return state
