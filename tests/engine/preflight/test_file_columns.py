"""The columns of a file in any format, as the shell completes them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from nnsize_engine.data.read import open_source
from nnsize_engine.preflight import excel_names
from nnsize_engine.preflight.file_columns import file_columns
from nnsize_engine.settings.table_choice import TableChoice
from support.formats import FORMATS, choice, frame


@pytest.mark.parametrize("name", FORMATS)
def test_the_columns_of_every_format_are_those_that_a_run_reads(tmp_path: Path, name: str) -> None:
    chosen = choice(tmp_path, name)
    found = file_columns(chosen)
    expected = open_source(chosen).names
    if name.endswith((".npz", ".npy")):
        assert found == ()
    else:
        assert found == expected
        assert len(found) == frame().shape[1]


def test_of_what_cannot_be_read_there_are_no_columns(tmp_path: Path) -> None:
    for name, content in (
        ("t.xlsx", b"PK\x03\x04junk"),
        ("t.parquet", b"PAR1junk"),
        ("t.jsonl", b'{"a": 1'),
        ("t.arff", b"@relation x\n"),
        ("t.csv", b""),
        ("t.npy", b"\x93NUMPY\x01\x00"),
    ):
        (tmp_path / name).write_bytes(content)
        assert file_columns(TableChoice(source=str(tmp_path / name))) == (), name
    os.mkfifo(tmp_path / "pipe.csv")
    assert file_columns(TableChoice(source=str(tmp_path / "pipe.csv"))) == ()
    assert file_columns(TableChoice(source="openml:iris")) == ()


def test_no_format_needs_a_heavy_library(tmp_path: Path) -> None:
    sources = [choice(tmp_path, name).source for name in ("t.xlsx", "t.jsonl", "t.arff")]
    for name, write in (
        ("t.csv", frame().to_csv),
        ("t.parquet", frame().to_parquet),
        ("t.feather", frame().to_feather),
    ):
        write(tmp_path / name)
        sources.append(str(tmp_path / name))
    program = (
        "import json, sys\n"
        "from nnsize_engine.preflight.file_columns import file_columns\n"
        "from nnsize_engine.settings.table_choice import TableChoice\n"
        f"for source in {sources!r}:\n    assert file_columns(TableChoice(source=source)), source\n"
        "print(json.dumps(list(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    heavy = {"numpy", "pandas", "pyarrow", "openpyxl", "sklearn", "scipy", "numba"}
    assert heavy.isdisjoint(json.loads(done.stdout))


def _with_labels() -> Any:
    """Return a table with row labels, times, truth values, and a name that is not ASCII."""
    table = frame().assign(größe=1.5, flag=True, when=pd.Timestamp("2020-01-02"))
    table.index = pd.Index([f"row {place}" for place in range(len(table))], name="label")
    return table


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.arrow", "t.arrows", "t.xlsx", "none.xlsx", "away.xlsx"])
def test_the_columns_of_typed_files_are_read_without_their_libraries_as_with_them(tmp_path: Path, name: str) -> None:
    path, table = tmp_path / name, _with_labels()
    if name.endswith("xlsx"):
        at = {"startrow": 4, "startcol": 3} if name == "away.xlsx" else {}
        table.to_excel(path, header=name != "none.xlsx", **at)
    elif name == "t.parquet":
        table.to_parquet(path)
    elif name == "t.feather":
        table.reset_index(drop=True).to_feather(path)
    else:
        content = pa.Table.from_pandas(table)
        open_writer = pa.ipc.new_file if name == "t.arrow" else pa.ipc.new_stream
        with pa.OSFile(str(path), "wb") as file, open_writer(file, content.schema) as writer:
            writer.write_table(content)
    chosen = TableChoice(source=str(path))
    assert file_columns(chosen) == open_source(chosen).names


def test_parts_of_a_nested_column_are_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    nested = [{"u": 1, "v": [{"w": 2}]}]
    pd.DataFrame({"a": [1], "nested": pd.Series(nested), "y": [2]}).to_parquet(path)
    assert file_columns(TableChoice(source=str(path))) == ("a", "nested", "y")


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.xlsx"])
def test_a_damaged_file_has_columns_or_none_and_raises_nothing(tmp_path: Path, name: str) -> None:
    path, table = tmp_path / name, frame()
    {"t.parquet": table.to_parquet, "t.feather": table.to_feather, "t.xlsx": table.to_excel}[name](path)
    whole, random = path.read_bytes(), np.random.default_rng(0)
    for time in range(60):
        content = bytearray(whole)
        for place in random.integers(8, len(whole), 5):
            content[place] = random.integers(256)
        path.write_bytes(content[: random.integers(8, len(whole))] if time % 3 == 0 else content)
        assert isinstance(file_columns(TableChoice(source=str(path))), tuple)


def test_a_sheet_that_expands_to_far_too_much_has_no_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.xlsx"
    frame().to_excel(path)
    assert file_columns(TableChoice(source=str(path)))
    monkeypatch.setattr(excel_names, "MAX_READ_BYTES", 1_000)
    assert file_columns(TableChoice(source=str(path))) == ()
