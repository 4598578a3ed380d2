"""What a run of each kind adds to a comparison."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnsize_engine.comparison.run_results import (
    Results,
    TestedNetwork,
    is_on_all_folds,
    networks_of_evolution,
    networks_of_search,
    results_of_evolution,
    results_of_search,
)
from nnsize_engine.comparison.settings_facts import facts_of_evolution, facts_of_search
from nnsize_engine.settings.run import Kind, by_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonKind:
    """What one kind of run adds; each function takes the views or the settings of that kind."""

    settings: Callable[[Any], dict[str, object]]
    """The settings by their plain names."""

    results: Callable[[Any], Results]
    """The results so far."""

    networks: Callable[[Any, int], list[TestedNetwork]]
    """The networks that the run at a place ends with."""

    is_settled: Callable[[Any, str], bool]
    """Whether a named result may already be called the best."""


COMPARISONS: Mapping[Kind, ComparisonKind] = by_kind(
    size=ComparisonKind(
        settings=facts_of_search,
        results=results_of_search,
        networks=networks_of_search,
        is_settled=lambda view, name: name != "best mean" or is_on_all_folds(view),
    ),
    evolution=ComparisonKind(
        settings=facts_of_evolution,
        results=results_of_evolution,
        networks=networks_of_evolution,
        is_settled=lambda view, name: True,  # noqa: ARG005
    ),
)
