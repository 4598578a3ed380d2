"""Ask and tell: a population proposes trials and learns their losses. Nothing here evaluates a loss.

    trials = ask(population, bounds, settings)             # (members, weights)
    trials.losses[:] = ...                                # smaller is better
    population = tell(population, trials, settings)

Every random number follows from the seed, the generation and the member, so a stored population continues exactly as
the original would. Arrays are large, so `tell` changes those of the population it is given instead of copying them; do
not use that population afterwards.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.adaptation import first_means, learn, member_limit
from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.evolution.loss_statistics import mean_and_std_of_finite
from nnsize_engine.evolution.streams import SETTING, stream_key, uniform_at
from nnsize_engine.evolution.trial_settings import TrialSettings, trial_settings_for
from nnsize_engine.evolution.trials import draw_all_factors, make_trials
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import PBEST_STRATEGIES

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """One generation: together with the settings, it determines the next one."""

    generation: int
    members: Floats
    """Shape (members, weights)."""

    losses: NDArray[np.float64]
    """Losses to minimise, shape (members,); infinite if they could not be computed."""

    archive: Floats
    """Replaced parents, shape (capacity, weights); the first :attr:`archived` rows are in use."""

    archived: int
    means: NDArray[np.float64]
    """Mean F and CR of adaptive strategies, shape (memories, 2)."""

    memory: int
    """Index of the mean to replace next."""

    evaluations: int
    """Number of losses computed."""

    restarts: int
    """Number of times that the population was drawn again."""

    stagnation: int
    """Number of generations since the best loss improved."""

    first_count: int
    """Number of members of the first population."""

    @property
    def best(self) -> int:
        """Index of the member with the smallest loss."""
        return int(self.losses.argmin())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trials:
    """One trial for each member, and its loss."""

    members: Floats
    """Shape (members, weights)."""

    factors: NDArray[np.float64]
    """F and CR of each, shape (members, 2)."""

    losses: NDArray[np.float64]
    """Shape (members,); infinite until they are evaluated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """Everything that determines the trials of one generation; any part of them can be made at any time."""

    trial_settings: TrialSettings
    population: Population
    order: NDArray[np.intp]
    """Indices of members by loss, best first; empty for strategies that do not use it."""

    bounds: Bounds


def first_population(members: Floats, settings: EvolutionSettings) -> Population:
    """Return a first population of these members, with infinite losses."""
    room = round(settings.archive * len(members)) if settings.strategy in PBEST_STRATEGIES else 0
    return Population(
        generation=0,
        members=members,
        losses=np.full(len(members), np.inf),
        archive=np.empty((room, members.shape[1]), dtype=members.dtype),
        archived=0,
        means=first_means(settings),
        memory=0,
        evaluations=0,
        restarts=0,
        stagnation=0,
        first_count=len(members),
    )


def propose(population: Population, bounds: Bounds, settings: EvolutionSettings) -> Proposal:
    """Return what determines the trials of the next generation."""
    number = population.generation + 1
    least, most = settings.mutation_range
    with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
        # Dithering as in SciPy: one F for the whole generation.
        scale = least + (most - least) * generation_number(np.uint64(settings.seed), number)
    order = np.empty(0, dtype=np.intp)
    if settings.strategy in PBEST_STRATEGIES:
        order = np.argsort(population.losses, kind="stable")
    trial_settings = trial_settings_for(
        settings,
        generation=number,
        scale=scale,
        best=population.best,
        members=len(population.members),
        archived=population.archived,
    )
    return Proposal(trial_settings=trial_settings, population=population, order=order, bounds=bounds)


@compiled
def generation_number(seed: Real, generation: int) -> float:
    """Return a random number in [0, 1) for a whole generation."""
    return uniform_at(stream_key(seed, SETTING, generation, 0), 0)


def fill_trials(proposal: Proposal, first: int, members: Floats, factors: Floats) -> None:
    """Make the trials of the members from `first` on, in place, one for each row of `members`."""
    population = proposal.population
    with np.errstate(all="ignore"):
        make_trials(
            proposal.trial_settings,
            population.members,
            population.archive,
            proposal.order,
            population.means,
            proposal.bounds.low,
            proposal.bounds.high,
            first,
            members,
            factors,
        )


def fill_factors(proposal: Proposal, factors: NDArray[np.float64]) -> None:
    """Fill in F and CR of all trials, shape (members, 2), without making the trials."""
    with np.errstate(all="ignore"):
        draw_all_factors(proposal.trial_settings, proposal.population.means, factors)


def empty_trials(members: Floats) -> Trials:
    """Return arrays for as many trials as there are members."""
    return Trials(
        members=np.empty_like(members),
        factors=np.empty((len(members), 2)),
        losses=np.full(len(members), np.inf),
    )


