"""The parts of a program that read the data which a run keeps in its folder."""

import zipfile
from collections.abc import Set as AbstractSet

from nnsize_engine.errors import ExportError
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.text import escape_text

_COLUMNS = '''def kept_column(kind, values, levels):
    """A column as the run was given it; None where it is missing."""
    if kind in ("text", "category"):
        return np.array([*levels, None], dtype=object)[values]
    if kind == "boolean" and values.min() < 0:
        return np.array([False, True, None], dtype=object)[values]
    return values.astype(bool) if kind == "boolean" else values'''

_TABLE = """facts = json.loads(data["nnsize.json"])
table = pd.DataFrame({
    name: kept_column(column["kind"], data[f"column_{place}"], column["levels"])
    for place, (name, column) in enumerate(zip(facts["names"], facts["columns"]))
})"""

_SPARSE = """parts = data["nnsize_data"], data["nnsize_indices"], data["nnsize_indptr"]
X = csr_array(parts, shape=({rows}, {inputs})).toarray()"""


def holds_weights(table: TableSettings | None) -> bool:
    """Return whether the kept data of a run weighs its rows.

    Raises:
        ExportError: the data cannot be read.
    """
    return table is not None and bool(table.kept_as) and "nnsize_sample_weight.npy" in _members(table)


def kept_matrix_code(table: TableSettings) -> str:
    """Return code that makes ``X`` and ``y`` of a kept matrix.

    Raises:
        ExportError: the data cannot be read.
    """
    inputs = 'X = data["X"]'
    if "X.npy" not in _members(table):
        inputs = _SPARSE.format(rows=table.rows, inputs=table.inputs)
    return "\n".join([_open_code(table), inputs, *_weights_code(table)])


def kept_table_code(table: TableSettings) -> tuple[str, str]:
    """Return a function, and the code that makes the frame ``table``, and ``y``, of kept columns by it."""
    return _COLUMNS, "\n".join([_open_code(table), _TABLE, *_weights_code(table)])


def given_splits_code(count: int) -> str:
    """Return the line that lists the splits that are kept with the data."""
    return f'folds = [(data[f"nnsize_train_{{n}}"], data[f"nnsize_test_{{n}}"]) for n in range({count})]\n'


def _open_code(table: TableSettings) -> str:
    return f'data = np.load({table.choice.source!r})\ny = data["y"]'


def _weights_code(table: TableSettings) -> list[str]:
    return ['sample_weight = data["nnsize_sample_weight"]'] if holds_weights(table) else []


def _members(table: TableSettings) -> AbstractSet[str]:
    try:
        with zipfile.ZipFile(table.choice.source) as archive:
            return frozenset(archive.namelist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        raise ExportError(f"{escape_text(table.choice.source)} cannot be read: {error}") from error
