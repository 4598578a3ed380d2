"""Copy one of several texts to the terminal's clipboard."""

from collections.abc import Sequence

from textual.app import App

from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.terminal.clipboard import clipboard_part, copied_words
from nnsize_tui.terminal.glyphs import Glyphs


async def copy_one(app: App[None], glyphs: Glyphs, named: Sequence[tuple[str, str]]) -> None:
    """Ask for one of several named texts, and copy it. Must be awaited in a worker."""
    texts = dict(named)
    if not texts:
        return
    names = [(name, " ".join(text.split())) for name, text in texts.items()]
    chosen = await app.push_screen_wait(PickNames(glyphs, "Copy", names, (), many=False))
    if chosen:
        text = texts[chosen[0]]
        app.copy_to_clipboard(clipboard_part(text))
        app.notify(copied_words(chosen[0], text), markup=False)
