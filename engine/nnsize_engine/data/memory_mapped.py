"""Large columns kept in a file without a name, instead of in the process.

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

LARGE_BYTES = 64_000_000
"""Columns that are less than this together stay where they are."""

_M_MMAP_THRESHOLD = -3  # from malloc.h
_MAPPED_BYTES = 1_000_000
"""Arrays from this size on are freed at once."""

_FOLDERS = ("/var/tmp", None)  # the usual place for temporary files is often in memory


def memory_mapped_if_large(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns as they were; large ones in a file, as arrays that cannot be written. Without room, in memory."""
    if sum(column.values.nbytes for column in columns) < LARGE_BYTES:
        return tuple(columns)
    for folder in _FOLDERS:
        try:
            kept = _in_file(columns, folder)
        except OSError:  # no such folder, or no room
            continue
        return kept
    return tuple(columns)


def expect_large(size: int) -> None:
    """Where columns will have so many bytes, let the C library hand freed memory back at once, rather than keep it.

    Otherwise it learns, from the first large arrays that are freed, to keep room for more of them.
    """
    if size < LARGE_BYTES:
        return
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _MAPPED_BYTES)


def tidy_up() -> None:
    """Let the C library hand back what lies free between small things that are still needed."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def release(values: NDArray[Any]) -> None:
    """Say that a memory_mapped_if_large column is not needed just now; nothing happens to an array in memory."""
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
