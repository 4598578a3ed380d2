"""Delimited text is read as pandas reads it, whatever its separator, encoding and line ends."""

import dataclasses
import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnsize_engine.data import delimited
from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.header import MIN_READ_BYTES
from nnsize_engine.data.read import ReadTable, read_table
from nnsize_engine.settings.table_choice import TableChoice

WORDS = st.text("abcxyzäöé ;,|\t\"'\n\u4e2d-", min_size=1, max_size=6).map(lambda text: f"w{text}w")
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "float": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "integer": st.integers(-(2**40), 2**40),
    "truth": st.booleans(),
    "text": WORDS,
}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Columns of numbers, truth values and texts, some values missing, and a target of numbers."""
    rows = draw(st.integers(2, 12))
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=4))
    columns: dict[str, Any] = {}
    for place, kind in enumerate(kinds):
        values = draw(st.lists(st.one_of(CELLS[kind], st.none()), min_size=rows, max_size=rows))
        values[draw(st.integers(0, rows - 1))] = draw(CELLS[kind])
        columns[f"{kind} {place}"] = values
    columns["y"] = [row / 7 for row in range(rows)]
    return pd.DataFrame(columns, dtype=object)


def read(path: Path, **said: Any) -> ReadTable:
    return read_table(TableChoice(source=str(path), **said))


def values(column: TypedColumn) -> list[Any]:
    """The column's values as pandas would have them; None where missing."""
    missing = column.is_missing
    if column.kind == "category":
        return [None if gone else column.levels[code] for code, gone in zip(column.values, missing, strict=True)]
    return [None if gone else float(value) for value, gone in zip(column.values, missing, strict=True)]


def expected(frame: pd.DataFrame) -> list[list[Any]]:
    columns: list[list[Any]] = []
    for name in frame:
        cells = frame[name]
        is_text = not pd.api.types.is_numeric_dtype(cells.dtype) and any(isinstance(cell, str) for cell in cells)
        columns.append([None if pd.isna(cell) else str(cell) if is_text else float(cell) for cell in cells])
    return columns


@given(
    frames(), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]), st.booleans()
)
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_a_table_that_pandas_wrote_is_read_as_pandas_reads_it(
    tmp_path: Path, frame: pd.DataFrame, separator: str, encoding: str, compressed: bool
) -> None:
    path = tmp_path / "table.txt"
    data = frame.to_csv(index=False, sep=separator).encode(encoding)
    path.write_bytes(gzip.compress(data) if compressed else data)
    found = read(path)
    assert found.choice.separator == separator
    assert found.choice.target == ("y",)
    reference = pd.read_csv(io.BytesIO(data), sep=separator, encoding=encoding)
    assert [column.name for column in found.columns] == list(reference)
    assert [values(column) for column in found.columns] == expected(reference)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "latin-1", "utf-32"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    sign = "\x81" if encoding == "latin-1" else "€" if encoding == "cp1252" else "中"
    (tmp_path / "t.csv").write_bytes(f"größe,y\nZoë{sign},1\nb,2\nc,1.5\n".encode(encoding))
    found = read(tmp_path / "t.csv")
    assert found.choice.encoding == encoding
    assert [column.name for column in found.columns] == ["größe", "y"]
    assert f"Zoë{sign}" in found.columns[0].levels


def test_a_file_whose_rest_is_not_what_its_beginning_looked_like_is_read_once_more(tmp_path: Path) -> None:
    text = "name,y\n" + "plain,0.5\n" * MIN_READ_BYTES + "Zoë,1.5\n"
    (tmp_path / "t.csv").write_bytes(text.encode("cp1252"))
    found = read(tmp_path / "t.csv")
    assert found.columns[0].levels == ("Zoë", "plain")
    assert found.choice.encoding == "cp1252"
    assert "encoding: cp1252, because of bytes after the beginning of the file; --encoding names another" in found.notes


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_and_quoted_ones_are_read(tmp_path: Path, ends: str) -> None:
    text = ends.join(['"a', 'b","c ""d"""', '"x, ""y""', 'z",1', "v,2", "u,0.5", ""])
    (tmp_path / "t.csv").write_bytes(text.encode())
    found = read(tmp_path / "t.csv")
    assert [column.name for column in found.columns] == [f"a{repr(ends)[1:-1]}b", 'c "d"']
    assert found.rows == 3
    assert f'x, "y"{ends}z' in found.columns[0].levels


