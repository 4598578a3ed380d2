"""Tables for the terminal: of many rows only some are printed, and a note says how to see all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table for the terminal."""

    headings: Sequence[str]
    rows: Rows
    note: str = ""
    """What was left out and how to see it; empty where nothing was."""

    title: str = ""
    """Above it; empty for none."""


def cut_note(folder: Path, which: str, printed: int, count: int, what: str) -> str:
    """Say that only some rows are printed, such as ``the best 20 of 1,000 candidates``; nothing where all are."""
    if printed == count:
        return ""
    return f"the {which} {printed} of {count:,} {what}; all of them: nnsize show {folder.name} --all"
