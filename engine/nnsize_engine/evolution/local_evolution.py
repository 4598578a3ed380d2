"""A family that changes one weight at a time as an algorithm of the loop: one network, changed in one thread."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.algorithm import Learned
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evaluator import Evaluator
from nnsize_engine.evolution.families.local_family import Generation
from nnsize_engine.evolution.families.mean import starting_mean
from nnsize_engine.evolution.families.registry import local_family_named
from nnsize_engine.evolution.first_members import draw_members, first_members
from nnsize_engine.evolution.local_problem import LocalProblem, local_problem
from nnsize_engine.evolution.problem import Table
from nnsize_engine.evolution.starts import start_of

Floats = NDArray[Any]
Losses = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalPopulation:
    """What one generation leaves; together with the settings, it determines the next one."""

    family: str
    """Name of the family."""

    generation: int
    evaluations: int
    """Number of losses computed so far."""

    restarts: int
    """Number of times that the search began again."""

    stagnation: int
    """Generations since the best loss of this restart improved."""

    losses: Losses
    """Losses of the last changes, or of the first members, shape (evaluations,)."""

    best: Floats
    """Weights of the best network of all restarts, shape (weights,)."""

    best_loss: float
    state: Any
    """State of the family, a dataclass; see :mod:`nnsize_engine.evolution.families.local_family`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Running:
    """A generation under way, which a halt left."""

    number: int
    generation: Generation[Any]


