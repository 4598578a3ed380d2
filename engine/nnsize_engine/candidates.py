"""The networks that a search tries, known from its settings alone."""

from itertools import pairwise

from nnsize_engine.builtin import BUILTIN
from nnsize_engine.neurons import HiddenLayers
from nnsize_engine.records import Candidate
from nnsize_engine.settings import SizeSettings


def list_candidates(settings: SizeSettings) -> tuple[Candidate, ...]:
    """The networks of a search, numbered, in the order written. Needs no data to be loaded."""
    data = BUILTIN[settings.data]
    outputs = data.classes if data.classes > 2 else 1
    return tuple(
        Candidate(number=number, hidden_layer_sizes=layers, weights=count_weights((data.inputs, *layers, outputs)))
        for number, layers in enumerate(settings.candidates)
    )


def count_weights(layer_units: HiddenLayers) -> int:
    """Weights and biases of a fully connected network, given the units of every layer, inputs and outputs included."""
    return sum((before + 1) * after for before, after in pairwise(layer_units))
