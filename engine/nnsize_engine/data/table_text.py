"""The lines of values of a text file, as a stream for pandas that leaves out lines and counts them."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import IO

from nnsize_engine.data.header import MAX_HEADER_BYTES, endless_line
from nnsize_engine.data.layout import Layout
from nnsize_engine.settings.file_facts import LeftOut
from nnsize_engine.settings.separators import WHITESPACE

_BLOCK_CHARACTERS = 1 << 18  # read at a time, as pandas does

_LINE_START = r"(?:(?<=[\r\n])|\A)"
_LINE_END = r"[ \t]*(?:\r\n|\r|\n|\Z)"


class CommentInCellError(Exception):
    """A sign that was taken for the beginning of comments stands within a line of values."""


class TableText(io.TextIOBase):
    """The lines of values of a text file, without those that repeat its line of names.

    Args:
        file: the text, opened with ``newline=""``.
        layout: its layout; comments are left to pandas.
        is_comment_chosen: whether a user chose the sign of comments.
        name: the name of the file, for refusals.
        left_out: counts the lines that are left out here, and the comments.
    """

    def __init__(
        self, file: IO[str], layout: Layout, *, is_comment_chosen: bool, name: str, left_out: Counter[LeftOut]
    ) -> None:
        self._file, self._layout, self._name, self._left_out = file, layout, name, left_out
        self._is_comment_chosen = is_comment_chosen
        for _ in range(layout.first_line):
            self._readline()
        lines: tuple[tuple[LeftOut, tuple[str, ...]], ...] = (("repeated", layout.written), ("units", layout.units))
        self._repeated = [
            (what, max(fields, key=len).strip(), _line_of(fields, layout)) for what, fields in lines if fields
        ]
        sign = re.escape(layout.comment)
        self._comments = re.compile(rf"{_LINE_START}[ \t]*{sign}")
        self._in_cells = re.compile(rf"{_LINE_START}[^\r\n{sign}]*[^\r\n\s{sign}][^\r\n{sign}]*{sign}")

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        """Return the next whole lines, about as many as make a block; all of them without a size."""
        if size is None or size < 0:
            return "".join(chain.from_iterable(iter(lambda: [self._next_block()], [""])))
        return self._next_block()

    def _next_block(self) -> str:
        while block := self._file.read(_BLOCK_CHARACTERS):
            if not block.endswith("\n"):
                block += self._readline()
            block = self._without_repeated(block)
            self._count_comments(block)
            if block:
                return block
        return ""

    def _readline(self) -> str:
        line = self._file.readline(MAX_HEADER_BYTES)
        if len(line) >= MAX_HEADER_BYTES:
            raise endless_line(self._name)
        return line

    def _without_repeated(self, block: str) -> str:
        for what, longest, line in self._repeated:
            if longest in block:
                block, count = line.subn("", block)
                self._left_out.update({what: count} if count else {})
        return block

    def _count_comments(self, block: str) -> None:
        sign = self._layout.comment
        if not sign or sign not in block:
            return
        if not self._is_comment_chosen and self._in_cells.search(block):
            raise CommentInCellError
        count = sum(1 for _ in self._comments.finditer(block))
        if count:
            self._left_out["comment"] += count


def _line_of(fields: Sequence[str], layout: Layout) -> re.Pattern[str]:
    """Return the pattern of a line of these fields, each with quotes or without."""
    texts = [text.strip() for text in fields]
    between = r"[ \t]+" if layout.separator == WHITESPACE else re.escape(layout.separator or ",")
    cells = (rf"[ \t]*(?:{re.escape(text)}|{_quoted(text)})[ \t]*" for text in texts)
    return re.compile(_LINE_START + between.join(cells) + _LINE_END)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return re.escape(f'"{doubled}"')
