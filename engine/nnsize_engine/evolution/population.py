"""First populations: drawn as SciPy does, drawn as Glorot's initial weights, or read from a file.

Latin hypercube, random and Glorot populations come from our own streams of random numbers, so that threads can share
the work. Sobol and Halton sequences come from SciPy.
"""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.evolution.streams import COLUMN, FIRST, index_at, stream_key, uniform_at
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array, names_network
from nnsize_engine.settings.init_file import shape_refusal

Floats = NDArray[Any]

_CHUNK_WEIGHTS = 16  # weights of a hypercube drawn together: one cache line of float32

_CHUNK_MEMBERS = 256  # members drawn together; a power of two, which a Sobol sequence needs


def read_array(settings: EvolutionSettings, bounds: Bounds) -> Floats:
    """Read a first population from a ``.npy`` file and clip it to the bounds; shape (members, weights).

    Raises:
        DataError: the file cannot be read, or has another shape, too few members, or a value that is no finite number.
    """
    path = Path(settings.init)
    try:
        array = np.lib.format.open_memmap(path, mode="r")  # np.load would open archives and pickles too
    except Exception as error:  # a damaged header fails in many ways
        raise DataError(f"init {settings.init} cannot be read as a .npy file: {error}", field="init") from error
    refusal = shape_refusal(array.shape, settings, bounds.weights)
    if refusal is not None:
        raise DataError(refusal, field="init")
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise DataError(f"init {path.name} holds something that is not a finite number", field="init")
    with np.errstate(over="ignore"):  # infinite in float32, then clipped
        members: Floats = np.clip(array.astype(settings.precision, order="C"), bounds.low, bounds.high)
    return members


def member_parts(settings: EvolutionSettings, bounds: Bounds, members: int) -> list[tuple[int, int]]:
    """Return ranges that :func:`fill_part` can fill independently: of weights for a hypercube, of members otherwise.

    A Sobol or Halton sequence is one range, because each point follows from the one before.
    """
    if settings.init in ("sobol", "halton"):
        return [(0, members)]
    total, size = (bounds.weights, _CHUNK_WEIGHTS) if settings.init == "latinhypercube" else (members, _CHUNK_MEMBERS)
    return [(first, min(first + size, total)) for first in range(0, total, size)]


def fill_part(
    settings: EvolutionSettings, bounds: Bounds, restart: int, part: tuple[int, int], members: Floats
) -> None:
    """Draw one part of a first population, in place.

    Args:
        settings: settings of the evolution.
        bounds: the limits to draw between.
        restart: number of times that the population was drawn before.
        part: one of :func:`member_parts`.
        members: shape (members, weights).
    """
    low, high = bounds.first_low, bounds.first_high
    seed, (first, last) = np.uint64(settings.seed), part
    with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
        match settings.init:
            case "latinhypercube":
                fill_hypercube(seed, restart, first, last, low, high, members)
            case "sobol" | "halton":
                for begin, points in _sequence(settings, bounds.weights, restart, len(members)):
                    members[begin : begin + len(points)] = np.minimum(low + points * (high - low), high)
            case "random" | "glorot":  # the bounds hold Glorot's limits
                fill_uniformly(seed, restart, first, last, low, high, members)
            case init if names_array(init) or names_network(
                init
            ):  # what a file leaves to be drawn; the bounds hold Glorot's limits
                fill_uniformly(seed, restart, first, last, low, high, members)
            case _:
                raise SettingsError(f"init {settings.init} draws no population", field="init")


def _sequence(settings: EvolutionSettings, weights: int, restart: int, count: int) -> Iterator[tuple[int, Floats]]:
    """Yield points of a sequence in [0, 1), and the index of the first: in chunks, because they are float64."""
    from scipy.stats import qmc

    engine = {"sobol": qmc.Sobol, "halton": qmc.Halton}[settings.init](
        d=weights, rng=np.random.default_rng([settings.seed, restart])
    )
    for begin in range(0, count, _CHUNK_MEMBERS):
        with contextlib.ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")  # SciPy warns of a last chunk that is no power of two
            yield begin, engine.random(min(_CHUNK_MEMBERS, count - begin))


@compiled
def fill_hypercube(seed: Real, restart: int, first: int, last: int, low: Vector, high: Vector, members: Matrix) -> None:
    """Fill some columns of a Latin hypercube: each of as many equal intervals as there are members gets one value.

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
    """Draw the weights of some members uniformly between their limits."""
    numbers = np.empty(1, members.dtype)
    for member in range(first, last):
        key = stream_key(seed, FIRST, restart, member)
        for weight in range(members.shape[1]):
            numbers[0] = uniform_at(key, weight)
            members[member, weight] = min(low[weight] + numbers[0] * (high[weight] - low[weight]), high[weight])
