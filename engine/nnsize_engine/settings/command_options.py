"""The options of each command that are settings, and what each may hold in a TOML file."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.option_values import Value, ValueKind
from nnsize_engine.settings.parameter_grid import DEFAULTS
from nnsize_engine.settings.precision import Precision
from nnsize_engine.settings.run import Kind, by_started_kind
from nnsize_engine.settings.target_scale import TargetScale

Command = Literal["size", "evolve"]
"""The command that starts a run, and its section in a user's defaults."""

COMMANDS: Mapping[Kind, Command] = by_started_kind(size="size", evolution="evolve")
"""The command that starts each kind of run."""

KINDS: Mapping[Command, Kind] = MappingProxyType({command: kind for kind, command in COMMANDS.items()})
"""The kind of run that each command starts, as written in the file of a run."""

Options = Mapping[str, Value]
"""Values by option, with dashes."""

TABLE_OPTIONS: Mapping[str, ValueKind] = MappingProxyType(
    {
        "target": "texts",
        "task": "text",
        "ignore": "texts",
        "categorical": "texts",
        "missing": "texts",
        "positive": "text",
        "sample-weight": "text",
        "separator": "text",
        "decimal": "text",
        "thousands": "text",
        "day-first": "switch",
        "date-format": "text",
        "encoding": "text",
        "header": "text",
        "skip": "integer",
        "comment": "text",
        "rows": "integer",
        "groups": "text",
        "order-by": "text",
        "fitness-groups": "text",
        "keep-na": "switch",
        "min-class-rows": "integer",
        "other": "switch",
        "strict": "switch",
    }
)
"""Options about a user's table."""

_SIZE_OPTIONS: Mapping[str, ValueKind] = MappingProxyType(
    {
        "data": "text",
        "neurons": "text",
        "max-neurons": "integer",
        "race": "switch",
        "cv": "folds",
        "fold-rounds": "integer",
        "repeats": "integer",
        "references": "switch",
        "scoring": "text",
        "seed": "integer",
        "test-size": "text",
        "split-seed": "integer",
        "stratify": "switch",
        "target-scale": "text",
        "scaler": "text",
        "class-weight": "text",
        "jobs": "integer",
        "precision": "text",
    }
)

CLUSTER_OPTIONS: Mapping[str, ValueKind] = MappingProxyType(
    {"cluster": "text", "workers": "text", "cluster-wait": "number"}
)
"""Options about the cluster of a run, which both kinds of run take."""

_EVOLUTION_KINDS: Mapping[str, ValueKind] = MappingProxyType(
    {
        "int": "integer",
        "int | None": "integer",
        "float": "number",
        "float | None": "number",
        "bool": "switch",
        "str": "text",
        "str | None": "text",
        "Precision": "text",
        str(TargetScale | None): "text",
        "float | int": "text",  # test-size: a fraction, or a number of rows
        "float | tuple[float, float] | None": "text",  # mutation: a number, or a range
    }
)
"""The kind of value of an option of an evolution, by the type of its field."""


def _options_of_search() -> Mapping[str, ValueKind]:
    searched: dict[str, ValueKind] = {option_of_field(name): "values" for name in DEFAULTS}
    return MappingProxyType({**_SIZE_OPTIONS, **CLUSTER_OPTIONS, **searched, **TABLE_OPTIONS})


def _options_of_evolution() -> Mapping[str, ValueKind]:
    names = {
        option_of_field(field.name): _EVOLUTION_KINDS[_type_name(field)]
        for field in dataclasses.fields(EvolutionSettings)
        if field.name not in ("table", "compared", "cluster")
    }
    return MappingProxyType({**names, **CLUSTER_OPTIONS, **TABLE_OPTIONS})


def _type_name(field: "dataclasses.Field[Any]") -> str:
    if isinstance(field.type, type):
        return field.type.__name__
    return "Precision" if field.type == Precision else str(field.type)


OPTIONS: Mapping[Command, Mapping[str, ValueKind]] = MappingProxyType(
    {"size": _options_of_search(), "evolve": _options_of_evolution()}
)
"""The options of each command that are settings, with the kind of their values."""
