"""The networks that a search tries, known from its settings alone."""

from nnsize_engine.builtin import BUILTIN
from nnsize_engine.neurons import count_weights
from nnsize_engine.records import Candidate
from nnsize_engine.settings import SizeSettings


def list_candidates(settings: SizeSettings) -> tuple[Candidate, ...]:
    """The networks of a search, numbered, in the order written. Needs no data to be loaded."""
    data = BUILTIN[settings.data]
    return tuple(
        Candidate(number=number, hidden_layer_sizes=layers, weights=count_weights((data.inputs, *layers, data.outputs)))
        for number, layers in enumerate(settings.candidates)
    )
