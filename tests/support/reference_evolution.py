"""Slow, obvious versions of evolution's compiled code, one number at a time."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.reference import outputs

Floats = NDArray[Any]

_WORDS = 2**64
_STEP = 0x9E3779B97F4A7C15

FIRST, TRIAL, WEIGHTS, BATCH, COLUMN, SETTING = range(1, 7)
"""The purposes of streams."""


# Random numbers ------------------------------------------------------------------------------------------------------


def split_mix(state: int) -> tuple[int, int]:
    """Return SplitMix64's next state and output, as in Vigna's splitmix64.c."""
    state = (state + _STEP) % _WORDS
    word = state
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % _WORDS
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % _WORDS
    return state, word ^ (word >> 31)


def output(seed: int, position: int) -> int:
    """Return the generator's output at a position from 0, without the outputs before it."""
    return split_mix((seed + position * _STEP) % _WORDS)[1]


class Stream:
    """The random numbers of one purpose, generation and member; the seed is an output of other generators."""

    def __init__(self, seed: int, purpose: int, generation: int, member: int) -> None:
        # The first key is the output function of seed * step + purpose, without a further step.
        key = output((seed * _STEP + purpose - _STEP) % _WORDS, 0)
        self.key = output(output(key, generation), member)
        self.used = 0

    def word(self, position: int) -> int:
        """Return 64 random bits."""
        return output(self.key, position)

    def uniform(self, position: int) -> float:
        """Return a number from 0 to below 1."""
        return (self.word(position) >> 11) / 2**53

    def next(self) -> float:
        """Return the next unused number."""
        self.used += 1
        return self.uniform(self.used - 1)

    def next_index(self, count: int) -> int:
        """Return the next integer below a count."""
        return math.floor(self.next() * count)

    def next_normal(self) -> float:
        """Return a normal number by the method of Box and Muller."""
        radius = math.sqrt(-2 * math.log(1 - self.next()))
        return radius * math.cos(2 * math.pi * self.next())

    def next_cauchy(self) -> float:
        """Return a Cauchy number by the inverse distribution function."""
        return math.tan(math.pi * (self.next() - 0.5))

    def others(self, excluded: Sequence[int], wanted: int, count: int) -> list[int]:
        """Return distinct numbers below a count that are not excluded."""
        found: list[int] = []
        while len(found) < wanted:
            chosen = self.next_index(count)
            if chosen not in (*excluded, *found):
                found.append(chosen)
        return found


# Trials --------------------------------------------------------------------------------------------------------------

SAMPLES = {"best1": 2, "rand1": 3, "best2": 4, "rand2": 5, "randtobest1": 3, "currenttobest1": 2}


