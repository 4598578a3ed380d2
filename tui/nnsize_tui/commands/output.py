"""How the commands print: a JSON value, aligned columns, in the characters that the reader takes."""

import json
import math
import sys
from collections.abc import Sequence

import click

from nnsize_tui.terminal import glyphs

JsonObject = dict[str, object]


def print_json(value: object) -> None:
    """Print one JSON value; JSON knows neither NaN nor infinities, so there is null where one would stand."""
    click.echo(json.dumps(_finite(value), indent=2, allow_nan=False))


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, left: frozenset[int] = frozenset()) -> None:
    """Print aligned columns, to the right except those named ``left``."""
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        cells = [
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def has_unicode() -> bool:
    """Whether standard output takes more than ASCII: a pipe by its encoding, a terminal by the user's locale."""
    if sys.stdout.isatty():
        return glyphs.has_unicode(glyphs.first_environment())
    return (sys.stdout.encoding or "").lower().startswith("utf")
