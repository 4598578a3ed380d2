"""A family of optimizers as an algorithm of the loop: it works in unit space, and its best member so far is kept."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.algorithm import Learned
from nnsize_engine.evolution.ask_tell import losses_are_alike
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evaluator import Evaluator, Part
from nnsize_engine.evolution.families.family import HasCentre, KeepsNormals, RemembersLosses
from nnsize_engine.evolution.families.registry import family_named
from nnsize_engine.evolution.first_members import draw_members, first_members
from nnsize_engine.evolution.problem import Table, fill_losses
from nnsize_engine.evolution.starts import start_of
from nnsize_engine.evolution.summary import MAX_COMPARED_MEMBERS, evenly_chosen
from nnsize_engine.evolution.unit_space import unit_space_of

Floats = NDArray[Any]
Losses = NDArray[np.float64]

MAX_MADE_AT_ONCE = 64  # trials that one thread makes of those evaluated elsewhere; a halt waits for no more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FamilyPopulation:
    """What one generation of a family leaves; together with the settings, it determines the next one."""

    family: str
    """Name of the family."""

    generation: int
    evaluations: int
    """Number of losses computed so far."""

    restarts: int
    """Number of times that the family began again."""

    stagnation: int
    """Generations since :attr:`leader_loss` improved."""

    trials: Floats
    """Last trials in unit space, as they were evaluated, shape (trials, weights)."""

    losses: Losses
    """Their losses, shape (trials,)."""

    leader: Floats
    """Weights of the best member since the last restart, shape (weights,)."""

    leader_loss: float
    best: Floats
    """Weights of the best member of all, shape (weights,)."""

    best_loss: float
    state: Any
    """State of the family, a dataclass."""


class _Running:
    """Trials of a generation under way, and which of them are evaluated."""

    def __init__(self, generation: int, proposal: Any, trials: Floats) -> None:
        self.generation = generation
        self.proposal = proposal
        self.trials = trials
        self.losses = np.full(len(trials), np.inf)
        self.made = np.zeros(len(trials), dtype=np.bool_)
        self.done = np.zeros(len(trials), dtype=np.bool_)
        """Whether each was made and evaluated in this process."""

    def parts_to_make(self) -> list[Part]:
        """Return small ranges of the trials that were not made in this process."""
        lacking = np.flatnonzero(~self.made)
        runs = np.split(lacking, np.flatnonzero(np.diff(lacking) > 1) + 1) if len(lacking) else []
        size = MAX_MADE_AT_ONCE
        return [
            (int(first), int(min(first + size, run[-1] + 1)))
            for run in runs
            for first in range(run[0], run[-1] + 1, size)
        ]


class FamilyEvolution:
    """A family of :mod:`nnsize_engine.evolution.families`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._settings = settings = evaluator.problem.settings
        self._bounds = bounds_of(settings)
        self._space = unit_space_of(settings, self._bounds)
        self._family = family_named(settings.strategy)
        self._count = self._family.member_count(settings.weights, settings.members)
        self._running: _Running | None = None
        self._weights: Floats | None = None  # of the last trials, if all of them are compared
        self._weighed: Floats | None = None  # these trials

    def first(self, table: Table) -> FamilyPopulation:
        """Return the state that begins from the first members."""
        members = first_members(self._evaluator, self._bounds, self._count)
        return self._begun(members, table, generation=0, restart=0)

    def restarted(self, before: FamilyPopulation, table: Table) -> FamilyPopulation:
        """Return a state that begins from new members; the best member of all is kept beside it."""
        members = np.empty_like(before.trials)
        draw_members(self._evaluator, self._bounds, before.restarts + 1, members)
        begun = self._begun(members, table, generation=before.generation + 1, restart=before.restarts + 1)
        begun = replace(begun, evaluations=before.evaluations + begun.evaluations)
        if before.best_loss <= begun.best_loss:
            return replace(begun, best=before.best, best_loss=before.best_loss)
        return begun

    def following(
        self, before: FamilyPopulation, table: Table, *, has_new_rows: bool
    ) -> tuple[FamilyPopulation, Learned]:
        """Return the next generation."""
        if has_new_rows:
            before = self._evaluated_again(before, table)
        running = self._make_and_evaluate(before, table)
        trials, losses = running.trials, running.losses
        state = self._told(before.state, running)
        self._running = None
        after = replace(
            before,
            generation=before.generation + 1,
            evaluations=before.evaluations + len(trials),
            stagnation=before.stagnation + 1,
            trials=trials,
            losses=losses,
            state=state,
        )
        winner = int(losses.argmin())
        if losses[winner] < before.leader_loss:
            after = self._led_by(after, winner)
        return after, Learned(facts=self._family.facts(state))

    def stagnation(self, population: FamilyPopulation) -> int:
        """Return the generations since the best loss of this restart improved."""
        return population.stagnation

    def has_converged(self, population: FamilyPopulation) -> bool:
        """Return whether the last trials are alike; a family of one trial never is, and none is without tolerance."""
        settings = self._settings
        if len(population.trials) < 2 or not (settings.tol or settings.atol) or population.state.generation == 0:
            return False
        return losses_are_alike(population.losses, settings)

    def evaluations_of_next(self, population: FamilyPopulation, *, has_new_rows: bool, restarts: bool) -> int:
        """Return the number of trials, and of the members whose losses are kept if there are new rows."""
        return self._count + (len(self._kept(population)) if has_new_rows and not restarts else 0)

    def best(self, population: FamilyPopulation) -> tuple[Floats, float]:
        """Return the best member so far, and its loss."""
        return population.best, population.best_loss

    def candidates(self, population: FamilyPopulation) -> Floats:
        """Return the best members so far, the last trials, and the centre of a family that has one."""
        trials = population.trials
        if isinstance(self._family, HasCentre):
            trials = np.vstack([trials, self._family.centre(population.state)[np.newaxis].astype(trials.dtype)])
        weights = np.empty_like(trials)
        self._space.confine(trials, weights)
        return np.vstack([population.best, population.leader, weights])

    def compared_members(self, population: FamilyPopulation) -> Floats:
        """Return the weights of some of the last trials, evenly chosen."""
        if self._weights is not None and self._weighed is population.trials:
            return self._weights
        trials = np.ascontiguousarray(evenly_chosen(population.trials))
        weights = np.empty_like(trials)
        self._space.weights_of(trials, weights)
        return weights

    def _begun(self, members: Floats, table: Table, *, generation: int, restart: int) -> FamilyPopulation:
        losses = np.full(len(members), np.inf)
        self._evaluator.evaluate(members, losses, table, generation=generation)
        trials = self._space.units_of(members)
        start = start_of(self._settings, self._family.step, restart)
        winner = int(losses.argmin())
        return FamilyPopulation(
            family=self._family.name,
            generation=generation,
            evaluations=len(members),
            restarts=restart,
            stagnation=0,
            trials=trials,
            losses=losses,
            leader=members[winner].copy(),
            leader_loss=float(losses[winner]),
            best=members[winner].copy(),
            best_loss=float(losses[winner]),
            state=self._family.begin(start, trials, losses),
        )

    def _led_by(self, population: FamilyPopulation, winner: int) -> FamilyPopulation:
        """Return the population with a trial as its leader, and as the best of all if it is."""
        weights, loss = np.empty_like(population.leader), float(population.losses[winner])
        self._space.weights_of(population.trials[winner], weights)
        led = replace(population, leader=weights, leader_loss=loss, stagnation=0)
        return replace(led, best=weights, best_loss=loss) if loss < population.best_loss else led

    def _make_and_evaluate(self, before: FamilyPopulation, table: Table) -> _Running:
        """Make and evaluate all trials that a halt left out of this generation."""
        number, running = before.generation + 1, self._running
        if running is None or running.generation != number:
            trials = np.empty((self._count, self._settings.weights), self._settings.precision)
            running = self._running = _Running(number, self._family.propose(before.state), trials)
        here = running
        if self._weights is None and self._count <= MAX_COMPARED_MEMBERS:
            self._weights = np.empty_like(here.trials)
        kept, self._weighed = self._weights, None

        def make(part: Part) -> None:
            self._family.fill(here.proposal, part[0], here.trials[slice(*part)])
            self._space.confine(here.trials[slice(*part)], weights_of(part))
            here.made[slice(*part)] = True

        def weights_of(part: Part) -> Floats:
            """Return the place for the weights of trials; without a place to keep them, one of this thread."""
            if kept is not None:
                return kept[slice(*part)]
            return self._evaluator.scratch(part[1] - part[0], here.trials.shape[1])

        def task(part: Part) -> None:
            rows = slice(*part)
            if not here.done[rows].all():
                make(part)
                fill_losses(self._evaluator.problem, table, weights_of(part), here.losses[rows])
                here.done[rows] = True

        self._evaluator.compute(task, here.losses, table, generation=number)
        # A family learns from all trials, also from those that were evaluated elsewhere.
        self._evaluator.do(make, here.parts_to_make())
        self._weighed = here.trials
        return running

    def _told(self, state: Any, running: _Running) -> Any:
        """Return the state after the trials of a generation."""
        if isinstance(self._family, KeepsNormals):
            return self._family.learn(state, running.trials, running.losses, running.proposal.normals)
        return self._family.tell(state, running.trials, running.losses)

    def _kept(self, population: FamilyPopulation) -> Floats:
        """Return the weights of all members whose losses are kept: the two best ones, and those that a state keeps."""
        best = np.stack([population.best, population.leader])
        if not isinstance(self._family, RemembersLosses):
            return best
        remembered = self._family.remembered(population.state).astype(best.dtype)  # a copy
        weights = np.empty_like(remembered)
        self._space.confine(remembered, weights)
        return np.vstack([best, weights])

    def _evaluated_again(self, before: FamilyPopulation, table: Table) -> FamilyPopulation:
        """Return the population with the losses that its kept members have on other rows."""
        kept = self._kept(before)
        losses = np.full(len(kept), np.inf)
        self._evaluator.evaluate(kept, losses, table, generation=before.generation + 1)
        state = before.state
        if isinstance(self._family, RemembersLosses):
            state = self._family.with_losses(state, losses[2:])
        leads = bool(losses[1] < losses[0])  # on these rows, the leader is better than the best of earlier restarts
        return replace(
            before,
            state=state,
            best=before.leader if leads else before.best,
            best_loss=float(losses[1] if leads else losses[0]),
            leader_loss=float(losses[1]),
            evaluations=before.evaluations + len(kept),
        )
