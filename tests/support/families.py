"""Parts that the tests of families of optimizers share: runs on functions, and random generations."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Family, Start
from nnsize_engine.evolution.normal_sums import normals_of

Floats = NDArray[Any]
Function = Callable[[Floats], Floats]


def sphere(points: Floats) -> Floats:
    """Return the squared length of each point."""
    return np.asarray((points**2).sum(axis=1))


def ellipsoid(points: Floats) -> Floats:
    """Return a sum of squares whose factors go from 1 to 10,000."""
    return np.asarray((10_000 ** np.linspace(0, 1, points.shape[1]) * points**2).sum(axis=1))


def rosenbrock(points: Floats) -> Floats:
    """Return Rosenbrock's function, whose minimum 0 is at ones."""
    here, following = points[:, :-1], points[:, 1:]
    return np.asarray((100 * (following - here**2) ** 2 + (1 - here) ** 2).sum(axis=1))


def started(family: Family[Any], members: Floats, losses: Floats, *, seed: int, step: float | None = None) -> Any:
    """Return the first state of a family."""
    start = Start(
        weights=members.shape[1],
        members=len(members),
        step=family.step if step is None else step,
        seed=seed,
        restart=0,
        has_given_network=True,
    )
    return family.begin(start, members, losses)


def trials_of(family: Family[Any], state: Any, members: Floats, parts: int | None = None) -> Floats:
    """Return the trials of the next generation, made in parts of this size; `members` gives shape and precision."""
    trials = np.full_like(members, np.nan)
    proposal, size = family.propose(state), parts or len(members)
    for first in range(0, len(members), size):
        family.fill(proposal, first, trials[first : first + size])
    return trials


def evaluations_to(
    family: Family[Any],
    function: Function,
    start: Floats,
    target: float,
    *,
    seed: int,
    step: float,
    members: int | None = None,
    limit: int = 100_000,
) -> int:
    """Return the evaluations until a loss is at most the target; the limit if it never is."""
    count = family.member_count(len(start), members)
    first = np.tile(start, (count, 1))
    state, trials = started(family, first, function(first), seed=seed, step=step), first
    for used in range(count, limit, count):
        trials = trials_of(family, state, trials)
        losses = function(trials)
        if losses.min() <= target:
            return used
        state = family.tell(state, trials, losses)
    return limit


def normals(state: Any, count: int, weights: int) -> Floats:
    """Return the normal numbers of the next generation's trials, shape (count, weights), in float64."""
    with np.errstate(over="ignore"):
        rows = [normals_of(np.uint64(state.seed), state.generation + 1, trial, weights) for trial in range(count)]
    return np.array(rows, dtype=np.float64)


def differences(state: Any, other: Any) -> list[str]:
    """Return the names of the fields in which two states differ by a bit."""
    return [
        field.name
        for field in fields(state)
        if not np.array_equal(getattr(state, field.name), getattr(other, field.name), equal_nan=True)
    ]


def is_finite(state: Any) -> bool:
    """Return whether no number of a state is NaN or infinite."""
    return all(np.isfinite(getattr(state, field.name)).all() for field in fields(state))
