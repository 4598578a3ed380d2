"""The arguments of ``pandas.read_csv`` that say which texts mean a missing value."""

from collections.abc import Sequence
from typing import Any

from nnsize_engine.data.find_columns import guess_targets
from nnsize_engine.data.missing_labels import may_keep_labels
from nnsize_engine.settings.table_choice import TableChoice


def missing_arguments(choice: TableChoice, names: Sequence[str]) -> dict[str, Any]:
    """Return the arguments for columns of these names.

    A target keeps its texts unless the user named those that are missing: whether a label such as None means a missing
    value is decided when all labels are known.
    """
    if choice.has_old_reading:
        return {"na_values": list(choice.missing)}
    texts = list(choice.missing_texts)
    targets = guess_targets(names, choice) if may_keep_labels(choice) else ()
    by_name = {name: [""] if name in targets else texts for name in names}
    return {"na_values": by_name, "keep_default_na": False}
