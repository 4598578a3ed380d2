"""Large columns in a memory-mapped file without a name.

A search needs the columns only for the moments in which a fold is encoded. In between, the machine may use their memory
for something else: they are read again from the file, which the operating system keeps in memory as long as there is
room. The file is gone with the process, however it ends.
"""

import contextlib
import ctypes
import mmap
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.table import Column

MIN_MAPPED_BYTES = 64_000_000  # of all columns together; smaller tables stay in memory

_M_MMAP_THRESHOLD = -3  # from malloc.h
_MIN_RETURNED_BYTES = 1_000_000  # of an array; the C library hands larger ones back when they are freed

_FOLDERS = ("/var/tmp", None)  # the usual place for temporary files is often in memory


def map_if_large(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns, large ones as read-only arrays of a memory-mapped file, where there is room for it."""
    if sum(column.values.nbytes for column in columns) < MIN_MAPPED_BYTES:
        return tuple(columns)
    for folder in _FOLDERS:
        try:
            kept = _in_file(columns, folder)
        except OSError:  # no such folder, or no room
            continue
        return kept
    return tuple(columns)


def return_freed_arrays(size: int) -> None:
    """Have the C library hand freed arrays back at once, if columns of so many bytes are coming.

    Otherwise it learns, from the first large arrays that are freed, to keep room for more of them.
    """
    if size < MIN_MAPPED_BYTES:
        return
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _MIN_RETURNED_BYTES)


def trim_heap() -> None:
    """Have the C library hand back the free memory between small objects that are still needed."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def release_pages(values: NDArray[Any]) -> None:
    """Release the pages of a memory-mapped column for now; an array in memory stays as it is."""
    base: object = values.base
    mapped = base.obj if isinstance(base, memoryview) else None
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
