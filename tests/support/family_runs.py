"""Runs of a family of optimizers on a function, by begin, propose, fill and tell."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Family, Start

Floats = NDArray[Any]


def begun(family: Family[Any], members: Floats, losses: Floats, *, seed: int = 0, step: float | None = None) -> Any:
    """Return the first state from members, shape (members, weights)."""
    start = Start(weights=members.shape[1], members=len(members), step=step or family.step, seed=seed, restart=0)
    return family.begin(start, members, losses)


def trials_of(family: Family[Any], state: Any, like: Floats, parts: list[int] | None = None) -> Floats:
    """Return all trials of a generation, filled in parts that begin at these numbers."""
    trials = np.empty_like(like)
    proposal = family.propose(state)
    begins = sorted({0, *(part for part in parts or [] if part < len(like))})
    for first, last in reversed(list(zip(begins, [*begins[1:], len(like)], strict=True))):
        family.fill(proposal, first, trials[first:last])
    return trials


def best_value(
    family: Family[Any],
    function: Callable[[Floats], Floats],
    members: Floats,
    generations: int,
    *,
    seed: int,
    bound: float = np.inf,
    step: float | None = None,
) -> float:
    """Return the smallest value of a function that is found from first members; trials are clipped to the bound."""
    values = function(members)
    best = float(values.min())
    state = begun(family, members, values, seed=seed, step=step)
    for _ in range(generations):
        trials = np.clip(trials_of(family, state, members), -bound, bound)
        values = function(trials)
        best = min(best, float(values.min()))
        state = family.tell(state, trials, values)
    return best
