"""The words for each kind of run, for screens and commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnsize_engine.answers.evolution_answer import evolution_answer
from nnsize_engine.answers.search_answer import answer_details, answer_text
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_tui.text import evolution, search


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWords:
    """The words for one kind of run; each function takes the settings or the views of that kind."""

    name: str
    """The noun for a run: ``search``."""

    workers: str
    """The noun for its workers: ``threads``."""

    # Of the settings.

    facts: Callable[[Any], list[str]]
    """The facts about a run, the most important first: the data, then what is searched or evolves."""

    short_facts: Callable[[Any], list[str]]
    """The same facts, shorter."""

    named_facts: Callable[[Any], list[str]]
    """The same facts, with the word for what is searched."""

    network: Callable[[Any], str]
    """The network or networks, in short."""

    method: Callable[[Any], str]
    """The way in which networks are compared or evolve, in short."""

    summary: Callable[[Any], str]
    """The network or networks, and the method, in a few words."""

    # Of the views.

    fraction: Callable[[Any], float]
    """The finished share, from 0 to 1."""

    done: Callable[[Any, int], str]
    """The number of finished steps, on a screen of this number of columns."""

    standing: Callable[[Any], list[str]]
    """The decisions so far, the most important first; empty if the run decides nothing on the way."""

    may_end_early: Callable[[Any], bool]
    """True if the total and the time left are the most there can be."""

    speed: Callable[[Any], str]
    """The speed of the run; empty if it has none worth showing."""

    steps_under_way: Callable[[Any], int]
    """Number of steps that are being computed, as far as they are stored."""

    best: Callable[[Any, int], tuple[str, float | None]]
    """The best result, in at most this number of columns, and its score."""

    best_number: Callable[[Any], float | None]
    """The number that best results are sorted by."""

    answer: Callable[[Any], str]
    """The answer so far."""

    details: Callable[[Any], list[str]]
    """Further sentences on the answer, for which a header has no room."""


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
        standing=search.standing,
        may_end_early=search.may_end_early,
        speed=search.speed_text,
        steps_under_way=search.steps_under_way,
        best=search.best,
        best_number=search.best_number,
        answer=answer_text,
        details=answer_details,
    ),
    evolution=RunWords(
        name="evolution",
        workers="threads",
        facts=evolution.facts,
        short_facts=evolution.facts,
        named_facts=evolution.facts,
        network=lambda settings: units_text(settings.units),
        method=evolution.strategy,
        summary=evolution.summary,
        fraction=evolution.fraction,
        done=evolution.done_text,
        standing=lambda _: [],
        may_end_early=lambda _: False,
        speed=evolution.speed_text,
        steps_under_way=evolution.steps_under_way,
        best=evolution.best,
        best_number=evolution.best_number,
        answer=evolution_answer,
        details=lambda view: [],  # noqa: ARG005
    ),
)
