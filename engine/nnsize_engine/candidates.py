"""The networks that a search tries, known from its settings alone."""

import itertools
from typing import cast

from nnsize_engine.grid import Value
from nnsize_engine.neurons import HiddenLayers, count_weights
from nnsize_engine.records import Candidate
from nnsize_engine.settings import SizeSettings

_LAYERS = "hidden_layer_sizes"


def list_candidates(settings: SizeSettings) -> tuple[Candidate, ...]:
    """The networks of a search, numbered as ``GridSearchCV`` lists them. Needs no data to be loaded.

    scikit-learn's ``ParameterGrid`` sorts parameters by name and lets the last one change fastest.
    """
    data = settings.known
    axes: dict[str, tuple[HiddenLayers | Value, ...]] = {_LAYERS: settings.candidates, **dict(settings.grid)}
    names = sorted(axes)
    candidates = []
    for number, values in enumerate(itertools.product(*(axes[name] for name in names))):
        chosen = dict(zip(names, values, strict=True))
        layers = cast(HiddenLayers, chosen[_LAYERS])
        candidates.append(
            Candidate(
                number=number,
                hidden_layer_sizes=layers,
                weights=count_weights((data.inputs, *layers, data.outputs)),
                parameters=tuple((name, cast(Value, chosen[name])) for name, _ in settings.grid),
            )
        )
    return tuple(candidates)
