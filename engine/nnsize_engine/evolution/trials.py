"""Compiled trials: mutation, crossover and repair.

Storn and Price, "Differential evolution", Journal of Global Optimization 11 (1997),
https://doi.org/10.1023/A:1008202821328, in the variants of `scipy.optimize.differential_evolution`; and
current-to-pbest of Zhang and Sanderson, "JADE", IEEE Transactions on Evolutionary Computation 13 (2009),
https://doi.org/10.1109/TEVC.2009.2014613. Parents are members of the last complete generation
(SciPy's "deferred" updating), so trials can be made in any order.
"""

import numpy as np

from nnsize_engine.evolution.streams import (
    STATE_STEP,
    TRIAL,
    WEIGHTS,
    cauchy_at,
    first_state,
    index_at,
    normal_at,
    scramble,
    stream_key,
    uniform_at,
)
from nnsize_engine.evolution.trial_settings import (
    BEST1,
    BEST2,
    BINOMIAL,
    CURRENT_TO_BEST1,
    FIXED,
    HALFWAY,
    RAND1,
    RAND2,
    RAND_TO_BEST1,
    TrialSettings,
)
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled, compiled_part

_HALF_WORD = 2.0**32
_LOW_HALF = np.uint64(0xFFFFFFFF)
_HALF_BITS = np.uint64(32)

MAX_SAMPLES = 5  # members that a mutation draws; rand2 draws as many
_MAX_SHARE = 0.2  # of the members count as best at most, in SHADE
_SPREAD = 0.1  # standard deviation of CR and scale of F around their means, in JADE and SHADE


@compiled_part
def choose_members(key: Real, member: int, count: int, samples: Vector, draws: int) -> int:
    """Draw distinct members other than this one; return the number of draws from the stream so far."""
    for sample in range(samples.size):
        while True:
            chosen = index_at(key, draws, count)
            draws += 1
            is_new = chosen != member
            for before in range(sample):
                is_new = is_new and chosen != samples[before]
            if is_new:
                samples[sample] = chosen
                break
    return draws


@compiled_part
def choose_from_archive(key: Real, member: int, near: int, count: int, archived: int, draws: int) -> tuple[int, int]:
    """Return a member or, from `count` up, a parent in the archive, other than two members; and the draws so far."""
    while True:
        chosen = index_at(key, draws, count + archived)
        draws += 1
        if chosen not in (member, near):
            return chosen, draws


@compiled_part
def draw_factors(settings: TrialSettings, key: Real, means: Matrix, factors: Vector, draws: int) -> int:
    """Draw F and CR of one trial; return the number of draws from the stream so far.

    JADE, equations 5 to 8: CR is normal and clipped to [0, 1]; F is Cauchy, at most 1, and drawn again until it is
    positive. `means` holds F and CR, `(memories, 2)`; SHADE draws which memory to use. A mean CR below zero is the
    terminal value of L-SHADE, with which CR is always 0.
    """
    if settings.adaptation == FIXED:
        factors[0], factors[1] = settings.scale, settings.crossover_rate
        return draws
    memory = index_at(key, draws, means.shape[0])
    rate = means[memory, 1] + _SPREAD * normal_at(key, draws + 1)
    factors[1] = 0.0 if means[memory, 1] < 0 else min(1.0, max(0.0, rate))
    draws += 3
    factors[0] = 0.0
    while factors[0] <= 0:
        factors[0] = min(1.0, means[memory, 0] + _SPREAD * cauchy_at(key, draws))
        draws += 1
    return draws


@compiled_part
def draw_top(key: Real, draws: int, count: int) -> int:
    """Draw the number of members that count as best for one trial.

    SHADE, equation 19: their share p is uniform between 2 / N and 0.2. Below ten members, it is 2 / N.
    """
    least = 2.0 / count
    share = least + max(0.0, _MAX_SHARE - least) * uniform_at(key, draws)
    return max(2, int(share * count + 0.5))


@compiled_part
def add_difference(base: Vector, scale: Vector, plus: Vector, minus: Vector, mutant: Vector) -> None:
    """Compute base + F (plus - minus)."""
    factor = scale[0]
    for weight in range(mutant.size):
        mutant[weight] = base[weight] + factor * (plus[weight] - minus[weight])


@compiled_part
def add_differences(
    base: Vector, scale: Vector, plus: Vector, minus: Vector, plus_too: Vector, minus_too: Vector, mutant: Vector
) -> None:
    """Compute base + F (plus - minus + plus_too - minus_too)."""
    factor = scale[0]
    for weight in range(mutant.size):
        difference = plus[weight] - minus[weight] + plus_too[weight] - minus_too[weight]
        mutant[weight] = base[weight] + factor * difference


