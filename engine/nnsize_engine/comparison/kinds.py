"""The parts of a comparison that depend on the kind of run."""

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
    results_of_watched,
)
from nnsize_engine.comparison.settings_facts import facts_of_evolution, facts_of_search, facts_of_watched
from nnsize_engine.settings.run import Kind, by_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonKind:
    """The functions of one kind of run; each takes the views or the settings of that kind."""

    settings: Callable[[Any], dict[str, object]]
    """Returns the settings by the names of their fields."""

    results: Callable[[Any], Results]
    """Returns the results so far."""

    networks: Callable[[Any, int], list[TestedNetwork]]
    """Returns the final networks of the run at a place."""

    is_settled: Callable[[Any, str], bool]
    """Returns whether a named result may be marked as the best already."""


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
    watched=ComparisonKind(
        settings=facts_of_watched,
        results=results_of_watched,
        networks=lambda view, place: [],  # noqa: ARG005  # a watched search has no test rows
        is_settled=lambda view, name: name != "best mean" or view.state == "finished",
    ),
)
