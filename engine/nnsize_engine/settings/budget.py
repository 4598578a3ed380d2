"""The limits of an evolution: its generations, its evaluations, and the shrinking population of L-SHADE."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, inf, log
from typing import TYPE_CHECKING

from nnsize_engine.settings.strategies import FAMILIES

if TYPE_CHECKING:  # the settings call this file
    from nnsize_engine.settings.evolution import EvolutionSettings

MAX_GENERATIONS = 10_000_000  # as many rows as a run's database keeps

USUAL_GENERATIONS = 10
"""Generations of an evolution that is given no limit at all: those of article 2."""

MIN_SHRUNK_MEMBERS = 4
"""Members of L-SHADE's last population: a member, and three others for its mutation."""


def members_left(first: int, budget: float, evaluations: int) -> int:
    """Return the members of L-SHADE after some evaluations: a straight line down to four at the end of its budget.

    Tanabe and Fukunaga, CEC 2014, https://doi.org/10.1109/CEC.2014.6900380, equation 10, rounded as in their code.
    """
    if first <= MIN_SHRUNK_MEMBERS:
        return first
    on_the_line = first + (MIN_SHRUNK_MEMBERS - first) * evaluations / budget
    return max(MIN_SHRUNK_MEMBERS, floor(on_the_line + 0.5))


def budget_of_generations(first: int, generations: int) -> float:
    """Return the evaluations after which L-SHADE has four members, so that it gets there in some generations.

    A line over the evaluations e, with slope dN/de = -(N0 - 4) / E, is an exponential over the generations g, because
    de/dg = N: N = N0 exp(-g (N0 - 4) / E). It is 4 after G generations if E = G (N0 - 4) / ln(N0 / 4); the first
    population counts as one of them.
    """
    if first <= MIN_SHRUNK_MEMBERS:
        return inf
    return (generations + 1) * (first - MIN_SHRUNK_MEMBERS) / log(first / MIN_SHRUNK_MEMBERS)


def shrinking_stretches(first: int, budget: float) -> Iterator[tuple[int, float]]:
    """Yield the members of L-SHADE and the generations with so many, until it has four; these it keeps."""
    members, evaluations = first, first
    while members > MIN_SHRUNK_MEMBERS:
        # The line rounds to fewer members once it is below members - 1/2.
        shrinks_at = (first - members + 0.5) * budget / (first - MIN_SHRUNK_MEMBERS)
        generations = max(1, floor((shrinks_at - evaluations) / members) + 1)
        yield members, generations
        evaluations += generations * members
        members = min(members, members_left(first, budget, evaluations))
    yield members, inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The length of an evolution, unless it converges, stops early or uses up its seconds."""

    generations: int
    """Generations after the first population."""

    evaluations: int
    """Evaluations of all of them, and of the first population."""


def plan_of(members: int, generations: int, evaluations: float, *, reevaluated_every: int | None = None) -> Plan:
    """Return the plan of a population whose size stays: whole generations, within both limits.

    Args:
        members: members of the population.
        generations: largest number of generations.
        evaluations: largest number of evaluations; infinite for any number.
        reevaluated_every: generations after which parents are evaluated again, because their mini-batch is over.
    """

    def needed(number: int) -> int:
        again = 0 if reevaluated_every is None or number == 0 else (number - 1) // reevaluated_every
        return members * (number + 1 + again)

    count = bisect_right(range(generations), evaluations, key=lambda number: needed(number + 1))
    return Plan(generations=count, evaluations=needed(count))


def shrinking_plan(first: int, generations: int, evaluations: float) -> Plan:
    """Return the plan of L-SHADE, whose population shrinks; arguments as in :func:`plan_of`."""
    done, spent = 0, first
    for members, stretch in shrinking_stretches(first, min(evaluations, budget_of_generations(first, generations))):
        count = min(stretch, generations - done, (evaluations - spent) // members)
        done, spent = done + int(count), spent + int(count) * members
        if count < stretch:
            break
    return Plan(generations=done, evaluations=spent)


def plan_of_settings(settings: "EvolutionSettings", members: int) -> Plan:
    """Return the plan of an evolution, given the members of its first population."""
    evaluations = inf if settings.evaluations is None else settings.evaluations
    if settings.strategy == "lshade":
        return shrinking_plan(members, settings.generations_allowed, evaluations)
    has_parents = settings.batch_size is not None and settings.strategy not in FAMILIES
    return plan_of(
        members,
        settings.generations_allowed,
        evaluations,
        reevaluated_every=settings.batch_generations if has_parents else None,
    )
