"""The file in a run's folder that holds rows from memory: arrays of NumPy and their description, never a pickle.

The file may come from somebody else. So its arrays are uncompressed and no larger than the file, hold numbers and texts
alone, and must fit each other.
"""

import contextlib
import json
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO, get_args

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.kept_rows import KeptColumn, KeptKind, KeptRows, Splits
from nnsize_engine.errors import DataError
from nnsize_engine.text import escape_text

FACTS_NAME = "nnsize.json"
"""The member with the names of columns and the texts of labels."""

MAX_FACTS_BYTES = 500_000_000  # the different texts of a large table

MAX_REASON = 200  # characters of what is wrong with a file, which may quote it

_MATRIX, _SPARSE = "X", ("nnsize_data", "nnsize_indices", "nnsize_indptr")
_WEIGHTS, _TRAIN, _TEST = "nnsize_sample_weight", "nnsize_train", "nnsize_test"

_TYPES: Mapping[KeptKind, str] = {"number": "biuf", "boolean": "i", "date": "M", "text": "i", "category": "i"}
"""NumPy's kinds of types that the values of each kind of column have."""

_BROKEN = (ValueError, TypeError, KeyError, EOFError, OSError, NotImplementedError, OverflowError, RuntimeError,
           MemoryError, RecursionError, AttributeError, zipfile.BadZipFile)  # fmt: skip
"""The errors of reading a damaged file."""


def write_rows(file: BinaryIO, rows: KeptRows) -> None:
    """Write rows to a file.

    Raises:
        OSError: it cannot be written.
    """
    facts: dict[str, Any] = {"names": rows.names, "targets": rows.targets}
    arrays: dict[str, NDArray[Any]] = {}
    if isinstance(rows.X, np.ndarray):
        arrays[_MATRIX] = rows.X
    elif rows.X is not None:
        facts["inputs"] = rows.X.shape[1]
        arrays |= dict(zip(_SPARSE, (rows.X.data, rows.X.indices, rows.X.indptr), strict=True))
    else:
        facts["columns"] = [{"kind": column.kind, "levels": column.levels} for column in rows.columns]
        arrays |= {f"column_{place}": column.values for place, column in enumerate(rows.columns)}
    arrays["y"] = rows.y
    if rows.sample_weight is not None:
        arrays[_WEIGHTS] = rows.sample_weight
    for number, (train, test) in enumerate(rows.splits or ()):
        arrays |= {f"{_TRAIN}_{number}": train, f"{_TEST}_{number}": test}
    facts["splits"] = None if rows.splits is None else len(rows.splits)
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_STORED) as archive:
        archive.writestr(FACTS_NAME, json.dumps(facts))
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


def read_rows(path: Path) -> KeptRows:
    """Read the rows of a file that may come from anybody.

    Raises:
        DataError: it cannot be opened, or holds something else.
    """
    try:
        with _opened(path) as file, zipfile.ZipFile(file) as archive:
            return _read(archive)
    except DataError:
        raise
    except _BROKEN as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
        raise DataError(
            f"{path.name} of the run in {path.parent} cannot be read as the data that nnsize keeps: "
            f"{escape_text(reason)[:MAX_REASON]}",
            field="data",
        ) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file, and neither a link nor a pipe."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("it is no regular file")
        yield file


def _read(archive: zipfile.ZipFile) -> KeptRows:
    facts = json.loads(_bytes(archive, FACTS_NAME))
    names, targets = _texts(facts["names"]), _texts(facts["targets"])
    y = _array(archive, "y", "biufU")
    count = len(y)
    X: Any = None
    columns: tuple[KeptColumn, ...] = ()
    if "columns" in facts:
        columns = tuple(
            _column(archive, place, name, found, count)
            for place, (name, found) in enumerate(zip(names, facts["columns"], strict=True))
        )
    elif "inputs" in facts:
        X = _sparse(archive, (count, _whole(facts["inputs"])))
    else:
        X = _array(archive, _MATRIX, "f")
    if X is not None and (X.ndim != 2 or X.shape != (count, len(names))):
        raise ValueError("its inputs do not fit its names and targets")
    if y.ndim not in (1, 2) or count < 1 or (1 if y.ndim == 1 else y.shape[1]) != len(targets):
        raise ValueError("its targets do not fit their names")
    weights = _array(archive, _WEIGHTS, "f") if f"{_WEIGHTS}.npy" in archive.namelist() else None
    if weights is not None and (weights.shape != (count,) or not np.isfinite(weights).all()):
        raise ValueError("its sample weights do not fit its rows")
    return KeptRows(
        names=names, targets=targets, X=X, columns=columns, y=y, sample_weight=weights,
        splits=_splits(archive, facts["splits"], count),
    )  # fmt: skip


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the content of a small member, which must be as long as it says."""
    if _uncompressed(archive, name) > MAX_FACTS_BYTES:
        raise ValueError(f"{name} is too long")
    return archive.read(name)


def _uncompressed(archive: zipfile.ZipFile, name: str) -> int:
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size or info.flag_bits & 1:
        raise ValueError(f"{name} is compressed or encrypted")
    return info.file_size


def _array(archive: zipfile.ZipFile, name: str, kinds: str) -> NDArray[Any]:
    """Return an array whose type is of these kinds of NumPy, and which is no larger than its member."""
    size = _uncompressed(archive, f"{name}.npy")
    with archive.open(f"{name}.npy") as member:
        version = np.lib.format.read_magic(member)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"{name} has an unknown version")
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(member)
    if dtype.kind not in kinds or dtype.hasobject:
        raise ValueError(f"{name} is of type {dtype}")
    values = 1
    for length in shape:
        values *= length
    if values * dtype.itemsize > size or not dtype.itemsize:
        raise ValueError(f"{name} ends early")
    with archive.open(f"{name}.npy") as member:
        array: NDArray[Any] = np.lib.format.read_array(member, allow_pickle=False)
    return array


def _column(archive: zipfile.ZipFile, place: int, name: str, facts: Mapping[str, Any], rows: int) -> KeptColumn:
    kind, levels = facts["kind"], _texts(facts["levels"])
    if kind not in get_args(KeptKind):
        raise ValueError(f"column {place} is of kind {kind!r}")
    values = _array(archive, f"column_{place}", _TYPES[kind])
    most = {"boolean": 1, "text": len(levels) - 1, "category": len(levels) - 1}.get(kind)
    if values.shape != (rows,) or (most is not None and rows and not -1 <= values.min() <= values.max() <= most):
        raise ValueError(f"column {place} does not fit its rows or labels")
    return KeptColumn(name=name, kind=kind, values=values, levels=levels)


def _sparse(archive: zipfile.ZipFile, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_array

    data, indices, indptr = (_array(archive, name, "f" if name == _SPARSE[0] else "i") for name in _SPARSE)
    matrix = csr_array((data, indices, indptr), shape=shape)
    matrix.check_format(full_check=True)
    return matrix


def _splits(archive: zipfile.ZipFile, count: Any, rows: int) -> Splits | None:
    if count is None:
        return None
    found = []
    for number in range(_whole(count)):
        pair = [_array(archive, f"{name}_{number}", "i") for name in (_TRAIN, _TEST)]
        for one in pair:
            if one.ndim != 1 or not len(one) or one.min() < 0 or one.max() >= rows:
                raise ValueError(f"split {number} does not fit its rows")
        found.append((pair[0].astype(np.int32), pair[1].astype(np.int32)))
    return tuple(found)


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError("its names are no texts")
    return tuple(values)
