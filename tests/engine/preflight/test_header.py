"""Column names guessed from a file's first line."""

import gzip
import os
from pathlib import Path

from nnsize_engine.preflight.header import guess_columns
from nnsize_engine.settings.table import TableChoice


def guessed(path: Path, encoding: str | None = None) -> tuple[str, ...]:
    return guess_columns(TableChoice(source=str(path), encoding=encoding))


def test_names_are_those_of_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text('a;"b;c"\n1;2\n')
    assert guessed(tmp_path / "plain.csv") == ("a", "b;c")
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert guessed(tmp_path / "packed.csv.gz") == ("a", "b")


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
