"""Settings as a run stores them: JSON text, also that of earlier versions."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.cluster import cluster_from_stored
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.run import Kind, RunSettings, by_kind, known_kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.series import stored_strategy
from nnsize_engine.settings.strategies import USUAL_P_BEST
from nnsize_engine.settings.table import table_from
from nnsize_engine.settings.typed import wrong_field
from nnsize_engine.settings.watched import WatchedSettings


def settings_to_json(settings: RunSettings) -> str:
    """Return settings as JSON text for storage."""
    return json.dumps(dataclasses.asdict(settings))


def settings_from_json(text: str, kind: str) -> RunSettings:
    """Read stored settings back.

    Raises:
        SettingsError: the text is no object of settings, a value is refused, or the kind is unknown.
    """
    make = _MAKE[known_kind(kind)]
    try:
        settings = make(json.loads(text))
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        raise SettingsError(f"the stored settings cannot be read ({error})") from error
    wrong = wrong_field(settings)
    if wrong is not None:
        raise SettingsError(f"the stored settings cannot be read ({wrong[0]} is {str(wrong[1])[:60]!r})")
    return settings


def search_from_stored(fields: dict[str, Any]) -> SizeSettings:
    """Make the settings of a search from a JSON object; earlier versions left the target as it was."""
    fields.setdefault("target_scale", "none")
    fields["further_scorings"] = tuple(fields.get("further_scorings", ()))
    network = NetworkParameters(**fields.pop("network", {}))
    grid = tuple((name, tuple(values)) for name, values in fields.pop("grid", ()))
    table, cluster = fields.pop("table", None), cluster_from_stored(fields.pop("cluster", None))
    return SizeSettings(
        **fields, cluster=cluster, table=None if table is None else table_from(table), network=network, grid=grid
    )


def evolution_from_stored(fields: dict[str, Any]) -> EvolutionSettings:
    """Make the settings of an evolution from a JSON object; earlier versions left the target as it was."""
    fields.setdefault("target_scale", "none")
    if fields.get("strategy") != "shade" and fields.get("p_best") == USUAL_P_BEST:
        fields["p_best"] = None  # earlier versions stored the default; it was a setting of shade too
    table, mutation = fields.pop("table", None), fields.pop("mutation", None)
    cluster = cluster_from_stored(fields.pop("cluster", None))
    compared = tuple(stored_strategy(one) for one in fields.pop("compared", ()))
    return EvolutionSettings(
        **fields,
        cluster=cluster,
        compared=compared,
        table=None if table is None else table_from(table),
        mutation=tuple(mutation) if isinstance(mutation, list) else mutation,  # JSON has no tuples
    )


def watched_from_stored(fields: dict[str, Any]) -> WatchedSettings:
    """Make what is known of a watched search from a JSON object."""
    lists = ("searched", "scorings", "score_names")  # JSON has no tuples
    return WatchedSettings(**fields | {name: tuple(fields[name]) for name in lists})


_MAKE: Mapping[Kind, Callable[[dict[str, Any]], RunSettings]] = by_kind(
    size=search_from_stored, evolution=evolution_from_stored, watched=watched_from_stored
)
"""Makes the settings of each kind from a stored JSON object."""
