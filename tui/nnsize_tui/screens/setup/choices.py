"""The values of a field that a list offers, each with a line of words."""

from collections.abc import Mapping
from types import MappingProxyType

from nnsize_engine.settings.auto_strategy import auto_strategy
from nnsize_engine.settings.choice_words import (
    EVOLUTION_CHOICES,
    FITNESS_WORDS,
    NETWORK_CHOICES,
    SEARCH_CHOICES,
    Choices,
)
from nnsize_engine.settings.datasets import DatasetFacts
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.settings.network import CHOICES
from nnsize_engine.settings.parameter_grid import FACTS
from nnsize_engine.settings.run import Kind, by_started_kind
from nnsize_engine.settings.scoring_words import every_offered_scoring, offered_scorings, scoring_words
from nnsize_engine.settings.scorings import is_scoring, needs_label_one
from nnsize_engine.settings.strategies import AUTO
from nnsize_engine.settings.strategy_words import offered_strategies, strategy_words
from nnsize_tui.screens.setup.evolution import fitnesses, is_typed_fitness
from nnsize_tui.screens.setup.evolution_notes import evaluations_words
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.plan import fitness_of, make_plan
from nnsize_tui.screens.setup.read_draft import read_draft
from nnsize_tui.screens.setup.state import SetupState

_CHOICES: Mapping[Kind, Mapping[str, Choices]] = by_started_kind(
    size=MappingProxyType(dict(SEARCH_CHOICES)), evolution=MappingProxyType(dict(EVOLUTION_CHOICES))
)

_OF_DATA = ("scoring", "fitness", "strategy")
"""Fields whose values depend on the data or on other fields."""


def has_choices(field: Field, state: SetupState) -> bool:
    """Return whether a field has a list of values."""
    return field.key in _OF_DATA or field.key in _CHOICES[state.draft.kind]


def choices_of(field: Field, state: SetupState) -> Choices:
    """Return the values of a field that are offered, with a line of words on each; none for a field without a list."""
    known = state.plan.known
    if field.key == "strategy":
        return [(name, _strategy_line(name, state)) for name in offered_strategies()]
    if field.key == "fitness":
        return [(name, _fitness_line(name, known)) for name in (fitnesses(known) if known is not None else ())]
    if field.key == "scoring":
        if known is None:
            return [(name, scoring_words(name)) for name in every_offered_scoring()]
        return [(name, _scoring_line(name, known)) for name in offered_scorings(known.task, known.targets)]
    return _CHOICES[state.draft.kind].get(field.key, ())


def takes_several(field: Field, state: SetupState) -> bool:
    """Return whether several values are possible, in their order: scorings, parameters of a search, strategies."""
    if state.draft.kind == "evolution":
        return field.key == "strategy"
    return field.key == "scoring" or field.key in NETWORK_CHOICES


def takes_typed(field: Field, text: str, state: SetupState) -> bool:
    """Return whether a text that is not in the list may be the value of a field."""
    if field.key == "fitness":
        return is_typed_fitness(text)
    if field.kind == "one" or not text or (state.draft.kind == "size" and (field.key in CHOICES or field.key in FACTS)):
        return False
    return field.key not in read_draft(state.draft.changed(field.key, text), state.columns).problems


def _scoring_line(name: str, known: DatasetFacts) -> str:
    words = scoring_words(name, known.task)
    return f"{words}; needs the field positive" if needs_label_one(name, known) and "1" not in known.labels else words


def _fitness_line(name: str, known: DatasetFacts | None) -> str:
    words = FITNESS_WORDS.get(name, "")
    if is_scoring(name):
        words = scoring_words(name, known.task if known is not None else None)
    return f"{words} ({'minimised' if is_minimised(name) else 'maximised'})"


def _strategy_line(name: str, state: SetupState) -> str:
    """Return words on a strategy, with what an evolution by it would cost."""
    cost = _cost(name, state)
    if name != AUTO:
        return "; ".join(filter(None, (strategy_words(name), cost)))
    known = state.plan.known
    chosen = auto_strategy(fitness_of(state.draft.changed("strategy", AUTO), known)) if known is not None else ""
    by_it = f": {chosen}, {strategy_words(chosen)}" if chosen else ""
    return "; ".join(filter(None, (f"recommended{by_it}", cost)))


def _cost(name: str, state: SetupState) -> str:
    """Return the evaluations and the memory of an evolution by a strategy, or why it cannot be; empty if unknown."""
    draft = state.draft.changed("strategy", name)
    plan = make_plan(draft, read_draft(draft, state.columns), state.summary, None)
    if isinstance(plan.settings, EvolutionSettings):
        return evaluations_words(plan.settings)
    return plan.problems.get("strategy", plan.problems.get("", ""))
