"""Limits of the system around nnsize: long paths, little memory."""

import resource
import subprocess
from pathlib import Path

import pytest

from nnsize_engine.runs.database import MAX_FOLDER_BYTES
from support.commands import NNSIZE, nnsize_here
from support.made_runs import made_run

SMALL_BYTES = (100_000_000, 300_000_000, 500_000_000)
"""Limits on memory with which Python starts, and not all libraries do."""


def long_folder(base: Path, length: int) -> Path:
    """Return a folder whose path has a number of bytes."""
    while (missing := length - len(str(base)) - 1) > 0:
        base = base / ("d" * min(200, missing if missing <= 200 else missing - 2))
    return base


@pytest.mark.parametrize("length", [500, 600, 1000, 4200])
def test_a_home_with_a_long_path_is_refused_in_a_sentence(
    run_home: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    home = long_folder(run_home, length)
    monkeypatch.setenv("NNSIZE_HOME", str(home))
    for arguments in (
        ["size", "iris", "--neurons", "2", "--cv", "2", "--detach"],
        ["runs"],
        ["show", "last"],
        ["verify", "--all"],
    ):
        done = nnsize_here(*arguments)
        assert done.returncode in (0, 2)
        assert "Traceback" not in done.stderr
    done = nnsize_here("evolve", "iris", "--detach")
    assert done.returncode == 2
    expected = f"and SQLite takes {MAX_FOLDER_BYTES}; let NNSIZE_HOME name" if length < 4096 else "File name too long"
    assert expected in done.stderr


def test_a_run_in_the_longest_folder_works(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = long_folder(run_home, 450)
    monkeypatch.setenv("NNSIZE_HOME", str(home))
    made_run(home, "target")
    assert "finished" in nnsize_here("show", "target").stdout


@pytest.mark.parametrize("limit", SMALL_BYTES)
@pytest.mark.parametrize(
    "arguments",
    [
        ["runs"],
        ["show", "target"],
        ["export", "target"],
        ["data", "iris"],
        ["size", "iris", "--neurons", "2", "--estimate"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_little_memory_is_named_and_ends_in_no_traceback(run_home: Path, limit: int, arguments: list[str]) -> None:
    made_run(run_home, "target")
    done = subprocess.run(
        [NNSIZE, *arguments], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert done.returncode in (0, 2)
    if done.returncode:
        assert "memory" in done.stderr, done.stderr[-2000:]
