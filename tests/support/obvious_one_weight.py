"""Slow, obvious version of searches that change one weight at a time: every change evaluates the whole network."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.reference_evolution import COLUMN, TRIAL, Stream

MIN_STEP, MAX_STEP = 1e-6, 1e3

Floats = NDArray[Any]

SAME_LOSS = 1e-9
"""Losses closer than this may be compared either way: sums that are updated are rounded otherwise."""


@dataclass(kw_only=True)
class ObviousSearch:
    """A search in NumPy, from the text of the papers."""

    loss_of: Callable[[Floats], float]
    """The loss of a whole network, with weight decay; infinite if it is not finite."""

    weights: Floats
    limits: Floats
    low: Floats
    high: Floats
    seed: int
    step: float
    growth: float
    shrinkage: float
    temperature: Callable[[int], float]
    evaluations: int = 0
    steps: Floats = field(init=False)
    order: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weights = self.weights.copy()
        self.steps = np.full(self.weights.size, self.step)
        self.loss = self.best_loss = self.loss_of(self.weights)

    def change(self, *, is_kept_there: bool, has_turned_there: bool) -> None:
        """Try the next change. Where the decision hangs on rounding, decide as the other version did."""
        count, evaluation = self.weights.size, self.evaluations
        if evaluation % count == 0:
            self.order = self._order(evaluation // count)
        weight = self.order[evaluation % count]
        numbers = Stream(self.seed, TRIAL, evaluation, 0)
        changed = self.weights.copy()
        changed[weight] = np.clip(
            changed[weight] + self.steps[weight] * self.limits[weight], self.low[weight], self.high[weight]
        )
        loss = self.loss_of(changed)
        threshold = self.loss
        if (temperature := self.temperature(evaluation)) > 0:
            # u < exp(-rise / T) says the same as rise < -T log(u)
            threshold -= temperature * math.log(max(numbers.uniform(0), 1e-300))
        is_kept = math.isfinite(loss) and loss <= threshold
        if math.isfinite(loss) and math.isfinite(threshold) and abs(loss - threshold) < SAME_LOSS * max(1, abs(loss)):
            is_kept = is_kept_there
        is_equal = loss == self.loss
        if abs(loss - self.loss) < SAME_LOSS * max(1, abs(loss)):
            is_equal = has_turned_there
        is_kept = is_kept and changed[weight] != self.weights[weight]
        factor = self.growth if is_kept else self.shrinkage
        if is_kept and is_equal:
            factor = -factor
        step = self.steps[weight] * factor
        self.steps[weight] = math.copysign(min(max(abs(step), MIN_STEP), MAX_STEP), step)
        if is_kept:
            self.weights, self.loss = changed, loss
            self.best_loss = min(self.best_loss, loss)
        self.evaluations += 1

    def _order(self, sweep: int) -> list[int]:
        numbers, order = Stream(self.seed, COLUMN, sweep, 0), list(range(self.weights.size))
        for place in range(len(order) - 1):
            other = place + numbers.next_index(len(order) - place)
            order[place], order[other] = order[other], order[place]
        return order