def ask(population: Population, bounds: Bounds, settings: EvolutionSettings) -> Trials:
    """Return all trials of the next generation, to be evaluated."""
    trials = empty_trials(population.members)
    fill_trials(propose(population, bounds, settings), 0, trials.members, trials.factors)
    return trials


def tell(population: Population, trials: Trials, settings: EvolutionSettings) -> tuple[Population, int]:
    """Return the next generation, and the number of trials that replaced their parent.

    A trial replaces its parent if its loss is finite and not larger. The arrays of the population are changed.
    """
    accepted = winners(population, trials.losses)
    rows = (accepted, trials.members[accepted])
    return replace_parents(population, trials.losses, trials.factors, [rows], settings), len(accepted)


def winners(population: Population, losses: NDArray[np.float64], first: int = 0) -> NDArray[np.intp]:
    """Return the indices of the losses that replace those of the members from `first` on."""
    parents = population.losses[first : first + len(losses)]
    return np.flatnonzero(_wins(losses, parents))


def _wins(losses: NDArray[np.float64], parents: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which losses are finite and not larger than those of their parents."""
    return np.isfinite(losses) & (losses <= parents)


def replace_parents(
    population: Population,
    losses: NDArray[np.float64],
    factors: NDArray[np.float64],
    accepted: Iterable[tuple[NDArray[np.intp], Floats]],
    settings: EvolutionSettings,
) -> Population:
    """Return the next generation, made of the winning trials alone; the others need not be in memory.

    Args:
        population: the parents; its arrays are changed.
        losses: losses of all trials, shape (members,).
        factors: F and CR of all trials, shape (members, 2).
        accepted: all winners: indices of members, and their trials, shape (winners, weights).
        settings: settings of the evolution.
    """
    before = population.losses
    has_won = _wins(losses, before)
    is_better = has_won & (losses < before)
    archived = _remember(population, np.flatnonzero(is_better), settings)
    means, memory = population.means, population.memory
    if settings.is_adaptive:
        with np.errstate(over="ignore"):
            gains = before[is_better] - losses[is_better]
        means, memory = learn(settings.strategy, means, memory, factors[is_better], gains)
    for numbers, members in accepted:
        population.members[numbers] = members
    after = np.where(has_won, losses, before)
    following = replace(
        population,
        generation=population.generation + 1,
        losses=after,
        archived=archived,
        means=means,
        memory=memory,
        evaluations=population.evaluations + len(losses),
        stagnation=0 if after.min() < before.min() else population.stagnation + 1,
    )
    return _shrunk(following, settings)


def _remember(population: Population, replaced: NDArray[np.intp], settings: EvolutionSettings) -> int:
    """Copy replaced parents into the archive, over random ones if it is full; return how many it holds."""
    room, archived = len(population.archive), population.archived
    if not room or not len(replaced):
        return archived
    free = range(archived, min(room, archived + len(replaced)))
    places = np.random.default_rng([settings.seed, population.generation]).integers(0, room, len(replaced))
    places[: len(free)] = free
    copy_rows(population.members, replaced, population.archive, places)
    return archived + len(free)


@compiled
def copy_rows(source: Matrix, chosen: Vector, target: Matrix, places: Vector) -> None:
    """Copy chosen rows to places in another matrix, in order: if two go to one place, the later one stays."""
    for number in range(chosen.size):
        row, place = chosen[number], places[number]
        for column in range(source.shape[1]):
            target[place, column] = source[row, column]


def _shrunk(population: Population, settings: EvolutionSettings) -> Population:
    """Return the population without the worst members that L-SHADE removes after this generation."""
    limit = member_limit(settings, population.evaluations, population.first_count, len(population.members))
    if limit >= len(population.members):
        return population
    kept = np.sort(np.argsort(population.losses, kind="stable")[:limit])
    room = round(settings.archive * limit)
    return replace(
        population,
        members=population.members[kept],
        losses=population.losses[kept],
        archive=population.archive[:room],
        archived=min(population.archived, room),
    )


def has_converged(population: Population, settings: EvolutionSettings) -> bool:
    """Return whether the standard deviation of losses is at most ``atol`` + ``tol`` * |mean|, as in SciPy.

    As in SciPy, the first population never counts as converged: at least one generation follows it.
    """
    return population.generation > 0 and losses_are_alike(population.losses, settings)


def losses_are_alike(losses: NDArray[np.float64], settings: EvolutionSettings) -> bool:
    """Return whether the standard deviation of losses is at most ``atol`` + ``tol`` * |mean|."""
    with np.errstate(over="ignore"):  # without Numba, NumPy warns
        mean, spread = mean_and_std_of_finite(addresses("float64"), losses)
    return bool(math.isfinite(spread) and spread <= settings.atol + settings.tol * abs(mean))
