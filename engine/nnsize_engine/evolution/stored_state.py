"""What a family remembers, as named arrays: every field of its dataclasses under its own name."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_type_hints

import numpy as np

from nnsize_engine.errors import StoreError
from nnsize_engine.evolution.families.registry import family_named, local_family_named
from nnsize_engine.evolution.family_evolution import FamilyPopulation
from nnsize_engine.evolution.local_evolution import LocalPopulation
from nnsize_engine.settings.strategies import FAMILIES

_STATE = "state."
"""How the names of the fields of a family's state begin."""


def family_arrays(population: FamilyPopulation | LocalPopulation) -> dict[str, Any]:
    """Return the arrays of a family's population, and the name of the family as ``family``."""
    own = {name: np.asarray(getattr(population, name)) for name in _own_fields(type(population))}
    state = population.state
    learned = {f"{_STATE}{field.name}": np.asarray(getattr(state, field.name)) for field in fields(state)}
    return own | learned | {"family": np.array(population.family)}


def family_population(found: Mapping[str, Any]) -> FamilyPopulation | LocalPopulation:
    """Return the population that :func:`family_arrays` made arrays of.

    Raises:
        StoreError: the family has other fields now.
        SettingsError: there is no such family.
        KeyError: an array is missing.
    """
    name = str(found["family"])
    is_local = name in FAMILIES and FAMILIES[name].changes_one_weight
    family = local_family_named(name) if is_local else family_named(name)
    population_class = LocalPopulation if is_local else FamilyPopulation
    kinds = get_type_hints(get_type_hints(family.begin)["return"])
    stored = {name.removeprefix(_STATE): value for name, value in found.items() if name.startswith(_STATE)}
    if set(stored) != set(kinds):
        raise StoreError("the strategy remembers other values in this version of nnsize")
    state = get_type_hints(family.begin)["return"](
        **{name: _value(value, kinds[name]) for name, value in stored.items()}
    )
    own = get_type_hints(population_class)
    return population_class(
        state=state, **{name: _value(found[name], own[name]) for name in _own_fields(population_class)}
    )


def _own_fields(population_class: type[FamilyPopulation] | type[LocalPopulation]) -> list[str]:
    return [field.name for field in fields(population_class) if field.name != "state"]


def _value(array: Any, kind: Any) -> Any:
    """Return a stored array as a value of its field: a number, a text, or the array."""
    return kind(array.item()) if kind in (int, float, bool, str) else array
