"""Which parts of a picture changed: a slow line should carry those and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.geometry import Region
from textual.strip import Strip

JOINED_WITHIN = 8
"""Changes this close are sent as one: moving the terminal's cursor costs about as much as this many characters."""


def changed_regions(old: Sequence[Strip], new: Sequence[Strip]) -> list[Region]:
    """The changed columns of every line, for two pictures with equally many lines of equal width."""
    return [
        Region(start, row, end - start, 1)
        for row, (before, after) in enumerate(zip(old, new, strict=True))
        if before != after
        for start, end in _spans(before, after)
    ]


def _spans(before: Strip, after: Strip) -> Iterator[tuple[int, int]]:
    """`(first column, column after the last)` of every changed part of one line."""
    start = end = -1
    for column, (was, now) in enumerate(zip(_cells(before), _cells(after), strict=True)):
        if was == now:
            continue
        if start >= 0 and column - end > JOINED_WITHIN:
            yield start, end
            start = -1
        if start < 0:
            start = column
        end = column + 1
    if start >= 0:
        yield start, end


def _cells(strip: Strip) -> list[tuple[str, object]]:
    """Every character with its style; a chart's characters are all one column wide."""
    return [(character, segment.style) for segment in strip for character in segment.text]
