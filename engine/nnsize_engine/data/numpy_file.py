"""NumPy's ``.npy`` and ``.npz`` files, read in parts.

========================================  ==========================================================================
an array of rows and columns               columns ``x0``, ``x1``, ... and, as the last one and the target, ``y``
an array of records                        one column per field, by the name of the field
``.npz`` with ``X`` and ``y``              columns ``x0``, ``x1``, ... of ``X``, and the target ``y``, or the targets
                                           ``y0``, ``y1``, ... if ``y`` has several columns
``.npz`` with one array                    the same as that array in a ``.npy`` file
``.npz`` with several arrays of one size   one column per array, by the name of the array
========================================  ==========================================================================
"""

import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.cast_parts import cast_part
from nnsize_engine.data.source import PART_ROWS, Source, column_names, file_sha256, unknown_type
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice

NPY = b"\x93NUMPY"

_BROKEN = (
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""The errors of reading a damaged file."""

BESIDE = "nnsize_"  # beginning of arrays that nnsize keeps beside X and y, such as splits

_LAYOUTS = "X (rows, columns) and y (rows), or one array of rows and columns, or several arrays of one value a row"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Array:
    """One array in a file."""

    path: Path
    member: str | None
    """Name in the archive; None for a ``.npy`` file."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.dtype.names) if self.dtype.names else self.shape[1] if len(self.shape) == 2 else 1


def open_arrays(choice: TableChoice, path: Path) -> Source:
    """Find the arrays of a file and the columns that they become.

    Raises:
        DataError: the arrays make no table, or the file is damaged.
    """
    arrays = _find_arrays(path, choice.name)
    used, found, targets = _layout(arrays, choice.name)
    names = column_names(found, choice.name)
    rows = {array.shape[0] for array in used}
    if len(rows) > 1:
        raise DataError(
            f"the arrays of {choice.name} have {' and '.join(f'{count:,}' for count in sorted(rows))} rows; "
            "all must have the same number",
            field="data",
        )

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        import pandas as pd

        texts = {at for at, place in enumerate(wanted) if place in as_text}
        for parts in zip(*(_parts(array, choice.name) for array in used), strict=True):
            columns = [column for part in parts for column in _columns(part)]
            frame = pd.DataFrame({at: _as_plain(columns[place]) for at, place in enumerate(wanted)})
            yield cast_part(frame, texts, choice.missing)

    return Source(
        choice=choice,
        names=names,
        frames=frames,
        checksum=lambda: file_sha256(path),
        default_target=targets,
        is_typed=True,
        refused=_refused(used, names),
    )


def _find_arrays(path: Path, name: str) -> dict[str, _Array]:
    """Return the arrays of a file by name; the name of a ``.npy`` file's array is empty."""
    try:
        with path.open("rb") as file:
            if file.read(len(NPY)) == NPY:
                file.seek(0)
                return {"": _header(file, path, None)}
        with zipfile.ZipFile(path) as archive:
            found = {}
            for member in archive.namelist():
                if member.endswith(".npy") and not member.startswith(BESIDE):
                    with archive.open(member) as file:
                        found[member.removesuffix(".npy")] = _header(file, path, member)
    except _BROKEN as error:
        raise (_damaged(name) if path.suffix.lower() in (".npy", ".npz") else _other_archive(name)) from error
    if not found:
        raise _other_archive(name)
    return found


def _other_archive(name: str) -> DataError:
    return DataError(
        f"{name} is a zip archive, like an Excel file, without NumPy arrays; save the table as CSV", field="data"
    )


def _damaged(name: str) -> DataError:
    return DataError(f"{name} cannot be read as a NumPy file; it may be damaged: write it again", field="data")


def _header(file: IO[bytes], path: Path, member: str | None) -> _Array:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy warns of headers that Python 2 wrote
        shape, is_fortran, dtype = read(file)
    return _Array(path=path, member=member, shape=shape, dtype=dtype, is_fortran=is_fortran)


def _layout(arrays: dict[str, _Array], name: str) -> tuple[list[_Array], list[str], tuple[str, ...]]:
    """Return the used arrays, the names of their columns, and the targets; no targets means the last column."""
    lowered = {key.lower(): array for key, array in arrays.items()}
    if set(lowered) == {"x", "y"} and len(lowered["x"].shape) == 2 and len(lowered["y"].shape) in (1, 2):
        inputs, target = lowered["x"], lowered["y"]
        targets = [f"y{place}" for place in range(target.width)] if target.width > 1 else ["y"]
        return [inputs, target], [f"x{place}" for place in range(inputs.width)] + targets, tuple(targets)
    only = next(iter(arrays.values()))
    if len(arrays) == 1 and len(only.shape) == 1 and only.dtype.names:
        return [only], list(only.dtype.names), ()
    if len(arrays) == 1 and len(only.shape) == 2 and only.width:
        return [only], [f"x{place}" for place in range(only.width - 1)] + ["y"], ()
    if len(arrays) > 1 and all(array.width == 1 and len(array.shape) in (1, 2) for array in arrays.values()):
        return list(arrays.values()), list(arrays), ()
    shapes = ", ".join(f"{key or 'one array'} {array.shape}" for key, array in list(arrays.items())[:6])
    raise DataError(f"{name} holds {shapes}; expected are {_LAYOUTS}", field="data")


def _refused(arrays: Sequence[_Array], names: Sequence[str]) -> dict[int, str]:
    """Return the columns of types that no network takes, each with the message of its refusal."""
    kinds: list[np.dtype[Any]] = []
    for array in arrays:
        fields = [array.dtype[field] for field in array.dtype.names or ()]
        kinds.extend(fields or [array.dtype] * array.width)
    return {
        place: unknown_type(name, str(kind))
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
        if kind.kind not in "biufUSMO"
    }


def _parts(array: _Array, name: str) -> Iterator[NDArray[Any]]:
    """Yield the rows of an array in order, in parts of :data:`PART_ROWS`."""
    if array.dtype.hasobject:
        raise DataError(
            f"{name} holds Python objects, which may run code when they are read; save arrays of numbers or texts",
            field="data",
        )
    try:
        if array.member is None:
            values = np.load(array.path, mmap_mode="r", allow_pickle=False)
            for start in range(0, array.shape[0], PART_ROWS):
                yield values[start : start + PART_ROWS]
            return
        with zipfile.ZipFile(array.path) as archive, archive.open(array.member) as file:
            yield from _stream(file, array)
    except _BROKEN as error:
        raise _damaged(name) from error


def _stream(file: IO[bytes], array: _Array) -> Iterator[NDArray[Any]]:
    """Yield rows from an archive; an array stored by columns (Fortran order) is read whole first."""
    if array.is_fortran:
        values = np.lib.format.read_array(file, allow_pickle=False)
        for start in range(0, array.shape[0], PART_ROWS):
            yield values[start : start + PART_ROWS]
        return
    _header(file, array.path, array.member)
    width = int(np.prod(array.shape[1:], dtype=np.int64))
    for start in range(0, array.shape[0], PART_ROWS):
        rows = min(PART_ROWS, array.shape[0] - start)
        size = rows * width * array.dtype.itemsize
        data = file.read(size)
        if len(data) < size:
            raise EOFError("an array ends early")
        yield np.frombuffer(data, dtype=array.dtype).reshape(rows, *array.shape[1:])


def _columns(part: NDArray[Any]) -> list[NDArray[Any]]:
    if part.dtype.names:
        return [part[field] for field in part.dtype.names]
    return [part] if part.ndim == 1 else [part[:, place] for place in range(part.shape[1])]


def _as_plain(values: NDArray[Any]) -> NDArray[Any]:
    """Return values of a type that pandas has: bytes as text, numbers in this machine's byte order."""
    if values.dtype.kind == "S":
        return np.char.decode(values, "utf-8").astype(object)
    if values.dtype.kind == "U":
        return values.astype(object)
    return values.astype(values.dtype.newbyteorder("="))
