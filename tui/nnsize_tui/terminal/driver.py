"""Driver of the terminal: mouse, size, budget of sent bytes, notifications."""

import contextlib
import math
import os
import sys
import termios
import time
from collections.abc import Mapping
from typing import TextIO, cast

from nnsize_tui.terminal.chunked_writer import ChunkedWriter
from nnsize_tui.terminal.send_budget import SendBudget
from nnsize_tui.terminal.textual_private import LinuxDriverWithHooks

ESCAPE = "\x1b"


MAX_WAITING_WRITES = 2
"""Number of writes that may wait in the queue before further frames are skipped."""

CANCEL = "\x18"
"""Ends an escape sequence whose rest was dropped."""

LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""Takes back all but the mouse that Textual asks of the terminal, as its ``stop_application_mode`` does."""

MAX_LEAVE_SECONDS = 0.5
"""Seconds in which the terminal has to accept the last sequences; usually it does at once."""

MIN_KEPT_SECONDS = 20.0
"""Seconds after a copy or a notification in which nothing is dropped that was written: it may still be on its way."""

END_OF_PICTURE = "\x1b[?2026l"
"""End of a synchronized update, in which the terminal draws nothing; needed after an interrupted write."""


class SlowLinkDriver(LinuxDriverWithHooks):
    """Driver for slow links: it asks for clicks, drags and the wheel, but not for every movement of the mouse."""

    MOUSE_ON = "\x1b[?1000h\x1b[?1002h\x1b[?1006h"
    MOUSE_OFF = "\x1b[?1006l\x1b[?1002l\x1b[?1000l"

    _line: ChunkedWriter | None = None
    """Writer that all output goes through."""

    _send_budget: SendBudget | None = None

    _last_message = -math.inf
    """The time of the last copy or notification."""

    @property
    def send_budget(self) -> SendBudget:
        """Budget of bytes that may be sent."""
        self._send_budget = self._send_budget or SendBudget()
        return self._send_budget

    def write(self, data: str) -> None:
        """Send data, and subtract its bytes from the budget."""
        if data.startswith(("\x1b]", "\x1bP")):
            self._last_message = time.monotonic()
        self.send_budget.spend(len(data.encode(errors="replace")))
        super().write(data)

    def start_application_mode(self) -> None:
        """Start, with a writer that can be interrupted."""
        if self._line is None:  # after a suspension the writer exists already
            self.replace_file(self._cut_short)
        self.forget_picture()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _cut_short(self, file: TextIO) -> TextIO:
        self._line = ChunkedWriter(file)
        return cast(TextIO, self._line)

    def size_of_terminal(self) -> tuple[int, int] | None:
        """Return what the terminal says; ``COLUMNS`` and ``LINES``, which some shells export, may be out of date."""
        for stream in (sys.__stderr__, sys.__stdout__, sys.__stdin__):
            with contextlib.suppress(AttributeError, OSError, ValueError):
                width, height = os.get_terminal_size(stream.fileno())  # type: ignore[union-attr]
                if width > 0 and height > 0:
                    return width, height
        return None

    def stop_application_mode(self) -> None:
        """Restore the terminal, without first sending the frames in the queue, which nobody will see."""
        if self.drop_unsent():
            if self._line is not None:
                self._line.cut()
                if time.monotonic() > self._last_message + MIN_KEPT_SECONDS:
                    self._drop_written(self._line.fileno())
            self.write(END_OF_PICTURE)
        super().stop_application_mode()

    def _drop_written(self, terminal: int) -> None:
        """Drop what the system still holds for a slow terminal, up to 20 kB."""
        with contextlib.suppress(termios.error, OSError):
            termios.tcflush(terminal, termios.TCOFLUSH)
            self.write(CANCEL)

    def leave_at_once(self, number: int) -> None:
        """Restore the terminal as far as that goes without waiting for it; may be called in any thread.

        ``number`` is the signal that asked for it, which has a handler.
        """
        if self._line is None:
            return
        self._line.shut()
        self.drop_unsent()
        terminal = self._line.fileno()
        with contextlib.suppress(termios.error, OSError):
            termios.tcflush(terminal, termios.TCOFLUSH)  # up to 20 kB that the system still holds
            self._send_at_once(terminal, number, CANCEL + END_OF_PICTURE + self.MOUSE_OFF + LEAVE)
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(terminal, termios.TCSANOW, self.attrs_before)

    def _send_at_once(self, terminal: int, number: int, text: str) -> None:
        """Send a text past the writer, which may be in the middle of a write that the terminal blocks."""
        # Opened again, because whether a file blocks is also shared with the shell.
        again = os.open(os.ttyname(terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        rest, deadline = text.encode(), time.monotonic() + MAX_LEAVE_SECONDS
        while rest and time.monotonic() < deadline:
            self.wake_writer(number)  # it holds the terminal until its piece is written
            try:
                rest = rest[os.write(again, rest) :]
            except BlockingIOError:
                time.sleep(0.01)

    @property
    def is_behind(self) -> bool:
        """True if frames wait for a slow line; further frames would delay the answer to keys."""
        return self.unsent >= MAX_WAITING_WRITES

    def ask_to_notify(self, words: str) -> None:
        """Ask the terminal for a desktop notification (OSC 9), through tmux if it allows passthrough."""
        self.write(notification(words, os.environ))
        self.flush()


def notification(words: str, environment: Mapping[str, str]) -> str:
    """Return the escape sequence of a notification; empty for the Linux console, which would print it.

    Unprintable characters become blanks, so that the text cannot end the sequence.
    """
    if environment.get("TERM") == "linux":
        return ""
    text = "".join(character if character.isprintable() else " " for character in words)
    sequence = f"\x1b]9;{text}\x07"
    return f"\x1bPtmux;{sequence.replace(ESCAPE, ESCAPE * 2)}\x1b\\" if environment.get("TMUX") else sequence
