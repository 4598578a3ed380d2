"""Sentences of the engine, in the words of the screen."""

import re

from nnsize_engine.settings.datasets import DatasetFacts


def without_options(note: str) -> str:
    """A note without what one types to have it otherwise: here, that is a field."""
    return note.partition("; --")[0]


def without_dashes(words: str) -> str:
    """Words in which options of the command line are called as the fields of a screen are."""
    return re.sub(r"--([a-z][a-z-]*)", r"\1", words)


def class_words(known: DatasetFacts) -> str:
    """What a network predicts, with the labels where they are few and short."""
    if known.task == "regression":
        return "a number" if known.targets == 1 else f"{known.targets} numbers"
    words = "two classes" if known.task == "binary" else f"{known.classes} classes"
    labels = ", ".join(known.labels)
    return f"{words}: {labels}" if labels and len(labels) <= 30 else words
