"""Large columns kept in a file without a name, instead of in the process.

A search needs the columns only for the moments in which a fold is encoded. In between, the machine may use their memory
for something else: they are read again from the file, which the operating system keeps in memory as long as there is
room. The file is gone with the process, however it ends.
"""

import mmap
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.dataset.table import Column

LARGE_BYTES = 64_000_000
"""Columns that are less than this together stay where they are."""

_FOLDERS = ("/var/tmp", None)  # the usual place for temporary files is often in memory


def spooled(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns as they were; large ones in a file, as arrays that cannot be written. Without room, in memory."""
    if sum(column.values.nbytes for column in columns) < LARGE_BYTES:
        return tuple(columns)
    for folder in _FOLDERS:
        try:
            return _in_file(columns, folder)
        except OSError:  # no such folder, or no room
            continue
    return tuple(columns)


def release(values: NDArray[Any]) -> None:
    """Say that a spooled column is not needed just now; nothing happens to an array in memory."""
    mapped: object = values.base
    if isinstance(mapped, mmap.mmap) and hasattr(mapped, "madvise"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _in_file(columns: Sequence[Column], folder: str | None) -> tuple[Column, ...]:
    places = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for column in columns:
            places.append(file.seek(-(-file.tell() // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY))
            np.ascontiguousarray(column.values).tofile(file)
            file.flush()
        kept = []
        for column, place in zip(columns, places, strict=True):
            mapped = mmap.mmap(file.fileno(), column.values.nbytes, access=mmap.ACCESS_READ, offset=place)
            kept.append(replace(column, values=np.frombuffer(mapped, dtype=column.values.dtype)))
    return tuple(kept)