def mutant_of_scipy(
    mutation: str, population: Floats, best: int, member: int, samples: list[int], scale: Any
) -> Floats:
    """Return the mutant by SciPy's own code, which keeps the best member in the first place."""
    places = list(range(len(population)))
    places[0], places[best] = best, 0  # swapping is its own inverse
    solver = SimpleNamespace(population=population[places], scale=scale)
    scipy_solver: Any = import_module("scipy.optimize._differentialevolution")
    method = getattr(scipy_solver.DifferentialEvolutionSolver, f"_{mutation}")
    numbers = np.array([places[sample] for sample in samples])
    mutant: Floats = method(solver, places[member], numbers) if mutation[0] == "c" else method(solver, numbers)
    return mutant


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The population and the settings that trials are made from."""

    strategy: str
    seed: int
    generation: int
    parents: Floats
    losses: Floats
    archive: Floats
    """The archive, without its empty places."""

    low: Floats
    high: Floats
    means: Floats
    mutation: tuple[float, float]
    recombination: float
    p_best: float | None

    def trial(self, member: int) -> tuple[Floats, Floats, float, float]:
        """Return a member's trial, the mutant before repair, F and CR."""
        choices = Stream(self.seed, TRIAL, self.generation, member)
        point = choices.next_index(self.parents.shape[1])
        scale, rate = self._factors(choices)
        mutant = self._mutant(choices, member, self.parents.dtype.type(scale))
        of_weights = Stream(self.seed, WEIGHTS, self.generation, member)
        cross = exponential if self.strategy.endswith("exp") else binomial
        sources = cross(of_weights, rate, point, mutant.size)
        trial = self.parents[member].copy()
        for weight, number in sources.items():
            trial[weight] = self._repaired(member, weight, mutant[weight], number)
        return trial, mutant, scale, rate

    @property
    def is_adaptive(self) -> bool:
        return self.strategy in ("jade", "shade", "lshade")

    @property
    def is_pbest(self) -> bool:
        return self.is_adaptive or self.strategy.startswith("currenttopbest1")

    def _factors(self, choices: Stream) -> tuple[float, float]:
        if not self.is_adaptive:
            least, most = self.mutation
            shared = Stream(self.seed, SETTING, self.generation, 0)
            return least + (most - least) * shared.uniform(0), self.recombination
        scale_mean, rate_mean = self.means[choices.next_index(len(self.means))]
        rate = min(1.0, max(0.0, rate_mean + 0.1 * choices.next_normal()))
        while True:
            scale = scale_mean + 0.1 * choices.next_cauchy()
            if scale > 0:
                return min(1.0, scale), 0.0 if rate_mean == -1 else rate

    def _mutant(self, choices: Stream, member: int, scale: Any) -> Floats:
        count, parents = len(self.parents), self.parents
        if not self.is_pbest:
            mutation = self.strategy[:-3]
            samples = choices.others([member], SAMPLES[mutation], count)
            return mutant_of_scipy(mutation, parents, int(self.losses.argmin()), member, samples, scale)
        # JADE, equation 3: x + F (x_pbest - x) + F (x_r1 - x_r2), where r2 may be of the archive.
        ranking = sorted(range(count), key=lambda number: (self.losses[number], number))
        share = min(count, self._best_members(choices, count))
        towards = ranking[choices.next_index(share)]
        (near,) = choices.others([member], 1, count)
        (away,) = choices.others([member, near], 1, count + len(self.archive))
        union = np.concatenate([parents, self.archive])
        x = parents[member]
        mutant: Floats = x + scale * (parents[towards] - x) + scale * (parents[near] - union[away])
        return mutant

    def _best_members(self, choices: Stream, count: int) -> int:
        """Return how many members count as best; SHADE draws their share between 2 / N and 0.2."""
        if self.p_best is not None:
            return max(2, round(self.p_best * count))
        if self.strategy != "shade":
            return max(2, round(0.05 * count))
        share = choices.next() * max(0.0, 0.2 - 2 / count) + 2 / count
        return max(2, math.floor(share * count + 0.5))

    def _repaired(self, member: int, weight: int, value: Any, number: float) -> Any:
        """Return a weight within its bounds: SciPy draws another; JADE goes halfway from the parent to the bound."""
        low, high = self.low[weight], self.high[weight]
        if low <= value <= high:
            return value
        if self.is_pbest:
            return ((low if value < low else high) + self.parents[member, weight]) / 2
        return float(low) + float(high - low) * number  # in float64 also between float32 bounds


def binomial(of_weights: Stream, rate: float, point: int, count: int) -> dict[int, float]:
    """Return the weights that come from the mutant, each with a number in [0, 1) for its repair."""
    words = [of_weights.word(weight) for weight in range(count)]
    return {
        weight: word % 2**32 / 2**32
        for weight, word in enumerate(words)
        if weight == point or (word >> 32) < math.floor(rate * 2**32)
    }


def exponential(of_weights: Stream, rate: float, point: int, count: int) -> dict[int, float]:
    """Return the weights from a point on, one after the other, each with its number for the repair."""
    length = 1
    while length < count and of_weights.uniform(2 * length) < rate:
        length += 1
    return {(point + step) % count: of_weights.uniform(2 * step + 1) for step in range(length)}


# Adaptation ----------------------------------------------------------------------------------------------------------


def lehmer(weights: Sequence[float], values: Sequence[float]) -> float:
    """Return the weighted Lehmer mean."""
    squares = math.fsum(weight * value**2 for weight, value in zip(weights, values, strict=True))
    return squares / math.fsum(weight * value for weight, value in zip(weights, values, strict=True))


