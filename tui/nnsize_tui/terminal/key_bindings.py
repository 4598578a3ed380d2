"""Keys of a screen or widget: read from its bindings, and remapped as a user chose.

Textual's own keymap does not fit: if two actions share a key, as pause and resume do, remapping one takes the key away
from the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual.binding import Binding
from textual.dom import DOMNode

from nnsize_tui.terminal.textual_private import keys_of

Keys = Mapping[str, Sequence[str]]
"""Keys that a user chose, in Textual's names, by the id of their action."""

INHERITED: Mapping[str, tuple[str, str]] = {
    "app.focus_next": ("Next part", "Go to the next part of the screen"),
    "app.focus_previous": ("Part before", "Go to the part of the screen before"),
}
"""Actions that Textual gives every screen: description and tooltip."""


def bindings_of(node: DOMNode) -> list[Binding]:
    """Return the bindings of a screen or widget in their order, one for each action, with all its keys."""
    found: dict[tuple[str, str | None], Binding] = {}
    for key, bindings in keys_of(node).key_to_bindings.items():
        for binding in bindings:
            if binding.id is None and binding.action not in INHERITED:
                continue
            what = (binding.action, binding.id)
            known = found.get(what)
            found[what] = replace(known, key=f"{known.key},{key}") if known else replace(binding, key=key)
    own = [binding for binding in found.values() if binding.id is not None]
    inherited = [
        replace(binding, description=INHERITED[binding.action][0], tooltip=INHERITED[binding.action][1])
        for binding in found.values()
        if binding.id is None
    ]
    return own + inherited


def remapped(binding: Binding, chosen: Keys) -> Binding:
    """Return a binding with the keys that the user chose for it."""
    keys = chosen.get(binding.id or "")
    return replace(binding, key=",".join(keys), key_display=None) if keys else binding


def apply_key_remaps(node: DOMNode, chosen: Keys) -> None:
    """Replace keys of a screen or widget by those that the user chose."""
    before = keys_of(node).key_to_bindings
    bound: dict[str, list[Binding]] = {}
    done: set[tuple[str, str]] = set()
    for key, bindings in before.items():
        for binding in bindings:
            keys = chosen.get(binding.id or "")
            if keys is None:
                bound.setdefault(key, []).append(binding)
            elif (str(binding.id), binding.action) not in done:
                done.add((str(binding.id), binding.action))
                for other in keys:
                    bound.setdefault(other, []).append(binding.with_key(other))
    before.clear()
    before.update(bound)