def test_decimal_commas_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b;y\n1,5;2;0,25\n2,5;3;1\n;4;1,75\n")
    found = read(tmp_path / "t.csv", decimal=",")
    assert found.choice.separator == ";"
    assert [values(column) for column in found.columns] == [[1.5, 2.5, None], [2, 3, 4], [0.25, 1, 1.75]]


@pytest.mark.parametrize(
    ("parts", "kind", "values_read"),
    [
        (["1", "2", "2.5", ""], "number", [1, 2, 2.5, None]),
        (["", "", "True", "False"], "boolean", [None, None, 1, 0]),
        (["True", "FALSE", "maybe", ""], "category", ["True", "FALSE", "maybe", None]),
        (["", "", "p", "q"], "category", [None, None, "p", "q"]),
        (["1", "99999999999999999999999", "", "2"], "number", [1, 1e23, None, 2]),
        (["2024-01-01", "", "2024-02-01", "1970-01-02"], "date", [19723, None, 19754, 1]),
    ],
)
def test_a_column_whose_parts_look_different_is_read_as_one(
    tmp_path: Path, parts: list[str], kind: str, values_read: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "PART_ROWS", 2)
    (tmp_path / "t.csv").write_text("a,y\n" + "".join(f"{part},{at / 3}\n" for at, part in enumerate(parts)))
    column = read(tmp_path / "t.csv").columns[0]
    assert column.kind == kind
    assert values(column) == values_read


def test_labels_stay_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("zip,y\n01234,0.5\n1234,1.5\n,2.5\n01234,3\n")
    column = read(tmp_path / "t.csv", categorical=("zip",)).columns[0]
    assert values(column) == ["01234", "1234", None, "01234"]
    assert column.levels == ("01234", "1234")


def test_more_texts_may_stand_for_a_missing_value(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n?,-999,0.5\n1,2,1.5\n-,3,NA\n")
    found = read(tmp_path / "t.csv", missing=("?", "-", "-999"))
    assert [values(column) for column in found.columns] == [[None, 1, None], [None, 2, 3], [0.5, 1.5, None]]


def test_a_nameless_column_is_called_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(",a,\n1,2,3\n4,5,6.5\n")
    assert [column.name for column in read(tmp_path / "t.csv").columns] == ["Unnamed: 0", "a", "Unnamed: 2"]


def test_a_name_of_digits_is_taken_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("city,2019,2020\np,2,3\nq,5,6.5\n")
    found = read(tmp_path / "t.csv")
    assert [column.name for column in found.columns] == ["city", "2019", "2020"]
    assert found.warnings[0].startswith("a column is called '2019': if the first line is a row of data, it is lost")
    assert read(tmp_path / "t.csv", header="none").rows == 3  # the way out that the warning names


def test_columns_are_found_by_what_was_typed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('"a,b",c,d\n1,2,0.5\n4,5,6.5\n')
    both = read(tmp_path / "t.csv", target=("a,b",))
    assert both.choice.target == ("a,b",)
    assert read(tmp_path / "t.csv", target=("c, d",)).choice.target == ("c", "d")
    assert [column.name for column in read(tmp_path / "t.csv", ignore=("a,b",)).columns] == ["c", "d"]
    again = read_table(dataclasses.replace(both.choice))
    assert again.choice == both.choice


def test_float32_is_what_float64_rounds_to(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,y\n0.1,0.1\n1e-3,2.7\n,3\n")
    path = TableChoice(source=str(tmp_path / "t.csv"))
    narrow, wide = read_table(path, "float32"), read_table(path)
    assert narrow.columns[0].values.dtype == np.float32
    assert narrow.columns[1].values.dtype == np.float64
    np.testing.assert_array_equal(narrow.columns[0].values, wide.columns[0].values.astype(np.float32))


def test_a_line_of_names_longer_than_the_beginning_is_read(tmp_path: Path) -> None:
    names = [f"a very long name of column {place}" for place in range(2100)]
    (tmp_path / "t.csv").write_text(";".join(names) + "\n" + ";".join(["1"] * 2100) + "\n" + ";".join(["2.5"] * 2100))
    found = read(tmp_path / "t.csv")
    assert [column.name for column in found.columns] == names
    assert found.rows == 2


def test_a_character_cut_at_the_end_of_the_beginning_is_no_other_encoding(tmp_path: Path) -> None:
    for shift in range(3):
        text = "n" * shift + "ame,y\n" + "€€€€,0.5\n" * 7000 + "b,1\n"
        assert len(text.encode()) > MIN_READ_BYTES
        (tmp_path / "t.csv").write_bytes(text.encode())
        assert read(tmp_path / "t.csv").choice.encoding == "utf-8"
