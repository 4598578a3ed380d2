"""The data sets that come with scikit-learn: what is known of each without loading it.

Screens and the command line check settings against these facts, so nothing here imports scikit-learn; a test compares
every number with the loaded data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from nnsize_engine.errors import SettingsError

Task = Literal["binary", "multiclass", "regression"]
"""What a network is asked to predict: one of two classes, one of several, or a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinData:
    """One data set that needs no file and no network."""

    name: str
    """What the user types."""

    task: Task
    rows: int
    inputs: int
    """Numeric columns a network sees."""

    classes: int
    """Distinct labels; 0 for regression."""

    title: str
    """Half a line for a list."""

    @property
    def outputs(self) -> int:
        """Neurons of a network's last layer: one for two classes or a number, otherwise one a class."""
        return self.classes if self.classes > 2 else 1


BUILTIN: Mapping[str, BuiltinData] = MappingProxyType(
    {
        data.name: data
        for data in (
            BuiltinData(
                name="breast_cancer", task="binary", rows=569, inputs=30, classes=2, title="benign or malignant tumour"
            ),
            BuiltinData(name="wine", task="multiclass", rows=178, inputs=13, classes=3, title="three growers of wine"),
            BuiltinData(name="iris", task="multiclass", rows=150, inputs=4, classes=3, title="three species of iris"),
            BuiltinData(
                name="digits", task="multiclass", rows=1797, inputs=64, classes=10, title="handwritten digits, 8x8"
            ),
            BuiltinData(
                name="diabetes",
                task="regression",
                rows=442,
                inputs=10,
                classes=0,
                title="disease progression in a year",
            ),
            BuiltinData(
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


def builtin_data(name: str) -> BuiltinData:
    """Look up a data set by name.

    Raises:
        SettingsError: there is none of that name.
    """
    if name not in BUILTIN:
        raise SettingsError(f"unknown data {name!r}; choose one of {', '.join(BUILTIN)}")
    return BUILTIN[name]
