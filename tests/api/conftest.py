"""Fixtures of every test of the Python API."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def _no_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let matplotlib draw without a window."""
    monkeypatch.setenv("MPLBACKEND", "Agg")


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of the BLAS that wait for each other make small networks slow where other tests run at the same time."""
    with threadpool_limits(1, "blas"):
        yield
