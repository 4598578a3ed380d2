"""Settings in TOML files: the file of a run, and the defaults of a user.

Both hold settings by option of the command line, with the same texts: ``neurons = "5:100:2"``,
``alpha = "log:1e-5:1e-1:5"``. The file of a run holds all choices of its user and no inferred facts. A user's
``config.toml`` holds defaults in one section per command.
"""

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli_w

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import hint
from nnsize_engine.settings.cluster import ClusterSettings, wait_option
from nnsize_engine.settings.cluster_defaults import cluster_defaults
from nnsize_engine.settings.command_options import CLUSTER_OPTIONS, COMMANDS, KINDS, OPTIONS, Command, Options
from nnsize_engine.settings.cost_matrix import is_inline
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import parse_fitness
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.option_names import field_of_option, option_of_field, own_option
from nnsize_engine.settings.option_values import EXPECTED, Value, ValueKind, read_value
from nnsize_engine.settings.parameter_grid import value_text, values_text
from nnsize_engine.settings.python_function import located
from nnsize_engine.settings.run import Kind, RunSettings, by_started_kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_address import is_address
from nnsize_engine.settings.table_choice import OPENML, TableChoice
from nnsize_engine.settings.user_config import (
    CLUSTER,
    SECTIONS,
    defaults_path,
    has_defaults_file,
    read_sections,
    read_toml,
)
from nnsize_engine.text import escape_text

DEFAULTS_SWITCH = "defaults"
"""Option in the file of a run; false ignores the user's defaults, so that the file alone decides."""

_EITHER_OR = (frozenset({"popsize", "members"}),)
"""Options that set the same thing in different ways; one of them replaces the others."""

_SYNONYMS: Mapping[str, str] = MappingProxyType({"labels": "categorical"})
"""Options of the command line that have a second name."""

_NEGATED: Mapping[str, str] = MappingProxyType({"month-first": "day-first"})
"""Options of the command line that a file writes as false."""


def read_defaults(command: Command) -> Options:
    """Return a user's defaults for a command; empty without a file.

    Raises:
        SettingsError: the file cannot be read, or holds an unknown setting or a wrong value.
    """
    path = defaults_path()
    if not has_defaults_file():
        return {}
    sections = read_sections(path)
    checked = {one: _checked(sections.get(one, {}), one, path) for one in OPTIONS}
    cluster = cluster_defaults(sections.get(CLUSTER, {}), path)
    return merge(cluster, checked[command])


def read_config(path: Path, command: Command) -> tuple[Options, bool]:
    """Return the settings in the file of a run, and whether the user's defaults apply too.

    Paths in the file are relative to its folder.

    Raises:
        SettingsError: the file cannot be read, is for the other kind of run, or holds an unknown setting or a wrong
            value.
    """
    fields = read_toml(path)
    for name, value in fields.items():
        if isinstance(value, dict):
            raise SettingsError(
                f"{path} has a section [{name}], but the file of a run has none; write its settings without that line"
                + (f", or into {defaults_path()} if they are meant for all runs" if name in SECTIONS else "")
            )
    kind = fields.pop("kind", KINDS[command])
    if kind != KINDS[command]:
        right = next((one for of_kind, one in COMMANDS.items() if of_kind == kind), None)
        if right is None:
            raise SettingsError(f"kind in {path} is {kind!r}; it must be {' or '.join(map(repr, COMMANDS))}")
        raise SettingsError(f"{path} is for a run of kind {kind!r}; start it with: nnsize {right} --config")
    has_defaults = fields.pop(DEFAULTS_SWITCH, True)
    if not isinstance(has_defaults, bool):
        raise SettingsError(f"{DEFAULTS_SWITCH} in {path} is {has_defaults!r}; it must be true or false")
    return _checked(fields, command, path), has_defaults


