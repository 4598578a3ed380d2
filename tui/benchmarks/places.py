"""Every screen and dialog of the explorer, with the keys that open it; a test says whether one is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from textual.screen import Screen

from nnsize_tui.screens.compare.screen import CompareScreen
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.label import LabelDialog
from nnsize_tui.screens.dialogs.palette import Palette
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.screens.dialogs.save_settings import SaveSettings
from nnsize_tui.screens.evolution import extend_dialog as evolution_extend
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.evolution.strategies_screen import StrategiesScreen
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search import extend_dialog as search_extend
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.search.watched_screen import WatchedScreen
from nnsize_tui.screens.setup.screen import SetupScreen

AnyScreen: TypeAlias = type[Screen[Any]]
Dialogs: TypeAlias = Mapping[str, tuple[AnyScreen, str]]
"""The class of each dialog, and the keys that open it."""

F1, CTRL_D, CTRL_O, CTRL_P, CTRL_Q, CTRL_X = "\x1bOP", "\x04", "\x0f", "\x10", "\x11", "\x18"
DOWN = "\x1b[B"

EVERYWHERE: Dialogs = {"help": (Help, "?"), "commands": (Palette, CTRL_P)}
OF_RUNS: Dialogs = {
    "export": (ExportDialog, "x"),
    "delete": (Confirm, "d"),
    "copy": (PickNames, "y"),
    "label": (LabelDialog, "N"),
}
OF_SETUP: Dialogs = {
    "help": (Help, F1),
    "commands": (Palette, CTRL_P),
    "presets": (PickNames, CTRL_O),
    "save": (SaveSettings, CTRL_X),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A screen: how one gets there, and the dialogs that open over it."""

    screen: AnyScreen
    run: str = ""
    """The kind of run that is opened; without one, all runs."""

    keys: str = ""
    word: str
    """A word that is on the screen only when it is complete."""

    is_live: bool = True
    """True if its numbers change while one looks at it."""

    quit_keys: str = "q"
    dialogs: Dialogs = field(default_factory=dict)


PLACES: Mapping[str, Place] = {
    "all runs": Place(screen=HomeScreen, word="· left", dialogs={**EVERYWHERE, **OF_RUNS}),
    "a search": Place(screen=SearchScreen, run="search", word="Pause", dialogs={**EVERYWHERE, **OF_RUNS}),
    "a search, its log": Place(screen=SearchScreen, run="search", keys="l", word="─ log ─"),
    "a search, its losses": Place(screen=SearchScreen, run="search", keys="m", word="training loss"),
    "a search, its chart alone": Place(screen=SearchScreen, run="search", keys="z", word="left Read"),
    "an evolution": Place(screen=EvolutionScreen, run="evolution", word="Pause", dialogs={**EVERYWHERE, **OF_RUNS}),
    "an evolution, its log": Place(screen=EvolutionScreen, run="evolution", keys="l", word="─ log ─"),
    "an evolution by seconds": Place(screen=EvolutionScreen, run="evolution", keys="mm", word="seconds"),
    "an evolution, its chart alone": Place(screen=EvolutionScreen, run="evolution", keys="z", word="left Read"),
    "strategies": Place(screen=StrategiesScreen, run="strategies", word="Pause", dialogs={**EVERYWHERE, **OF_RUNS}),
    "a watched search": Place(
        screen=WatchedScreen, run="watched", word="Export", is_live=False, dialogs={**EVERYWHERE, **OF_RUNS}
    ),
    "a comparison": Place(
        screen=CompareScreen,
        keys="j  c",
        word="Export",
        dialogs={**EVERYWHERE, "export": (ExportDialog, "x"), "copy": (PickNames, "y")},
    ),
    "a new search": Place(
        screen=SetupScreen,
        keys="n",
        word="Start: ctrl+s",
        is_live=False,
        quit_keys=CTRL_Q,
        dialogs={**OF_SETUP, "file": (PickFile, "\r"), "data": (DataScreen, CTRL_D)},
    ),
    "a new evolution": Place(
        screen=SetupScreen, keys="e", word="Start: ctrl+s", is_live=False, quit_keys=CTRL_Q, dialogs=OF_SETUP
    ),
    "an ended search": Place(
        screen=SearchScreen,
        run="ended search",
        word="Export",
        is_live=False,
        dialogs={"extend": (search_extend.ExtendDialog, "e")},
    ),
    "an ended evolution": Place(
        screen=EvolutionScreen,
        run="ended evolution",
        word="Export",
        is_live=False,
        dialogs={"extend": (evolution_extend.ExtendDialog, "e")},
    ),
}
