"""Parquet, Arrow, Feather and NumPy files hold the same table as the CSV file of it."""

import datetime
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather, ipc

from nnsize_engine.data import arrow_file, numpy_file
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.load import load_table
from nnsize_engine.data.read import read_table
from nnsize_engine.data.table import Table
from nnsize_engine.errors import DataError
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.settings.table_choice import TableChoice

ROWS = 40


def mixed() -> pd.DataFrame:
    """Every kind of column, with missing values, and labels to predict."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "number": rng.normal(size=ROWS),
            "whole": pd.array(rng.integers(0, 9, ROWS), dtype="Int64"),
            "truth": (rng.random(ROWS) < 0.5).astype(object),
            "text": rng.choice(["p", "q", "r"], ROWS),
            "day": pd.date_range("2024-01-01", periods=ROWS, freq="D"),
            "moment": pd.date_range("2024-03-30", periods=ROWS, freq="h", tz="Europe/Berlin"),
            "label": rng.choice(["yes", "no"], ROWS),
        }
    )
    for place, name in enumerate(frame.columns):
        frame.loc[3 + place, name] = None
    frame["kept"] = frame["text"].astype("category")
    return frame[["number", "whole", "truth", "text", "day", "moment", "kept", "label"]]


def to_stream(frame: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(frame)
    with ipc.new_stream(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=7)


def to_feather(frame: pd.DataFrame, path: Path) -> None:
    feather.write_feather(pa.Table.from_pandas(frame), str(path), chunksize=9)


WRITERS: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    "t.parquet": lambda frame, path: frame.to_parquet(path, row_group_size=11),
    "named.bin": lambda frame, path: frame.to_parquet(path),
    "t.feather": to_feather,
    "t.arrows": to_stream,
}


def loaded(path: Path, **said: Any) -> Table:
    summary = inspect_table(TableChoice(source=str(path), **said))
    table = load_table(summary.table)
    assert table.settings == summary.table
    return table


def assert_equal(one: Table, other: Table) -> None:
    assert [(column.name, column.kind, column.levels) for column in one.columns] == [
        (column.name, column.kind, column.levels) for column in other.columns
    ]
    for a, b in zip(one.columns, other.columns, strict=True):
        np.testing.assert_array_equal(a.values, b.values)
    np.testing.assert_array_equal(one.y, other.y)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("part_rows", [50_000, 5])
def test_a_typed_file_is_read_as_its_csv_file(
    tmp_path: Path, name: str, part_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_file, "PART_ROWS", part_rows)
    frame = mixed()
    WRITERS[name](frame, tmp_path / name)
    frame.to_csv(tmp_path / "t.csv", index=False)
    for said in ({}, {"categorical": ("whole,text",), "missing": ("p", "4"), "ignore": ("day",)}):
        assert_equal(loaded(tmp_path / name, **said), loaded(tmp_path / "t.csv", **said))


def test_rows_labels_that_pandas_stored_are_no_column(tmp_path: Path) -> None:
    frame = mixed().set_index(pd.Index([f"r{row}" for row in range(ROWS)]))
    frame.to_parquet(tmp_path / "t.parquet")
    assert loaded(tmp_path / "t.parquet").settings.choice.target == ("label",)


def test_types_of_arrow_become_numbers_texts_and_dates(tmp_path: Path) -> None:
    table = pa.table(
        {
            "small": pa.array([1, None, 3, 4], pa.uint8()),
            "half": pa.array(np.array([0.5, 1, 2, 3], dtype=np.float16)),
            "money": pa.array([Decimal("1.25"), None, Decimal("3.00"), Decimal("4.10")]),
            "day": pa.array([datetime.date(2024, 1, 1), None, datetime.date(2024, 1, 2), datetime.date(2024, 1, 3)]),
            "long": pa.array(["1", "2", "x", None], pa.large_string()),
            "coded": pa.array([10, 20, 10, None]).dictionary_encode(),
            "y": [0.5, 1.5, 2.5, 3.5],
        }
    )
    feather.write_feather(table, str(tmp_path / "t.feather"))
    kinds = {
        column.name: column.kind for column in inspect_table(TableChoice(source=str(tmp_path / "t.feather"))).columns
    }
    assert kinds == {
        "small": "number", "half": "number", "money": "number", "day": "date", "long": "category", "coded": "category",
        "y": "number",
    }  # fmt: skip
    coded = next(column for column in loaded(tmp_path / "t.feather").columns if column.name == "coded")
    assert coded.levels == ("10", "20")


def test_lists_and_bytes_are_refused_unless_they_are_ignored(tmp_path: Path) -> None:
    table = pa.table({"a": [1.0, 2, 3], "list": [[1], [2], [3]], "y": [0.5, 1.5, 2.5]})
    feather.write_feather(table, str(tmp_path / "t.feather"))
    with pytest.raises(DataError, match=r"column 'list' holds values of type list.* leave it out with --ignore list"):
        inspect_table(TableChoice(source=str(tmp_path / "t.feather")))
    assert inspect_table(TableChoice(source=str(tmp_path / "t.feather"), ignore=("list",))).table.inputs == 1


def test_without_pyarrow_the_sentence_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed().to_parquet(tmp_path / "t.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=re.escape(f"needs pyarrow; {install_hint('parquet')}")):
        inspect_table(TableChoice(source=str(tmp_path / "t.parquet")))


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.arrows"])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    WRITERS[name](mixed(), tmp_path / name)
    data = (tmp_path / name).read_bytes()
    for broken in (data[: len(data) // 2], data[:8] + bytes(len(data) - 8)):
        (tmp_path / name).write_bytes(broken)
        with pytest.raises(DataError, match="may be damaged"):
            inspect_table(TableChoice(source=str(tmp_path / name)))


def test_a_text_file_called_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_text("a,y\n1,2\n")
    with pytest.raises(DataError, match="is named like a Parquet file but is none"):
        inspect_table(TableChoice(source=str(tmp_path / "t.parquet")))


X = np.random.default_rng(1).normal(size=(ROWS, 3))
LABELS = np.arange(ROWS) % 3


def save_columns(path: Path) -> None:
    np.savez(path, a=X[:, 0], b=np.array([f"t{row % 2}" for row in range(ROWS)]), c=LABELS)


def save_records(path: Path) -> None:
    np.save(path, np.array([(1.5, 2), (2.5, 3)] * 4, dtype=[("f", "<f8"), ("g", ">i4")]))


def save_compressed(path: Path) -> None:
    np.savez_compressed(path, X=np.asfortranarray(X), y=LABELS)


ARRAYS: dict[str, tuple[Callable[[Path], Any], list[str], tuple[str, ...]]] = {
    "matrix": (lambda path: np.save(path, X), ["x0", "x1", "y"], ("y",)),
    "fortran": (lambda path: np.save(path, np.asfortranarray(X)), ["x0", "x1", "y"], ("y",)),
    "records": (save_records, ["f", "g"], ("g",)),
    "X and y": (lambda path: np.savez(path, X=X, y=LABELS), ["x0", "x1", "x2", "y"], ("y",)),
    "compressed": (save_compressed, ["x0", "x1", "x2", "y"], ("y",)),
    "two targets": (lambda path: np.savez(path, X=X[:, :1], Y=X[:, 1:]), ["x0", "y0", "y1"], ("y0", "y1")),
    "one matrix": (lambda path: np.savez(path, X.astype(">f4")), ["x0", "x1", "y"], ("y",)),
    "columns": (save_columns, ["a", "b", "c"], ("c",)),
}  # fmt: skip


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("part_rows", [50_000, 7])
def test_arrays_become_columns(tmp_path: Path, name: str, part_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_file, "PART_ROWS", part_rows)
    save, names, target = ARRAYS[name]
    path = tmp_path / "named as one likes"
    with path.open("wb") as file:
        save(file)  # type: ignore[arg-type]
    found = read_table(TableChoice(source=str(path)))
    assert [column.name for column in found.columns] == names
    assert found.choice.target == target
    if names[0] == "x0":
        np.testing.assert_allclose(found.columns[0].values, X[:, 0], rtol=1e-6)


def test_the_kinds_of_arrays_are_kept(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "t.npz",
        truth=np.array([True, False, True]),
        text=np.array([b"1", b"2", b"1"]),
        day=np.array(["2024-01-01", "NaT", "2024-01-03"], dtype="datetime64[D]"),
        y=np.array([0.5, 1, 2]),
    )
    columns = read_table(TableChoice(source=str(tmp_path / "t.npz"))).columns
    assert [column.kind for column in columns] == ["boolean", "category", "date", "number"]
    np.testing.assert_array_equal(columns[2].values, [19723, np.nan, 19725])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"X": X, "y": LABELS[:-1]}, "have 39 and 40 rows; all must have the same number"),
        ({"a": X, "b": X}, r"holds a \(40, 3\), b \(40, 3\); expected are X \(rows, columns\) and y"),
        ({"a": X[None]}, r"holds a \(1, 40, 3\); expected"),
        ({"X": np.array([[1, "a"], [2, None]], dtype=object), "y": LABELS[:2]}, "holds Python objects"),
        ({"X": X.astype(complex), "y": LABELS}, "column 'x0' holds values of type complex128"),
        ({"X": X[:0], "y": LABELS[:0]}, "t.npz has 4 columns but no rows; save a row at least"),
        ({"a": X[:, :0]}, r"holds a \(40, 0\); expected"),
        ({}, "is a zip archive"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, content: dict[str, Any], words: str) -> None:
    np.savez(tmp_path / "t.npz", **content)
    with pytest.raises(DataError, match=words):
        inspect_table(TableChoice(source=str(tmp_path / "t.npz")))


@pytest.mark.parametrize("kept", [slice(10), slice(60), slice(600)])
def test_a_damaged_array_file_is_refused(tmp_path: Path, kept: slice) -> None:
    np.save(tmp_path / "t.npy", X)
    (tmp_path / "t.npy").write_bytes((tmp_path / "t.npy").read_bytes()[kept])
    with pytest.raises(DataError, match="it may be damaged"):
        inspect_table(TableChoice(source=str(tmp_path / "t.npy")))


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.parquet", "t.feather", "t.npz"])
def test_however_a_file_is_damaged_it_is_read_or_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "t.npz":
        save_columns(path)
    elif "csv" in name:
        mixed().to_csv(path, index=False)
    else:
        WRITERS[name](mixed(), path)
    whole, sentences = path.read_bytes(), []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 3):
            data[place] = rng.integers(256)
        path.write_bytes(data[: rng.integers(len(data))] if seed % 3 == 0 else data)
        try:
            inspect_table(TableChoice(source=str(path)))
        except DataError as error:
            sentences.append(str(error))
    assert sentences
    assert all(sentence.isprintable() for sentence in sentences)
