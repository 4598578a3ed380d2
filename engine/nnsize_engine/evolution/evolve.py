"""A running evolution: one generation after the other, on all processors, which can halt and continue at any time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.algorithm import Learned
from nnsize_engine.evolution.ask_tell import Population
from nnsize_engine.evolution.evaluator import Evaluator, Share
from nnsize_engine.evolution.evaluator import GenerationHalted as GenerationHalted
from nnsize_engine.evolution.family_evolution import FamilyPopulation
from nnsize_engine.evolution.local_evolution import LocalPopulation
from nnsize_engine.evolution.population_sequence import PopulationSequence
from nnsize_engine.evolution.problem import Problem, fill_losses
from nnsize_engine.evolution.summary import summarise_generation
from nnsize_engine.processes.parallel import Halt, ThreadPool
from nnsize_engine.results.evolution_end import converged_words, no_better_words
from nnsize_engine.results.records import Evaluating, GenerationResult

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvolutionState:
    """State after a generation; with the settings and the data, it determines the rest of the evolution."""

    population: Population | FamilyPopulation | LocalPopulation
    """Population of differential evolution, or what a family leaves."""

    best_held_out_loss: float
    """Smallest loss on the held-out rows so far; infinite without such rows."""

    best_held_out_weights: Floats
    """Member with that loss, shape (weights,); empty without held-out rows."""

    best_held_out_generation: int
    """Generation of that member."""

    elapsed: float
    """Seconds of computing so far."""


class Evolution:
    """Computation of generations; the caller decides what happens between them."""

    def __init__(
        self,
        problem: Problem,
        state: EvolutionState | None,
        report: Callable[[Evaluating], None],
        share: Share | None = None,
    ) -> None:
        """``share`` evaluates members on other machines; without it, the threads of this process do."""
        self.problem = problem
        self.state = state
        """State after the last generation; None until the first population is evaluated."""

        self._evaluator = Evaluator(problem, report, share)
        self._sequence = PopulationSequence(self._evaluator)
        self._algorithm = self._sequence.algorithm
        self._best: tuple[bytes, float, float | None] | None = None
        self._unfinished_seconds = 0.0  # of a generation that was halted

    def next_generation(self, pool: ThreadPool, halt: Halt) -> GenerationResult:
        """Compute the first population, or the next generation.

        Raises:
            GenerationHalted: it is not finished. The state is unchanged, and the next call computes the missing parts.
            DataError: the file of the first population cannot be read.
        """
        before = None if self.state is None else self.state.population
        self._evaluator.begin(pool, halt, before)
        began = time.perf_counter()
        try:
            population, learned = self._sequence.after(before)
        except GenerationHalted:
            self._unfinished_seconds += time.perf_counter() - began
            raise
        return self._take(population, learned, began)

    @property
    def reason_to_end(self) -> str | None:
        """Reason why no generation follows; None if one follows."""
        if self.state is None:
            return None
        settings, population = self.problem.settings, self.state.population
        if population.generation >= settings.generations_allowed:
            return f"all {settings.generations_allowed:,} generations are done"
        if self._exceeds_evaluations:
            return f"another generation would exceed {settings.evaluations:,} evaluations"
        if settings.seconds is not None and self.state.elapsed >= settings.seconds:
            return f"{settings.seconds:g} seconds of computing are over"
        if settings.restart_after is None and self._algorithm.has_converged(population):
            return converged_words(population.generation)
        if settings.early_stopping:
            without = population.generation - self.state.best_held_out_generation
            if without >= settings.n_iter_no_change:
                return no_better_words(without)
        return None

    @property
    def _exceeds_evaluations(self) -> bool:
        """Whether the next generation needs more evaluations than there are left."""
        assert self.state is not None
        most, population = self.problem.settings.evaluations, self.state.population
        if most is None:
            return False
        return population.evaluations + self._sequence.evaluations_after(population) > most

    def chosen(self) -> tuple[Floats, int]:
        """Return the weights of the result, and their generation.

        With early stopping, the held-out rows decide. With mini-batches, members are compared on all training rows.
        """
        assert self.state is not None
        if self.problem.settings.early_stopping or self.problem.settings.batch_size is None:
            return self.leading()
        members = self._algorithm.candidates(self.state.population)
        losses = np.full(len(members), np.inf)
        fill_losses(self.problem, self.problem.training, members, losses)
        return members[int(losses.argmin())].copy(), self.state.population.generation

    def leading(self) -> tuple[Floats, int]:
        """Return the best weights known without evaluating any loss, and their generation."""
        assert self.state is not None
        if self.problem.settings.early_stopping and self.state.best_held_out_weights.size:
            return self.state.best_held_out_weights, self.state.best_held_out_generation
        population = self.state.population
        return self._algorithm.best(population)[0].copy(), population.generation

    def _take(self, population: Any, learned: Learned, began: float) -> GenerationResult:
        """Take a population as the state, and return its record."""
        before = self.state
        best, loss = self._algorithm.best(population)
        train, held_out = self._losses_of_best(best, population.generation)
        best_loss = np.inf if before is None else before.best_held_out_loss
        weights = np.empty(0) if before is None else before.best_held_out_weights
        generation = 0 if before is None else before.best_held_out_generation
        if held_out is not None and held_out < best_loss:
            best_loss, generation, weights = held_out, population.generation, best.copy()
        seconds = time.perf_counter() - began + self._unfinished_seconds
        self._unfinished_seconds = 0.0
        self.state = EvolutionState(
            population=population,
            best_held_out_loss=best_loss,
            best_held_out_weights=weights,
            best_held_out_generation=generation,
            elapsed=seconds + (0.0 if before is None else before.elapsed),
        )
        return summarise_generation(
            population,
            self.problem.settings,
            compared=self._algorithm.compared_members(population),
            losses_of_best=(loss, train, held_out),
            learned=learned,
            times=(seconds, self.state.elapsed),
        )

    def _losses_of_best(self, best: Floats, generation: int) -> tuple[float, float | None]:
        """Return the loss of the best member without weight decay, on the training rows and on the held-out rows."""
        member = best[np.newaxis]
        key, table = member.tobytes(), self._sequence.batches.table_for(generation)
        if self._best is None or self._best[0] != key or self.problem.settings.batch_size is not None:
            held_out = self._evaluator.loss_of(member, self.problem.held_out)
            self._best = (key, self._evaluator.loss_of(member, table), held_out)
        return self._best[1], None if self.problem.held_out is None else self._best[2]
