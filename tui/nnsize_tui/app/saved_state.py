"""Saved state of the explorer: the theme chosen last, drafts of new runs, pictures side by side, borders of panes.

It is a file of its own, because the user's settings file is never changed. Whatever stands in it, of an earlier version
or of somebody else, the explorer starts: what it does not know is left alone, what it cannot use counts as nothing.
"""

import contextlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnsize_engine.processes.private_files import make_private, new_private_file

MAX_STATE_BYTES = 1_000_000  # of the file: a draft has a few hundred bytes


def state_path() -> Path:
    """Return the path of the file, in the platform's folder for state."""
    from platformdirs import user_state_path

    return user_state_path("nnsize") / "explorer.json"


def saved_theme(configured: str | None) -> str | None:
    """Return the theme chosen last; None if there is none, or if the theme in the user's file has changed since."""
    fields = _read()
    if fields.get("configured") != configured:
        return None
    theme = fields.get("theme")
    return theme if isinstance(theme, str) else None


def save_theme(theme: str, configured: str | None) -> None:
    """Save the theme for the next start; ignore a folder that cannot be written."""
    _write({**_read(), "theme": theme, "configured": configured})


def saved_draft(kind: str) -> tuple[Mapping[str, Any], float] | None:
    """Return the fields of the draft of a kind of run that was left half-filled, and when; None if there is none."""
    draft = _drafts(_read()).get(kind)
    if not isinstance(draft, dict):
        return None
    fields, saved = draft.get("fields"), draft.get("saved")
    if not isinstance(fields, dict) or not isinstance(saved, int | float) or not 0 <= saved <= time.time():
        return None
    return fields, saved


def save_draft(kind: str, fields: Mapping[str, Any] | None) -> None:
    """Save the fields of a draft for the next start, or forget them; ignore a folder that cannot be written."""
    state = _read()
    drafts = {key: value for key, value in _drafts(state).items() if key != kind}
    if fields is not None:
        drafts[kind] = {"fields": fields, "saved": time.time()}
    if drafts != state.get("drafts", {}):
        _write({**state, "drafts": drafts})


def saved_value(name: str) -> object:
    """Return what was saved under a name, as JSON has it, which anyone may have edited; None if there is nothing."""
    return _read().get(name)


def save_value(name: str, value: object) -> None:
    """Save a value for the next start; ignore a folder that cannot be written."""
    _write({**_read(), name: value})


def _drafts(state: Mapping[str, Any]) -> Mapping[str, Any]:
    drafts = state.get("drafts")
    return drafts if isinstance(drafts, dict) else {}


def _read() -> Mapping[str, Any]:
    """Return all that is saved; nothing if the file is missing, too large, or no object."""
    try:
        with state_path().open("rb") as file:
            content = file.read(MAX_STATE_BYTES + 1)
        fields = json.loads(content) if len(content) <= MAX_STATE_BYTES else None
    except (OSError, ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _write(fields: Mapping[str, Any]) -> None:
    path = state_path()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        make_private(path.parent)
        part.unlink(missing_ok=True)
        with os.fdopen(new_private_file(part), "w", encoding="utf-8") as file:
            json.dump(fields, file)
        part.replace(path)
