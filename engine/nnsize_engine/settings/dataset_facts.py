"""What is known of data before it is loaded: enough to check settings and to count a network's weights."""

from dataclasses import dataclass
from typing import Literal

Task = Literal["binary", "multiclass", "regression"]
"""What a network is asked to predict: one of two classes, one of several, or numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFacts:
    """One data set, built in or the user's own."""

    name: str
    """What the user types, or the file's name."""

    task: Task
    rows: int
    """With a target."""

    inputs: int
    """Numbers that a network sees of a row, after encoding."""

    classes: int
    """Distinct labels; 0 for regression."""

    targets: int = 1
    """Columns to predict; more than one only in regression."""

    title: str = ""
    """Half a line for a list."""

    labels: tuple[str, ...] = ()
    """The user's own class labels as text, in order; empty for built-in data and for regression."""

    @property
    def outputs(self) -> int:
        """Neurons of a network's last layer: one for two classes, one a class or number otherwise."""
        if self.task == "regression":
            return self.targets
        return self.classes if self.classes > 2 else 1