@compiled_part
def mutate(settings: TrialSettings, key: Real, draws: int, member: int, parents: Matrix, archive: Matrix, order: Vector,
           scale: Vector, mutant: Vector) -> int:  # fmt: skip
    """Compute the mutant; return the number of draws from the stream so far."""
    samples = np.empty(MAX_SAMPLES, np.int64)
    count, best, parent = parents.shape[0], parents[settings.best], parents[member]
    if settings.mutation == BEST1:
        draws = choose_members(key, member, count, samples[:2], draws)
        add_difference(best, scale, parents[samples[0]], parents[samples[1]], mutant)
    elif settings.mutation == RAND1:
        draws = choose_members(key, member, count, samples[:3], draws)
        add_difference(parents[samples[0]], scale, parents[samples[1]], parents[samples[2]], mutant)
    elif settings.mutation == BEST2:
        draws = choose_members(key, member, count, samples[:4], draws)
        r0, r1, r2, r3 = parents[samples[0]], parents[samples[1]], parents[samples[2]], parents[samples[3]]
        add_differences(best, scale, r0, r2, r1, r3, mutant)
    elif settings.mutation == RAND2:
        draws = choose_members(key, member, count, samples, draws)
        r1, r2, r3, r4 = parents[samples[1]], parents[samples[2]], parents[samples[3]], parents[samples[4]]
        add_differences(parents[samples[0]], scale, r1, r3, r2, r4, mutant)
    elif settings.mutation == RAND_TO_BEST1:
        draws = choose_members(key, member, count, samples[:3], draws)
        r0, r1, r2 = parents[samples[0]], parents[samples[1]], parents[samples[2]]
        add_differences(r0, scale, best, r0, r1, r2, mutant)
    elif settings.mutation == CURRENT_TO_BEST1:
        draws = choose_members(key, member, count, samples[:2], draws)
        add_differences(parent, scale, best, parent, parents[samples[0]], parents[samples[1]], mutant)
    else:
        top = settings.top
        if settings.draws_top:
            top = draw_top(key, draws, count)
            draws += 1
        towards = order[index_at(key, draws, min(top, count))]
        draws = choose_members(key, member, count, samples[:1], draws + 1)
        away, draws = choose_from_archive(key, member, samples[0], count, settings.archived, draws)
        minus = parents[away] if away < count else archive[away - count]
        add_differences(parent, scale, parents[towards], parent, parents[samples[0]], minus, mutant)
    return draws


@compiled_part
def cross_binomially(key: Real, rate: float, point: int, halfway: bool, parent: Vector, mutant: Vector,
                     low: Vector, high: Vector, trial: Vector) -> None:  # fmt: skip
    """Take each weight from the mutant with probability CR, the one at `point` always; repair it if out of bounds.

    Each weight has one random word. Its upper half decides between mutant and parent; its lower half is the new value
    of a weight outside its bounds.
    """
    threshold = np.uint64(rate * _HALF_WORD)
    numbers = np.empty(1, mutant.dtype)
    numbers[0] = 1.0 / _HALF_WORD
    unit = numbers[0]
    numbers[0] = 0.5
    half = numbers[0]
    state = first_state(key, 0)
    for weight in range(trial.size):
        word = scramble(state)
        state += STATE_STEP
        value, before = mutant[weight], parent[weight]
        least, most = low[weight], high[weight]
        limit = least if value < least else most
        redrawn = least + (most - least) * (unit * (word & _LOW_HALF))
        redrawn = redrawn if redrawn < most else most  # rounding may exceed the bound
        repaired = half * (limit + before) if halfway else redrawn
        value = value if least <= value <= most else repaired
        is_mutant = (word >> _HALF_BITS) < threshold or weight == point
        trial[weight] = value if is_mutant else before


@compiled_part
def cross_exponentially(key: Real, rate: float, point: int, halfway: bool, parent: Vector, mutant: Vector,
                        low: Vector, high: Vector, trial: Vector) -> None:  # fmt: skip
    """Take a run of weights from the mutant, from `point` on; each further one follows with probability CR."""
    for weight in range(trial.size):
        trial[weight] = parent[weight]
    weight = point
    for length in range(trial.size):
        if length > 0 and uniform_at(key, 2 * length) >= rate:
            break
        value = mutant[weight]
        if not low[weight] <= value <= high[weight]:
            if halfway:
                value = (parent[weight] + (low[weight] if value < low[weight] else high[weight])) / 2
            else:
                redrawn = low[weight] + (high[weight] - low[weight]) * uniform_at(key, 2 * length + 1)
                value = min(redrawn, high[weight])
        trial[weight] = value
        weight = (weight + 1) % trial.size


@compiled
def make_trials(settings: TrialSettings, parents: Matrix, archive: Matrix, order: Vector, means: Matrix, low: Vector,
                high: Vector, first: int, trials: Matrix, factors: Matrix) -> None:  # fmt: skip
    """Make the trials of the members from `first` on, one for each row of `trials`.

    Args:
        settings: settings of the trials.
        parents: the current generation, `(members, weights)`.
        archive: replaced parents, `(archived, weights)`; only current-to-pbest reads them.
        order: indices of members by loss, best first; only current-to-pbest reads it.
        means: means of F and CR, `(memories, 2)`; only adaptive strategies read them.
        low, high: bounds, `(weights,)`.
        first: the first member to make a trial for.
        trials: output, `(trials, weights)`.
        factors: output, F and CR of each trial, `(trials, 2)`.
    """
    mutant = np.empty(parents.shape[1], parents.dtype)
    scale = np.empty(1, parents.dtype)
    for row in range(trials.shape[0]):
        member = first + row
        key = stream_key(settings.seed, TRIAL, settings.generation, member)
        point = index_at(key, 0, parents.shape[1])
        draws = draw_factors(settings, key, means, factors[row], 1)
        scale[0] = factors[row, 0]
        mutate(settings, key, draws, member, parents, archive, order, scale, mutant)
        of_weights = stream_key(settings.seed, WEIGHTS, settings.generation, member)
        rate, halfway, parent, trial = factors[row, 1], settings.repair == HALFWAY, parents[member], trials[row]
        if settings.crossover == BINOMIAL:
            cross_binomially(of_weights, rate, point, halfway, parent, mutant, low, high, trial)
        else:
            cross_exponentially(of_weights, rate, point, halfway, parent, mutant, low, high, trial)


@compiled
def draw_all_factors(settings: TrialSettings, means: Matrix, factors: Matrix) -> None:
    """Draw F and CR of every trial as :func:`make_trials` does, one row of `factors` for each member."""
    for member in range(factors.shape[0]):
        key = stream_key(settings.seed, TRIAL, settings.generation, member)
        draw_factors(settings, key, means, factors[member], 1)
