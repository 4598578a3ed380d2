"""Fixtures of the engine's tests."""

import resource
from collections.abc import Iterator
from pathlib import Path

import numpy  # noqa: F401  # it and SciPy each have a BLAS, which can be limited once it is loaded
import psutil
import pytest
import scipy.linalg  # noqa: F401

from nnsize_engine.processes import containers
from nnsize_engine.processes.parallel import one_blas_thread


@pytest.fixture(scope="session", autouse=True)
def quick_products() -> Iterator[None]:
    """Compute scikit-learn's products in one thread, as our runs do: several threads would wait for each other."""
    with one_blas_thread():
        yield


GB = 10**9

MEMINFO = """\
MemTotal:  99999999999 kB
MemFree:  1 kB
MemAvailable:   {available} kB
Buffers:  1 kB
Cached:  1 kB
Shmem:  1 kB
Active:  1 kB
Inactive:  1 kB
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a machine of two processors; files that describe its memory and limits can be written."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(containers, "PROC", tmp_path / "proc")
    monkeypatch.setattr(containers, "CGROUPS", tmp_path / "cgroups")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path / "proc"))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return tmp_path


def write(path: Path, text: str) -> None:
    """Write a file of a made-up machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def set_available(machine: Path, available: int) -> None:
    """Let a made-up machine have this many bytes available."""
    write(machine / "proc" / "meminfo", MEMINFO.format(available=available // 1024))