def kind_in(path: Path) -> Kind | None:
    """Return the kind of run in a file; None if the file has no kind.

    Raises:
        SettingsError: the file cannot be read, or is no TOML.
    """
    kind = read_toml(path).get("kind")
    return next((one for one in COMMANDS if one == kind), None)


def merge(*layers: Options) -> dict[str, Value]:
    """Merge options; later layers replace earlier ones."""
    merged: dict[str, Value] = {}
    for layer in layers:
        for names in _EITHER_OR:
            if not names.isdisjoint(layer):
                merged = {name: value for name, value in merged.items() if name not in names}
        if "cluster" in layer:  # its workers are others
            merged = {name: value for name, value in merged.items() if name not in CLUSTER_OPTIONS}
        merged |= layer
    return merged


def config_text(settings: RunSettings, comments: Sequence[str] = ()) -> str:
    """Return a TOML file that starts the same run again with any defaults of the user; comments come first."""
    fields: dict[str, object] = {"kind": settings.kind, DEFAULTS_SWITCH: False, **options_of(settings)}
    return "".join(f"# {escape_text(line)}\n" for line in comments) + _harmless(tomli_w.dumps(fields))


def _harmless(document: str) -> str:
    """Return a TOML document in which no sign can control a terminal: such signs, all in texts, become its escapes.

    The bytes of a path that is not UTF-8 stay; TOML has no escape for them.
    """
    if document.replace("\n", "").isprintable():
        return document
    return "".join(
        sign if sign == "\n" or sign.isprintable() or 0xD800 <= ord(sign) < 0xE000 else f"\\U{ord(sign):08X}"
        for sign in document
    )


def options_of(settings: RunSettings) -> dict[str, Value]:
    """Return the options that give these settings, without network parameters that have scikit-learn's defaults."""
    left_out = {"table", "network", "grid", "compared", "cluster"}
    own = {
        field.name: getattr(settings, field.name)
        for field in dataclasses.fields(settings)
        if field.name not in left_out
    }
    own = _CHOSEN[settings.kind](settings, own)
    named = {option_of_field(name): value for name, value in own.items()}
    if settings.table is not None:
        named |= _options_of_table(settings.table.choice)
    if settings.cluster is not None:
        named |= _options_of_cluster(settings.cluster)
    kinds = OPTIONS[COMMANDS[settings.kind]]
    return {name: _as_option(value, kinds[name]) for name, value in named.items() if value is not None}


def _chosen_of_search(settings: SizeSettings, own: dict[str, Any]) -> dict[str, Any]:
    """Write the folds as one text, and add the network's parameters that are searched or no default of scikit-learn."""
    usual, given = NetworkParameters().as_dict(), settings.network.as_dict()
    if own.pop("splitter"):  # one text names the splitter, the folds and their rounds
        del own["fold_rounds"]
        own["cv"] = settings.folds_text
    del own["further_scorings"]
    own["scoring"] = ",".join(settings.scorings)
    own = own | {name: value for name, value in given.items() if value != usual[name]}
    return own | {name: values_text(values) for name, values in settings.grid}


def _chosen_of_evolution(settings: EvolutionSettings, own: dict[str, Any]) -> dict[str, Any]:
    """Leave out the popsize if the members are given; of a comparison write what was given for all strategies."""
    if settings.compared:
        from nnsize_engine.settings.strategy_comparison import OWN, own_settings

        shared = {name: value for name, value in own.items() if name not in OWN}
        return shared | own_settings(settings) | {"strategy": ",".join(one.name for one in settings.compared)}
    return {name: value for name, value in own.items() if name != "popsize" or settings.members is None}


_CHOSEN: Mapping[Kind, Callable[[Any, dict[str, Any]], dict[str, Any]]] = by_started_kind(
    size=_chosen_of_search, evolution=_chosen_of_evolution
)
"""Turns the fields of each kind of settings into those that a user chose."""


