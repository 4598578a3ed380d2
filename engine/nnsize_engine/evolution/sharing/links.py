"""What a run knows of each of its workers, and how many members it asks one for."""

import math
from dataclasses import dataclass

from nnsize_engine.evolution.evaluator import Part, Position

USUAL_FLOPS = 5e9
"""Floating-point operations a second of a worker of which nothing is known."""

MIN_PART_SECONDS = 0.02  # of evaluating; to ask a worker takes nearly as long

MAX_PART_SECONDS = 1.0  # of evaluating; a pause waits for no more

EVEN_SECONDS = 0.5  # of evaluating a worker's share; a longer one is cut, so that all workers end together

LATE_FACTOR, LATE_SECONDS = 4.0, 3.0
"""A worker is late after so many times the seconds that it was expected to take, and so many seconds more."""


@dataclass(slots=True)
class Link:
    """What is known of a worker."""

    at: Position | None = None
    """The first round whose losses it may not know; None if it has no population."""

    began: int = -2
    """The generation in which it was sent a population; -2 for none."""

    has_other_bits: bool = False
    """Whether it computed another population from the same losses, as another processor may."""

    flops: float = USUAL_FLOPS
    """Floating-point operations a second."""

    has_answered: bool = False
    part: Part | None = None
    """The members that it evaluates now."""

    due: float = 0.0
    """When it is late, in seconds of the monotonic clock."""

    is_late: bool = False

    def ask(self, part: Part, flops: float, now: float) -> None:
        """Note that it evaluates members, each of so many floating-point operations."""
        self.part, self.is_late = part, False
        self.due = now + LATE_FACTOR * (part[1] - part[0]) * flops / self.flops + LATE_SECONDS

    def free(self) -> None:
        """Note that it evaluates nothing."""
        self.part, self.is_late = None, False

    def learn_speed(self, flops: float, seconds: float) -> None:
        """Note how long it took for so many floating-point operations."""
        seen = flops / max(seconds, 1e-6)
        self.flops = (self.flops + seen) / 2 if self.has_answered else seen
        self.has_answered = True

    def age(self, now: Position) -> float:
        """Return how many generations it does not know; infinite if it has no population."""
        return math.inf if self.at is None else now[0] - self.at[0]


def members_for(per_second: float, waiting: int, share: float) -> int:
    """Return how many members to ask a worker for.

    Args:
        per_second: members that it evaluates in a second.
        waiting: members that nobody has been asked for.
        share: its part of the speed of all workers.
    """
    fair = waiting * share
    if fair > EVEN_SECONDS * per_second:
        fair = max(fair / 2, EVEN_SECONDS / 2 * per_second)
    return max(1, math.ceil(min(max(fair, MIN_PART_SECONDS * per_second), MAX_PART_SECONDS * per_second)))
