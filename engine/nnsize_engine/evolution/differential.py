"""Differential evolution as an algorithm of the loop. Only trials that win are stored, which are few."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.algorithm import Learned
from nnsize_engine.evolution.ask_tell import (
    Population,
    Proposal,
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


class _Trials:
    """Trials of one generation that are made so far."""

    def __init__(self, generation: int, members: int) -> None:
        self.generation = generation
        self.losses = np.full(members, np.inf)
        self.factors = np.empty((members, 2))
        self.accepted: dict[Part, tuple[NDArray[np.intp], Floats]] = {}


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
        trials = self._make_and_evaluate(propose(before, self._bounds, self._settings), table)
        following = replace_parents(before, trials.losses, trials.factors, trials.accepted.values(), self._settings)
        accepted = sum(len(numbers) for numbers, _ in trials.accepted.values())
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

        self._evaluator.do(task, self._evaluator.parts(count, table), number, count)
        return trials

    def _learned(self, factors: NDArray[np.float64], accepted: int) -> Learned:
        """Return the mean F and CR. If all trials share them, return the first, as a mean may differ in a last bit."""
        mutation, recombination = (factors.mean(axis=0) if self._settings.is_adaptive else factors[0]).tolist()
        return Learned(mutation=mutation, recombination=recombination, facts=Facts(accepted=accepted))