def learn_jade(mean: tuple[float, float], scales: Sequence[float], rates: Sequence[float]) -> tuple[float, float]:
    """JADE, section III.C: mu_F = (1 - c) mu_F + c mean_L(S_F); mu_CR = (1 - c) mu_CR + c mean_A(S_CR); c = 0.1."""
    scale = 0.9 * mean[0] + 0.1 * lehmer([1.0] * len(scales), scales)
    return scale, 0.9 * mean[1] + 0.1 * math.fsum(rates) / len(rates)


def learn_shade(gains: Sequence[float], scales: Sequence[float], rates: Sequence[float]) -> tuple[float, float]:
    """SHADE: M_F = mean_WL(S_F), M_CR = mean_WA(S_CR), weighted by the gains."""
    weights = [gain / math.fsum(gains) for gain in gains]
    return lehmer(weights, scales), math.fsum(weight * rate for weight, rate in zip(weights, rates, strict=True))


def learn_lshade(
    before: float, gains: Sequence[float], scales: Sequence[float], rates: Sequence[float]
) -> tuple[float, float]:
    """L-SHADE, algorithm 1: both are weighted Lehmer means; if all CR are 0, M_CR becomes terminal, here written -1."""
    weights = [gain / math.fsum(gains) for gain in gains]
    scale = lehmer(weights, scales)
    return scale, -1.0 if before == -1 or max(rates) == 0 else lehmer(weights, rates)


# Losses --------------------------------------------------------------------------------------------------------------


def last_sums(units: Sequence[int], weights: Floats, X: Floats, activation: str) -> Floats:
    """Return the last layer's sums of a network with flat weights: for each layer a matrix, then its biases."""
    coefs, intercepts = split_weights(units, weights)
    return outputs(coefs, intercepts, X, activation, "identity")


def split_weights(units: Sequence[int], weights: Floats) -> tuple[list[Floats], list[Floats]]:
    """Return the matrix and the biases of every layer."""
    coefs, intercepts, begin = [], [], 0
    for inputs, neurons in pairwise(units):
        end = begin + inputs * neurons
        coefs.append(weights[begin:end].reshape(inputs, neurons))
        intercepts.append(weights[end : end + neurons])
        begin = end + neurons
    return coefs, intercepts


def exact_log_loss(sums: Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean log loss without probabilities, so that none is clipped; one column stands for two classes."""
    if sums.shape[1] == 1:
        sums = np.column_stack([np.zeros(len(sums)), sums])
    each = np.logaddexp.reduce(sums, axis=1) - sums[np.arange(len(sums)), labels]
    return math.fsum(each) / len(each)


# Functions to minimise -----------------------------------------------------------------------------------------------


def rosenbrock(X: Floats) -> Floats:
    """Return the Rosenbrock function of points, shape (points, dimensions)."""
    values: Floats = (100 * (X[:, 1:] - X[:, :-1] ** 2) ** 2 + (1 - X[:, :-1]) ** 2).sum(axis=1)
    return values


def rastrigin(X: Floats) -> Floats:
    """Return the Rastrigin function of points, shape (points, dimensions)."""
    values: Floats = 10 * X.shape[1] + (X**2 - 10 * np.cos(2 * np.pi * X)).sum(axis=1)
    return values


def ackley(X: Floats) -> Floats:
    """Return the Ackley function of points, shape (points, dimensions)."""
    distance, waves = np.sqrt((X**2).mean(axis=1)), np.cos(2 * np.pi * X).mean(axis=1)
    values: Floats = -20 * np.exp(-0.2 * distance) - np.exp(waves) + 20 + np.e
    return values


FUNCTIONS: dict[str, tuple[Callable[[Floats], Floats], float]] = {
    "rosenbrock": (rosenbrock, 2.048),
    "rastrigin": (rastrigin, 5.12),
    "ackley": (ackley, 32.768),
}
"""Test functions, with the bound of their search on either side of 0."""


def evolve_with_scipy(function: Callable[[Floats], Floats], reach: float, dimensions: int, **given: Any) -> Any:
    """Return SciPy's result, with whole populations per call and without a final local search."""
    scipy_optimize: Any = import_module("scipy.optimize")
    return scipy_optimize.differential_evolution(
        lambda points: function(points.T),
        [(-reach, reach)] * dimensions,
        vectorized=True,
        updating="deferred",
        polish=False,
        **given,
    )
