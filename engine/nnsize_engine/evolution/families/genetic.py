"""A genetic algorithm with real numbers: truncation selection, crossover, normal mutation, elites.

The parents are the best networks so far, each as likely as the others, as in the `SimpleGA` of evosax, after Such et
al., "Deep neuroevolution: genetic algorithms are a competitive alternative for training deep neural networks", 2017,
https://arxiv.org/abs/1712.06567. A child is the middle of two parents (arithmetical crossover: Michalewicz, "Genetic
algorithms + data structures = evolution programs", 1992, https://doi.org/10.1007/978-3-662-03315-9), or takes each
weight from one of them (uniform crossover: Syswerda, "Uniform crossover in genetic algorithms", 1989). Then a share of
its weights is changed by normal numbers.

We depart from SimpleGA and from mlrose's `genetic_alg` in two things. A child mutates a hundredth of its weights, not
all of them, and does not draw them anew. The size of mutations is not fixed: each member has its own, which it hands on
with a log-normal factor (Beyer and Schwefel, "Evolution strategies: a comprehensive introduction", 2002,
https://doi.org/10.1023/A:1015059928466).

The defaults were chosen by log loss after 20,000 evaluations: .50 on digits and .22 on breast cancer. With uniform
crossover these were .63 and .44, and with 100 children .72 and .22.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.streams import (
    SETTING,
    TRIAL,
    WEIGHTS,
    index_at,
    normal_at,
    stream_key,
    uniform_at,
    word_at,
)
from nnsize_engine.network.jit import Matrix, Vector, compiled, compiled_part
from nnsize_engine.settings.strategies import CHILDREN

MIN_STEP, MAX_STEP = 1e-6, 1e3  # in units of the Glorot limit

Crossover = Literal["arithmetical", "uniform"]

_HALF = np.uint64(1 << 63)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GeneticState:
    """The parents of the next generation, best first."""

    generation: int
    seed: int
    children: int
    """Children of a generation."""

    parents: Floats
    """Shape (parents, weights), in unit space."""

    losses: NDArray[np.float64]
    steps: NDArray[np.float64]
    """Standard deviation of each parent's mutations, in units of the Glorot limit."""

    accepted: int
    """Children of the last generation that are parents of the next one."""


class Rule(NamedTuple):
    """Settings of children, for compiled code."""

    seed: np.uint64
    generation: int
    """Generation of the children."""

    is_uniform: bool
    """Whether crossover is uniform; otherwise it is arithmetical."""

    crossover_chance: float
    mutated_share: float
    spread: float


@compiled_part
def child_step(rule: Rule, child: int, steps: Vector) -> float:
    """Return the size of a child's mutations: that of its first parent times a log-normal factor."""
    key = stream_key(rule.seed, TRIAL, rule.generation, child)
    return float(steps[index_at(key, 0, steps.size)] * math.exp(rule.spread * normal_at(key, 3)))


@compiled
def fill_steps(rule: Rule, steps: Vector, of_children: Vector) -> None:
    """Fill in the size of every child's mutations."""
    for child in range(of_children.size):
        of_children[child] = child_step(rule, child, steps)


@compiled_part
def cross_uniformly(key: np.uint64, one: Vector, other: Vector, child: Vector) -> None:
    """Take each weight from one of two parents, by the highest bit of its random word."""
    for weight in range(child.size):
        child[weight] = other[weight] if word_at(key, weight) < _HALF else one[weight]


@compiled_part
def cross_arithmetically(one: Vector, other: Vector, child: Vector) -> None:
    """Take the middle of two parents."""
    for weight in range(child.size):
        child[weight] = 0.5 * (one[weight] + other[weight])


@compiled_part
def mutate_some(key: np.uint64, share: float, step: float, child: Vector) -> None:
    """Add normal numbers to weights, each with the same chance; to one weight at least.

    The numbers of unchanged weights between two changed ones are geometric, so only changed weights draw numbers.
    """
    scale = math.log1p(-share) if share < 1 else -math.inf
    draws, weight = 1, -1.0
    certain = index_at(key, 0, child.size)
    child[certain] += step * normal_at(key, 1)
    while True:
        weight += 1.0 + math.floor(math.log(1.0 - uniform_at(key, 3 * draws)) / scale)
        if weight >= child.size:
            return
        if weight != certain:
            child[int(weight)] += step * normal_at(key, 3 * draws + 1)
        draws += 1


