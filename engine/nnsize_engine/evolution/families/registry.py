"""Families of optimizers by name. The file of a family is named like it, with underscores."""

from importlib import import_module
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Family
from nnsize_engine.settings.strategies import FAMILIES


def family_named(name: str) -> Family[Any]:
    """Return a family by the name that users type.

    Raises:
        SettingsError: there is no such family.
    """
    if name not in FAMILIES:
        raise SettingsError(f"strategy {name!r} is no family of optimizers", field="strategy")
    family: Family[Any] = import_module(f"{__package__}.{name.replace('-', '_')}").FAMILY
    return family
