"""How the engine's inner loops are compiled, and where the machine code is kept between runs.

Every compiled function is made by one of the three decorators below: it releases the GIL (threads train different
networks at the same time) and follows IEEE arithmetic to the letter. No fast-math flag is set: each one that would make
a loop faster (reordered sums, fused multiply-add, no NaN) also changes the last digit, or hides an overflow.

Machine code is kept in the user's cache folder, never beside the source, so a read-only installation works. The
folder's name holds the versions of Numba, NumPy, Python and this package's source: after an upgrade another folder is
used. Numba itself keeps processor types apart. Numba's index is not safe when two processes save different
signatures of one function at once, so `compiling` lets one process at a time compile; the others wait, then load.
"""

import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

Function = TypeVar("Function", bound=Callable[..., object])

Vector = NDArray[Any]
"""One-dimensional, of float64 or float32 (or of whole numbers, where its name says so), without gaps."""
Matrix = NDArray[Any]
"""Two-dimensional, of float64 or float32, in C order."""
Real = Any
"""A number of the network's precision."""

_numba: Any = numba  # its settings and options are not all in its type hints

_FOLDER_IS_STALE_AFTER = 60 * 24 * 3600.0  # seconds without use


@cache
def source_identity() -> str:
    """A short hash of every source file of this package: any change leads to another cache folder."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path | None:
    """Where machine code is kept, or None where nothing can be written (everything still works, compiled anew)."""
    python = platform.python_version()
    name = f"numba{numba.__version__}-numpy{np.__version__}-python{python}-{platform.machine()}-{source_identity()}"
    folder = user_cache_path("nnsize", appauthor=False) / "compiled" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        os.utime(folder)
    except OSError:
        return None
    return folder


def is_compiled(precision: str = "float64") -> bool:
    """Whether an earlier run left machine code here; if not, the first training waits for the compiler."""
    folder = cache_folder()
    return bool(_numba.config.DISABLE_JIT) or (folder is not None and (folder / precision).exists())


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
    """Compile a long function together with the one place that calls it: each level of calls is optimised anew."""
    return _compile(function, inline="always")


def _compile(function: Function, **options: bool | str) -> Function:
    made: Function = _numba.njit(function, nogil=True, error_model="numpy", **options)
    return made


@contextmanager
def compiling(precision: str) -> Iterator[None]:
    """Hold the cache folder's lock while functions are compiled or loaded for the first time; then mark it done."""
    folder = cache_folder()
    if folder is None or sys.platform == "win32":
        yield
        return
    import fcntl

    with (folder / "lock").open("w") as lock:
        with suppress(OSError):  # a file system without locks: Numba's own saving is atomic file by file
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        (folder / precision).touch()
    _remove_stale_folders(folder)


def _remove_stale_folders(folder: Path) -> None:
    """Delete machine code of other versions that nothing has used for two months."""
    limit = time.time() - _FOLDER_IS_STALE_AFTER
    for other in folder.parent.iterdir():
        try:
            if other != folder and other.stat().st_mtime < limit:
                shutil.rmtree(other, ignore_errors=True)
        except OSError:
            continue
