"""Large columns in an unnamed memory-mapped file.

A search needs the columns only while a fold is encoded. In between, the operating system may use their memory for
something else; the columns are then read again from the file. The file disappears with the process, however it ends.
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

MIN_MAPPED_BYTES = 64_000_000  # size of all columns together; smaller tables stay in memory

_M_MMAP_THRESHOLD = -3  # from malloc.h
_MIN_RETURNED_BYTES = 1_000_000  # size of an array; the C library returns larger ones when they are freed

_FOLDERS = ("/var/tmp", None)  # first /var/tmp, because the default folder is often in memory


def map_if_large(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns as read-only arrays of a memory-mapped file, or unchanged if small or without disk space."""
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
    """Make the C library return freed arrays to the system at once, if the columns will have ``size`` bytes or more.

    Without this, it keeps freed memory after the first large arrays, for later ones.
    """
    if size < MIN_MAPPED_BYTES:
        return
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _MIN_RETURNED_BYTES)


def trim_heap() -> None:
    """Make the C library return free memory between small objects to the system."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def release_pages(values: NDArray[Any]) -> None:
    """Release the pages of a memory-mapped column until they are read again; leave other arrays as they are."""
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
