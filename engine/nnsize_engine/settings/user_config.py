"""The path and the sections of the TOML file with a user's defaults."""

import os
import tomllib
from pathlib import Path
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import hint

EXPLORER = "explorer"
"""The section about screens and keys; the others are about runs."""

CLUSTER = "cluster"
"""The section about where runs of both kinds are computed."""

SECTIONS = ("size", "evolve", CLUSTER, EXPLORER)
"""The sections of the file; two of them have the names of the commands whose defaults they hold."""


def defaults_path() -> Path:
    """Return the path of a user's defaults: ``$NNSIZE_CONFIG``, or ``config.toml`` in the platform's folder."""
    chosen = os.environ.get("NNSIZE_CONFIG")
    if chosen:
        return Path(os.path.expanduser(chosen)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
    from platformdirs import user_config_path

    return user_config_path("nnsize") / "config.toml"


def has_defaults_file() -> bool:
    """Return whether the file of defaults exists.

    Raises:
        SettingsError: ``$NNSIZE_CONFIG`` names a file that does not exist.
    """
    path = defaults_path()
    if path.exists():
        return True
    if os.environ.get("NNSIZE_CONFIG"):
        raise SettingsError(f"there is no file {path}, which NNSIZE_CONFIG names; correct it or unset it")
    return False


def read_sections(path: Path) -> dict[str, dict[str, Any]]:
    """Return the sections of a user's file.

    Raises:
        SettingsError: the file cannot be read, or holds an unknown section or a value outside a section.
    """
    sections = read_toml(path)
    for name, section in sections.items():
        if name in SECTIONS:
            if not isinstance(section, dict):
                raise SettingsError(f"{name!r} in {path} is no section; write [{name}] and the settings below it")
        elif isinstance(section, dict):
            otherwise = "there are [size], [evolve], [cluster], [explorer] and [explorer.keys]"
            raise SettingsError(f"unknown section {name!r} in {path}; {hint(name, SECTIONS, otherwise=otherwise)}")
        else:
            raise SettingsError(
                f"{name!r} in {path} stands outside a section; put it below [size], [evolve], [cluster] or [explorer]"
            )
    return sections


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises:
        SettingsError: the file cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not a TOML file: it is not UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}") from error
