"""The question whether a run may call a Python function."""

from typing import Any

from textual.app import App

from nnsize_engine.text import escape_text
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.terminal.glyphs import Glyphs


async def asks_about_code(app: App[Any], glyphs: Glyphs, code: str) -> bool:
    """Return whether the user lets a run call this function; must be awaited in a worker."""
    question = f"The fitness is the Python function {escape_text(code)}. The run executes its code on this machine."
    return await app.push_screen_wait(Confirm(glyphs, question, yes="Run the code", no="Do not"))
