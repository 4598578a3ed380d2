"""Text files in the layouts of real ones are read as pandas reads them with the matching options."""

import bz2
import gzip
import io
import lzma
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.read import ReadTable, read_table
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import NO_FACTS
from nnsize_engine.settings.table import table_from
from nnsize_engine.settings.table_choice import TableChoice
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
    """Return the values of a frame, without blanks around its texts."""
    return {
        name: [
            None if pd.isna(cell) else cell.strip() if isinstance(cell, str) else float(cell) for cell in frame[name]
        ]
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


LAYOUTS = st.fixed_dictionaries(
    {
        "titles": st.integers(0, 3),
        "comments": st.sampled_from([0, 2, 5]),
        "has_header": st.booleans(),
        "has_units": st.booleans(),
        "repeated": st.integers(0, 2),
        "trailing": st.integers(0, 2),
        "has_blanks": st.booleans(),
        "separator": st.sampled_from(",;\t|"),
        "ends": st.sampled_from(["\n", "\r\n"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
        "pack": st.sampled_from([bytes, gzip.compress, bz2.compress, lzma.compress]),
    }
)


@st.composite
def tables(draw: st.DrawFn) -> Any:
    """Draw a table of numbers and labels, in which columns are as long as real ones."""
    rows = draw(st.integers(12, 30))
    number = st.floats(-1e6, 1e6, width=32)
    columns: dict[str, Any] = {}
    for place in range(draw(st.integers(2, 4))):
        columns[f"größe {place}"] = draw(st.lists(number, min_size=rows, max_size=rows))
    labels = draw(st.lists(st.sampled_from(["red", "dark blue", "é, or so"]), min_size=rows, max_size=rows))
    columns["kind"] = ["red", *labels[1:-1], "red"]
    return pd.DataFrame(columns)


@given(tables(), LAYOUTS)
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_a_random_table_in_a_random_layout_is_read_as_it_was(
    tmp_path: Path, frame: Any, layout: dict[str, Any]
) -> None:
    content, left_out = written(frame, **layout)
    found = read(tmp_path, content)
    assert dict(found.file.left_out) == left_out
    names = list(frame) if layout["has_header"] else [*(f"x{place}" for place in range(frame.shape[1] - 1)), "y"]
    assert [column.name for column in found.columns] == names
    for column, name in zip(found.columns, frame, strict=True):
        assert values(column) == [value if isinstance(value, str) else float(value) for value in frame[name]]


def written(
    frame: Any,
    *,
    titles: int,
    comments: int,
    has_header: bool,
    has_units: bool,
    repeated: int,
    trailing: int,
    has_blanks: bool,
    separator: str,
    ends: str,
    encoding: str,
    pack: Callable[[bytes], bytes],
) -> tuple[bytes, dict[str, int]]:
    """Return the content of a file in a layout, and what is to be left out of it."""
    has_blanks = has_blanks and separator != "\t"
    rows = frame.to_csv(index=False, sep=separator, header=has_header, lineterminator="\n").splitlines()
    head = rows[:1] if has_header else []
    body = rows[len(head) :]
    left_out = {}
    if has_header and has_units:
        head.append(separator.join(["[m]"] * (frame.shape[1] - 1) + [""]))
        left_out["units"] = 1
    if has_header:
        for place in range(repeated):
            body.insert(3 + 4 * place, head[0])
        titles = min(titles, 3)
    else:
        repeated = titles = 0
    lines = [f"{line}{separator * trailing}" for line in [*head, *body]]
    if has_blanks:
        lines = [re.sub(f"{re.escape(separator)}(?! or so)", f"{separator} ", line) for line in lines]
    above = [f"# comment {place}" for place in range(comments)] + [f"Title {place}" for place in range(titles)]
    counts = {"title": titles, "comment": comments, "repeated": repeated, "nameless": trailing}
    left_out |= {what: count for what, count in counts.items() if count}
    text = ends.join([*above, *lines, ""])
    return pack(text.encode(encoding)), left_out


def test_the_advice_about_comments_among_the_rows_works(tmp_path: Path) -> None:
    rows = [f"{place}.5,{'pq'[place % 2]}" for place in range(300)]
    content = "\n".join(["a,y", *rows[:250], "# second batch", *rows[250:], ""]).encode()
    with pytest.raises(DataError, match="leave out lines that begin with # by --comment '#'"):
        read(tmp_path, content)
    found = read(tmp_path, content, comment="#")
    assert (found.rows, dict(found.file.left_out)) == (300, {"comment": 1})


def test_every_option_that_a_note_names_reads_the_other_way(tmp_path: Path) -> None:
    content = CASES["no header"].content
    assert any("--header names takes them as names" in note for note in read(tmp_path, content).notes)
    assert read(tmp_path, content, header="names").rows == ROWS - 1
    content = CASES["comment lines"].content
    assert any("--comment none reads it" in note for note in read(tmp_path, content).notes)
    assert read(tmp_path, content, comment="", skip=3).rows == ROWS
    content = CASES["title lines"].content
    assert any("--skip names another number" in note for note in read(tmp_path, content).notes)
    assert read(tmp_path, content, skip=4, header="none").rows == ROWS
    content = CASES["units"].content
    assert any("--header names reads it as a row" in note for note in read(tmp_path, content).notes)
    assert read(tmp_path, content, header="names", categorical=("temp", "load")).rows == ROWS + 1


@pytest.mark.parametrize("names", ["0,1,2", "2019,2020,y", "city,red,y", "a1,b2,y", "x,,y"])
def test_lines_of_names_are_no_rows(tmp_path: Path, names: str) -> None:
    rows = "".join(f"{1990 + place},{2.5 * place},{'pq'[place % 2]}\n" for place in range(ROWS))
    assert read(tmp_path, f"{names}\n{rows}".encode()).rows == ROWS


def test_a_column_without_a_name_that_has_a_late_value_is_kept_but_is_no_target(tmp_path: Path) -> None:
    rows = "".join(f"{place},{'pq'[place % 2]},\n" for place in range(60_000))
    found = read(tmp_path, f"a,y,\n{rows}5,p,late\n".encode())
    assert [column.name for column in found.columns] == ["a", "y", "Unnamed: 2"]
    assert found.choice.target == ("y",)
    assert found.file.left_out == ()


def test_an_ignored_column_without_a_name_and_a_value_stays_known(tmp_path: Path) -> None:
    content = CASES["trailing separators of names"].content
    found = read(tmp_path, content, ignore=("Unnamed: 3",))
    assert found.choice.ignore == ("Unnamed: 3",)
    assert found.choice.target == ("y",)


def test_a_sign_of_comments_in_a_late_cell_begins_none(tmp_path: Path) -> None:
    rows = "".join(f"{place},{'pq'[place % 2]}\n" for place in range(60_000))
    found = read(tmp_path, f"# one\n# two\na,y\n{rows}5,p#1\n6,p#1\n".encode())
    assert found.columns[1].levels == ("p", "p#1", "q")
    assert dict(found.file.left_out) == {"comment": 2}
    assert (found.choice.comment, found.choice.skip) == ("", 2)


def test_runs_of_earlier_versions_read_the_first_line_as_names() -> None:
    stored = {"choice": {"source": "/t.csv", "target": ["y"], "separator": ","}, "task": "binary", "rows": 1}
    table = table_from({**stored, "inputs": 1, "classes": 2, "sha256": ""})
    assert (table.choice.header, table.choice.skip, table.choice.comment) == ("names", 0, "")
    assert table.file == NO_FACTS
