"""What columns may hold: each column of the SQL has a check, and each check refuses what it says."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nnsize_engine.errors import StoreError
from nnsize_engine.runs import guarded
from nnsize_engine.runs.database import FILE_NAME, create, open_for_writing, reading, transaction
from nnsize_engine.runs.reader import read_log
from nnsize_engine.runs.stored_values import CHECKS, DamagedError, check_rows, large_values, optional, real, text, whole
from nnsize_engine.settings.search import SizeSettings
from support.hostile_runs import ENDLESS
from support.made_runs import made_run


def test_every_column_of_the_sql_has_a_check(tmp_path: Path) -> None:
    create(tmp_path / "target", "target", SizeSettings())
    with closing(sqlite3.connect(tmp_path / "target" / FILE_NAME)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in tables}
    for name, found in columns.items():
        assert found - set(CHECKS[name]) == set(), name


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (whole(0, 5), [0, 5], [-1, 6, 1.0, "1", None, True]),
        (real(), [0.5, 1, -1e300], [float("inf"), float("-inf"), "1", None]),
        (optional(real(0, 1)), [None, 0, 1.0], [1.1, "x", b""]),
        (text(3), ["abc", ""], ["abcd", b"abc", None, 3]),
    ],
)
def test_a_check_accepts_and_refuses(check: object, good: list[object], bad: list[object]) -> None:
    from nnsize_engine.runs.stored_values import Check

    assert isinstance(check, Check)
    assert not check.fault_in(good)
    for value in bad:
        assert check.fault_in([*good, value]), value


def test_a_refused_value_is_named_with_its_table_and_what_it_must_be() -> None:
    with pytest.raises(DamagedError, match="fold in table fit is -1; it must be a whole number from 0 to"):
        check_rows("fit", ("candidate", "fit.fold"), [(0, 0), (1, -1)])


def test_a_query_that_takes_too_long_ends_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "MAX_STEPS", 1_000_000)
    folder = made_run(tmp_path, "target")
    words = "run target cannot be read: a query in it took too long"
    with pytest.raises(StoreError, match=words), reading(folder) as connection:
        connection.execute(ENDLESS).fetchall()
    with closing(open_for_writing(folder)) as connection:
        for _ in range(3):  # each transaction has all its steps
            with transaction(connection, folder):
                connection.execute(f"SELECT count(*) FROM ({ENDLESS} LIMIT 50000)").fetchall()


def test_a_text_of_gigabytes_is_not_loaded(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "target")
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("INSERT INTO log (time, level, text) VALUES (1, 'info', CAST(zeroblob(150000000) AS TEXT))")
    with pytest.raises(StoreError, match="run target cannot be read: string or blob too big"), reading(folder) as found:
        read_log(found)
    with reading(folder) as found, large_values(found):
        assert found.execute("SELECT length(zeroblob(150000000))").fetchone() == (150_000_000,)
