"""Decorators that compile the inner loops of the engine.

Every compiled function is made by one of the three decorators below. It releases the GIL, because threads train
different networks at the same time, and it follows IEEE arithmetic exactly. No fast-math flag is set: each flag that
makes a loop faster (reordered sums, fused multiply-add, no NaN) also changes the last digit or hides an overflow.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numpy.typing import NDArray

from nnsize_engine.processes.code_cache import cache_folder

Function = TypeVar("Function", bound=Callable[..., object])

Vector = NDArray[Any]
"""A contiguous vector of float64 or float32, or of integers where its name says so."""
Matrix = NDArray[Any]
"""A matrix of float64 or float32 in C order."""
Real = Any
"""A number in the precision of the network."""

_numba: Any = numba  # its type hints lack some settings and options


def compiled(function: Function) -> Function:
    """Compile a function that Python calls, at its first call, and keep its machine code on disk.

    With `NUMBA_DISABLE_JIT=1` the function stays as it is.
    """
    folder = cache_folder()
    if folder is None:
        return _compile(function)
    before = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = str(folder)  # Numba reads it once, while it decorates the function
    try:
        return _compile(function, cache=True)
    finally:
        _numba.config.CACHE_DIR = before


def compiled_part(function: Function) -> Function:
    """Compile a function that only compiled functions call; it becomes part of their machine code.

    It gets no entry point for Python: with many arguments that takes longer to compile than the function itself.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def compiled_into_caller(function: Function) -> Function:
    """Compile a long function as part of its only caller, which takes less time: Numba optimises each call level."""
    return _compile(function, inline="always")


def _compile(function: Function, **options: bool | str) -> Function:
    made: Function = _numba.njit(function, nogil=True, error_model="numpy", **options)
    return made
