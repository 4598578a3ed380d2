"""Compilation in the background while an explorer opens: once on a machine, not at every start."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from nnsize_engine.runs import start_runner


def test_what_has_been_compiled_ahead_is_not_compiled_ahead_again(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "nnsize_engine.preflight.compile_ahead"
    subprocess.run([sys.executable, "-m", module], check=True, timeout=600)
    spawned: list[Sequence[str]] = []
    monkeypatch.setattr(start_runner, "spawn", lambda module, _: spawned.append(module))
    start_runner.compile_ahead()
    assert spawned == []
    monkeypatch.setattr("nnsize_engine.processes.code_cache.needs_compiling", lambda _: True)
    start_runner.compile_ahead()
    assert spawned == [[module]]
