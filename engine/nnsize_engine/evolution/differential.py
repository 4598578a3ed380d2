"""Differential evolution as an algorithm of the loop. Only trials that win are stored, which are few."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.algorithm import Learned
from nnsize_engine.evolution.ask_tell import (
    Population,
    Proposal,
    fill_factors,
    fill_trials,
    first_population,
    has_converged,
    propose,
    replace_parents,
    winners,
)
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evaluator import Evaluator, Part
from nnsize_engine.evolution.families.family import Facts
from nnsize_engine.evolution.first_members import draw_members, first_members
from nnsize_engine.evolution.problem import Table, fill_losses
from nnsize_engine.evolution.summary import evenly_chosen

Floats = NDArray[Any]
Winners = tuple[NDArray[np.intp], Floats]
"""Numbers of trials that replace their parents, and their weights, shape (winners, weights)."""

MAX_WINNERS_AT_ONCE = 64  # that one thread makes of those evaluated elsewhere; a halt waits for no more


class _Trials:
    """Trials of one generation that are made so far."""

    def __init__(self, generation: int, members: int) -> None:
        self.generation = generation
        self.losses = np.full(members, np.inf)
        self.factors = np.empty((members, 2))
        self.accepted: dict[Part, Winners] = {}

    @property
    def are_all_made_here(self) -> bool:
        """Return whether all trials were made in this process."""
        return sum(last - first for first, last in self.accepted) == len(self.losses)


class DifferentialEvolution:
    """The strategies of :mod:`nnsize_engine.evolution.ask_tell`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._settings = evaluator.problem.settings
        self._bounds = bounds_of(self._settings)
        self._trials: _Trials | None = None

    def first(self, table: Table) -> Population:
        """Return the first population."""
        members = first_members(self._evaluator, self._bounds, None)
        population = first_population(members, self._settings)
        self._evaluator.evaluate(members, population.losses, table, generation=0)
        return replace(population, evaluations=len(members))

    def restarted(self, before: Population, table: Table) -> Population:
        """Return a new first population that keeps the best member."""
        members = np.empty_like(before.members)
        draw_members(self._evaluator, self._bounds, before.restarts + 1, members)
        members[0] = before.members[before.best]
        losses = np.full(len(members), np.inf)
        number = before.generation + 1
        self._evaluator.evaluate(members, losses, table, generation=number)
        return replace(
            first_population(members, self._settings),
            generation=number,
            losses=losses,
            evaluations=before.evaluations + len(members),
            restarts=before.restarts + 1,
            first_count=before.first_count,
        )

    def following(self, before: Population, table: Table, *, has_new_rows: bool) -> tuple[Population, Learned]:
        """Return the next generation; parents and their trials are compared on the same rows."""
        if has_new_rows:
            losses = np.empty(len(before.members))
            self._evaluator.evaluate(before.members, losses, table, generation=before.generation + 1)
            before = replace(before, losses=losses, evaluations=before.evaluations + len(losses))
        proposal = propose(before, self._bounds, self._settings)
        trials = self._make_and_evaluate(proposal, table)
        won = list(trials.accepted.values()) if trials.are_all_made_here else self._all_winners(proposal, trials)
        following = replace_parents(before, trials.losses, trials.factors, won, self._settings)
        accepted = sum(len(numbers) for numbers, _ in won)
        self._trials = None
        return following, self._learned(trials.factors, accepted)

    def stagnation(self, population: Population) -> int:
        """Return the generations since the best loss improved."""
        return population.stagnation

    def has_converged(self, population: Population) -> bool:
        """Return whether the losses of the members are alike."""
        return has_converged(population, self._settings)

    def evaluations_of_next(self, population: Population, *, has_new_rows: bool, restarts: bool) -> int:
        """Return the number of trials, and that of their parents if these are evaluated again."""
        return len(population.members) * (2 if has_new_rows and not restarts else 1)

    def best(self, population: Population) -> tuple[Floats, float]:
        """Return the best member and its loss."""
        return population.members[population.best], float(population.losses[population.best])

    def candidates(self, population: Population) -> Floats:
        """Return all members."""
        return population.members

    def compared_members(self, population: Population) -> Floats:
        """Return some members, evenly chosen."""
        return evenly_chosen(population.members)

    def _make_and_evaluate(self, proposal: Proposal, table: Table) -> _Trials:
        """Make and evaluate all trials that a halt left out of this generation; store those that win."""
        population = proposal.population
        count, number = len(population.members), population.generation + 1
        trials = self._trials
        if trials is None or trials.generation != number:
            trials = _Trials(number, count)
        self._trials = trials

        def task(part: Part) -> None:
            if part in trials.accepted:
                return
            rows = slice(*part)
            members = self._evaluator.scratch(part[1] - part[0], population.members.shape[1])
            losses = trials.losses[rows]
            fill_trials(proposal, part[0], members, trials.factors[rows])
            fill_losses(self._evaluator.problem, table, members, losses)
            won = winners(population, losses, part[0])
            trials.accepted[part] = (won + part[0], members[won])

        self._evaluator.compute(task, trials.losses, table, generation=number, parents=population.losses)
        return trials

    def _all_winners(self, proposal: Proposal, trials: _Trials) -> list[Winners]:
        """Return all winners: those that were made here, and those evaluated elsewhere, which are made now.

        The losses alone decide: a part may have been evaluated elsewhere after it was made here.

        Raises:
            GenerationHalted: halt was set before all were made.
        """
        won = winners(proposal.population, trials.losses)
        fill_factors(proposal, trials.factors)
        found = [_of_these(one, won) for one in trials.accepted.values()]
        numbers = np.setdiff1d(won, np.concatenate([np.empty(0, np.intp), *(own for own, _ in found)]))
        members = np.empty((len(numbers), proposal.population.members.shape[1]), proposal.population.members.dtype)

        def make(part: Part) -> None:
            factors = np.empty((1, 2))
            for place in range(*part):
                fill_trials(proposal, int(numbers[place]), members[place : place + 1], factors)

        size = MAX_WINNERS_AT_ONCE
        self._evaluator.do(make, [(first, min(first + size, len(numbers))) for first in range(0, len(numbers), size)])
        return [*found, (numbers, members)]

    def _learned(self, factors: NDArray[np.float64], accepted: int) -> Learned:
        """Return the mean F and CR. If all trials share them, return the first, as a mean may differ in a last bit."""
        mutation, recombination = (factors.mean(axis=0) if self._settings.is_adaptive else factors[0]).tolist()
        return Learned(mutation=mutation, recombination=recombination, facts=Facts(accepted=accepted))


def _of_these(accepted: Winners, won: NDArray[np.intp]) -> Winners:
    """Return the winners that are among some numbers."""
    numbers, members = accepted
    kept = np.isin(numbers, won)
    return (numbers, members) if kept.all() else (numbers[kept], members[kept])
