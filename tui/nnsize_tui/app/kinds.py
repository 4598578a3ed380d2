"""The screen that shows a run of each kind; imported when one is opened, so that the first frame does not wait."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from textual.screen import Screen

from nnsize_engine.errors import StoreError
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.view import EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, by_kind


def _search_screen(folder: Path, view: SizeView | None) -> Screen[None]:
    from nnsize_tui.screens.search.screen import SearchScreen

    return SearchScreen(folder, view)


def _evolution_screen(folder: Path, view: EvolutionView | None) -> Screen[None]:
    if _compares_strategies(folder, view):
        from nnsize_tui.screens.evolution.strategies_screen import StrategiesScreen

        return StrategiesScreen(folder, view)
    from nnsize_tui.screens.evolution.screen import EvolutionScreen

    return EvolutionScreen(folder, view)


def _compares_strategies(folder: Path, view: EvolutionView | None) -> bool:
    """Return whether an evolution compares strategies; the screen of one says why it cannot be read."""
    if view is not None:
        return view.settings.is_comparison
    with contextlib.suppress(StoreError), reading(folder) as connection:
        settings = read_header(connection).settings
        return isinstance(settings, EvolutionSettings) and settings.is_comparison
    return False


def _watched_screen(folder: Path, view: WatchedView | None) -> Screen[None]:
    from nnsize_tui.screens.search.watched_screen import WatchedScreen

    return WatchedScreen(folder, view)


SCREENS: Mapping[Kind, Callable[[Path, Any], Screen[None]]] = by_kind(
    size=_search_screen, evolution=_evolution_screen, watched=_watched_screen
)
"""Function that makes the screen of a run, from its folder and the newest view, if there is one."""
