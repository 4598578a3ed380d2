"""Parts that the modules share which write LLVM code."""

from collections.abc import Callable
from typing import Any

from numba.core import cgutils as _cgutils
from numba.core import config as _config
from numba.core import types as _types
from numba.extending import intrinsic

cgutils: Any = _cgutils  # Numba's own type hints leave these out
config: Any = _config
types: Any = _types


def emitted(generator: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that compiled code calls, from a generator of its LLVM code."""
    return intrinsic(generator)
