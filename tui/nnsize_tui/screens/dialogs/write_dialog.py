"""What dialogs that write a file share: one attempt at a time, asking before overwriting, saying what failed."""

import os
from collections.abc import Callable
from pathlib import Path

from textual import work
from textual.message import Message
from textual.widgets import Button, Static

from nnsize_engine.errors import NnsizeError
from nnsize_engine.export.atomic_file import FileExistsRefusal
from nnsize_tui.follow.messages import Exported, Trouble
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.terminal.glyphs import Glyphs

Write = Callable[[Path, bool], None]
"""Writes a file; the second argument is whether one that is there may be replaced."""


class InTheWay(Message):
    """Nothing was written: there is a file already."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


class WriteDialog(BaseDialog[None]):
    """A child class has an ``Input`` for the path, a ``#problem`` and a button ``#write``, and says what is written."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(classes=None if glyphs.unicode else "-ascii")
        self._glyphs = glyphs
        self._is_writing = False

    def finish(self, *, force: bool = False) -> None:
        """Do what the dialog is for, once; a child class gives this."""
        raise NotImplementedError

    def on_input_submitted(self) -> None:
        self.finish()

    def on_input_changed(self) -> None:
        """What was wrong with the old path need not be with this one."""
        if not self._is_writing:
            self._say("")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "write":
            self.finish()
        else:
            self.dismiss(None)

    def action_write(self) -> None:
        """Write, whichever field has the focus."""
        self.finish()

    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    def _begin(self, path: str, write: Write, *, force: bool) -> None:
        """Write to the path that was typed."""
        if not path:
            self._say("Name a file to write to.")
        else:
            self._is_writing = True
            self._say(f"writing{self._glyphs.ellipsis}")
            whole = Path(os.path.expanduser(path)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
            self._write(whole, write, force=force)

    @work(thread=True)
    def _write(self, path: Path, write: Write, *, force: bool) -> None:
        try:
            write(path, force)
        except FileExistsRefusal:
            self.post_message(InTheWay(path))
        except NnsizeError as error:
            self.post_message(Trouble(str(error)))
        else:
            self.post_message(Exported(path))

    @work
    async def on_in_the_way(self, message: InTheWay) -> None:
        """Ask whether to replace it, unless the dialog was left meanwhile."""
        self._is_writing = False
        if not self.is_active:
            return
        self._say("")
        question = f"{message.path} is there already. Overwrite it?"
        if await self.app.push_screen_wait(Confirm(self._glyphs, question, yes="Overwrite", no="Keep")):
            self.finish(force=True)

    def on_trouble(self, message: Trouble) -> None:
        """Say why it was not written; the path can be mended."""
        self._is_writing = False
        self._say(message.reason)

    def on_exported(self, message: Exported) -> None:
        """Say where it is."""
        self.app.notify(self.written_words(message.path), markup=False)
        self.dismiss(None)

    def written_words(self, path: Path) -> str:
        """What is said once it is written; a child class may say more."""
        return f"Written to {path}"

    def _say(self, problem: str) -> None:
        self.query_one("#problem", Static).update(problem)
