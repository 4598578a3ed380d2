"""Where compiled machine code is kept between runs, known without loading the compiler.

It is kept in the user's cache folder, never beside the source, so a read-only installation works. The folder's name
holds the versions of Numba, NumPy, Python and this package's source: after an upgrade another folder is used. Numba
itself keeps processor types apart. Numba's index is not safe when two processes save different signatures of one
function at once, so `compiling` lets one process at a time compile; the others wait, then load.
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

MAX_UNUSED_SECONDS = 60 * 24 * 3600.0  # 60 days; compiled code that is unused for longer is removed


@cache
def source_identity() -> str:
    """A short hash of every source file that is compiled: any change leads to another cache folder."""
    digest = hashlib.sha256()
    engine = Path(__file__).parent.parent
    for path in sorted([*engine.glob("network/*.py"), *engine.glob("evolution/*.py")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path | None:
    """Where machine code is kept, or None where nothing can be written (everything still works, compiled anew)."""
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
    """Whether the first use of some functions has to wait for the compiler: no earlier run left their code here.

    Each part that is compiled together has a name: a precision for training, ``evolution-`` and one for evolving.
    """
    folder = cache_folder()
    is_switched_off = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    return not is_switched_off and (folder is None or not _mark(folder, part).exists())


@contextmanager
def compiling(part: str) -> Iterator[None]:
    """Hold the cache folder's lock while functions are compiled or loaded for the first time."""
    folder = cache_folder()
    if folder is None:
        yield
        return
    with (folder / "lock").open("w") as lock:
        with suppress(OSError):  # a file system without locks: Numba's own saving is atomic file by file
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        with suppress(OSError):
            if any(folder.rglob("*.nbi")):  # none on a full disk: compiled again next time
                _mark(folder, part).touch()
    _remove_stale_folders(folder)


def forget() -> None:
    """Remove the machine code that is kept, as after finding it damaged."""
    folder = cache_folder()
    if folder is not None:
        for path in folder.iterdir():
            if path.name != "lock":
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _mark(folder: Path, part: str) -> Path:
    return folder / f"complete-{part}"


def _remove_stale_folders(folder: Path) -> None:
    """Delete machine code of other versions that nothing has used for two months."""
    limit = time.time() - MAX_UNUSED_SECONDS
    for other in folder.parent.iterdir():
        with suppress(OSError):
            if other != folder and other.stat().st_mtime < limit:
                shutil.rmtree(other, ignore_errors=True)
