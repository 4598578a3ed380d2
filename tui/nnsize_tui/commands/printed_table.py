"""Tables for the terminal. Of many rows only some are printed, and a note says how to see all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.text import shell_word

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table for the terminal."""

    headings: Sequence[str]
    rows: Rows
    note: str = ""
    """Sentence on rows that were left out; empty if none were."""

    title: str = ""
    """Line above the table; empty for none."""


def cut_note(folder: Path, which: str, printed: int, count: int, what: str) -> str:
    """Return a note on rows left out, such as ``the best 20 of 1,000 candidates``; empty if there are none."""
    if printed == count:
        return ""
    return f"the {which} {printed} of {count:,} {what}; all of them: nnsize show {shell_word(folder.name)} --all"
