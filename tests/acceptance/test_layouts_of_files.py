"""Files in the layouts of real ones go from the file to an answer, and what is left out is said."""

import json
from pathlib import Path

import pytest

from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import list_runs
from nnsize_engine.runs.reader import read_log
from support.commands import nnsize

TABLES = Path(__file__).parents[1] / "own_tables"

FILES: dict[str, tuple[list[str], str, str]] = {
    "no-header-numbers.csv": ([], "60 rows, 5 columns", "header: none, because 5 of 5 fields"),
    "no-header-labels.csv": ([], "60 rows, 5 columns", "header: none, because 5 of 5 fields"),
    "duplicate-names.csv": ([], "40 rows, 5 columns", "column 3 'year.1', column 4 'Score.1' got a suffix, as in"),
    "comment-lines.csv": ([], "40 rows, 3 columns (left out of the file: 4 comment lines", "comment: what follows '#'"),
    "excel-sep-line.csv": ([], "left out of the file: 1 line that names the separator", "separator: semicolon"),
    "aligned-with-blanks.data": ([], "40 rows, 5 columns", "separator: whitespace"),
    "trailing-separators.csv": (
        ["--decimal", ","],
        "left out of the file: 2 columns without a name and a value",
        "target: 'RH', the last column",
    ),
    "repeated-header.csv": (
        [],
        "left out of the file: 2 lines that repeat the header",
        "target: 'Price', the last column",
    ),
    "blank-after-comma.csv": (["--missing", "?", "--positive", ">50K"], "rows, 4 columns", "target: 'income'"),
    "latin1-byte-after-64k.csv.gz": ([], "rows, 3 columns", "encoding: latin-1, because of bytes after the beginning"),
}
"""The options that each file needs, and words of the first line and of the other lines of ``nnsize data``."""


@pytest.mark.parametrize("name", FILES)
def test_a_file_goes_to_an_answer_and_what_is_left_out_is_said(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path))
    options, first, words = FILES[name]
    path = str(TABLES / name)
    looked = nnsize("data", path, *options)
    assert looked.returncode == 0, looked.stderr
    lines = looked.stdout.splitlines()
    assert first in " ".join(lines[: lines.index("")])
    assert words in " ".join(looked.stdout.split())
    done = nnsize("size", path, "--neurons", "4,8", "--cv", "3", "--max-iter", "5", "--json", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["recommended"]
    if "left out of the file: " in first:
        left_out = first.partition("(")[2] or first
        with reading(list_runs(tmp_path)[0]) as connection:
            log = [line.text for line in read_log(connection)]
        assert any(line.startswith(f"of {name}: {left_out}") for line in log)
        assert f"# {left_out}" in nnsize("show", "last", "--config").stdout
        assert left_out in nnsize("show", "last", "--python").stdout
