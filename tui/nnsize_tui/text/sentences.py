"""Sentences of the engine, in the words of the screen."""

import re
from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.settings.datasets import DatasetFacts
from nnsize_engine.settings.table import TableSettings


def without_options(note: str) -> str:
    """Return a note without the option that changes it, because a screen has a field for that."""
    return note.partition("; --")[0]


def without_dashes(words: str) -> str:
    """Return a sentence with options of the command line written as fields of the screen: ``cv`` for ``--cv``."""
    return re.sub(r"--([a-z][a-z-]*)", r"\1", words)


def classes_title(table: TableSettings) -> str:
    """Return the title over the bars of classes, or of the rows with each label."""
    names = ", ".join(table.choice.target)
    return f"rows with 1 of {names}" if table.task == "multilabel" else f"classes of {names}"


def class_words(known: DatasetFacts) -> str:
    """Return what a network predicts, with the labels if they are few and short."""
    if known.task == "regression":
        return "a number" if known.targets == 1 else f"{known.targets} numbers"
    if known.task == "multilabel":
        names = ", ".join(known.labels)
        return f"{known.targets} labels: {names}" if len(names) <= 30 else f"{known.targets} labels"
    words = "two classes" if known.task == "binary" else f"{known.classes} classes"
    labels = ", ".join(known.labels)
    return f"{words}: {labels}" if labels and len(labels) <= 30 else words


_MAX_BROKEN = 3  # facts in a sentence


def broken_words(name: str, broken: Sequence[str]) -> str:
    """Return a sentence about what is not whole in a run, and left out; empty if all is."""
    if not broken:
        return ""
    more = len(broken) - _MAX_BROKEN
    words = "; ".join([*broken[:_MAX_BROKEN], *([f"and {more:,} more"] if more > 0 else [])])
    return f"Run {name} is not whole. Left out: {words}. Resuming it computes that again."


_MAX_LEFT = 3  # names in a sentence


def left_words(folder: Path, left: Sequence[str]) -> str:
    """Return the end of a sentence about a deleted run: what stays in its folder; empty if nothing does."""
    if not left:
        return ""
    others = len(left) - _MAX_LEFT
    names = ", ".join(left[:_MAX_LEFT]) + (f" and {others} more" if others > 0 else "")
    return f"; not its own, and left in {folder}: {names}"