class LocalEvolution:
    """A family of :mod:`nnsize_engine.evolution.families.local_family`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._settings = settings = evaluator.problem.settings
        self._bounds = bounds_of(settings)
        self._family = local_family_named(settings.strategy)
        self._count = self._family.evaluations_of_generation(settings.members)
        self._problem: LocalProblem | None = None
        self._running: _Running | None = None

    def first(self, table: Table) -> LocalPopulation:
        """Return the search where it begins."""
        members = first_members(self._evaluator, self._bounds, self._count)
        return self._begun(members, table, generation=0, restart=0)

    def restarted(self, before: LocalPopulation, table: Table) -> LocalPopulation:
        """Return a search that begins elsewhere; the best network of all is kept beside it."""
        members = np.empty((self._count, self._settings.weights), self._settings.precision)
        draw_members(self._evaluator, self._bounds, before.restarts + 1, members)
        begun = self._begun(members, table, generation=before.generation + 1, restart=before.restarts + 1)
        begun = replace(begun, evaluations=before.evaluations + begun.evaluations)
        if before.best_loss <= begun.best_loss:
            return replace(begun, best=before.best, best_loss=before.best_loss)
        return begun

    def following(
        self, before: LocalPopulation, table: Table, *, has_new_rows: bool
    ) -> tuple[LocalPopulation, Learned]:
        """Return the search after as many changes as a generation has."""
        if has_new_rows:
            before = self._evaluated_again(before, table)
        generation = self._opened(before, table)
        self._advance(generation, before.generation + 1, table)
        losses, state = generation.tried_losses, generation.close()
        self._running = None
        after = replace(
            before,
            generation=before.generation + 1,
            evaluations=before.evaluations + self._count,
            stagnation=0 if state.best_loss < before.state.best_loss else before.stagnation + 1,
            losses=losses,
            state=state,
        )
        if state.best_loss <= before.best_loss:  # of equals, the later one: its weights may have moved on
            after = replace(after, best=state.best_weights, best_loss=state.best_loss)
        return after, Learned(facts=self._family.facts(state))

    def stagnation(self, population: LocalPopulation) -> int:
        """Return the generations since the best loss of this restart improved."""
        return population.stagnation

    def has_converged(self, population: LocalPopulation) -> bool:  # noqa: ARG002
        """Return that it has not: the losses of changes of one network are always alike."""
        return False

    def evaluations_of_next(self, population: LocalPopulation, *, has_new_rows: bool, restarts: bool) -> int:
        """Return the number of changes, and of the networks whose losses are kept if there are new rows."""
        return self._count + (len(self._kept(population)) if has_new_rows and not restarts else 0)

    def best(self, population: LocalPopulation) -> tuple[Floats, float]:
        """Return the best network so far, and its loss."""
        return population.best, population.best_loss

    def candidates(self, population: LocalPopulation) -> Floats:
        """Return the best network of all restarts, and those that the state keeps."""
        return self._kept(population)

    def compared_members(self, population: LocalPopulation) -> Floats:
        """Return the networks that the state keeps: the current one, and the best one if it may be another."""
        return self._family.remembered(population.state)

    def _begun(self, members: Floats, table: Table, *, generation: int, restart: int) -> LocalPopulation:
        """Return a search that begins from evaluated members.

        It starts from the network that `init` names, or else from a recombination, whose evaluation is the last one.
        After 5,000 evaluations, the loss of hill climbing was .601 and .410 from one member on digits (2,410 weights)
        and breast_cancer (4,097 weights), .579 and .397 from the best of 100, and .506 and .249 from their
        recombination; after 20,000 it was .275 and .109, .277 and .108, .271 and .104.
        """
        start = start_of(self._settings, self._family.step, restart)
        losses = np.full(len(members), np.inf)
        drawn = len(members) if start.has_given_network or len(members) == 1 else len(members) - 1
        self._evaluator.evaluate(members[:drawn], losses[:drawn], table, generation=generation)
        if drawn < len(members):
            members[drawn] = starting_mean(start, members[:drawn], losses[:drawn])
            np.clip(members[drawn], self._bounds.low, self._bounds.high, out=members[drawn])
            self._evaluator.evaluate(members[drawn:], losses[drawn:], table, generation=generation)
        winner = int(losses.argmin())
        chosen = 0 if start.has_given_network else len(members) - 1
        if not np.isfinite(losses[chosen]):
            chosen = winner
        return LocalPopulation(
            family=self._family.name,
            generation=generation,
            evaluations=len(members),
            restarts=restart,
            stagnation=0,
            losses=losses,
            best=members[winner].copy(),
            best_loss=float(losses[winner]),
            state=self._family.begin(start, members[chosen], float(losses[chosen])),
        )

    def _opened(self, before: LocalPopulation, table: Table) -> Generation[Any]:
        """Return the generation under way that a halt left, or a new one."""
        number = before.generation + 1
        if self._running is None or self._running.number != number:
            if self._problem is None or self._problem.table is not table:
                self._problem = local_problem(self._evaluator.problem, table, self._bounds)
            self._running = _Running(number=number, generation=self._family.open(before.state, self._problem))
        return self._running.generation

    def _advance(self, generation: Generation[Any], number: int, table: Table) -> None:
        """Do the changes that are left, in this thread: each starts from the one before.

        Raises:
            GenerationHalted: some are left.
        """
        self._evaluator.do_in_turn(generation.advance, lambda: generation.left, table, number, self._count)

    def _kept(self, population: LocalPopulation) -> Floats:
        """Return the networks whose losses are kept: the best one of all restarts, and those of the state."""
        return np.vstack([population.best, self._family.remembered(population.state)])

    def _evaluated_again(self, before: LocalPopulation, table: Table) -> LocalPopulation:
        """Return the search with the losses that its kept networks have on other rows."""
        kept = self._kept(before)
        losses = np.full(len(kept), np.inf)
        self._evaluator.evaluate(kept, losses, table, generation=before.generation + 1)
        state = self._family.with_losses(before.state, losses[1:])
        leads = bool(state.best_loss < losses[0])  # on these rows, it is better than the best of earlier restarts
        return replace(
            before,
            state=state,
            best=state.best_weights if leads else before.best,
            best_loss=float(state.best_loss if leads else losses[0]),
            evaluations=before.evaluations + len(kept),
        )
