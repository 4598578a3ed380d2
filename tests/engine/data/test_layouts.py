"""Text files in the layouts of real ones are read as pandas reads them with the matching options."""

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.read import ReadTable, read_table
from nnsize_engine.settings.table import TableChoice
from support.layouts import CASES, ROWS, Case


def read(folder: Path, content: bytes, name: str = "table.csv", **said: Any) -> ReadTable:
    (folder / name).write_bytes(content)
    return read_table(TableChoice(source=str(folder / name), **said))


def values(column: TypedColumn) -> list[Any]:
    """Return the values of a column as pandas would have them; None where missing."""
    missing = column.is_missing
    if column.kind == "category":
        return [None if gone else column.levels[code] for code, gone in zip(column.values, missing, strict=True)]
    return [None if gone else float(value) for value, gone in zip(column.values, missing, strict=True)]


def expected(frame: Any) -> dict[str, list[Any]]:
    return {
        name: [None if pd.isna(cell) else cell if isinstance(cell, str) else float(cell) for cell in frame[name]]
        for name in frame
    }


@pytest.mark.parametrize("name", CASES)
def test_a_layout_is_found_and_read_as_pandas_reads_it_with_the_matching_options(tmp_path: Path, name: str) -> None:
    case: Case = CASES[name]
    found = read(tmp_path, case.content, case.name, **case.said)
    options = {"index_col": False} | dict(case.pandas)
    frame = pd.read_csv(io.BytesIO(case.content), **options).drop(columns=list(case.dropped))
    assert {column.name: values(column) for column in found.columns} == expected(frame)
    assert found.rows == case.rows == ROWS
    assert dict(found.file.left_out) == dict(case.left_out)
    assert found.choice.target == (frame.columns[-1],)


@pytest.mark.parametrize("name", CASES)
def test_a_table_is_read_again_by_the_choices_that_were_found(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    found = read(tmp_path, case.content, case.name, **case.said)
    again = read_table(found.choice)
    assert again.choice == found.choice
    assert [values(column) for column in again.columns] == [values(column) for column in found.columns]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_that_repeat_the_header_are_left_out_and_counted(tmp_path: Path, ends: str) -> None:
    rows = [f"{place}.5,{'pq'[place % 2]},{place % 7}.25" for place in range(ROWS)]
    lines = ["name a,b,y", *rows[:4], "name a,b,y", *rows[4:], "name a,b,y"]
    found = read(tmp_path, ends.join([*lines, ""]).encode())
    frame = pd.read_csv(io.StringIO("\n".join(["name a,b,y", *rows])))
    assert {column.name: values(column) for column in found.columns} == expected(frame)
    assert dict(found.file.left_out) == {"repeated": 2}
