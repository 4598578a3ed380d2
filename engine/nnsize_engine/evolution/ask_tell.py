"""Ask and tell: a population proposes trials, and learns what they are worth. Nothing here evaluates anything.

    trials = ask(population, space, settings)             # (members, weights)
    trials.losses[:] = ...                                # smaller is better
    population = tell(population, trials, settings)

Every number is drawn from the run's seed, the generation and the member, so a population that is stored and read back
goes on exactly as it would have. Arrays are large, so they are handed on, not copied: `tell` takes over those of the
population it is given, which must not be used after that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.adaptation import first_means, learn, member_limit
from nnsize_engine.evolution.space import Space
from nnsize_engine.evolution.streams import SETTING, stream_key, uniform_at
from nnsize_engine.evolution.trial_settings import TrialSettings, trial_settings_for
from nnsize_engine.evolution.trials import make_trials
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import PBEST_STRATEGIES

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """One generation: everything that the next one follows from, besides the settings."""

    generation: int
    members: Floats
    """Shape (members, weights)."""

    losses: NDArray[np.float64]
    """What is minimised, shape (members,); infinite where it could not be computed."""

    archive: Floats
    """Room for replaced parents, shape (most of them, weights); the first :attr:`archived` are filled."""

    archived: int
    means: NDArray[np.float64]
    """Remembered F and CR of adaptive strategies, shape (memories, 2)."""

    memory: int
    """The remembered means to be replaced next."""

    evaluations: int
    """Losses computed so far."""

    restarts: int
    """How often the population was drawn again."""

    stagnation: int
    """Generations since the best loss became better."""

    first_count: int
    """Members of the first population."""

    @property
    def best(self) -> int:
        """The member with the smallest loss."""
        return int(self.losses.argmin())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trials:
    """One trial a member, and what became of it."""

    members: Floats
    """Shape (members, weights)."""

    factors: NDArray[np.float64]
    """F and CR of each, shape (members, 2)."""

    losses: NDArray[np.float64]
    """Shape (members,); to be filled by whoever evaluates."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """How the trials of one generation are made; any part of them can be made at any time."""

    trial_settings: TrialSettings
    population: Population
    order: NDArray[np.intp]
    """Members by loss, best first; empty where no strategy asks."""

    space: Space


def first_population(members: Floats, settings: EvolutionSettings) -> Population:
    """A population that has not been evaluated yet."""
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


def propose(population: Population, space: Space, settings: EvolutionSettings) -> Proposal:
    """Decide how the next generation's trials are made."""
    number = population.generation + 1
    least, most = settings.mutation_range
    with np.errstate(over="ignore"):  # without Numba, whole numbers that wrap around are NumPy's warnings
        # SciPy's dithering: one F for the whole generation.
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
    return Proposal(trial_settings=trial_settings, population=population, order=order, space=space)


@compiled
def generation_number(seed: Real, generation: int) -> float:
    """A number in [0, 1) that a whole generation shares."""
    return uniform_at(stream_key(seed, SETTING, generation, 0), 0)


def fill_trials(proposal: Proposal, first: int, members: Floats, factors: Floats) -> None:
    """Make the trials of as many members as there is room for, from `first` on, in place."""
    population = proposal.population
    with np.errstate(all="ignore"):
        make_trials(
            proposal.trial_settings,
            population.members,
            population.archive,
            proposal.order,
            population.means,
            proposal.space.low,
            proposal.space.high,
            first,
            members,
            factors,
        )


def room_for_trials(members: Floats) -> Trials:
    """Trials to be filled."""
    return Trials(
        members=np.empty_like(members),
        factors=np.empty((len(members), 2)),
        losses=np.full(len(members), np.inf),
    )


def ask(population: Population, space: Space, settings: EvolutionSettings) -> Trials:
    """All trials of the next generation, to be evaluated."""
    trials = room_for_trials(population.members)
    fill_trials(propose(population, space, settings), 0, trials.members, trials.factors)
    return trials


def tell(population: Population, trials: Trials, settings: EvolutionSettings) -> tuple[Population, int]:
    """The next generation: each trial that is no worse replaces its parent. Takes over the population's arrays.

    A loss that is not finite never wins. Returns also how many trials replaced their parent.
    """
    accepted = winners(population, trials.losses)
    rows = (accepted, trials.members[accepted])
    return replace_parents(population, trials.losses, trials.factors, [rows], settings), len(accepted)


def winners(population: Population, losses: NDArray[np.float64], first: int = 0) -> NDArray[np.intp]:
    """Which of the trials, of the members from `first` on, replace their parents: their numbers among these trials."""
    parents = population.losses[first : first + len(losses)]
    return np.flatnonzero(_wins(losses, parents))


def _wins(losses: NDArray[np.float64], parents: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each trial's loss is finite and no worse than its parent's."""
    return np.isfinite(losses) & (losses <= parents)


def replace_parents(
    population: Population,
    losses: NDArray[np.float64],
    factors: NDArray[np.float64],
    accepted: Iterable[tuple[NDArray[np.intp], Floats]],
    settings: EvolutionSettings,
) -> Population:
    """The next generation, of the trials that win alone: the others need not be kept until then.

    Args:
        population: the parents; its arrays are taken over.
        losses: of all trials, shape (members,).
        factors: F and CR of all trials, shape (members, 2).
        accepted: every winner: numbers of members, and their trials, shape (some, weights).
        settings: of the evolution.
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
    """Put replaced parents into the archive, in the place of random ones when it is full; returns how many it holds."""
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
    """Copy chosen rows to places in another matrix, one after the other: of two to one place the later one stays."""
    for number in range(chosen.size):
        row, place = chosen[number], places[number]
        for column in range(source.shape[1]):
            target[place, column] = source[row, column]


def _shrunk(population: Population, settings: EvolutionSettings) -> Population:
    """Without the worst members, as many as L-SHADE gives up by now."""
    limit = member_limit(settings, population.generation, population.first_count, len(population.members))
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
    """SciPy's rule: the losses' standard deviation is at most ``atol`` plus ``tol`` times their absolute mean.

    As with SciPy the first population is not asked: at least one generation follows it.
    """
    losses = population.losses
    if population.generation == 0 or not np.isfinite(losses).all():
        return False
    with np.errstate(over="ignore"):  # a spread too large for a number is no convergence
        spread, middle = float(np.std(losses)), abs(float(np.mean(losses)))
    return bool(np.isfinite(spread) and spread <= settings.atol + settings.tol * middle)
