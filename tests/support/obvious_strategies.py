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


@dataclass(kw_only=True, eq=False)
class Snes:
    """Algorithm 6 of Wierstra et al. (2014)."""

    mean: Floats
    deviations: Floats
    members: int

    def trials(self, normals: Floats) -> Floats:
        """Return the trials made of normal vectors."""
        return np.array([self.mean + self.deviations * z for z in normals])

    def learn(self, normals: Floats, losses: Floats) -> None:
        """Move the distribution."""
        if not np.isfinite(losses).any():
            return
        count, n = self.members, len(self.mean)
        raw = [max(0, math.log(count / 2 + 1) - math.log(rank)) for rank in range(1, count + 1)]
        moved, widened = np.zeros(n), np.zeros(n)
        for value, number in zip(raw, by_loss(losses), strict=True):
            utility = value / sum(raw) - 1 / count
            utility = utility if np.isfinite(losses[number]) else min(utility, 0)
            moved += utility * normals[number]
            widened += utility * (normals[number] ** 2 - 1)
        rate = (3 + math.log(n)) / (5 * math.sqrt(n))
        self.mean = self.mean + self.deviations * moved
        self.deviations = np.clip(self.deviations * np.exp(np.clip(rate / 2 * widened, -1, 1)), 1e-12, 1e6)


def centred_ranks(losses: Floats) -> Floats:
    """Return ranks from 1/2 to -1/2."""
    ranks = np.zeros(len(losses))
    for place, number in enumerate(by_loss(losses)):
        ranks[number] = 0.5 - place / (len(losses) - 1)
    failed = ~np.isfinite(losses)
    if failed.any():
        ranks[failed] = min(0, ranks[failed].mean())
    return ranks


def in_pairs(mean: Floats, deviations: Floats, normals: Floats) -> Floats:
    """Return two trials on opposite sides of the mean for each normal vector."""
    return np.array([mean + sign * deviations * z for z in normals for sign in (1, -1)])


@dataclass(kw_only=True, eq=False)
class OpenAiEs:
    """Algorithm 1 of Salimans et al. (2017) with mirrored sampling, ranks and Adam."""

    mean: Floats
    step: float

    def __post_init__(self) -> None:
        self.first, self.second, self.updates = np.zeros_like(self.mean), np.zeros_like(self.mean), 0

    def trials(self, normals: Floats) -> Floats:
        """Return the trials made of normal vectors, one for each pair."""
        return in_pairs(self.mean, np.full_like(self.mean, self.step), normals)

    def learn(self, normals: Floats, losses: Floats) -> None:
        """Take a step of Adam."""
        if not np.isfinite(losses).any():
            return
        ranks = centred_ranks(losses)
        gradient = np.zeros_like(self.mean)
        for number, rank in enumerate(ranks):
            noise = normals[number // 2] * (-1) ** (number % 2)
            gradient -= rank * noise / (len(losses) * self.step)
        self.updates += 1
        self.first = 0.9 * self.first + 0.1 * gradient
        self.second = 0.999 * self.second + 0.001 * gradient**2
        first, second = self.first / (1 - 0.9**self.updates), self.second / (1 - 0.999**self.updates)
        # As in section 2 of Adam's paper, epsilon belongs to the uncorrected second moment.
        epsilon = 1e-8 / math.sqrt(1 - 0.999**self.updates)
        self.mean = self.mean - 0.2 * self.step * first / (np.sqrt(second) + epsilon)


@dataclass(kw_only=True, eq=False)
class Pgpe:
    """PGPE with symmetric sampling, centred ranks and ClipUp."""

    mean: Floats
    deviations: Floats

    def __post_init__(self) -> None:
        self.velocity = np.zeros_like(self.mean)
        self.limit = math.sqrt((self.deviations**2).sum()) / 15

    def trials(self, normals: Floats) -> Floats:
        """Return the trials made of normal vectors, one for each pair."""
        return in_pairs(self.mean, self.deviations, normals)

    def learn(self, normals: Floats, losses: Floats) -> None:
        """Follow the gradients by means and deviations."""
        if not np.isfinite(losses).any():
            return
        ranks, pairs = centred_ranks(losses), len(losses) // 2
        gradient, widened = np.zeros_like(self.mean), np.zeros_like(self.mean)
        for pair in range(pairs):
            better, worse, noise = ranks[2 * pair], ranks[2 * pair + 1], self.deviations * normals[pair]
            gradient += noise * (better - worse) / 2 / pairs
            deviation = (noise**2 - self.deviations**2) / self.deviations
            widened += ((better + worse) / 2 - ranks.mean()) * deviation / pairs
        length = np.linalg.norm(gradient)
        self.velocity = 0.9 * self.velocity
        if length > 0:
            self.velocity = self.velocity + 0.5 * self.limit * gradient / length
        speed = np.linalg.norm(self.velocity)
        if speed > self.limit:
            self.velocity = self.velocity * self.limit / speed
        self.mean = self.mean + self.velocity
        change = np.clip(0.1 * widened, -0.2 * self.deviations, 0.2 * self.deviations)
        self.deviations = np.clip(self.deviations + change, 1e-12, 1e6)
