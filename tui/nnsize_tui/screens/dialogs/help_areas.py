"""The parts of the explorer that have keys of their own, with their titles in the help. Loaded on demand."""

import pkgutil
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType

from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from nnsize_tui.widgets.canvas import Canvas

PACKAGES = ("nnsize_tui.screens", "nnsize_tui.widgets")

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "HomeScreen": "All runs",
        "SearchScreen": "An open search",
        "WatchedScreen": "A watched search of scikit-learn",
        "EvolutionScreen": "An open evolution",
        "StrategiesScreen": "An open comparison of strategies",
        "SetupScreen": "Setting up a run",
        "DataScreen": "Looking at data",
        "CompareScreen": "Comparing runs",
        "ExportDialog": "Exporting",
        "ExtendDialog": "Extending a search",
        "SaveSettings": "Saving settings",
        "PickFile": "Choosing a file",
        "PickNames": "Choosing from a list",
        "LabelDialog": "Naming a run",
        "Confirm": "A question",
        "Palette": "The list of commands",
        "Help": "Help",
        "LiveTable": "Moving in a table",
        "RunTable": "Filtering a table",
        "CompareTable": "Moving in a comparison",
        "ScrollLines": "Moving in a text",
        "SettingList": "Fields of a new run",
        "Choice": "One of a few",
    }
)
"""The title of each class, in the order of the help. A class without a title comes last, by its name."""


@cache
def areas() -> Sequence[tuple[str, type[Widget]]]:
    """Return the title and the class of each part. Loads every screen."""
    found: dict[str, type[Widget]] = {}
    for package in PACKAGES:
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            loaded = import_module(module.name)
            for name, value in vars(loaded).items():
                if _is_area(value) and value.__module__ == loaded.__name__:
                    found[name] = value
    order = [*(name for name in TITLES if name in found), *sorted(found.keys() - TITLES.keys())]
    listed: set[str | None] = set()
    kept = []
    for name in order:
        keys = {binding.id for binding in keys_of(found[name])}
        if name in TITLES or not keys <= listed:  # leave out a second table with the same keys
            kept.append((TITLES.get(name) or _words(name), found[name]))
        listed |= keys
    return tuple(kept)


def _is_area(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Screen | Canvas) and bool(value.__dict__.get("BINDINGS"))


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def keys_of(area: type[Widget]) -> list[Binding]:
    """Return the keys that a class binds."""
    return [binding for binding in area.BINDINGS if isinstance(binding, Binding)]
