"""Template of the user's file: every setting and key of the explorer with its default, in comments."""

import json
from collections.abc import Iterable
from pathlib import Path

from textual.keys import key_to_character

from nnsize_engine.settings.user_config import EXPLORER
from nnsize_tui.app.keys import EVERYWHERE, KEY_NAMES
from nnsize_tui.screens.dialogs.help_areas import areas, keys_of
from nnsize_tui.text.settings_help import ABOUT


def write_config_template(path: Path) -> bool:
    """Write the template, with the folders above it; return False if the file exists, which then stays as it is.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(config_template())
    except FileExistsError:
        return False
    return True


def config_template() -> str:
    """Return the template. Its lines are comments, so that it changes nothing until the user edits one."""
    lines = ["# Settings of the explorer, read at the start. Remove the # from a line and change its value.", ""]
    lines += [f"[{EXPLORER}]", *(f"# {name} = {usual}  # {words}" for name, usual, words in ABOUT), ""]
    return "\n".join([*lines, f"[{EXPLORER}.keys]", *_keys(), ""])


def _keys() -> Iterable[str]:
    """Yield the line of every action once, below the first part of the explorer that has it."""
    told: set[str] = set()
    for title, bindings in (("Everywhere", EVERYWHERE), *((title, keys_of(area)) for title, area in areas())):
        news = {str(binding.id): binding for binding in reversed(bindings) if binding.id and binding.id not in told}
        if news:
            yield f"# {title}"
        for name, binding in reversed(news.items()):
            keys = [_as_typed(key) for key in binding.key.split(",")]
            value = json.dumps(keys if len(keys) > 1 else keys[0])
            yield f"# {name} = {value}  # {binding.tooltip or binding.description}"
        told |= news.keys()


def _as_typed(key: str) -> str:
    """Return the character of a key, or its name if it has none."""
    character = KEY_NAMES.get(key) or key_to_character(key) or ""
    return character if character and character.isprintable() else key
