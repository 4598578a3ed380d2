"""Ways in which the files of a finished run break: by chance, and by type."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random

from nnsize_engine.runs.database import CHECKPOINT_NAME, FILE_NAME
from nnsize_engine.runs.ledger import COMMITS_NAME
from support.hostile_runs import FILES, HOSTILE_VALUES, SCHEMAS, columns_of, edit, hostile_jsons, without_constraints

Corruption = Callable[[Random, Path], None]


def _flip(path: Path, chance: Random, bits: int) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(bits if content else 0):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _one_bit(chance: Random, folder: Path) -> None:
    _flip(folder / FILE_NAME, chance, 1)


def _bits(chance: Random, folder: Path) -> None:
    _flip(folder / FILE_NAME, chance, chance.choice((2, 8, 64, 1000)))


def _block(chance: Random, folder: Path) -> None:
    """Overwrite a part by zeros, noise, or another part of the file."""
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    size = chance.choice((1, 16, 512, 4096))
    at = chance.randrange(len(content))
    other = chance.randrange(len(content))
    content[at : at + size] = chance.choice((bytes(size), chance.randbytes(size), content[other : other + size]))
    path.write_bytes(content)


def _cut(chance: Random, folder: Path) -> None:
    path = folder / FILE_NAME
    size = path.stat().st_size
    os.truncate(path, chance.choice((0, 1, 100, size - 1, size - 4096, chance.randrange(size))))


def _longer(chance: Random, folder: Path) -> None:
    with (folder / FILE_NAME).open("ab") as file:
        file.write(chance.choice((bytes(4096), chance.randbytes(5000))))


def _column(chance: Random, folder: Path, but: tuple[str, ...] = ()) -> tuple[str, str]:
    """Choose a table that has a row, each as often as any other, and one of its columns."""
    places = [place for place in columns_of(folder) if place[0] not in but]
    chosen = chance.choice(sorted({table for table, _ in places}))
    return chance.choice([place for place in places if place[0] == chosen])


def _value(chance: Random, folder: Path) -> None:
    """Put a value of any type in place of a column's own, in one row or in all."""
    without_constraints(folder)
    table, column = _column(chance, folder)
    where = chance.choice(("", f" WHERE rowid = (SELECT rowid FROM {table} ORDER BY random() LIMIT 1)"))
    edit(folder, f"UPDATE {table} SET {column} = ?{where}", values=(chance.choice(HOSTILE_VALUES),))


def _plausible_value(chance: Random, folder: Path) -> None:
    """Put the value of another row, or a number near it, in place of a fact."""
    table, column = _column(chance, folder, but=("log", "runner"))
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        (rowid,) = chance.choice(connection.execute(f"SELECT rowid FROM {table}").fetchall())
        other = f"(SELECT {column} FROM {table} ORDER BY abs(random() + {rowid}) LIMIT 1)"
        value = chance.choice((other, f"{column} + 0.001", f"{column} * 1.01", f"-{column}"))
        with suppress(sqlite3.IntegrityError):  # a key that is no whole number
            connection.execute(f"UPDATE OR IGNORE {table} SET {column} = {value} WHERE rowid = ?", (rowid,))


def _objects(chance: Random, folder: Path) -> None:
    column = chance.choice(("settings", "data", "versions"))
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        text = connection.execute(f"SELECT {column} FROM run").fetchone()[0]
    edit(folder, f"UPDATE run SET {column} = ?", values=(chance.choice(list(hostile_jsons(text))),))


def _bytes_of_objects(chance: Random, folder: Path) -> None:
    """Change one character of a stored JSON object: often another valid object."""
    table, column = chance.choice((("run", "settings"), ("run", "data"), ("stored", "counts")))
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        text = connection.execute(f"SELECT {column} FROM {table}").fetchone()[0]
    at = chance.randrange(len(text))
    edit(folder, f"UPDATE {table} SET {column} = ?", values=(text[:at] + chance.choice('0189.-"x,') + text[at + 1 :],))


