"""Facts of data sets that are known before loading, and the built-in data sets of scikit-learn.

Screens and commands check settings against these facts, so this module does not import scikit-learn. A test compares
every number with the loaded data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, assert_never

from nnsize_engine.errors import SettingsError

Task = Literal["binary", "multiclass", "multilabel", "regression"]
"""The prediction of a network: one of two classes, one of several classes, several labels of 0 or 1, or numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFacts:
    """The facts of one data set, built-in or the user's own."""

    name: str
    """The name that the user types, or the file's name."""

    task: Task
    rows: int
    """Number of rows with a target."""

    inputs: int
    """Network inputs per row, after encoding."""

    classes: int
    """Number of classes, or of labels of 0 or 1; 0 for regression."""

    targets: int = 1
    """Number of columns to predict: several numbers in regression, or several labels."""

    title: str = ""
    """A few words for a list."""

    labels: tuple[str, ...] = ()
    """Class labels of the user's table as text, in order; empty for built-in data and for regression.

    Of several labels these are the names of their columns.
    """

    @property
    def outputs(self) -> int:
        """The neurons of the last layer: one for two classes, else one per class or per number."""
        match self.task:
            case "binary":
                return 1
            case "multiclass":
                return self.classes
            case "regression" | "multilabel":
                return self.targets
            case _:
                assert_never(self.task)


BUILTIN: Mapping[str, DatasetFacts] = MappingProxyType(
    {
        data.name: data
        for data in (
            DatasetFacts(
                name="breast_cancer", task="binary", rows=569, inputs=30, classes=2, title="benign or malignant tumour"
            ),
            DatasetFacts(name="wine", task="multiclass", rows=178, inputs=13, classes=3, title="three growers of wine"),
            DatasetFacts(name="iris", task="multiclass", rows=150, inputs=4, classes=3, title="three species of iris"),
            DatasetFacts(
                name="digits", task="multiclass", rows=1797, inputs=64, classes=10, title="handwritten digits, 8x8"
            ),
            DatasetFacts(
                name="diabetes",
                task="regression",
                rows=442,
                inputs=10,
                classes=0,
                title="disease progression in a year",
            ),
            DatasetFacts(
                name="synthetic",
                task="regression",
                rows=500,
                inputs=10,
                classes=0,
                title="Friedman's function 1, noisy",
            ),
        )
    }
)


def builtin_data(name: str) -> DatasetFacts:
    """Return the facts of a built-in data set.

    Raises:
        SettingsError: there is no data set of that name.
    """
    if name not in BUILTIN:
        raise SettingsError(f"unknown data {name!r}; choose one of {', '.join(BUILTIN)}", field="data")
    return BUILTIN[name]
