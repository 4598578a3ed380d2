"""Summary of a generation: the record that is stored and shown."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.algorithm import AnyPopulation, Learned
from nnsize_engine.evolution.problem import fitness_value
from nnsize_engine.network.jit import Matrix, compiled
from nnsize_engine.results.records import HISTOGRAM_BINS, GenerationResult
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[Any]

_COLUMNS = 512  # of the members at a time, whose sums stay in the L1 cache
MAX_COMPARED_MEMBERS = 1000  # evenly chosen, whose distances are measured; more tell the same


def evenly_chosen(members: Floats) -> Floats:
    """Return at most :data:`MAX_COMPARED_MEMBERS` members as a view, shape (members, weights)."""
    return members[:: 1 + (len(members) - 1) // MAX_COMPARED_MEMBERS]


def summarise_generation(
    population: AnyPopulation,
    settings: EvolutionSettings,
    *,
    compared: Floats,
    losses_of_best: tuple[float, float, float | None],
    learned: Learned,
    times: tuple[float, float],
) -> GenerationResult:
    """Return the record of a generation.

    Args:
        population: the population after the generation.
        settings: settings of the evolution.
        compared: the members whose distances are measured, shape (members, weights).
        losses_of_best: losses of the best member so far: its fitness, that without weight decay, and the latter on the
            held-out rows, None without such rows.
        learned: what the strategy tells of itself.
        times: seconds of computing for this generation, and so far.
    """
    # Infinite losses are left out. A fitness that is maximised is minus the loss.
    losses = population.losses[np.isfinite(population.losses)]
    known = len(losses) > 0
    values = losses if fitness_value(settings, 1.0) == 1.0 else 0.0 - losses
    best, train, held_out = losses_of_best
    # A contiguous copy: Numba would compile again for a view with gaps.
    compared = np.ascontiguousarray(compared)
    return GenerationResult(
        number=population.generation,
        best=fitness_value(settings, best),
        mean=float(values.mean()) if known else None,
        std=float(values.std()) if known else None,
        train=fitness_value(settings, train),
        held_out=None if held_out is None else fitness_value(settings, held_out),
        diversity=float(distance_to_mean(compared)),
        accepted=learned.facts.accepted or 0,
        mutation=learned.mutation,
        recombination=learned.recombination,
        members=len(population.losses),
        evaluations=population.evaluations,
        seconds=times[0],
        elapsed=times[1],
        restarts=population.restarts,
        low=float(values.min()) if known else None,
        high=float(values.max()) if known else None,
        counts=_histogram(values) if known else (0,) * HISTOGRAM_BINS,
        step_size=learned.facts.step_size,
        temperature=learned.facts.temperature,
    )


def _histogram(values: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the number of values in each of equal bins over their range; all in the first if they are equal."""
    low, width = values.min(), values.max() - values.min()
    if not 0 < width < np.inf:
        return (len(values), *(0,) * (HISTOGRAM_BINS - 1))
    places = np.minimum((values - low) / width * HISTOGRAM_BINS, HISTOGRAM_BINS - 1).astype(np.intp)
    return tuple(np.bincount(places, minlength=HISTOGRAM_BINS).tolist())


@compiled
def distance_to_mean(members: Matrix) -> Any:
    """Return the root mean square distance of weights from their mean over the members, (members, weights)."""
    # One pass over differences from the first member: sums stay small, so that the subtraction below loses no digits.
    sums, squares = np.empty(_COLUMNS, members.dtype), np.empty(_COLUMNS, members.dtype)
    total, count = 0.0, members.shape[0]
    for begin in range(0, members.shape[1], _COLUMNS):
        first = members[0][begin : begin + _COLUMNS]
        sums[:] = 0
        squares[:] = 0
        for member in range(1, count):
            other = members[member][begin : begin + _COLUMNS]
            for weight in range(first.size):
                difference = other[weight] - first[weight]
                sums[weight] += difference
                squares[weight] += difference * difference
        for weight in range(first.size):
            mean = float(sums[weight]) / count
            total += max(0.0, float(squares[weight]) / count - mean * mean)
    return np.sqrt(total / members.shape[1])
