"""Reasons for which an evolution ends before its limits, in the words that a run stores in its log."""

from collections.abc import Iterable

from nnsize_engine.results.records import LogLine, State
from nnsize_engine.settings.evolution import EvolutionSettings

_CONVERGED = "the population converged in generation "

_NO_BETTER = "the fitness on the held-out rows did not improve for "


def converged_words(generation: int) -> str:
    """Return that the population converged."""
    return f"{_CONVERGED}{generation:,}"


def no_better_words(generations: int) -> str:
    """Return that early stopping ended the evolution."""
    return f"{_NO_BETTER}{generations:,} generations"


def ended_by_rule(reason: str) -> bool:
    """Return whether a reason to end is a rule that larger limits do not change."""
    return reason.startswith((_CONVERGED, _NO_BETTER))


def refusal_to_extend(name: str, settings: EvolutionSettings, state: State, log: Iterable[LogLine]) -> str | None:
    """Return why an evolution is not extended: a rule ended it; None if its limits did, or it was left.

    A comparison is none, because it goes on from the populations of no series that is over.
    """
    if settings.is_comparison:
        return (
            f"run {name} compares strategies, and a run that compares strategies cannot be extended; start a new run "
            "with larger limits"
        )
    rule = next((line.text for line in log if ended_by_rule(line.text)), None) if state == "finished" else None
    if rule is None:
        return None
    way = "--tol 0, or with --restart-after" if rule.startswith(_CONVERGED) else "a larger --n-iter-no-change"
    return f"run {name} ended because {rule}, and larger limits do not change that; start a new run with {way}"
