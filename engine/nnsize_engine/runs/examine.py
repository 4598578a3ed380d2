"""Look through a whole run: every fact of its file, the file's structure, and the checkpoint beside it."""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.errors import StoreError
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE
from nnsize_engine.runs.database import CHECKPOINT_NAME, reading
from nnsize_engine.runs.evolution_reader import read_series_results
from nnsize_engine.runs.facts import (
    BrokenFact,
    broken_facts,
    columns_of,
    note_broken,
    place_of,
    select_fact_parts,
    select_sound,
)
from nnsize_engine.runs.guarded import GuardedConnection
from nnsize_engine.runs.ledger import note_missing_rows, promised_commits
from nnsize_engine.runs.own_files import open_own
from nnsize_engine.runs.reader import read_header, read_network
from nnsize_engine.runs.search_reader import read_final_network
from nnsize_engine.runs.stored_values import CHECKS, DamagedError, large_values

Condition = Literal["whole", "broken", "unreadable"]

MAX_STRUCTURE_FAULTS = 20  # of the file's structure that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look through a run found."""

    run: str
    condition: Condition
    facts: int = 0
    """Facts that are whole."""

    unsigned: int = 0
    """Facts among them without a checksum, which an earlier version stored: a flipped bit in them is not noticed."""

    broken: tuple[str, ...] = ()
    """What is broken or missing, in words."""

    notes: tuple[str, ...] = ()


def examine(folder: Path) -> Verdict:
    """Look through a run; it is only read."""
    try:
        with reading(folder) as connection:
            read_header(connection)
            facts, unsigned = facts_of(connection)
            broken = [*(one.words for one in broken_facts(connection)), *_repeats(connection)]
            broken += _structure_faults(connection)
            has_record = bool(columns_of(connection, "stored"))
    except StoreError as error:
        return Verdict(run=folder.name, condition="unreadable", broken=(str(error),))
    broken += _checkpoint_faults(folder)
    notes = []
    if unsigned:
        notes.append(f"{unsigned:,} of {facts:,} facts have no checksum, because an earlier version stored them")
    if has_record and promised_commits(folder) is None:
        notes.append("the file that counts commits is missing or broken, so lost ones would not be noticed")
    condition: Condition = "broken" if broken else "whole"
    return Verdict(
        run=folder.name, condition=condition, facts=facts, unsigned=unsigned, broken=tuple(broken), notes=tuple(notes)
    )


def facts_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """Read every fact of a run; return how many are whole, and how many of these have no checksum.

    Those that are broken or missing are in :func:`nnsize_engine.runs.facts.broken_facts` of the connection.
    """
    found = unsigned = 0
    with large_values(connection):
        for fact in FACTS:
            table, signature = place_of(fact)
            columns = columns_of(connection, table)
            if fact == LOSS_CURVE and fact not in columns:
                continue
            rest = "WHERE loss_curve IS NOT NULL" if fact == LOSS_CURVE else ""
            if rest and signature in columns:
                rest = f"{rest} OR {signature} IS NOT NULL"
            for part in select_fact_parts(connection, fact, (signature,), rest, count=1000):
                found += len(part)
                unsigned += sum(row[0] is None for row in part)
    for table in UNSIGNED:
        if _has(connection, table):
            select_sound(connection, table, [name for name in CHECKS[table] if name != "checksum"])
    _note_contradictions(connection)
    note_missing_rows(connection)
    _note_gaps(connection)
    return found, unsigned


UNSIGNED = ("log", "runner", "under_way", "evaluating")
"""Tables without checksums: what they hold is no result."""


def _note_gaps(connection: sqlite3.Connection) -> None:
    """Note generations that are missing between others."""
    assert isinstance(connection, GuardedConnection)
    for table, series in (("generation", "0"), ("series_generation", "series")):
        if not columns_of(connection, table):
            continue
        query = (
            f"SELECT {series}, count(*), max(number) FROM {table} WHERE typeof(number) = 'integer' GROUP BY 1 "
            "HAVING count(*) <= max(number)"
        )
        for number, count, last in connection.execute(query):
            where = "" if table == "generation" else f" of series {number}"
            words = f"{last + 1 - count:,} of the generations 0 to {last:,}{where} are missing"
            connection.broken[table, -2] = BrokenFact(table=table, rowid=-2, words=words)


_KEYS = {
    "fit": "candidate, fold",
    "final_test": "candidate",
    "reference": "name, fold",
    "generation": "number",
    "series_generation": "series, number",
}
"""The columns that are different in each row of a table, also in one whose keys were removed."""


def _repeats(connection: sqlite3.Connection) -> list[str]:
    """Return the tables in which a row is there twice."""
    found = []
    for table, key in _KEYS.items():
        if not _has(connection, table):
            continue
        query = f"SELECT (SELECT count(*) FROM {table}) - (SELECT count(*) FROM (SELECT DISTINCT {key} FROM {table}))"
        (repeats,) = connection.execute(query).fetchone()
        if repeats:
            found.append(f"rows of table {table} are there twice: {repeats:,}")
    return found


def _note_contradictions(connection: sqlite3.Connection) -> None:
    """Note what fits its columns, but makes no network and no scores."""
    known: tuple[NetworkName, ...] = get_args(NetworkName)
    reads: list[tuple[str, int, Callable[[], object]]] = []
    if _has(connection, "network"):
        names = connection.execute("SELECT rowid, name FROM network").fetchall()
        reads += [("network", rowid, partial(read_network, connection, name)) for rowid, name in names if name in known]
    if _has(connection, "final_network"):
        numbers = connection.execute("SELECT rowid, candidate FROM final_network").fetchall()
        reads += [
            ("final_network", rowid, partial(read_final_network, connection, number, "best"))
            for rowid, number in numbers
        ]
    for table, rowid, read in reads:
        try:
            read()
        except DamagedError as error:
            note_broken(connection, table, rowid, str(error))
    read_series_results(connection)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return bool(columns_of(connection, table))


def _structure_faults(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(f"PRAGMA integrity_check({MAX_STRUCTURE_FAULTS})").fetchall()
    # Values that a column does not take were found as broken facts.
    return [f"structure: {words}"[:200] for (words,) in found if words != "ok" and " value in " not in words]


def _checkpoint_faults(folder: Path) -> list[str]:
    """Return what is wrong with the checkpoint of an evolution: each of its arrays has a checksum of its own."""
    import zipfile  # not when the explorer starts

    try:
        handle = open_own(folder / CHECKPOINT_NAME, os.O_RDONLY)
    except FileNotFoundError:
        return []
    except OSError as error:
        return [f"checkpoint: {error.strerror or error}"]
    try:
        with os.fdopen(handle, "rb") as file, zipfile.ZipFile(file) as kept:
            damaged = kept.testzip()
    except Exception:  # a damaged archive fails in many ways
        return ["checkpoint: it is damaged, or no checkpoint of nnsize"]
    return [] if damaged is None else [f"checkpoint: the checksum of {damaged[:60]!r} is another"]
