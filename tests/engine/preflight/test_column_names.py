"""Column names guessed from a file's first line."""

import gzip
import os
from pathlib import Path

import pytest

from nnsize_engine.data.read import open_source
from nnsize_engine.preflight.column_names import guess_columns
from nnsize_engine.settings.table_choice import TableChoice


def guessed(path: Path, encoding: str | None = None) -> tuple[str, ...]:
    return guess_columns(TableChoice(source=str(path), encoding=encoding))


def test_names_are_those_of_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text('a;"b;c"\n1;2\n')
    assert guessed(tmp_path / "plain.csv") == ("a", "b;c")
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n", mtime=0))
    assert guessed(tmp_path / "packed.csv.gz") == ("a", "b")


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        'ä;"b;c"\n1;2\n'.encode("cp1252"),
        "\ufeffa\tb\r\n1\t2\r\n".encode("utf-16"),
        gzip.compress(b"a|b c\n1|2\n", mtime=0),
        b"a\x1b[31m b\n1 2\n",
        b"a,a\n1,2\n",
        b"a,,b\n1,,2\n",
        b"sales\n\na,b\n1,2\n3,4\n",
        b"a,b\nr,1,2\ns,2,3\n",
        b"1.5,2\n2.5,3\n",
    ],
)
def test_names_are_those_that_a_run_would_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table").write_bytes(content)
    names = guessed(tmp_path / "table")
    assert len(names) == 2
    assert names == open_source(TableChoice(source=str(tmp_path / "table"))).names


def test_nothing_is_guessed_of_what_cannot_be_read_and_nothing_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert guessed(tmp_path / "pipe.csv") == ()
    damaged = bytearray(gzip.compress(b"a,b\n" + bytes(range(32, 120)) * 300))
    damaged[14] ^= 0xFF
    damaged[20] ^= 0xFF
    (tmp_path / "damaged.csv.gz").write_bytes(damaged)
    assert guessed(tmp_path / "damaged.csv.gz") == ()
    (tmp_path / "plain.csv").write_text("a,b\n1,2\n")
    assert guessed(tmp_path / "plain.csv", encoding="idna") == ()
    assert guessed(tmp_path / "none.csv") == ()
    (tmp_path / "t.jsonl").write_text('{"a": 1, "b": 2}\n')
    assert guessed(tmp_path / "t.jsonl") == ()
    (tmp_path / "t.arff").write_text("@relation a,b\n")
    assert guessed(tmp_path / "t.arff") == ()
