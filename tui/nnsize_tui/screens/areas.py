"""Every part of the explorer that has keys of its own, by the name it has in the help; loaded when asked for."""

from collections.abc import Sequence
from importlib import import_module

from textual.binding import Binding
from textual.dom import DOMNode

SCREENS = "nnsize_tui.screens"
WIDGETS = "nnsize_tui.widgets"

AREAS: Sequence[tuple[str, str, str]] = (
    ("All runs", f"{SCREENS}.home", "HomeScreen"),
    ("An open search", f"{SCREENS}.run", "RunScreen"),
    ("An open evolution", f"{SCREENS}.evolution", "EvolutionScreen"),
    ("Setting up a search", f"{SCREENS}.setup", "SetupScreen"),
    ("Looking at data", f"{SCREENS}.data", "DataScreen"),
    ("Choosing a file", f"{SCREENS}.pick_file", "PickFile"),
    ("Choosing from a list", f"{SCREENS}.pick_names", "PickNames"),
    ("Exporting", f"{SCREENS}.export", "ExportDialog"),
    ("A question", f"{SCREENS}.confirm", "Confirm"),
    ("All commands", f"{SCREENS}.palette", "Palette"),
    ("Help", f"{SCREENS}.help", "Help"),
    ("Moving in a table", f"{WIDGETS}.live_table", "LiveTable"),
    ("Moving in a text", f"{WIDGETS}.scroll_lines", "ScrollLines"),
    ("Fields of a new search", f"{WIDGETS}.setting_list", "SettingList"),
    ("One of a few", f"{WIDGETS}.choice", "Choice"),
)
"""Name, module and class."""


def load_area(module: str, name: str) -> type[DOMNode]:
    """The class of an area; loads its module where that is new."""
    found: type[DOMNode] = getattr(import_module(module), name)
    return found


def keys_of(area: type[DOMNode]) -> list[Binding]:
    """What can be done there, as its class binds it."""
    return [binding for binding in area.BINDINGS if isinstance(binding, Binding)]
