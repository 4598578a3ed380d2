"""Sentences of the engine, in the words of the screen."""

import re

from nnsize_engine.settings.datasets import DatasetFacts


def without_options(note: str) -> str:
    """Return a note without the option that changes it, because a screen has a field for that."""
    return note.partition("; --")[0]


def without_dashes(words: str) -> str:
    """Return a sentence with options of the command line written as fields of the screen: ``cv`` for ``--cv``."""
    return re.sub(r"--([a-z][a-z-]*)", r"\1", words)


def class_words(known: DatasetFacts) -> str:
    """Return what a network predicts, with the labels if they are few and short."""
    if known.task == "regression":
        return "a number" if known.targets == 1 else f"{known.targets} numbers"
    words = "two classes" if known.task == "binary" else f"{known.classes} classes"
    labels = ", ".join(known.labels)
    return f"{words}: {labels}" if labels and len(labels) <= 30 else words
