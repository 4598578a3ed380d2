"""The first population: SciPy's ways to draw one, Glorot's initial weights, or an array from a file.

The hypercube, random and Glorot populations come from this package's own streams, so that threads can share the work;
Sobol's and Halton's sequences come from SciPy.
"""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.evolution.space import Space
from nnsize_engine.evolution.streams import COLUMN, FIRST, index_at, stream_key, uniform_at
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.init_file import shape_refusal

Floats = NDArray[Any]

_CHUNK_WEIGHTS = 16  # of a hypercube, drawn together: as many float32 as one line of the processor's cache

_CHUNK_MEMBERS = 256  # drawn together; a power of two, as Sobol's sequence wants it


def read_array(settings: EvolutionSettings, space: Space) -> Floats:
    """The first population of a ``.npy`` file, within the bounds, shape (members, weights).

    Raises:
        DataError: the file cannot be read, has another shape, too few members, or something that is no number.
    """
    path = Path(settings.init)
    try:
        array = np.lib.format.open_memmap(path, mode="r")  # np.load would open archives and pickles too
    except Exception as error:  # a damaged header fails in many ways
        raise DataError(f"init {settings.init} cannot be read as a .npy file: {error}", field="init") from error
    refusal = shape_refusal(array.shape, settings, space.weights)
    if refusal is not None:
        raise DataError(refusal, field="init")
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise DataError(f"init {path.name} holds something that is not a finite number", field="init")
    with np.errstate(over="ignore"):  # what is too large for the precision is clipped, too
        members: Floats = np.clip(array.astype(settings.precision, order="C"), space.low, space.high)
    return members


def member_parts(settings: EvolutionSettings, space: Space, members: int) -> list[tuple[int, int]]:
    """What :func:`fill_part` can fill independently: ranges of weights for a hypercube, of members otherwise.

    Sobol's and Halton's sequences are one range: each number follows from the one before.
    """
    if settings.init in ("sobol", "halton"):
        return [(0, members)]
    total, size = (space.weights, _CHUNK_WEIGHTS) if settings.init == "latinhypercube" else (members, _CHUNK_MEMBERS)
    return [(first, min(first + size, total)) for first in range(0, total, size)]


def fill_part(settings: EvolutionSettings, space: Space, restart: int, part: tuple[int, int], members: Floats) -> None:
    """Draw one part of a first population, in place.

    Args:
        settings: of the evolution.
        space: the limits to draw between.
        restart: how often the population was drawn before.
        part: one of :func:`member_parts`.
        members: shape (members, weights).
    """
    low, high = space.first_low, space.first_high
    seed, (first, last) = np.uint64(settings.seed), part
    with np.errstate(over="ignore"):  # without Numba, whole numbers that wrap around are NumPy's warnings
        match settings.init:
            case "latinhypercube":
                fill_hypercube(seed, restart, first, last, low, high, members)
            case "sobol" | "halton":
                for begin, points in _sequence(settings, space.weights, restart, len(members)):
                    members[begin : begin + len(points)] = np.minimum(low + points * (high - low), high)
            case "random" | "glorot":  # Glorot's limits are the space's
                fill_uniformly(seed, restart, first, last, low, high, members)
            case _:
                raise SettingsError(f"init {settings.init} draws no population", field="init")


def _sequence(settings: EvolutionSettings, weights: int, restart: int, count: int) -> Iterator[tuple[int, Floats]]:
    """A sequence's points in [0, 1), some members at a time: all of them at once would be float64."""
    from scipy.stats import qmc

    engine = {"sobol": qmc.Sobol, "halton": qmc.Halton}[settings.init](
        d=weights, rng=np.random.default_rng([settings.seed, restart])
    )
    for begin in range(0, count, _CHUNK_MEMBERS):
        with contextlib.ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")  # a part of a power of two is none
            yield begin, engine.random(min(_CHUNK_MEMBERS, count - begin))


@compiled
def fill_hypercube(seed: Real, restart: int, first: int, last: int, low: Vector, high: Vector, members: Matrix) -> None:
    """Fill some columns of a Latin hypercube: in each, every one of `members` equal intervals is drawn from once.

    McKay, Beckman and Conover, Technometrics 21 (1979), https://doi.org/10.1080/00401706.1979.10489755.
    """
    count = members.shape[0]
    intervals = np.empty((last - first, count), np.int64)
    numbers = np.empty(1, members.dtype)
    for column in range(first, last):
        order = intervals[column - first]
        for member in range(count):
            order[member] = member
        key = stream_key(seed, COLUMN, restart, column)
        for member in range(count - 1, 0, -1):
            other = index_at(key, member, member + 1)
            order[member], order[other] = order[other], order[member]
    for member in range(count):
        for column in range(first, last):
            key = stream_key(seed, FIRST, restart, column)
            place = (intervals[column - first, member] + uniform_at(key, member)) / count
            numbers[0] = place
            members[member, column] = min(low[column] + numbers[0] * (high[column] - low[column]), high[column])


@compiled
def fill_uniformly(seed: Real, restart: int, first: int, last: int, low: Vector, high: Vector, members: Matrix) -> None:
    """Draw every weight of some members uniformly between its limits."""
    numbers = np.empty(1, members.dtype)
    for member in range(first, last):
        key = stream_key(seed, FIRST, restart, member)
        for weight in range(members.shape[1]):
            numbers[0] = uniform_at(key, weight)
            members[member, weight] = min(low[weight] + numbers[0] * (high[weight] - low[weight]), high[weight])
