"""A checksum of a population, by which a run sees that a worker has the same one."""

import zlib
from typing import Any

import numpy as np

from nnsize_engine.evolution.ask_tell import Population
from nnsize_engine.evolution.stored_state import family_arrays

MAX_DIGESTED_BYTES = 8 * 2**20  # of an array in each generation, which take 5 ms; of a larger one, other rows each time


def digest_of(population: Any | None) -> int:
    """Return the checksum of a population; 0 for None.

    Of a large array, each generation checks some of its rows, so that all of them are checked after a few.
    """
    if population is None:
        return 0
    found = 0
    for array in _arrays_of(population):
        rows = np.atleast_1d(array)
        gap = max(1, rows.nbytes // MAX_DIGESTED_BYTES)
        chosen = rows if gap == 1 else rows[population.generation % gap :: gap]
        found = zlib.crc32(np.ascontiguousarray(chosen).data.cast("B") if chosen.size else b"", found)
    return found


def _arrays_of(population: Any) -> list[Any]:
    """Return the arrays that determine what follows."""
    if isinstance(population, Population):
        archive = population.archive[: population.archived]
        return [population.losses, population.means, population.members, archive]
    arrays = family_arrays(population)
    return [np.asarray(arrays[name]) for name in sorted(arrays) if np.asarray(arrays[name]).dtype.kind in "fiub"]
