"""The columns of a file in any format, as the shell completes them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnsize_engine.data.read import open_source
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


def test_no_format_needs_pandas_or_scikit_learn(tmp_path: Path) -> None:
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
    assert {"pandas", "sklearn", "scipy", "numba"}.isdisjoint(json.loads(done.stdout))
