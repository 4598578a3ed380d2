"""Sep-CMA-ES as the paper's pseudocode has it, one weight after the other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class ObviousSepCmaEs:
    """Ros and Hansen, PPSN 2008, with the constants of the package cmaes; lists instead of arrays."""

    mean: list[float]
    step: float
    members: int
    generation: int = 0
    variances: list[float] = field(default_factory=list)
    step_path: list[float] = field(default_factory=list)
    path: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.variances = [1.0] * len(self.mean)
        self.step_path = [0.0] * len(self.mean)
        self.path = [0.0] * len(self.mean)

    def trial(self, normals: Sequence[float]) -> list[float]:
        """Return x = m + sigma D z."""
        return [
            middle + self.step * math.sqrt(variance) * z
            for middle, variance, z in zip(self.mean, self.variances, normals, strict=True)
        ]

    def learn(self, trials: Sequence[Sequence[float]], losses: Sequence[float]) -> None:
        """Move the distribution to the better half of the trials."""
        n, mu = len(self.mean), self.members // 2
        self.generation += 1
        known = [number for number in range(self.members) if math.isfinite(losses[number])]
        chosen = sorted(known, key=lambda number: losses[number])[:mu]
        if not chosen:
            return
        logs = [math.log(mu + 1) - math.log(rank) for rank in range(1, mu + 1)]
        all_weights = [one / sum(logs) for one in logs]
        selected = 1 / sum(weight**2 for weight in all_weights)
        weights = [weight / sum(all_weights[: len(chosen)]) for weight in all_weights[: len(chosen)]]
        c_sigma = (selected + 2) / (n + selected + 3)
        d_sigma = 1 + 2 * max(0.0, math.sqrt((selected - 1) / (n + 1)) - 1) + c_sigma
        c_c = 4 / (n + 4)
        c_1 = 2 / ((n + 1.3) ** 2 + selected)
        c_mu = 2 / selected / (n + math.sqrt(2)) ** 2
        c_mu += (1 - 1 / selected) * min(1, (2 * selected - 1) / ((n + 2) ** 2 + selected))
        c_mu = min(1.0, (n + 2) / 3 * c_mu)
        expected = math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n**2))

        steps = [[(trials[k][i] - self.mean[i]) / self.step for i in range(n)] for k in chosen]
        moved = [math.fsum(weight * y[i] for weight, y in zip(weights, steps, strict=True)) for i in range(n)]
        self.mean = [self.mean[i] + self.step * moved[i] for i in range(n)]
        length = math.sqrt(c_sigma * (2 - c_sigma) * selected)
        self.step_path = [
            (1 - c_sigma) * self.step_path[i] + length * moved[i] / math.sqrt(self.variances[i]) for i in range(n)
        ]
        norm = math.sqrt(math.fsum(one**2 for one in self.step_path))
        self.step *= math.exp(c_sigma / d_sigma * (norm / expected - 1))
        left = norm / math.sqrt(1 - (1 - c_sigma) ** (2 * (self.generation + 1)))
        h = 1.0 if left < (1.4 + 2 / (n + 1)) * expected else 0.0
        self.path = [(1 - c_c) * self.path[i] + h * math.sqrt(c_c * (2 - c_c) * selected) * moved[i] for i in range(n)]
        missing = (1 - h) * c_c * (2 - c_c)
        for i in range(n):
            rank_mu = math.fsum(weight * y[i] ** 2 for weight, y in zip(weights, steps, strict=True))
            self.variances[i] = (
                (1 + c_1 * missing - c_1 - c_mu) * self.variances[i] + c_1 * self.path[i] ** 2 + c_mu * rank_mu
            )
