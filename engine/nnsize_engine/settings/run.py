"""The settings of a run of either kind, to JSON and back."""

import dataclasses
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import table_from

Kind = Literal["size", "evolution"]
"""What a run computes."""

STEP_NAMES: Mapping[Kind, str] = MappingProxyType({"size": "fit", "evolution": "generation"})
"""What a run of each kind consists of; what its header counts."""

RunSettings = SizeSettings | EvolutionSettings


def kind_of(settings: RunSettings) -> Kind:
    """Return the kind of run that settings are for."""
    return "size" if isinstance(settings, SizeSettings) else "evolution"


def settings_to_json(settings: RunSettings) -> str:
    """Return settings as the JSON object that a run stores."""
    return json.dumps(dataclasses.asdict(settings))


def settings_from_json(text: str, kind: str = "size") -> RunSettings:
    """Read stored settings back.

    Raises:
        SettingsError: the text is no such object, a value is refused, or the kind is unknown.
    """
    try:
        fields = json.loads(text)
        if fields.get("table") is not None:
            fields["table"] = table_from(fields["table"])
        if kind == "size":
            network = NetworkParameters(**fields.pop("network", {}))
            grid = tuple((name, tuple(values)) for name, values in fields.pop("grid", ()))
            return SizeSettings(**fields, network=network, grid=grid)
        if kind == "evolution":
            if isinstance(fields.get("mutation"), list):  # JSON knows no tuples
                fields["mutation"] = tuple(fields["mutation"])
            return EvolutionSettings(**fields)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise SettingsError(f"the stored settings cannot be read ({error})") from error
    raise SettingsError(f"the run is of kind {kind!r}; this nnsize knows size and evolution")
