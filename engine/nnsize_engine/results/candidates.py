"""List the networks that a search tries, from its settings alone."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from nnsize_engine.results.search_records import Candidate
from nnsize_engine.settings.layer_sizes import HiddenLayers, count_weights, format_layers
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import Value, parameter_words, short_value
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.splitters import splitter_words

_LAYERS = "hidden_layer_sizes"


def list_candidates(settings: SizeSettings) -> tuple[Candidate, ...]:
    """Return the networks of a search, numbered as ``GridSearchCV`` lists them. Needs no data to be loaded.

    Where the search finds its sizes, these are all that it may try; only some of them get fits.

    scikit-learn's ``ParameterGrid`` sorts parameters by name and lets the last one change fastest.
    """
    data = settings.known
    axes: dict[str, tuple[HiddenLayers | Value, ...]] = {_LAYERS: settings.candidates, **dict(settings.grid)}
    names = sorted(axes)
    inputs, outputs = data.inputs, data.outputs
    candidates = []
    for number, values in enumerate(itertools.product(*(axes[name] for name in names))):
        chosen = dict(zip(names, values, strict=True))
        layers = cast(HiddenLayers, chosen[_LAYERS])
        candidates.append(
            Candidate(
                number=number,
                hidden_layer_sizes=layers,
                weights=count_weights((inputs, *layers, outputs)),
                parameters=tuple((name, cast(Value, chosen[name])) for name, _ in settings.grid),
            )
        )
    return tuple(candidates)


def parameters_of(settings: SizeSettings, candidate: Candidate, seed_offset: int) -> NetworkParameters:
    """Return the parameters of one candidate: what is searched replaces what is set, and the offset moves the seed."""
    return replace(
        settings.network,
        hidden_layer_sizes=candidate.hidden_layer_sizes,
        random_state=settings.seed + seed_offset,
        **dict(candidate.parameters),  # type: ignore[arg-type]
    )


def candidate_words(candidate: Candidate) -> str:
    """Return a candidate in words: ``40 neurons``, or ``40 neurons, tanh, alpha 0.001`` where more is searched."""
    words = [parameter_words(name, value) for name, value in candidate.parameters]
    neurons = "neuron" if candidate.hidden_layer_sizes == (1,) else "neurons"
    return ", ".join([f"{format_layers(candidate.hidden_layer_sizes)} {neurons}", *words])


def split_words(settings: SizeSettings, split: int) -> str:
    """Return a split in words, counted from 1: ``fold 3``, or ``fold 3, round 2, repeat 2`` where there are several.

    The final test counts as the split after the last.
    """
    if split >= settings.splits:
        return "all training rows"
    words = [f"fold {split % settings.cv + 1}"]
    if settings.fold_rounds > 1:
        words.append(f"round {settings.fold_of(split) // settings.cv + 1}")
    if settings.repeats > 1:
        words.append(f"repeat {settings.repeat_of(split) + 1}")
    return ", ".join(words)


def folds_words(settings: SizeSettings) -> str:
    """Return the number of folds in words: ``5 folds``, or ``5 folds x 2 rounds``."""
    rounds = f" x {settings.fold_rounds} rounds" if settings.fold_rounds > 1 else ""
    return splitter_words(settings.splitter).format(settings.cv) + rounds


def neurons_text(candidate: Candidate) -> str:
    """``75`` or ``64x32``."""
    return format_layers(candidate.hidden_layer_sizes)


def candidate_text(candidate: Candidate) -> str:
    """Return a candidate in short: ``75``, or ``75 tanh 0.001`` where other parameters are searched too."""
    return " ".join([neurons_text(candidate), *(short_value(value) for _, value in candidate.parameters)])


def combinations_of(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Group candidates that differ in their size alone, in the search's order."""
    groups: dict[tuple[tuple[str, Value], ...], list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.parameters, []).append(candidate)
    return list(groups.values())
