"""What the explorer remembers by itself, in a small file of its own; the user's file is the user's."""

import contextlib
import json
import os
from pathlib import Path


def state_path() -> Path:
    """In the platform's folder for what programs remember."""
    from platformdirs import user_state_path

    return user_state_path("nnsize") / "explorer.json"


def saved_theme(configured: str | None) -> str | None:
    """The theme taken last, unless the user's file names another one since; None where none was taken."""
    try:
        fields = json.loads(state_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(fields, dict) or fields.get("configured") != configured:
        return None
    theme = fields.get("theme")
    return theme if isinstance(theme, str) else None


def save_theme(theme: str, configured: str | None) -> None:
    """Begin with this theme the next time; where nothing can be written, with the usual one."""
    path = state_path()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"theme": theme, "configured": configured}), encoding="utf-8")
        part.replace(path)
