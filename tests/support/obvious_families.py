"""Slow, obvious versions of the genetic algorithm and of the particle swarm, one number at a time."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.reference_evolution import SETTING, TRIAL, WEIGHTS, Stream

Floats = NDArray[Any]


def child(parents: Floats, steps: Floats, settings: dict[str, Any], number: int) -> tuple[Floats, float]:
    """Return a child and the size of its mutations; settings hold the seed, the generation and the family's fields."""
    key = (settings["seed"], TRIAL, settings["generation"], number)
    choices = Stream(*key)
    one, other = choices.next_index(len(parents)), choices.next_index(len(parents))
    if choices.next() >= settings["crossover_chance"]:
        other = one
    step = steps[one] * math.exp(settings["spread"] * choices.next_normal())
    if settings["crossover"] == "uniform":
        words = Stream(settings["seed"], WEIGHTS, settings["generation"], number)
        made = np.array(
            [parents[other if words.word(weight) < 2**63 else one, weight] for weight in range(parents.shape[1])]
        )
    else:
        made = (parents[one] + parents[other]) / 2
    return made + step * _mutations(settings, number, len(made)), step


def _mutations(settings: dict[str, Any], number: int, count: int) -> Floats:
    """Return a normal number for one weight and for each of a share of the others, which geometric gaps lead to."""
    numbers, found = Stream(settings["seed"], SETTING, settings["generation"], number), np.zeros(count)
    certain = numbers.next_index(count)
    found[certain] = numbers.next_normal()
    weight, share = -1, settings["mutated_share"]
    while True:
        chance, gap = numbers.next(), 0
        if share < 1:
            # The gap is the number of failures before a success: P(gap >= g) = (1 - share)^g.
            gap = math.floor(math.log(1 - chance) / math.log(1 - share))
        weight += gap + 1
        if weight >= count:
            return found
        change = numbers.next_normal()
        if weight != certain:
            found[weight] = change


class ObviousSwarm:
    """A particle swarm with constriction, from the text of Bratton and Kennedy."""

    def __init__(self, members: Floats, losses: Floats, *, neighbours: int | None, seed: int) -> None:
        self.count, self.weights = members.shape
        self.seed, self.neighbours, self.generation = seed, neighbours, 0
        self.x = members.copy()
        self.v = np.array([(members[(number + 1) % self.count] - members[number]) / 2 for number in range(self.count)])
        self.p, self.f = members.copy(), losses.copy()

    def leader(self, particle: int) -> int:
        """Return the neighbour with the best position so far; of equals, the nearest, the one before first."""
        if self.neighbours is None:
            return int(np.argmin(self.f))
        near = [particle]
        for distance in range(1, min(self.neighbours, self.count // 2) + 1):
            near += [(particle - distance) % self.count, (particle + distance) % self.count]
        return min(near, key=lambda other: self.f[other])

    def move(self) -> Floats:
        """Return the next positions."""
        self.generation += 1
        found = np.empty_like(self.x)
        for particle in range(self.count):
            numbers = Stream(self.seed, WEIGHTS, self.generation, particle)
            leader = self.leader(particle)
            for weight in range(self.weights):
                word = numbers.word(weight)
                own, social = (word >> 32) / 2**32, (word % 2**32) / 2**32
                here = self.x[particle, weight]
                pull = 2.05 * own * (self.p[particle, weight] - here) + 2.05 * social * (self.p[leader, weight] - here)
                found[particle, weight] = here + 0.72984 * (self.v[particle, weight] + pull)
        return found

    def learn(self, trials: Floats, losses: Floats) -> None:
        """Take the positions that were evaluated."""
        self.v, self.x = trials - self.x, trials.copy()
        for particle in range(self.count):
            if losses[particle] < self.f[particle]:
                self.f[particle], self.p[particle] = losses[particle], trials[particle]
