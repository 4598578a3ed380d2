"""The measurement of the time of each kind of run; imports of compiled code are delayed, as they take seconds."""

from collections.abc import Callable, Mapping
from typing import Any

from nnsize_engine.results.estimates import EvolutionEstimate, SearchEstimate
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, by_started_kind
from nnsize_engine.settings.search import SizeSettings


def _measure_search(settings: SizeSettings) -> SearchEstimate:
    from nnsize_engine.search.estimate import measure

    return measure(settings)


def _measure_evolution(settings: EvolutionSettings) -> EvolutionEstimate:
    from nnsize_engine.evolution.estimate import measure_evolution

    return measure_evolution(settings)


MEASURES: Mapping[Kind, Callable[[Any], SearchEstimate | EvolutionEstimate]] = by_started_kind(
    size=_measure_search, evolution=_measure_evolution
)
"""Measures a part of a run of each kind and estimates the time of the whole."""
