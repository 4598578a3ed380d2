"""What a runner loads before it has a run."""

import threading

import pytest

from nnsize_engine.network import train
from nnsize_engine.processes import code_cache
from nnsize_engine.runner.preload import preload


def test_what_is_wrong_is_left_to_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(train, "prepare_compiled_code", fail)
    monkeypatch.setattr(code_cache, "needs_compiling", lambda _: False)
    preload("size")


def test_nothing_is_compiled_for_a_run_that_may_never_come(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = threading.Event()
    monkeypatch.setattr(code_cache, "needs_compiling", lambda _: True)
    monkeypatch.setattr(train, "prepare_compiled_code", lambda _: prepared.set())
    preload("size")
    assert not prepared.is_set()
    monkeypatch.setattr("nnsize_engine.evolution.warm_up.needs_compiling", lambda _: True)
    monkeypatch.setattr("nnsize_engine.evolution.warm_up.prepare_compiled_code", lambda _: prepared.set())
    preload("evolution")
    assert not prepared.is_set()
