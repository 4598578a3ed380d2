"""Output of the commands: a JSON value, aligned columns, Unicode or ASCII."""

import json
import math
import sys
from collections.abc import Sequence
from typing import TextIO

import click

from nnsize_engine.text import escape_lines, escape_text
from nnsize_tui.terminal import glyphs

JsonObject = dict[str, object]


def echo(text: str = "", *, err: bool = False) -> None:
    """Print lines for people; what could control the terminal in them, such as escape sequences, becomes escapes.

    Names, paths and messages may be anything: of folders, of tables, in a run that somebody else made.
    """
    click.echo(escape_lines(text), err=err)


def print_document(text: str) -> None:
    """Print a document whose language has its own escapes, byte for byte; a path in it need not be UTF-8."""
    click.echo(text.encode(errors="surrogateescape"), nl=False)


def print_json(value: object) -> None:
    """Print one JSON value. NaN and infinities become null, because JSON has no such numbers."""
    # JSON leaves this one control character of ASCII as it is.
    click.echo(json.dumps(_finite(value), indent=2, allow_nan=False).replace("\x7f", "\\u007f"))


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, left: frozenset[int] = frozenset()) -> None:
    """Print aligned columns: those in ``left`` to the left, the others to the right."""
    headings, rows = [escape_text(cell) for cell in headings], [[escape_text(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        cells = [
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        echo("  ".join(cells).rstrip())


def has_unicode(stream: TextIO | None = None) -> bool:
    """Return whether a stream takes Unicode: a pipe by its encoding, a terminal by the user's locale.

    Without a stream it is standard output.
    """
    stream = sys.stdout if stream is None else stream
    if stream.isatty():
        return glyphs.has_unicode(glyphs.first_environment())
    return (stream.encoding or "").lower().startswith("utf")
