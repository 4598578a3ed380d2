"""A running evolution: one generation after the other, on all processors, which can halt and continue at any time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from nnsize_engine.evolution.mini_batches import MiniBatches
from nnsize_engine.evolution.population import fill_part, member_parts, read_array
from nnsize_engine.evolution.problem import Problem, Table, fill_losses
from nnsize_engine.evolution.summary import summarise_generation
from nnsize_engine.processes.parallel import Halt, ThreadPool
from nnsize_engine.results.records import Evaluating, GenerationResult

Floats = NDArray[Any]
Part = tuple[int, int]

MAX_PART_FLOPS = 2e9
"""Floating-point operations after which a thread checks whether to halt: less than a tenth of a second."""

MIN_PROGRESS_SECONDS = 0.25
"""Seconds between two reports of progress within a generation."""

MIN_PARTS_PER_THREAD = 2
"""Parts for each thread at least, so that a delayed thread does not delay the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvolutionState:
    """State after a generation; with the settings and the data, it determines the rest of the evolution."""

    population: Population
    best_held_out_loss: float
    """Smallest loss on the held-out rows so far; infinite without such rows."""

    best_held_out_weights: Floats
    """Member with that loss, shape (weights,); empty without held-out rows."""

    best_held_out_generation: int
    """Generation of that member."""

    elapsed: float
    """Seconds of computing so far."""


class _Trials:
    """Trials of one generation that are made so far. Only winners are stored, which are few."""

    def __init__(self, generation: int, members: int) -> None:
        self.generation = generation
        self.losses = np.full(members, np.inf)
        self.factors = np.empty((members, 2))
        self.accepted: dict[Part, tuple[NDArray[np.intp], Floats]] = {}


class GenerationHalted(Exception):  # noqa: N818  # requested, so no error
    """Halt was set before the generation was finished."""


