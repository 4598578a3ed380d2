"""What is written to a terminal behind a slow line: in small pieces, so that what nobody will see need not be sent."""

import re
from typing import TextIO

PIECE = 512
"""Characters: a thirtieth of a second of a line of 16 kB/s."""

_PARTS = re.compile("\x1b[^\x1b]*|[^\x1b]+")
"""An escape sequence with the text after it is never cut."""


class ChunkedWriter:
    """A terminal's file whose writing can be cut short from another thread."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_cut = False

    def write(self, text: str) -> int:
        """Write all of it, or as much as was written when it is cut short; at once, nothing is held back."""
        self._is_cut = False
        for piece in pieces(text):
            if self._is_cut:
                break
            self._file.write(piece)
            self._file.flush()
        return len(text)

    def cut(self) -> None:
        """End the writing that is going on."""
        self._is_cut = True

    def flush(self) -> None:
        """Nothing waits."""
        self._file.flush()

    def fileno(self) -> int:
        """The number of the terminal's file."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()


def pieces(text: str) -> list[str]:
    """The text in pieces of about :data:`PIECE` characters, none of which ends inside an escape sequence."""
    if len(text) <= PIECE:
        return [text] if text else []
    found: list[str] = []
    kept: list[str] = []
    size = 0
    for part in _PARTS.findall(text):
        if size + len(part) > PIECE and kept:
            found.append("".join(kept))
            kept, size = [], 0
        kept.append(part)
        size += len(part)
    return [*found, "".join(kept)]
