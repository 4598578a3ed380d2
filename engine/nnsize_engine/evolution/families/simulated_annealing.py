"""Simulated annealing: one weight is changed at a time, and a worse change is kept with a chance that falls.

Kirkpatrick, Gelatt and Vecchi, "Optimization by simulated annealing", Science 220 (1983),
https://doi.org/10.1126/science.220.4598.671. The chance is exp(-rise / temperature). Temperatures fall as in mlrose,
whose first temperature, 1, and whose rate, .99 for each evaluation, are ours.

We depart from a fixed step in a random direction: as in :mod:`hill climbing
<nnsize_engine.evolution.families.hill_climbing>`, each weight has a step of its own, which shrinks and turns round when
a change is not kept. It does not grow when one is kept, because at a high temperature every change is. Steps drawn
between -1 and 1 times a step that keeps half of the changes (Corana, Marchesi, Martini and Ridella, "Minimizing
multimodal functions of continuous variables with the simulated annealing algorithm", 1987,
https://doi.org/10.1145/29380.29864) needed twice as many evaluations for the same log loss.
"""

from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np

from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.local_problem import LocalProblem
from nnsize_engine.evolution.one_weight import ARITHMETIC, EXPONENTIAL, GEOMETRIC, Rule, temperature_at
from nnsize_engine.evolution.one_weight_search import (
    OneWeightGeneration,
    OneWeightState,
    facts,
    first_state,
    generation_size,
    remembered,
    with_losses,
)

Decay = Literal["geometric", "exponential", "arithmetic"]
"""How the temperature T falls with the number t of evaluations, at a rate r: T r^t, T exp(-r t) or T - r t; the
`GeomDecay`, `ExpDecay` and `ArithDecay` of mlrose."""

GROWTH, SHRINKAGE = 1.0, -0.6

MIN_TEMPERATURE = 1e-6
"""mlrose's is .001. Each weight then adds half of that to the loss on average, more than 1 with 2,400 weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedAnnealing:
    """Simulated annealing with one step for each weight."""

    name: str = "simulated-annealing"
    step: float = 1.0
    decay: Decay = "geometric"
    first_temperature: float = 1.0
    rate: float = 0.99
    min_temperature: float = MIN_TEMPERATURE
    growth: float = GROWTH
    shrinkage: float = SHRINKAGE

    def evaluations_of_generation(self, members: int | None) -> int:
        """Return the evaluations of a generation."""
        return generation_size(members)

    def begin(self, start: Start, weights: Floats, loss: float) -> OneWeightState:
        """Return the first state from one evaluated network."""
        return first_state(start, weights, loss)

    def open(self, state: OneWeightState, problem: LocalProblem) -> OneWeightGeneration:
        """Return the next generation, with nothing evaluated."""
        return OneWeightGeneration(state, problem, self.rule(state.seed))

    def remembered(self, state: OneWeightState) -> Floats:
        """Return the current and the best weights, shape (2, weights)."""
        return remembered(state)

    def with_losses(self, state: OneWeightState, losses: Losses) -> OneWeightState:
        """Return the state with other losses of these weights."""
        return with_losses(state, losses)

    def facts(self, state: OneWeightState) -> Facts:
        """Return what a table shows of a state: the temperature is that of the next evaluation."""
        return facts(state, temperature_at(self.rule(state.seed), state.evaluations))

    def rule(self, seed: int) -> Rule:
        """Return the rule of its compiled search."""
        return Rule(
            seed=np.uint64(seed),
            growth=self.growth,
            shrinkage=self.shrinkage,
            cooling=_cooling(self.decay),
            first_temperature=self.first_temperature,
            cooling_rate=self.rate,
            min_temperature=self.min_temperature,
        )


def _cooling(decay: Decay) -> int:
    match decay:
        case "geometric":
            return GEOMETRIC
        case "exponential":
            return EXPONENTIAL
        case "arithmetic":
            return ARITHMETIC
        case _:
            assert_never(decay)


FAMILY = SimulatedAnnealing()
