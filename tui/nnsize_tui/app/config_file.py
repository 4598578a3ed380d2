"""Settings of the explorer in the user's file: section ``[explorer]``, after the defaults of runs."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import hint
from nnsize_engine.settings.user_config import EXPLORER, defaults_path, has_defaults_file, read_sections
from nnsize_tui.app.config import SETTINGS, ExplorerConfig
from nnsize_tui.terminal.themes import CHOICES
from nnsize_tui.text.settings_help import MAX_REFRESH_SECONDS, MIN_REFRESH_SECONDS


def read_explorer_config() -> ExplorerConfig:
    """Read the settings of the explorer from the user's file; return the defaults if there is no file.

    Raises:
        SettingsError: the file cannot be read, or a setting is unknown or has a wrong value.
    """
    if not has_defaults_file():
        return ExplorerConfig()
    path = defaults_path()
    section = read_sections(path).get(EXPLORER, {})
    for name in section:
        if name not in SETTINGS:
            way_out = hint(name, SETTINGS, otherwise=f"there are {', '.join(SETTINGS)}")
            raise SettingsError(f"unknown setting {name!r} below [{EXPLORER}] in {path}; {way_out}")
    return ExplorerConfig(
        theme=_theme(section.get("theme"), path),
        refresh=_refresh(section.get("refresh"), path),
        bell=_switch(section, "bell", False, path),
        notify=_switch(section, "notify", False, path),
        mouse=_switch(section, "mouse", True, path),
        keys=_keys(section["keys"], path) if "keys" in section else MappingProxyType({}),
    )


def _theme(value: Any, path: Path) -> str | None:
    if value is None or (isinstance(value, str) and value in CHOICES):
        return value
    raise SettingsError(f"theme in {path} is {value!r}; it must be one of {', '.join(CHOICES)}", field="theme")


def _refresh(value: Any, path: Path) -> float | None:
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not MIN_REFRESH_SECONDS <= value <= MAX_REFRESH_SECONDS:
        raise SettingsError(
            f"refresh in {path} is {value!r}; it must be a number of seconds from {MIN_REFRESH_SECONDS:g} "
            f"to {MAX_REFRESH_SECONDS:g}",
            field="refresh",
        )
    return float(value)


def _switch(section: Mapping[str, Any], name: str, usual: bool, path: Path) -> bool:
    value = section.get(name, usual)
    if not isinstance(value, bool):
        raise SettingsError(f"{name} in {path} is {value!r}; it must be true or false", field=name)
    return value


def _keys(table: Any, path: Path) -> Mapping[str, tuple[str, ...]]:
    from nnsize_tui.app.key_remaps import check_key_remaps  # loads every screen

    if not isinstance(table, dict):
        raise SettingsError(
            f'keys in {path} is {table!r}; write [{EXPLORER}.keys] and lines such as run.pause = "f5"', field="keys"
        )
    try:
        return check_key_remaps(dict(_flat(table)))
    except SettingsError as error:
        raise SettingsError(f"{error} (below [{EXPLORER}.keys] in {path})", field="keys") from error


def _flat(table: Mapping[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    """Yield keys with dots: TOML reads ``run.pause`` as a table in a table."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
