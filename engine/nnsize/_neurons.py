"""Sizes of hidden layers as Python values, written as a text that settings read."""

from collections.abc import Iterable
from numbers import Integral
from typing import Any

_MIN_RANGE = 6  # sizes of a list in equal steps that are written as a range, which is shorter then


def neurons_text(neurons: Any) -> str:
    """Return sizes as ``nnsize size --neurons`` takes them."""
    if isinstance(neurons, str):
        return neurons
    sizes = list(neurons) if isinstance(neurons, Iterable) else [neurons]
    if len(sizes) >= (2 if isinstance(neurons, range) else _MIN_RANGE) and all(
        isinstance(size, Integral) for size in sizes
    ):
        first, step = int(sizes[0]), int(sizes[1]) - int(sizes[0])
        last = first + step * (len(sizes) - 1)
        if step > 0 and [int(size) for size in sizes] == list(range(first, last + 1, step)):
            return f"{first}:{last + 1}:{step}"
    return ",".join("x".join(map(str, size)) if isinstance(size, Iterable) else str(size) for size in sizes)
