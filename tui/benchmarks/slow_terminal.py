"""The explorer behind a line of some bytes a second, and the picture that its terminal shows."""

import codecs
import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeAlias

Cells: TypeAlias = list[list[str]]
"""The characters of a screen, row by row."""

Place: TypeAlias = tuple[int, int]
"""Row and column of a character."""

CORNER = "╭"
KEYS = re.compile(r"\x1b\[.|\x1bO.|.", re.DOTALL)
_PARTS = re.compile(r"\x1b\[([?<>=]?[\d;]*)([@-~])|\x1b\][^\x07]*\x07|\x1b.|([^\x1b]+)", re.DOTALL)
_WHOLE = re.compile(r"\x1b(\[[?<>=]?[\d;]*[@-~]|\][^\x07]*\x07|[^\[\]])")

MAX_BURST_SECONDS, MIN_BURST_BYTES = 0.02, 64
"""Seconds of the rate that a line passes on at once; it does not save what it does not send."""


class NotShownError(Exception):
    """Something did not appear on the screen in time."""


class Picture:
    """The characters on a screen, from what is written to it."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[" "] * width for _ in range(height)]
        self._x = self._y = 0
        self._rest = ""

    def write(self, text: str) -> None:
        """Draw; a sequence may be divided between two calls."""
        text = self._rest + text
        cut = text.rfind("\x1b")
        is_open = cut >= 0 and not _WHOLE.match(text[cut:])
        self._rest, text = (text[cut:], text[:cut]) if is_open else ("", text)
        for part in _PARTS.finditer(text):
            numbers, code, plain = part.groups()
            if plain is not None:
                self._put(plain)
            elif code in ("H", "X", "A", "B", "C", "D", "J"):
                self._obey(code, [int(number or 1) for number in numbers.split(";")])

    def _obey(self, code: str, numbers: list[int]) -> None:
        count = numbers[0]
        match code:
            case "H":
                self._y, self._x = count - 1, numbers[1] - 1 if len(numbers) > 1 else 0
            case "A":
                self._y -= count
            case "B":
                self._y += count
            case "C":
                self._x += count
            case "D":
                self._x -= count
            case "X":
                row = self.cells[min(self._y, len(self.cells) - 1)]
                for x in range(self._x, min(self._x + count, len(row))):
                    row[x] = " "
            case _:
                self.cells = [[" "] * len(row) for row in self.cells]

    def _put(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self._x = 0
            elif character == "\n":
                self._y += 1
            elif character == "\b":
                self._x -= 1
            elif character.isprintable():
                if self._y < len(self.cells) and self._x < len(self.cells[0]):
                    self.cells[self._y][self._x] = character
                self._x += 1

    def copy(self) -> Cells:
        """Return the cells as they are now."""
        return [list(row) for row in self.cells]

    def __str__(self) -> str:
        return "\n".join("".join(row) for row in self.cells)


class SlowTerminal:
    """The explorer in a terminal that is read no faster than a line of ``rate`` bytes a second; None has no limit."""

    def __init__(self, arguments: list[str], home: Path, size: tuple[int, int]) -> None:
        self.picture, self.sent, self.tail = Picture(*size), 0, ""
        self.rate: int | None = None
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._credit, self._at = 0.0, time.monotonic()
        self._leader, follower = os.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        names = {"NNSIZE_HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nnsize_tui", *arguments],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=os.environ | names,
            cwd=home,
            start_new_session=True,
        )
        os.close(follower)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._leader)

    def press(self, keys: str) -> None:
        """Type keys."""
        os.write(self._leader, keys.encode())

    def read(self, seconds: float, is_enough: Callable[[], bool] = lambda: False) -> float | None:
        """Read as fast as the line until a condition holds; return the seconds that took, None if it never did."""
        started = time.monotonic()
        while (passed := time.monotonic() - started) < seconds:
            if is_enough():
                return passed
            room = self._room()
            if room <= 0:
                time.sleep(0.005)
            elif select.select([self._leader], [], [], 0.02)[0]:
                try:
                    data = os.read(self._leader, room)
                except OSError:  # it has ended
                    return time.monotonic() - started if is_enough() else None
                self._take(data)
        return None

    def _room(self) -> int:
        """Return how many bytes the line passes on now."""
        now = time.monotonic()
        if self.rate is None:
            self._credit, self._at = 0.0, now
            return 65536
        most = max(MIN_BURST_BYTES, self.rate * MAX_BURST_SECONDS)
        self._credit, self._at = min(self._credit + (now - self._at) * self.rate, most), now
        return int(self._credit)

    def _take(self, data: bytes) -> None:
        self._credit -= len(data)
        self.sent += len(data)
        text = self._decode(data)
        self.tail = (self.tail + text)[-200:]
        self.picture.write(text)

    def settle(self, seconds: float, quiet: int) -> None:
        """Read until fewer than ``quiet`` bytes came in a second, at most so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = self.sent
            self.read(1.0)
            if self.sent - before < quiet:
                return

    def shows(self, word: str) -> bool:
        """Return whether a word is on the screen."""
        return any(word in "".join(row) for row in self.picture.cells)

    def wait_for(self, word: str) -> None:
        """Read until a word is on the screen."""
        if self.read(60.0, lambda: self.shows(word)) is None:
            raise NotShownError(f"{word!r} did not appear:\n{self.picture}")

    def type_keys(self, keys: str) -> None:
        """Type keys one by one, with some time for each."""
        for key in KEYS.findall(keys):
            self.press(key)
            self.read(0.4)
