"""The populations of an evolution in their order: each one determines the next one."""

from typing import Any

from nnsize_engine.evolution.algorithm import Algorithm, Learned
from nnsize_engine.evolution.differential import DifferentialEvolution
from nnsize_engine.evolution.evaluator import Evaluator
from nnsize_engine.evolution.family_evolution import FamilyEvolution
from nnsize_engine.evolution.local_evolution import LocalEvolution
from nnsize_engine.evolution.mini_batches import MiniBatches
from nnsize_engine.settings.strategies import FAMILIES


class PopulationSequence:
    """What follows a population: its trials, or a new beginning after a stagnation."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._settings = evaluator.problem.settings
        self.algorithm = algorithm_of(evaluator)
        self.batches = MiniBatches(evaluator.problem)

    def after(self, population: Any | None) -> tuple[Any, Learned]:
        """Return the population that follows another one; the first population after None.

        Raises:
            GenerationHalted: it is not complete. The next call computes the missing parts.
            DataError: the file of the first population cannot be read.
        """
        if population is None:
            return self.algorithm.first(self.batches.table_for(0)), Learned()
        number = population.generation + 1
        table = self.batches.table_for(number)
        if self._has_stagnated(population):
            return self.algorithm.restarted(population, table), Learned()
        return self.algorithm.following(population, table, has_new_rows=self.batches.is_new(number))

    def evaluations_after(self, population: Any) -> int:
        """Return the evaluations of the population that follows."""
        return self.algorithm.evaluations_of_next(
            population,
            has_new_rows=self.batches.is_new(population.generation + 1),
            restarts=self._has_stagnated(population),
        )

    def _has_stagnated(self, population: Any) -> bool:
        after = self._settings.restart_after
        return after is not None and (
            self.algorithm.stagnation(population) >= after or self.algorithm.has_converged(population)
        )


def algorithm_of(evaluator: Evaluator) -> Algorithm[Any]:
    """Return the algorithm of the strategy."""
    strategy = evaluator.problem.settings.strategy
    if strategy not in FAMILIES:
        return DifferentialEvolution(evaluator)
    return LocalEvolution(evaluator) if FAMILIES[strategy].changes_one_weight else FamilyEvolution(evaluator)
