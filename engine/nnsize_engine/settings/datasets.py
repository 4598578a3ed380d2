"""The data sets that come with scikit-learn: what is known of each without loading it.

Screens and the command line check settings against these facts, so nothing here imports scikit-learn; a test compares
every number with the loaded data.
"""

from collections.abc import Mapping
from types import MappingProxyType

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.dataset_facts import DatasetFacts

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
    """Look up a data set by name.

    Raises:
        SettingsError: there is none of that name.
    """
    if name not in BUILTIN:
        raise SettingsError(f"unknown data {name!r}; choose one of {', '.join(BUILTIN)}", field="data")
    return BUILTIN[name]
