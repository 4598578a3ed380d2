"""The benchmark of slow lines opens every screen and every dialog that there is."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.screen import Screen

import nnsize_tui
from nnsize_tui.screens.base import BaseDialog, BaseScreen

BENCHMARKS = Path(__file__).parents[3] / "tui" / "benchmarks"


def kinds_of(base: type[Screen[object]]) -> Iterator[type[Screen[object]]]:
    """Yield the classes below a class that are shown themselves."""
    for kind in base.__subclasses__():
        yield from kinds_of(kind)
        if kind is not BaseDialog:
            yield kind


def test_every_screen_and_dialog_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in pkgutil.walk_packages(nnsize_tui.__path__, "nnsize_tui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    places = importlib.import_module("places").PLACES
    try:
        measured = {place.screen for place in places.values()}
        measured |= {screen for place in places.values() for screen, _ in place.dialogs.values()}
        ours = {kind for kind in kinds_of(BaseScreen) if kind.__module__.startswith("nnsize_tui.")}
        assert {kind.__qualname__ for kind in ours - measured} == set()
    finally:
        sys.modules.pop("places")
