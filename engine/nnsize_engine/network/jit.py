"""How the engine's inner loops are compiled.

Every compiled function is made by one of the three decorators below: it releases the GIL (threads train different
networks at the same time) and follows IEEE arithmetic to the letter. No fast-math flag is set: each one that would make
a loop faster (reordered sums, fused multiply-add, no NaN) also changes the last digit, or hides an overflow.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numpy.typing import NDArray

from nnsize_engine.processes.code_cache import cache_folder

Function = TypeVar("Function", bound=Callable[..., object])

Vector = NDArray[Any]
"""One-dimensional, of float64 or float32 (or of whole numbers, where its name says so), without gaps."""
Matrix = NDArray[Any]
"""Two-dimensional, of float64 or float32, in C order."""
Real = Any
"""A number of the network's precision."""

_numba: Any = numba  # its settings and options are not all in its type hints


def compiled(function: Function) -> Function:
    """Compile a function that Python calls, when it is first called; keep its machine code.

    With `NUMBA_DISABLE_JIT=1` it stays as it is.
    """
    folder = cache_folder()
    if folder is None:
        return _compile(function)
    before = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = str(folder)  # read once, while the function is decorated
    try:
        return _compile(function, cache=True)
    finally:
        _numba.config.CACHE_DIR = before


def compiled_part(function: Function) -> Function:
    """Compile a function that only compiled functions call; it becomes part of their machine code.

    It gets no way in from Python, which for many arguments takes longer to compile than the function itself.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def compiled_into_caller(function: Function) -> Function:
    """Compile a long function together with the one place that calls it: each level of calls is optimised again."""
    return _compile(function, inline="always")


def _compile(function: Function, **options: bool | str) -> Function:
    made: Function = _numba.njit(function, nogil=True, error_model="numpy", **options)
    return made
