"""Saved state of the explorer: the theme chosen last, in a file of its own, as the user's file is never changed."""

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
    try:
        fields = json.loads(state_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(fields, dict) or fields.get("configured") != configured:
        return None
    theme = fields.get("theme")
    return theme if isinstance(theme, str) else None


def save_theme(theme: str, configured: str | None) -> None:
    """Save the theme for the next start; ignore a folder that cannot be written."""
    path = state_path()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"theme": theme, "configured": configured}), encoding="utf-8")
        part.replace(path)
