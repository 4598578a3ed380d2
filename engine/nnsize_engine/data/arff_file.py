"""ARFF files, as Weka writes them, read in parts by the reader that scikit-learn uses for openml.org."""

import re
from collections.abc import Collection, Generator, Iterator, Sequence
from itertools import islice
from typing import Any

from nnsize_engine.data.cast_parts import cast_part
from nnsize_engine.data.encoded_text import EncodedText
from nnsize_engine.data.source import PART_ROWS, Source, column_names, file_sha256
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import FileFacts
from nnsize_engine.settings.table_choice import TableChoice

_RELATION = re.compile(r"\s*@relation\b", re.IGNORECASE)
_DATA = re.compile(r"\s*@data\b", re.IGNORECASE)
_DATE = re.compile(r"(\s*@attribute\s+(?:'[^']*'|\"[^\"]*\"|\S+)\s+)date\b.*", re.IGNORECASE | re.DOTALL)


def is_arff(text: EncodedText) -> bool:
    """Return whether a text begins as an ARFF file: with a relation, below comments."""
    lines = (line for line in text.start.splitlines() if line.strip() and not line.lstrip().startswith("%"))
    return _RELATION.match(next(lines, "")) is not None


def open_arff(choice: TableChoice, text: EncodedText) -> Source:
    """Find the columns of a file.

    Raises:
        DataError: the file is damaged.
    """
    is_sparse = _is_sparse(text)
    attributes, _ = _load(text, is_sparse=is_sparse)
    found = [str(name) for name, _ in attributes]
    names = column_names(found, choice.name)
    zeros = [
        kind[0] if isinstance(kind, list) and kind else None if kind == "STRING" else 0.0 for _, kind in attributes
    ]

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        import pandas as pd

        texts = {at for at, place in enumerate(wanted) if place in as_text}
        _, rows = _load(text, is_sparse=is_sparse)
        while part := _next_rows(rows, text.name):
            full = [_filled(row, zeros) for row in part] if is_sparse else part
            cells = {at: [row[place] for row in full] for at, place in enumerate(wanted)}
            yield cast_part(pd.DataFrame(cells), texts, choice.missing)

    return Source(
        choice=choice,
        names=names,
        frames=frames,
        checksum=lambda: file_sha256(text.path),
        is_typed=True,
        file=lambda: FileFacts(
            format="arff",
            compression=text.packing.compression,
            member=text.packing.member,
            encoding=text.encoding,
            is_sparse=is_sparse,
        ),
    )


def _is_sparse(text: EncodedText) -> bool:
    """Return whether the first row names the places of its values."""
    lines = text.lines()
    rows = (line for line in lines if _DATA.match(line))
    next(rows, "")
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("%")), "")
    return first.lstrip().startswith("{")


def _filled(row: Any, zeros: Sequence[Any]) -> list[Any]:
    """Return all values of a sparse row: those that it does not name are 0, or the first label."""
    return [row.get(place, zero) for place, zero in enumerate(zeros)]


def _load(text: EncodedText, *, is_sparse: bool) -> tuple[list[tuple[str, Any]], Iterator[Any]]:
    """Return the attributes, each with its type, and the rows."""
    from sklearn.externals import _arff

    lines = (_DATE.sub(r"\1string", line) for line in text.lines())  # dates are told by their texts
    try:
        content = _arff.load(lines, return_type=_arff.LOD_GEN if is_sparse else _arff.DENSE_GEN)
    except _arff.ArffException as error:
        raise _damaged(text.name, error) from error
    return content["attributes"], content["data"]


def _next_rows(rows: Iterator[Any], name: str) -> list[Any]:
    from sklearn.externals import _arff

    try:
        return list(islice(rows, PART_ROWS))
    except (_arff.ArffException, ValueError) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> DataError:
    reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
    return DataError(f"{name} cannot be read as an ARFF file: {reason}; correct that line", field="data")