def _options_of_cluster(cluster: ClusterSettings) -> dict[str, object]:
    found = {"cluster": cluster.where, "workers": cluster.workers_text or None, "cluster-wait": wait_option(cluster)}
    return {name: value for name, value in found.items() if value is not None}


def _options_of_table(choice: TableChoice) -> dict[str, object]:
    fields = {field.name: getattr(choice, field.name) for field in dataclasses.fields(choice)}
    if fields.pop("has_old_reading") and choice.missing:
        fields["missing"] = choice.missing_texts  # all of them, because a file names the whole list
    fields["data"] = fields.pop("source")
    fields = {option_of_field(name): value for name, value in fields.items()}
    # A list of one text is written as the text.
    lists = {name: list(value) for name, value in fields.items() if isinstance(value, tuple) and value}
    one_each = {name: texts[0] if len(texts) == 1 else texts for name, texts in lists.items()}
    return {name: value for name, value in fields.items() if not isinstance(value, tuple)} | one_each


def _as_option(value: Any, kind: ValueKind) -> Value:
    """Return the value of a setting for TOML; texts are those of the command line."""
    if kind == "text" and isinstance(value, tuple):  # a range of mutations
        return ":".join(value_text(end) for end in value)
    if kind == "number":
        return float(value)
    checked: Value = value
    return checked


def _checked(fields: Mapping[str, Any], command: Command, path: Path) -> dict[str, Value]:
    """Return the settings of a file after a check of names and kinds of values."""
    known = OPTIONS[command]
    checked: dict[str, Value] = {}
    names: dict[str, str] = {}
    for given, value in fields.items():
        name = _own_name(given, command)
        if name in checked:
            raise SettingsError(f"{path} has both {names[name]!r} and {given!r}, which are the same; leave one out")
        if name not in known:
            raise _unknown(given, command, path)
        found = read_value(value, known[name])
        if found is None:
            raise SettingsError(
                f"{given} in {path} is {value!r}; it must be {EXPECTED[known[name]]}", field=field_of_option(name)
            )
        checked[name], names[name] = found, given
    if "data" in checked:
        checked["data"] = _relative_to(str(checked["data"]), path, unless=(*BUILTIN, OPENML))
    if str(checked.get("init", "")).endswith(".npy"):
        checked["init"] = _relative_to(str(checked["init"]), path)
    if "cost" in checked and not is_inline(str(checked["cost"])):
        checked["cost"] = _relative_to(str(checked["cost"]), path)
    if parse_fitness(str(checked.get("fitness", ""))).kind == "function":
        checked["fitness"] = located(str(checked["fitness"]), path.absolute().parent)
    return checked


def _own_name(given: str, command: Command) -> str:
    """Return the option that a setting of a file means, which may have any name that the command line takes."""
    name = own_option(command, given)
    return _SYNONYMS.get(name, name)


def _unknown(name: str, command: Command, path: Path) -> SettingsError:
    """Return the error for a setting that a command does not have."""
    plain = name.lower().replace("_", "-")
    other = next(one for one in OPTIONS if one != command)
    if plain in OPTIONS[other] and plain not in OPTIONS[command]:
        return SettingsError(
            f"{name!r} in {path} is a setting of nnsize {other}, not of nnsize {command}; leave it out"
        )
    ours = _NEGATED.get(plain)
    if ours is not None:
        return SettingsError(f"unknown setting {name!r} in {path}; it is called {ours!r} here")
    remedy = hint(name, OPTIONS[command], otherwise=f"nnsize {command} --help lists them all")
    return SettingsError(f"unknown setting {name!r} in {path}; {remedy}")


def _relative_to(name: str, path: Path, unless: tuple[str, ...] = ()) -> str:
    """Return the absolute path of a name that is relative to the folder of a file; names in ``unless`` stay."""
    if any(name == other or (other == OPENML and name.startswith(OPENML)) for other in unless) or is_address(name):
        return name
    return str(path.absolute().parent / Path(os.path.expanduser(name)))  # noqa: PTH111
