"""A draft that was left before its run was started: as it is saved, and as it is read back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nnsize_engine.settings.run import Kind
from nnsize_engine.text import moment_text
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.form import FORMS

MAX_TEXT_LETTERS = 10_000  # of a field; a list of a thousand columns has as many


def draft_fields(draft: Draft) -> dict[str, Any]:
    """Return a draft as JSON has it."""
    return {"values": dict(draft.values), "real": dict(draft.real)}


def draft_from_fields(kind: Kind, fields: Mapping[str, Any]) -> Draft | None:
    """Return a draft that was saved, without what no field of this version takes; None if nothing is left."""
    known = FORMS[kind].by_key
    values = {key: text for key, text in _texts(fields.get("values")).items() if key in known and text.isprintable()}
    if not values:
        return None
    real = {spelt: path for spelt, path in _texts(fields.get("real")).items() if spelt == values.get("data")}
    return Draft(kind=kind, values=MappingProxyType(values), real=MappingProxyType(real))


def _texts(found: object) -> dict[str, str]:
    if not isinstance(found, dict):
        return {}
    return {
        key: text for key, text in found.items() if isinstance(text, str) and len(text) <= MAX_TEXT_LETTERS
    }  # JSON has no keys but texts


def is_half_filled(draft: Draft, begun: Draft) -> bool:
    """Return whether a draft differs from the one that it began with."""
    return draft.kind != begun.kind or draft.texts != begun.texts


def back_words(saved: float, key: str) -> str:
    """Return what is said of a draft that is back, with the key that begins anew."""
    moment = moment_text(saved)
    shown = moment if "-" in moment else moment.rpartition(":")[0]
    return f"Your draft of {shown} is back; {key} begins anew."
