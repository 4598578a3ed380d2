"""Families of optimizers by name. The file of a family is named like it, with underscores."""

from importlib import import_module
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Family
from nnsize_engine.evolution.families.local_family import LocalFamily
from nnsize_engine.settings.strategies import FAMILIES


def family_named(name: str) -> Family[Any]:
    """Return a family that makes whole trials, by the name that users type.

    Raises:
        SettingsError: there is no such family.
    """
    family: Family[Any] = _found(name, changes_one_weight=False)
    return family


def local_family_named(name: str) -> LocalFamily[Any]:
    """Return a family that changes one weight at a time, by the name that users type.

    Raises:
        SettingsError: there is no such family.
    """
    family: LocalFamily[Any] = _found(name, changes_one_weight=True)
    return family


def _found(name: str, *, changes_one_weight: bool) -> Any:
    if name not in FAMILIES or FAMILIES[name].changes_one_weight != changes_one_weight:
        kind = "family that changes one weight at a time" if changes_one_weight else "family of optimizers"
        raise SettingsError(f"strategy {name!r} is no {kind}", field="strategy")
    return import_module(f"{__package__}.{name.replace('-', '_')}").FAMILY
