"""The section ``[cluster]`` of a user's defaults, which both kinds of run take."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import hint
from nnsize_engine.settings.command_options import CLUSTER_OPTIONS, Options
from nnsize_engine.settings.option_names import field_of_option
from nnsize_engine.settings.option_values import EXPECTED, read_value
from nnsize_engine.settings.user_config import CLUSTER

_OPTION_OF_KEY: Mapping[str, str] = MappingProxyType({"where": "cluster", "workers": "workers", "wait": "cluster-wait"})
"""The option of the command line that each key of the section stands for."""


def cluster_defaults(section: Mapping[str, Any], path: Path) -> Options:
    """Return the options that the section stands for; empty without one.

    Raises:
        SettingsError: it holds an unknown key or a wrong value.
    """
    found = {}
    for key, value in section.items():
        if key not in _OPTION_OF_KEY:
            remedy = hint(key, _OPTION_OF_KEY, otherwise=f"there are {', '.join(_OPTION_OF_KEY)}")
            raise SettingsError(f"unknown setting {key!r} in [{CLUSTER}] of {path}; {remedy}")
        option = _OPTION_OF_KEY[key]
        read = read_value(value, CLUSTER_OPTIONS[option])
        if read is None:
            kind = CLUSTER_OPTIONS[option]
            raise SettingsError(
                f"{key} in [{CLUSTER}] of {path} is {value!r}; it must be {EXPECTED[kind]}",
                field=field_of_option(option),
            )
        found[option] = read
    return found
