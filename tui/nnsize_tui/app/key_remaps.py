"""Check of the keys that a user chose: known actions, known keys, and no key with two actions on one screen."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from textual.binding import Binding
from textual.keys import Keys

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import hint
from nnsize_tui.app.keys import EVERYWHERE
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.help_areas import areas, keys_of
from nnsize_tui.terminal.key_bindings import remapped
from nnsize_tui.terminal.textual_private import key_of_character

KEY_SPELLINGS = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "return": "enter", "del": "delete"}
"""Usual spellings of keys, besides Textual's names."""

NAMES = frozenset(key.value for key in Keys) | {"ctrl+at"}
"""Textual's names of keys; the last one is ctrl+space on most terminals."""

GIVEN_UP = {"app.help", "app.explain"}
"""Actions of which the help may take a key from the other: files of earlier versions gave it F1."""


def check_key_remaps(table: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """Return the keys of the user, in Textual's names, by the id of their action.

    Raises:
        SettingsError: an action or a key is unknown, or a key would have two actions on one screen.
    """
    classes = [area for _, area in areas()]
    bound = [keys_of(area) for area in classes]
    known = sorted({str(binding.id) for area in (*bound, EVERYWHERE) for binding in area if binding.id})
    chosen: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if name not in known:
            raise SettingsError(f"there is no action {name!r}; {hint(name, known, otherwise=_all_like(name, known))}")
        chosen[name] = tuple(_key(key, name) for key in _texts(value, name))
    for area, bindings in zip(classes, bound, strict=True):
        # A modal screen hides the keys that work everywhere.
        _refuse_clashes([*bindings, *([] if issubclass(area, BaseDialog) else EVERYWHERE)], chosen)
    return MappingProxyType(chosen)


def _all_like(name: str, known: Sequence[str]) -> str:
    """Return a hint with the actions of the same area, or with all areas."""
    area = name.partition(".")[0]
    alike = [one for one in known if one.startswith(f"{area}.")]
    if alike:
        return f"those of {area} are {', '.join(alike)}"
    areas = dict.fromkeys(one.partition(".")[0] for one in known)
    return f"actions begin with {', '.join(f'{area}.' for area in areas)} and run.pause is one"


def _texts(value: Any, name: str) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise SettingsError(f'the key of {name!r} is {value!r}; it must be a text such as "f5", or a list of them')
    return [key for text in texts for key in ([text] if len(text) == 1 else text.split(","))]


def _key(text: str, name: str) -> str:
    """Return a key in Textual's names."""
    text = text if len(text) == 1 else text.strip()
    if len(text) == 1 and text.isprintable():
        return "space" if text == " " else key_of_character(text)
    key = KEY_SPELLINGS.get(text.lower(), text.lower())
    if key in NAMES:
        return key
    raise SettingsError(f"the key of {name!r} is {text!r}, which is no key; write a, A, ?, f5, ctrl+a, up or pgup")


def _refuse_clashes(area: Sequence[Binding], chosen: Mapping[str, Any]) -> None:
    """Refuse a key with two actions, unless they share it by default because they are never active together."""
    here: dict[str, Binding] = {}
    for before in area:
        after = remapped(before, chosen)
        for key in after.key.split(","):
            other = here.setdefault(key, after)
            is_new = before.id in chosen or other.id in chosen
            is_given_up = {other.id, after.id} == GIVEN_UP
            if is_new and other.id != after.id and not is_given_up and not _share(other, after, area):
                raise SettingsError(f"the key {key!r} would be both {other.id!r} and {after.id!r}; choose another one")


def _share(one: Binding, other: Binding, area: Sequence[Binding]) -> bool:
    """Return whether two actions share a key by default."""
    keys = {str(binding.id): set(binding.key.split(",")) for binding in area}
    return bool(keys.get(str(one.id), set()) & keys.get(str(other.id), set()))
