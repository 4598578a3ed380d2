"""Evolution strategies written from their papers, one plain step after the other, given the normal numbers."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]


def by_loss(losses: Floats) -> list[int]:
    """Return the numbers of trials by loss; NaN and infinite ones are last."""
    return sorted(range(len(losses)), key=lambda number: losses[number] if np.isfinite(losses[number]) else math.inf)


def share_of_rank(rank: int, count: int) -> float:
    """Return the weight of a rank from 0 in a recombination of so many."""
    total = sum(math.log(count + 0.5) - math.log(other) for other in range(1, count + 1))
    return (math.log(count + 0.5) - math.log(rank + 1)) / total


def shares_of(losses: Floats) -> dict[int, float]:
    """Return the weight of each of the better half of the trials, 0 without a finite loss."""
    count = len(losses) // 2
    return {
        number: share_of_rank(rank, count) if np.isfinite(losses[number]) else 0.0
        for rank, number in enumerate(by_loss(losses)[:count])
    }


@dataclass(kw_only=True, eq=False)
class LmMaEs:
    """Algorithm 3 of Loshchilov, Glasmachers and Beyer, with the departures that ours documents."""

    mean: Floats
    step: float
    members: int

    def __post_init__(self) -> None:
        n = len(self.mean)
        self.count = min(4 + math.floor(3 * math.log(n)), 12)
        self.c_sigma = min(1, 2 * self.members / n)
        self.c_d = [1 / (1.5**index * n) for index in range(self.count)]
        self.c_c = [min(1, self.members / (4**index * n)) for index in range(self.count)]
        half = self.members // 2
        self.mu_w = 1 / sum(share_of_rank(rank, half) ** 2 for rank in range(half))
        self.path = np.zeros(n)
        self.m = [np.zeros(n) for _ in range(self.count)]
        self.t = 0

    def trials(self, normals: Floats) -> Floats:
        """Return the trials made of normal vectors."""
        matter = [j for j in range(min(self.t, self.count)) if self.c_d[j] * (self.m[j] ** 2).sum() >= 1e-4]
        used = range(max(matter) + 1) if matter else range(0)
        made = []
        for z in normals:
            d = z
            for j in used:
                d = (1 - self.c_d[j]) * d + self.c_d[j] * self.m[j] * (self.m[j] * d).sum()
            made.append(self.mean + self.step * d)
        return np.array(made)

    def learn(self, normals: Floats, trials: Floats, losses: Floats) -> None:
        """Move the distribution."""
        shares = shares_of(losses).items()
        moved = sum((share * normals[number] for number, share in shares), np.zeros_like(self.mean))
        self.mean = self.mean + sum(share * (trials[number] - self.mean) for number, share in shares)
        c = self.c_sigma
        self.path = (1 - c) * self.path + math.sqrt(self.mu_w * c * (2 - c)) * moved
        for j, rate in enumerate(self.c_c):
            self.m[j] = (1 - rate) * self.m[j] + math.sqrt(self.mu_w * rate * (2 - rate)) * moved
        self.step *= math.exp(min(1, c / 2 * ((self.path**2).sum() / len(self.mean) - 1)))
        self.step = min(max(self.step, 1e-12), 1e6)
        self.t += 1
