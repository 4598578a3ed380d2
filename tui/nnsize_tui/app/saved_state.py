"""Saved state of the explorer, in a file of its own, as the user's file is never changed.

It holds the theme chosen last, the pictures side by side and the borders of panes.
"""

import contextlib
import json
import os
from pathlib import Path


def state_path() -> Path:
    """Return the path of the file, in the platform's folder for state."""
    from platformdirs import user_state_path

    return user_state_path("nnsize") / "explorer.json"


def saved_theme(configured: str | None) -> str | None:
    """Return the theme chosen last; None if there is none, or if the theme in the user's file has changed since."""
    fields = _fields()
    if fields.get("configured") != configured:
        return None
    theme = fields.get("theme")
    return theme if isinstance(theme, str) else None


def save_theme(theme: str, configured: str | None) -> None:
    """Save the theme for the next start; ignore a folder that cannot be written."""
    _save({"theme": theme, "configured": configured})


def saved_value(name: str) -> object:
    """Return what was saved under a name, as JSON has it, which anyone may have edited; None if there is nothing."""
    return _fields().get(name)


def save_value(name: str, value: object) -> None:
    """Save a value for the next start; ignore a folder that cannot be written."""
    _save({name: value})


def _fields() -> dict[str, object]:
    try:
        fields = json.loads(state_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _save(changed: dict[str, object]) -> None:
    path = state_path()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        fields = _fields() | changed
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(fields), encoding="utf-8")
        part.replace(path)
