"""Find the changed parts of a picture, so that a slow link carries nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

BYTES_PER_COLOUR = 45
"""Bytes besides its characters that Textual sends with a piece of text: its colours, and a reset."""


def changed_regions(old: Sequence[Strip], new: Sequence[Strip]) -> list[Region]:
    """Return one region for each changed line: its columns from the first change to the last.

    Several regions in one line would cost more: for each of them Textual sends the line from the widget's left edge to
    the region's right end. The pictures have equally many lines, of equal width.
    """
    regions = []
    for row, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            continue
        changed = [
            column for column, (was, now) in enumerate(zip(_cells(before), _cells(after), strict=True)) if was != now
        ]
        if changed:
            regions.append(Region(changed[0], row, changed[-1] + 1 - changed[0], 1))
    return regions


def sent_bytes(strip: Strip, end: int) -> int:
    """Estimate the bytes that a line takes from its left edge to the column before `end`."""
    return sum(len(segment.text.encode()) + BYTES_PER_COLOUR for segment in strip.crop(0, end))


def _cells(strip: Strip) -> list[tuple[str, object]]:
    """Return each character with its style; a blank has only a background. All characters are one column wide."""
    return [
        (character, segment.style if character != " " else segment.style.bgcolor if segment.style else None)
        for segment in strip
        for character in segment.text
    ]
