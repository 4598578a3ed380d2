"""The cache folder of compiled machine code, found without loading the compiler.

The folder is in the user's cache folder, so that a read-only installation works. Its name holds the versions of Numba,
NumPy and Python and a hash of the compiled source, so that an upgrade uses another folder. Numba itself separates types
of processors. Numba's index breaks if two processes save different signatures of one function at the same time, so
`compiling` lets one process compile; the others wait and then load.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

COMPILED_AHEAD = "ahead"
"""The part that is whole once all has been compiled that an explorer has compiled in the background."""

MAX_UNUSED_SECONDS = 60 * 24 * 3600.0  # two months, longer than most pauses of a project


@cache
def source_identity() -> str:
    """Return a hash of all source files that are compiled."""
    digest = hashlib.sha256()
    engine = Path(__file__).parent.parent
    for path in sorted([*engine.glob("network/*.py"), *engine.glob("evolution/**/*.py")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path | None:
    """Return the folder; None if it cannot be written, so that every process compiles for itself."""
    from platformdirs import user_cache_path

    libraries = f"numba{version('numba')}-numpy{version('numpy')}-python{platform.python_version()}"
    name = f"{libraries}-{platform.machine()}-{source_identity()}"
    folder = user_cache_path("nnsize", appauthor=False) / "compiled" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        os.utime(folder)
    except OSError:
        return None
    return folder


def needs_compiling(part: str) -> bool:
    """Return whether the machine code of a part is missing, so that its first use waits for the compiler.

    A part is the functions that are compiled together. Its name holds the precision: ``float64`` for training,
    ``evolution-float64`` for evolution.
    """
    folder = cache_folder()
    is_switched_off = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    return not is_switched_off and (folder is None or not _mark(folder, part).exists())


def mark_compiled(part: str) -> None:
    """Note that a part has been compiled, unless there is no machine code: a full disk leaves none."""
    folder = cache_folder()
    with suppress(OSError):
        if folder is not None and any(folder.rglob("*.nbi")):
            _mark(folder, part).touch()


@contextmanager
def compiling(part: str) -> Iterator[None]:
    """Hold the lock of the folder while a part is compiled or loaded for the first time."""
    folder = cache_folder()
    if folder is None:
        yield
        return
    with (folder / "lock").open("w") as lock:
        with suppress(OSError):  # a file system without locks; Numba replaces each file atomically
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        mark_compiled(part)
    _remove_stale_folders(folder)


def clear_cache() -> None:
    """Remove all machine code from the folder, for use when some of it is damaged."""
    folder = cache_folder()
    if folder is not None:
        for path in folder.iterdir():
            if path.name != "lock":
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _mark(folder: Path, part: str) -> Path:
    return folder / f"complete-{part}"


def _remove_stale_folders(folder: Path) -> None:
    """Delete the folders of other versions that are unused for :data:`MAX_UNUSED_SECONDS`."""
    limit = time.time() - MAX_UNUSED_SECONDS
    for other in folder.parent.iterdir():
        with suppress(OSError):
            if other != folder and other.stat().st_mtime < limit:
                shutil.rmtree(other, ignore_errors=True)