@compiled
def fill_children(rule: Rule, parents: Matrix, steps: Vector, first: int, trials: Matrix) -> None:
    """Make the children from number `first` on, one for each row of `trials`."""
    for row in range(trials.shape[0]):
        child, trial = first + row, trials[row]
        key = stream_key(rule.seed, TRIAL, rule.generation, child)
        one, other = index_at(key, 0, steps.size), index_at(key, 1, steps.size)
        if uniform_at(key, 2) >= rule.crossover_chance:
            other = one
        if rule.is_uniform:
            choices = stream_key(rule.seed, WEIGHTS, rule.generation, child)
            cross_uniformly(choices, parents[one], parents[other], trial)
        else:
            cross_arithmetically(parents[one], parents[other], trial)
        mutations = stream_key(rule.seed, SETTING, rule.generation, child)
        mutate_some(mutations, rule.mutated_share, child_step(rule, child, steps), trial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Genetic:
    """A genetic algorithm with real numbers."""

    name: str = "genetic"
    step: float = 1.0
    elite_share: float = 0.2
    """Parents as a share of the children of a generation."""

    crossover: Crossover = "arithmetical"
    crossover_chance: float = 1.0
    """Chance that a child has two parents."""

    mutated_share: float = 0.01
    """Share of the weights of a child that are changed."""

    spread: float = 0.3
    """Standard deviation of the logarithm of a child's mutation size over its parent's."""

    def member_count(self, weights: int, members: int | None) -> int:  # noqa: ARG002
        """Return the children of a generation."""
        if members is not None and members < 2:
            raise SettingsError(f"members is {members}; a genetic algorithm needs at least 2", field="members")
        return CHILDREN if members is None else members

    def begin(self, start: Start, members: Floats, losses: Losses) -> GeneticState:
        """Return the state whose parents are the best of the first members."""
        losses = _finite(losses)
        kept = np.argsort(losses, kind="stable")[: max(2, round(self.elite_share * len(members)))]
        return GeneticState(
            generation=0,
            seed=start.seed,
            children=len(members),
            parents=members[kept],
            losses=losses[kept],
            steps=np.full(len(kept), start.step, dtype=np.float64),
            accepted=0,
        )

    def propose(self, state: GeneticState) -> GeneticState:
        """Return the state: there is nothing to prepare."""
        return state

    def fill(self, proposal: GeneticState, first: int, trials: Floats) -> None:
        """Make children in place."""
        with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
            fill_children(self._rule(proposal), proposal.parents, proposal.steps, first, trials)

    def tell(self, state: GeneticState, trials: Floats, losses: Losses) -> GeneticState:
        """Return the state whose parents are the best of parents and children; of equals, children."""
        count = len(trials)
        together = np.concatenate([_finite(losses), state.losses])
        kept = np.argsort(together, kind="stable")[: len(state.parents)]
        steps = np.empty(len(together))
        steps[count:] = state.steps
        with np.errstate(over="ignore"):
            fill_steps(self._rule(state), state.steps, steps[:count])
        parents = np.empty_like(state.parents)
        for place, index in enumerate(kept):
            parents[place] = trials[index] if index < count else state.parents[index - count]
        return replace(
            state,
            generation=state.generation + 1,
            parents=parents,
            losses=together[kept],
            steps=np.clip(steps[kept], MIN_STEP, MAX_STEP),
            accepted=int((kept < count).sum()),
        )

    def _rule(self, state: GeneticState) -> Rule:
        return Rule(
            seed=np.uint64(state.seed),
            generation=state.generation + 1,
            is_uniform=_is_uniform(self.crossover),
            crossover_chance=self.crossover_chance,
            mutated_share=self.mutated_share,
            spread=self.spread,
        )

    def remembered(self, state: GeneticState) -> Floats:
        """Return the parents."""
        return state.parents

    def with_losses(self, state: GeneticState, losses: Losses) -> GeneticState:
        """Return the state with other losses of its parents, best first again."""
        losses = _finite(losses)
        order = np.argsort(losses, kind="stable")
        return replace(state, parents=state.parents[order], losses=losses[order], steps=state.steps[order])

    def facts(self, state: GeneticState) -> Facts:
        """Return what a table shows: a share of the weights has the step size of its member."""
        step = math.sqrt(self.mutated_share * float(np.mean(np.square(state.steps))))
        return Facts(step_size=step, accepted=state.accepted)


def _is_uniform(crossover: Crossover) -> bool:
    match crossover:
        case "uniform":
            return True
        case "arithmetical":
            return False
        case _:
            assert_never(crossover)


def _finite(losses: Losses) -> Losses:
    return np.where(np.isfinite(losses), losses, np.inf)


FAMILY = Genetic()
