"""What a family remembers, as named arrays: every field of its dataclasses under its own name."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_type_hints

import numpy as np

from nnsize_engine.errors import StoreError
from nnsize_engine.evolution.families.registry import family_named
from nnsize_engine.evolution.family_evolution import FamilyPopulation

_STATE = "state."
"""How the names of the fields of a family's state begin."""


def family_arrays(population: FamilyPopulation) -> dict[str, Any]:
    """Return the arrays of a family's population, and the name of the family as ``family``."""
    own = {field.name: np.asarray(getattr(population, field.name)) for field in _own_fields()}
    state = population.state
    learned = {f"{_STATE}{field.name}": np.asarray(getattr(state, field.name)) for field in fields(state)}
    return own | learned | {"family": np.array(population.family)}


def family_population(found: Mapping[str, Any]) -> FamilyPopulation:
    """Return the population that :func:`family_arrays` made arrays of.

    Raises:
        StoreError: the family has other fields now.
        SettingsError: there is no such family.
        KeyError: an array is missing.
    """
    state_class = _state_class(str(found["family"]))
    stored = {name.removeprefix(_STATE): value for name, value in found.items() if name.startswith(_STATE)}
    if set(stored) != {field.name for field in fields(state_class)}:
        raise StoreError("the strategy remembers other values in this version of nnsize")
    kinds = get_type_hints(state_class)
    own = get_type_hints(FamilyPopulation)
    return FamilyPopulation(
        state=state_class(**{name: _value(value, kinds[name]) for name, value in stored.items()}),
        **{field.name: _value(found[field.name], own[field.name]) for field in _own_fields()},
    )


def _own_fields() -> list[Any]:
    return [field for field in fields(FamilyPopulation) if field.name != "state"]


def _state_class(name: str) -> Any:
    """Return the class of a family's states: what its ``begin`` returns."""
    return get_type_hints(family_named(name).begin)["return"]


def _value(array: Any, kind: Any) -> Any:
    """Return a stored array as a value of its field: a number, a text, or the array."""
    return kind(array.item()) if kind in (int, float, bool, str) else array
