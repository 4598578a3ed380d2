"""Arrays that arrived over a network, aligned in memory.

Dask puts arrays where they lie in a message, at any byte. Numba takes such an array for another type than an aligned
one: it would compile all functions once more, for ten seconds, into slower code.
"""

import dataclasses
from typing import Any, TypeVar

import numpy as np

Record = TypeVar("Record")


def aligned(record: Record) -> Record:
    """Return a record whose arrays are aligned, also those in its fields that are records; what is aligned stays."""
    if not dataclasses.is_dataclass(record):
        return record
    changed = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        better = aligned_array(value) if isinstance(value, np.ndarray) else aligned(value)
        if better is not value:
            changed[field.name] = better
    return dataclasses.replace(record, **changed) if changed else record  # type: ignore[type-var]


def aligned_array(array: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return an array that is aligned and may be written to, in the same order in memory; itself if it is."""
    is_usable = array.flags.aligned and array.flags.writeable
    return array if is_usable else np.array(array, order="K", copy=True)
