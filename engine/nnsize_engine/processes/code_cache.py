"""The cache folder of compiled machine code, found without loading the compiler.

The folder is in the user's cache folder, so that a read-only installation works. Its name holds the versions of Numba,
NumPy and Python and a hash of the compiled source, so that an upgrade uses another folder. Numba itself separates types
of processors. Numba's index breaks if two processes save different signatures of one function at the same time, so
`compiling` lets one process compile; the others wait and then load.

Numba's index is a pickle, which runs code when it is loaded. The folder is therefore made for the user alone, and what
somebody else could have written is removed instead of loaded.
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

from nnsize_engine.processes.private_files import PRIVATE_FILE, PRIVATE_FOLDER, make_private
from nnsize_engine.processes.trusted_folder import is_trusted_folder

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
    """Return the folder; None if it cannot be written or made safe, so that every process compiles for itself."""
    from platformdirs import user_cache_path

    libraries = f"numba{version('numba')}-numpy{version('numpy')}-python{platform.python_version()}"
    name = f"{libraries}-{platform.machine()}-{source_identity()}"
    folder = user_cache_path("nnsize", appauthor=False) / "compiled" / name
    try:
        make_private(folder)
        is_trusted = is_trusted_folder(folder)
        if not is_trusted:
            _remove_content(folder)
        folder.chmod(PRIVATE_FOLDER)
        is_trusted = is_trusted or is_trusted_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
        os.utime(folder)
    except OSError:
        return None
    return folder if is_trusted else None


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
            _mark(folder, part).touch(PRIVATE_FILE)


@contextmanager
def compiling(part: str) -> Iterator[None]:
    """Hold the lock of the folder while a part is compiled; a part that is whole is loaded without waiting for it.

    Otherwise a start would wait for all other processes that compile or load, also for those of the lowest priority.
    """
    folder = cache_folder()
    if folder is None:
        yield
        return
    with os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, PRIVATE_FILE), "r+b") as lock:
        is_whole = _mark(folder, part).exists()
        with suppress(OSError):  # held elsewhere, or there are no locks; Numba replaces each file atomically
            fcntl.flock(lock, fcntl.LOCK_EX | (fcntl.LOCK_NB if is_whole else 0))
        yield
        mark_compiled(part)
    _remove_stale_folders(folder)


def clear_cache() -> None:
    """Remove all machine code from the folder, for use when some of it is damaged."""
    folder = cache_folder()
    if folder is not None:
        _remove_content(folder, besides="lock")


def _remove_content(folder: Path, besides: str | None = None) -> None:
    """Remove what is in a folder, and of a link in it the link alone."""
    for path in folder.iterdir():
        if path.name == besides:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _mark(folder: Path, part: str) -> Path:
    return folder / f"complete-{part}"


def _remove_stale_folders(folder: Path) -> None:
    """Delete the folders of other versions that are unused for :data:`MAX_UNUSED_SECONDS`."""
    limit = time.time() - MAX_UNUSED_SECONDS
    for other in folder.parent.iterdir():
        with suppress(OSError):
            if other != folder and other.stat().st_mtime < limit:
                shutil.rmtree(other, ignore_errors=True)
