"""Rows from memory that a run keeps: they come back as they were, and a file of others is no danger."""

import dataclasses
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from nnsize_engine.data.kept_file import FACTS_NAME, read_rows, write_rows
from nnsize_engine.data.kept_rows import KeptColumn, KeptRows
from nnsize_engine.data.read import open_source
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice

MATRIX = KeptRows(names=("a", "b"), targets=("y",), X=np.arange(12.0).reshape(6, 2), y=np.array(list("ababba")))
SPARSE = dataclasses.replace(
    MATRIX,
    X=csr_array(np.eye(6, 2)),
    y=np.arange(12.0).reshape(6, 2),
    targets=("y0", "y1"),
    sample_weight=np.arange(6.0),
    splits=((np.array([0, 1, 2], dtype=np.int32), np.array([3], dtype=np.int32)),),
)
COLUMNS = KeptRows(
    names=("n", "t", "b", "d", "../ü\x00\n"),
    targets=("y",),
    columns=(
        KeptColumn(name="n", kind="number", values=np.array([1.5, np.nan, 0, 1, 2, 3])),
        KeptColumn(name="t", kind="text", values=np.array([0, 1, -1, 1, 0, 0], dtype=np.int32), levels=("NA", "ü")),
        KeptColumn(name="b", kind="boolean", values=np.array([0, 1, -1, 1, 0, 0], dtype=np.int8)),
        KeptColumn(name="d", kind="date", values=np.array(["2020-01-01", "NaT"] * 3, dtype="datetime64[us]")),
        KeptColumn(name="../ü\x00\n", kind="category", values=np.zeros(6, dtype=np.int32), levels=("1",)),
    ),
    y=np.arange(6) % 2,
)


def written(rows: KeptRows) -> bytes:
    """Return the file of rows."""
    file = io.BytesIO()
    write_rows(file, rows)
    return file.getvalue()


def read(content: bytes, folder: Path) -> KeptRows:
    """Return the rows of a file with this content."""
    path = folder / "data.npz"
    path.write_bytes(content)
    return read_rows(path)


@pytest.mark.parametrize("rows", [MATRIX, SPARSE, COLUMNS], ids=["matrix", "sparse", "columns"])
def test_rows_come_back_as_they_were(rows: KeptRows, tmp_path: Path) -> None:
    found = read(written(rows), tmp_path)
    assert (found.names, found.targets) == (rows.names, rows.targets)
    np.testing.assert_array_equal(found.y, rows.y)
    assert found.y.dtype == rows.y.dtype
    if rows is SPARSE:
        np.testing.assert_array_equal(found.X.toarray(), rows.X.toarray())
        np.testing.assert_array_equal(found.sample_weight, rows.sample_weight)
        assert [[one.tolist() for one in split] for split in found.splits or ()] == [[[0, 1, 2], [3]]]
    elif rows is MATRIX:
        np.testing.assert_array_equal(found.X, rows.X)
        assert (found.sample_weight, found.splits) == (None, None)
    for mine, other in zip(found.columns, rows.columns, strict=True):
        assert (mine.name, mine.kind, mine.levels) == (other.name, other.kind, other.levels)
        np.testing.assert_array_equal(mine.values, other.values)
    assert abs(rows.bytes - len(written(rows))) < 4000


@settings(deadline=None, max_examples=300)
@given(data=st.data(), rows=st.sampled_from([MATRIX, SPARSE, COLUMNS]))
def test_a_file_with_other_bytes_is_refused_in_a_sentence_or_holds_rows_that_fit(
    data: st.DataObject, rows: KeptRows, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(written(rows))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.sampled_from([len(content), len(content) // 2, len(content) - 30]))
    folder = tmp_path_factory.getbasetemp() / "mutated"
    folder.mkdir(exist_ok=True)
    error, found = None, None
    try:
        found = read(bytes(content[:end]), folder)
    except DataError as caught:
        error = str(caught)
    if found is None:
        assert error is not None
        assert "data.npz of the run in" in error
        assert len(error) < 500
        assert error.isprintable()
    else:
        assert all(len(column.values) == len(found.y) for column in found.columns)


def made(facts: dict[str, Any], compression: int = zipfile.ZIP_STORED, **arrays: Any) -> bytes:
    """Return a file with these facts and arrays."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression=compression) as archive:
        archive.writestr(FACTS_NAME, json.dumps({"names": ["a"], "targets": ["y"], "splits": None} | facts))
        for name, array in arrays.items():
            content = array if isinstance(array, bytes) else _array(array)
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def _array(values: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, values, allow_pickle=True)
    return file.getvalue()


HUGE = (
    b"\x93NUMPY\x01\x00v\x00"
    + b"{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 1), }".ljust(117)
    + b"\n"
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (made({}, X=np.array([[print]], dtype=object), y=[1]), "X is of type object"),
        (made({}, X=HUGE, y=[1]), "X ends early"),
        (made({}, zipfile.ZIP_DEFLATED, X=np.zeros((100_000, 1)), y=[1]), "is compressed or encrypted"),
        (made({}, X=np.zeros((3, 1)), y=[1]), "its inputs do not fit"),
        (made({"inputs": -1}, y=[1]), "is no count"),
        (made({"columns": [{"kind": "evil", "levels": []}]}, y=[1]), "is of kind 'evil'"),
        (made({"columns": [{"kind": "text", "levels": ["a"]}]}, y=[1], column_0=[7]), "does not fit its rows or label"),
        (made({"names": [1]}, y=[1]), "its names are no texts"),
        (made({"splits": 1}, X=np.zeros((1, 1)), y=[1], nnsize_train_0=[5], nnsize_test_0=[0]), "split 0 does not fit"),
        (made({}, X=np.zeros((1, 1)), y=[1], nnsize_sample_weight=[np.nan]), "its sample weights do not fit"),
        (b"", "BadZipFile"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",  # the bytes hold the time of day
)  # fmt: skip
def test_a_file_that_nnsize_does_not_write_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        read(content, tmp_path)


def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(written(MATRIX))
    (tmp_path / "data.npz").symlink_to(tmp_path / "other")
    with pytest.raises(DataError, match="cannot be read"):
        read_rows(tmp_path / "data.npz")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="it is no regular file"):
        read_rows(tmp_path / "pipe")


def test_a_command_may_search_a_kept_matrix_but_no_kept_columns(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(written(dataclasses.replace(SPARSE, X=np.eye(6, 2))))
    assert open_source(TableChoice(source=str(path))).names == ("x0", "x1", "y0", "y1")
    path.write_bytes(written(COLUMNS))
    with pytest.raises(DataError, match="holds columns or a sparse matrix that a program gave to its run"):
        open_source(TableChoice(source=str(path)))
