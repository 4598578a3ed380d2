"""Write a file for a dialog: one attempt at a time, with a question before it overwrites a file."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from nnsize_engine.errors import NnsizeError
from nnsize_engine.export.atomic_file import TargetExistsError
from nnsize_tui.follow.messages import Exported, Trouble
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.terminal.glyphs import Glyphs

Write = Callable[[Path, bool], None]
"""A function that writes a file; its second argument allows to replace an existing one."""


class FileExists(Message):
    """The file exists already, and was not replaced."""

    def __init__(self, path: Path, write: Write) -> None:
        super().__init__()
        self.path, self.write = path, write


class FileWriter:
    """Write files for a dialog, and show problems in its ``#problem``.

    The dialog is sent `Exported`, `Trouble` or `FileExists`; it hands the last two over to `end` and `ask_to_replace`.
    """

    def __init__(self, dialog: Screen[Any], glyphs: Glyphs) -> None:
        self._dialog, self._glyphs = dialog, glyphs
        self.is_busy = False
        """True during an attempt; another one does nothing."""

    def write(self, typed: str, write: Write) -> None:
        """Write to the path that was typed."""
        if self.is_busy:
            return
        if typed:
            path = Path(os.path.expanduser(typed)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
            self._begin(path, write, force=False)
        else:
            self._say("Name a file to write to.")

    def run(self, work: Callable[[], None]) -> None:
        """Do other work in a thread as an attempt; ``work`` posts a message at its end."""
        if not self.is_busy:
            self.is_busy = True
            self._dialog.run_worker(work, thread=True)

    def end(self, problem: str) -> None:
        """Show why the attempt failed, and allow another one."""
        self.is_busy = False
        self._say(problem)

    def clear_problem(self) -> None:
        """Hide the problem of an earlier attempt."""
        if not self.is_busy:
            self._say("")

    async def ask_to_replace(self, message: FileExists) -> None:
        """Ask whether to overwrite the file, unless the dialog was left. Must be awaited in a worker."""
        self.is_busy = False
        if not self._dialog.is_active:
            return
        self._say("")
        question = f"{message.path} is there already. Overwrite it?"
        confirm = Confirm(self._glyphs, question, yes="Overwrite", no="Keep")
        if await self._dialog.app.push_screen_wait(confirm):
            self._begin(message.path, message.write, force=True)

    def _begin(self, path: Path, write: Write, *, force: bool) -> None:
        self._say(f"writing{self._glyphs.ellipsis}")
        self.run(partial(self._write, path, write, force=force))

    def _write(self, path: Path, write: Write, *, force: bool) -> None:
        try:
            write(path, force)
        except TargetExistsError:
            self._dialog.post_message(FileExists(path, write))
        except NnsizeError as error:
            self._dialog.post_message(Trouble(str(error)))
        else:
            self._dialog.post_message(Exported(path))

    def _say(self, words: str) -> None:
        self._dialog.query_one("#problem", Static).update(words)