class Evolution:
    """Computation of generations; the caller decides what happens between them."""

    def __init__(self, problem: Problem, state: EvolutionState | None, report: Callable[[Evaluating], None]) -> None:
        self.problem = problem
        self._bounds = bounds_of(problem.settings)
        self.state = state
        """State after the last generation; None until the first population is evaluated."""

        self._report = report
        self._pool: ThreadPool
        self._halt: Halt
        self._trials: _Trials | None = None
        self._rooms = threading.local()
        self._batches = MiniBatches(problem)
        self._best: tuple[bytes, float, float | None] | None = None

    def next_generation(self, pool: ThreadPool, halt: Halt) -> GenerationResult:
        """Compute the first population, or the next generation.

        Raises:
            GenerationHalted: it is not finished. The state is unchanged, and the next call computes the missing parts.
            DataError: the file of the first population cannot be read.
        """
        self._pool, self._halt = pool, halt
        began = time.perf_counter()
        if self.state is None:
            population, accepted, factors = self._first(), 0, np.empty((0, 2))
        elif self._has_stagnated(self.state.population):
            population, accepted, factors = self._restarted(self.state.population), 0, np.empty((0, 2))
        else:
            population, accepted, factors = self._following(self.state.population)
        return self._take(population, accepted, factors, began)

    @property
    def reason_to_end(self) -> str | None:
        """Reason why no generation follows; None if one follows."""
        if self.state is None:
            return None
        settings, population = self.problem.settings, self.state.population
        if population.generation >= settings.generations:
            return f"all {settings.generations:,} generations are done"
        if settings.restart_after is None and has_converged(population, settings):
            return f"the population converged in generation {population.generation:,}"
        if settings.early_stopping:
            without = population.generation - self.state.best_held_out_generation
            if without >= settings.n_iter_no_change:
                return f"the fitness on the held-out rows did not improve for {without:,} generations"
        return None

    def chosen(self) -> tuple[Floats, int]:
        """Return the weights of the result, and their generation.

        With early stopping, the held-out rows decide. With mini-batches, members are compared on all training rows.
        """
        assert self.state is not None
        if self.problem.settings.early_stopping or self.problem.settings.batch_size is None:
            return self.leading()
        population = self.state.population
        losses = np.full(len(population.members), np.inf)
        fill_losses(self.problem, self.problem.training, population.members, losses)
        return population.members[int(losses.argmin())].copy(), population.generation

    def leading(self) -> tuple[Floats, int]:
        """Return the best weights known without evaluating any loss, and their generation."""
        assert self.state is not None
        if self.problem.settings.early_stopping and self.state.best_held_out_weights.size:
            return self.state.best_held_out_weights, self.state.best_held_out_generation
        population = self.state.population
        return population.members[population.best].copy(), population.generation

    # Populations

    def _first(self) -> Population:
        settings = self.problem.settings
        if settings.init.endswith(".npy"):
            members = read_array(settings, self._bounds)
        else:
            members = np.empty((settings.member_count, settings.weights), dtype=settings.precision)
            self._draw(members, 0)
        population = first_population(members, settings)
        self._evaluate(members, population.losses, self._batches.table_for(0), generation=0)
        return replace(population, evaluations=len(members))

    def _restarted(self, before: Population) -> Population:
        """Return a new first population that keeps the best member."""
        settings = self.problem.settings
        members = np.empty_like(before.members)
        self._draw(members, before.restarts + 1)
        members[0] = before.members[before.best]
        losses = np.full(len(members), np.inf)
        number = before.generation + 1
        self._evaluate(members, losses, self._batches.table_for(number), generation=number)
        return replace(
            first_population(members, settings),
            generation=number,
            losses=losses,
            evaluations=before.evaluations + len(members),
            restarts=before.restarts + 1,
            first_count=before.first_count,
        )

    def _draw(self, members: Floats, restart: int) -> None:
        settings = self.problem.settings
        parts = member_parts(settings, self._bounds, len(members))
        self._do(lambda part: fill_part(settings, self._bounds, restart, part, members), parts)

    def _has_stagnated(self, population: Population) -> bool:
        after = self.problem.settings.restart_after
        return after is not None and (
            population.stagnation >= after or has_converged(population, self.problem.settings)
        )

    def _following(self, before: Population) -> tuple[Population, int, NDArray[np.float64]]:
        """Return the next generation, the number of accepted trials, and F and CR of all trials."""
        settings, number = self.problem.settings, before.generation + 1
        batch = self._batches.table_for(number)
        if self._batches.is_new(number):
            # Parents and their trials are compared on the same rows.
            losses = np.empty(len(before.members))
            self._evaluate(before.members, losses, batch, generation=number)
            before = replace(before, losses=losses, evaluations=before.evaluations + len(losses))
        trials = self._make_and_evaluate(propose(before, self._bounds, settings), batch)
        following = replace_parents(before, trials.losses, trials.factors, trials.accepted.values(), settings)
        accepted = sum(len(numbers) for numbers, _ in trials.accepted.values())
        self._trials = None
        return following, accepted, trials.factors

    # Losses

    def _make_and_evaluate(self, proposal: Proposal, table: Table) -> "_Trials":
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
            members, losses = self._scratch(part[1] - part[0], population.members), trials.losses[rows]
            fill_trials(proposal, part[0], members, trials.factors[rows])
            fill_losses(self.problem, table, members, losses)
            won = winners(population, losses, part[0])
            trials.accepted[part] = (won + part[0], members[won])

        self._do(task, self._parts(count, table), number, count)
        return trials

    def _scratch(self, count: int, like: Floats) -> Floats:
        """Return an array of this thread for some trials."""
        kept = getattr(self._rooms, "members", None)
        if kept is None or len(kept) < count or kept.shape[1] != like.shape[1]:
            kept = self._rooms.members = np.empty((count, like.shape[1]), dtype=like.dtype)
        room: Floats = kept[:count]
        return room

    def _evaluate(self, members: Floats, losses: NDArray[np.float64], table: Table, *, generation: int) -> None:
        def task(part: Part) -> None:
            fill_losses(self.problem, table, members[slice(*part)], losses[slice(*part)])

        self._do(task, self._parts(len(members), table), generation, len(members))

    def _parts(self, members: int, table: Table) -> list[Part]:
        """Return ranges of members, each computed by one thread. The ranges do not change any result."""
        flops = 2 * self._bounds.weights * len(table.rows.inputs)
        even = -(-members // (MIN_PARTS_PER_THREAD * self._pool.workers))
        size = min(max(1, int(MAX_PART_FLOPS / flops)), even)
        return [(first, min(first + size, members)) for first in range(0, members, size)]

    def _do(self, task: Callable[[Part], None], parts: list[Part], generation: int = 0, members: int = 0) -> None:
        """Compute every part, and report progress.

        Raises:
            GenerationHalted: a part was not computed.
        """
        done = members_done = 0
        reported = time.perf_counter()
        for first, last in self._pool.each(task, parts, self._halt):
            done += 1
            members_done += last - first
            now = time.perf_counter()
            if members and done < len(parts) and now - reported > MIN_PROGRESS_SECONDS:
                reported = now
                self._report(Evaluating(generation=generation, members_done=members_done, members=members))
        if done < len(parts):
            raise GenerationHalted

    # Results

    def _take(
        self, population: Population, accepted: int, factors: NDArray[np.float64], began: float
    ) -> GenerationResult:
        settings, before = self.problem.settings, self.state
        train, held_out = self._losses_of_best(population)
        best_loss = np.inf if before is None else before.best_held_out_loss
        weights = np.empty(0) if before is None else before.best_held_out_weights
        generation = 0 if before is None else before.best_held_out_generation
        if held_out is not None and held_out < best_loss:
            best_loss, generation = held_out, population.generation
            weights = population.members[population.best].copy()
        seconds = time.perf_counter() - began
        elapsed = seconds + (0.0 if before is None else before.elapsed)
        self.state = EvolutionState(
            population=population,
            best_held_out_loss=best_loss,
            best_held_out_weights=weights,
            best_held_out_generation=generation,
            elapsed=elapsed,
        )
        return summarise_generation(
            population,
            settings,
            train=train,
            held_out=held_out,
            accepted=accepted,
            factors=factors,
            seconds=seconds,
            elapsed=elapsed,
        )

    def _losses_of_best(self, population: Population) -> tuple[float, float | None]:
        """Return the loss of the best member without weight decay, on the training rows and on the held-out rows."""
        best = population.members[population.best : population.best + 1]
        key = best.tobytes()
        batch = self._batches.table_for(population.generation)
        if self._best is None or self._best[0] != key or self.problem.settings.batch_size is not None:
            self._best = (key, self._loss(best, batch), self._loss(best, self.problem.held_out))
        return self._best[1], None if self.problem.held_out is None else self._best[2]

    def _loss(self, member: Floats, table: Table | None) -> float:
        losses = np.full(1, np.inf)
        if table is not None:
            fill_losses(self.problem, table, member, losses, has_decay=False)
        return float(losses[0])
