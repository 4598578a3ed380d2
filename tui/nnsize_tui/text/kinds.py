"""What is said of a run of each kind, on a screen or by a command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnsize_engine.settings.evolution import layers_text
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_tui.text import evolution, numbers, search


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWords:
    """The words for one kind of run; each function takes the settings or the views of that kind."""

    name: str
    """The noun: ``search``."""

    workers: str
    """What computes: ``threads``."""

    # Of the settings.

    facts: Callable[[Any], list[str]]
    """What a run is about, the most important first: the data, then what is searched or evolves."""

    short_facts: Callable[[Any], list[str]]
    """The same for less room."""

    named_facts: Callable[[Any], list[str]]
    """The same for who does not know which fact is which."""

    network: Callable[[Any], str]
    """The network or networks, in short."""

    method: Callable[[Any], str]
    """How they are compared or evolve, in short."""

    summary: Callable[[Any], str]
    """What is special about a run on its data, in a few words."""

    # Of the views.

    fraction: Callable[[Any], float]
    """How much is done, from 0 to 1."""

    done: Callable[[Any, int], str]
    """How many steps are done, on a screen of so many columns."""

    speed: Callable[[Any], str]
    """How fast the run is; empty where that says nothing."""

    steps_under_way: Callable[[Any], int]
    """Steps that are noted as being computed."""

    best: Callable[[Any, int], tuple[str, float | None]]
    """The best result in so many columns, and its score."""

    best_number: Callable[[Any], float | None]
    """The number that best results are sorted by."""

    answer: Callable[[Any], str]
    """The answer so far."""


WORDS: Mapping[Kind, RunWords] = by_kind(
    size=RunWords(
        name="search",
        workers="workers",
        facts=search.facts,
        short_facts=search.short_facts,
        named_facts=search.named_facts,
        network=search.searched_short,
        method=search.splits_short,
        summary=search.summary,
        fraction=search.fraction,
        done=search.done_text,
        speed=search.speed_text,
        steps_under_way=search.steps_under_way,
        best=search.best,
        best_number=search.best_number,
        answer=numbers.answer_text,
    ),
    evolution=RunWords(
        name="evolution",
        workers="threads",
        facts=evolution.facts,
        short_facts=evolution.facts,
        named_facts=evolution.facts,
        network=layers_text,
        method=evolution.strategy,
        summary=evolution.summary,
        fraction=evolution.fraction,
        done=evolution.done_text,
        speed=evolution.speed_text,
        steps_under_way=evolution.steps_under_way,
        best=evolution.best,
        best_number=evolution.best_number,
        answer=evolution.evolution_answer,
    ),
)
