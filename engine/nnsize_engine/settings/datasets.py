"""The data sets that come with scikit-learn: what is known of each without loading it.

Screens and the command line check settings against these facts, so nothing here imports scikit-learn; a test compares
every number with the loaded data.
"""

from collections.abc import Mapping
from types import MappingProxyType

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.dataset_facts import KnownData

BUILTIN: Mapping[str, KnownData] = MappingProxyType(
    {
        data.name: data
        for data in (
            KnownData(
                name="breast_cancer", task="binary", rows=569, inputs=30, classes=2, title="benign or malignant tumour"
            ),
            KnownData(name="wine", task="multiclass", rows=178, inputs=13, classes=3, title="three growers of wine"),
            KnownData(name="iris", task="multiclass", rows=150, inputs=4, classes=3, title="three species of iris"),
            KnownData(
                name="digits", task="multiclass", rows=1797, inputs=64, classes=10, title="handwritten digits, 8x8"
            ),
            KnownData(
                name="diabetes",
                task="regression",
                rows=442,
                inputs=10,
                classes=0,
                title="disease progression in a year",
            ),
            KnownData(
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


def builtin_data(name: str) -> KnownData:
    """Look up a data set by name.

    Raises:
        SettingsError: there is none of that name.
    """
    if name not in BUILTIN:
        raise SettingsError(f"unknown data {name!r}; choose one of {', '.join(BUILTIN)}")
    return BUILTIN[name]
