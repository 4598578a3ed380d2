"""Writing to a terminal in small pieces, so that on a slow line the rest of an outdated frame need not be sent."""

import re
from typing import TextIO

MAX_PIECE_CHARACTERS = 512
"""Size of a piece: a line of 16 kB/s sends it in 1/30 s."""

_PARTS = re.compile("\x1b[^\x1b]*|[^\x1b]+")
"""An escape sequence with the text after it, or text alone; these are never divided."""


class ChunkedWriter:
    """Wrapper of the file of a terminal; another thread can interrupt its writing."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_cut = False
        self._is_shut = False

    def write(self, text: str) -> int:
        """Write and flush a text piece by piece, until the end or until :meth:`cut` is called."""
        self._is_cut = False
        for piece in pieces(text):
            if self._is_cut or self._is_shut:
                break
            self._file.write(piece)
            self._file.flush()
        return len(text)

    def cut(self) -> None:
        """Interrupt the current write after the current piece."""
        self._is_cut = True

    def shut(self) -> None:
        """Interrupt the current write after the current piece, and write nothing more."""
        self._is_shut = True

    def flush(self) -> None:
        """Flush the file; there is no buffer of our own."""
        self._file.flush()

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Return whether the file is a terminal."""
        return self._file.isatty()


def pieces(text: str) -> list[str]:
    """Divide a text into pieces that do not end inside an escape sequence.

    A piece has at most :data:`MAX_PIECE_CHARACTERS`, unless one escape sequence with its text is longer.
    """
    if len(text) <= MAX_PIECE_CHARACTERS:
        return [text] if text else []
    found: list[str] = []
    kept: list[str] = []
    size = 0
    for part in _PARTS.findall(text):
        if size + len(part) > MAX_PIECE_CHARACTERS and kept:
            found.append("".join(kept))
            kept, size = [], 0
        kept.append(part)
        size += len(part)
    return [*found, "".join(kept)]