def _tables(chance: Random, folder: Path) -> None:
    """Drop, rename, empty or thin out a table, or drop a column."""
    table, column = _column(chance, folder)
    statement = chance.choice((
        f"DROP TABLE {table}", f"ALTER TABLE {table} RENAME TO other", f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE rowid = (SELECT rowid FROM {table} ORDER BY random() LIMIT 1)",
        f"ALTER TABLE {table} RENAME COLUMN {column} TO other", f"ALTER TABLE {table} ADD COLUMN other",
    ))  # fmt: skip
    edit(folder, statement)


def _repeated(chance: Random, folder: Path) -> None:
    """Write every row of a table twice."""
    without_constraints(folder)
    table, _ = _column(chance, folder)
    edit(folder, f"INSERT INTO {table} SELECT * FROM {table}")


def _versions(chance: Random, folder: Path) -> None:
    edit(
        folder,
        f"PRAGMA {chance.choice(('user_version', 'application_id'))} = {chance.choice((0, -1, 4, 99, 2**31 - 1))}",
    )


def _schema(chance: Random, folder: Path) -> None:
    SCHEMAS[chance.choice(list(SCHEMAS))](folder)


def _kind_of_file(chance: Random, folder: Path) -> None:
    FILES[chance.choice(list(FILES))](folder)


def _log_file(chance: Random, folder: Path) -> None:
    """Leave rows in the write-ahead log alone, as a killed runner does; then break or remove the log."""
    left = folder.with_name("left")
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            connection.execute("UPDATE runner SET heartbeat = heartbeat + 1")
        shutil.copytree(folder, left)
    shutil.rmtree(folder)
    left.rename(folder)
    log = folder / f"{FILE_NAME}-wal"
    match chance.randrange(4):
        case 0:
            log.unlink()
        case 1:
            os.truncate(log, chance.randrange(log.stat().st_size))
        case 2:
            _flip(log, chance, 8)
        case _:
            (folder / f"{FILE_NAME}-shm").unlink(missing_ok=True)


def _lost_commits(chance: Random, folder: Path) -> None:
    """Let the file beside the run promise other commits, or nothing."""
    path = folder / COMMITS_NAME
    if path.exists() and chance.random() < 0.5:
        _flip(path, chance, chance.randint(1, 8))
    else:
        path.write_bytes(chance.choice((b"", b"x", b"-1 0", chance.randbytes(26), b"9" * 10_000)))


def _checkpoint(chance: Random, folder: Path) -> None:
    path = folder / CHECKPOINT_NAME
    if path.exists() and chance.random() < 0.6:
        _flip(path, chance, chance.randint(1, 20))
    else:
        path.write_bytes(chance.choice((b"", b"\x80\x04.", b"PK\x03\x04", chance.randbytes(999), b"\x93NUMPY\x01\x00")))


def _other_file(chance: Random, folder: Path) -> None:
    path = folder / chance.choice(("control", "lock", "runner.log", f"{FILE_NAME}-journal", f"{FILE_NAME}-shm"))
    path.write_bytes(chance.choice((b"", b"stop", json.dumps({"a": 1}).encode(), chance.randbytes(4096), b"\xff" * 99)))


CORRUPTIONS: dict[str, Corruption] = {
    "one bit": _one_bit,
    "bits": _bits,
    "block": _block,
    "cut": _cut,
    "longer": _longer,
    "value": _value,
    "plausible value": _plausible_value,
    "objects": _objects,
    "bytes of objects": _bytes_of_objects,
    "tables": _tables,
    "repeated": _repeated,
    "versions": _versions,
    "schema": _schema,
    "kind of file": _kind_of_file,
    "log file": _log_file,
    "lost commits": _lost_commits,
    "checkpoint": _checkpoint,
    "other file": _other_file,
}
"""Every way by its name."""

WEIGHTS = (8, 4, 4, 2, 1, 5, 6, 3, 2, 3, 1, 1, 1, 1, 2, 2, 2, 2)
"""How often each way is chosen."""
