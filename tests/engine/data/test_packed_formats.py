"""Excel, ARFF, JSON and compressed files hold the table that pandas wrote, and hostile ones end in one sentence."""

import bz2
import gzip
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nnsize_engine.data import compressed, header, json_file
from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.read import open_source, read_table
from nnsize_engine.errors import DataError
from nnsize_engine.processes.install_hint import Extra, install_hint
from nnsize_engine.settings.table_choice import TableChoice
from support.formats import FORMATS, choice, frame


def values(column: TypedColumn) -> list[Any]:
    """Return the values of a column; None where missing."""
    missing = column.is_missing
    if column.kind == "category":
        return [None if gone else column.levels[code] for code, gone in zip(column.values, missing, strict=True)]
    return [None if gone else float(value) for value, gone in zip(column.values, missing, strict=True)]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_and_compression_holds_the_same_table(tmp_path: Path, name: str) -> None:
    found = read_table(choice(tmp_path, name))
    expected = frame()
    assert [column.name for column in found.columns] == list(expected)
    for column in found.columns:
        cells = [None if pd.isna(cell) else cell for cell in expected[column.name]]
        assert values(column) == cells
    assert [column.kind for column in found.columns] == ["number", "number", "category", "category"]
    assert dict(found.file.left_out) == ({"title": 1} if name == "title.xlsx" else {})


def refusal(path: Path, content: bytes, **said: Any) -> str:
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_table(TableChoice(source=str(path), **said))
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_a_damaged_file_of_each_format_is_refused_in_one_sentence(tmp_path: Path) -> None:
    for name in FORMATS:
        found = choice(tmp_path, name)
        content = Path(found.source).read_bytes()
        assert refusal(tmp_path / name, content[: len(content) // 2] + b'\x00"{') != ""


def test_a_zip_archive_of_several_files_names_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("one.csv", "a,y\n1,2\n")
        archive.writestr("two.csv", "a,y\n1,2\n")
    with pytest.raises(DataError, match=r"t.zip is a zip archive of 2 files \(one.csv, two.csv\); unpack it and name"):
        open_source(TableChoice(source=str(tmp_path / "t.zip")))
    with zipfile.ZipFile(tmp_path / "t.zip", "w"):
        pass
    with pytest.raises(DataError, match="zip archive without a file"):
        open_source(TableChoice(source=str(tmp_path / "t.zip")))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "MIN_CHECKED_BYTES", 1 << 20)
    for pack in (gzip.compress, bz2.compress):
        words = refusal(tmp_path / "t.csv", pack(b"a,y\n" + b"1,2\n" * (1 << 20)))
        assert "is decompressed to more than 400 times its size" in words


@pytest.mark.parametrize("content", [b"x" * 5000, b"a,y\n1,2\n" + b"x" * 5000, b"a,y\n1,2\n" * 20_000 + b"1" * 5000])
def test_a_line_without_an_end_is_refused(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header, "MAX_HEADER_BYTES", 1000)
    monkeypatch.setattr("nnsize_engine.data.table_text.MAX_HEADER_BYTES", 1000)
    monkeypatch.setattr("nnsize_engine.data.table_text._BLOCK_CHARACTERS", 100)
    assert "has a line of more than" in refusal(tmp_path / "t.csv", content)


def test_a_missing_library_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing: list[tuple[str, str, Extra]] = [("t.xlsx", "openpyxl", "excel"), ("t.csv.zst", "zstandard", "zstd")]
    for name, module, extra in missing:
        found = choice(tmp_path, name)
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(DataError) as caught:
            read_table(found)
        assert str(caught.value).endswith(f"which needs {module}; {install_hint(extra)}")
    (tmp_path / "uv-receipt.toml").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(DataError, match=r"install it: uv tool install .*\[zstd\]'"):
        read_table(found)


def test_json_that_is_no_table_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = json.dumps({"a": 1, "y": 2})
    path = tmp_path / "t.jsonl"
    assert "line 2 of t.jsonl is no JSON object" in refusal(path, f"{row}\n{{oops\n".encode())
    assert "line 2 of t.jsonl is no JSON object" in refusal(path, f"{row}\n3\n".encode())
    assert "t.jsonl begins as a JSON array and is damaged" in refusal(path, f"[{row}, ".encode())
    nested = json.dumps({"a": [1, 2], "b": 1.5, "y": 0.5})
    words = refusal(path, f"{nested}\n{nested}\n{row}\n".encode())
    assert "column 'a' holds values of type list" in words
    assert words.endswith("leave it out with --ignore a")
    assert read_table(TableChoice(source=str(path), ignore=("a",), target=("y",))).rows == 3
    monkeypatch.setattr(json_file, "MAX_ARRAY_CHARACTERS", 10)
    assert "write it with one object a line" in refusal(path, f"[{row}]".encode())


def test_sparse_arff_files_and_dates_are_read(tmp_path: Path) -> None:
    head = "@relation r\n@attribute a numeric\n@attribute b {no,yes}\n@attribute 'c d' date \"yyyy-MM-dd\"\n@data\n"
    (tmp_path / "t.arff").write_text(head + "{0 1.5, 2 2020-01-01}\n{1 yes, 2 2020-01-03}\n")
    found = read_table(TableChoice(source=str(tmp_path / "t.arff"), target=("a",)))
    assert [values(column) for column in found.columns] == [[1.5, 0.0], ["no", "yes"], [18262.0, 18264.0]]
    words = refusal(tmp_path / "t.arff", (head + "1,no,2020-01-01\n1,maybe,2020-01-01\n").encode())
    assert "t.arff cannot be read as an ARFF file" in words


def test_old_and_protected_excel_files_are_refused(tmp_path: Path) -> None:
    assert "old format .xls" in refusal(tmp_path / "t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
