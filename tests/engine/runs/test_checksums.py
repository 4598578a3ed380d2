"""Flipped bits: a fact that is not what was stored is named and left out, whatever column it is in."""

import contextlib
import gc
import random
import shutil
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import StoreError
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runs import writer
from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE, checksum_of, checksums_of
from nnsize_engine.runs.database import FILE_NAME, create, open_for_writing, reading, settle, transaction
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.facts import broken_facts, place_of, select_facts
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.ledger import COUNTED, count_facts
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.search_reader import read_fits
from nnsize_engine.runs.view import SizeView
from support.hostile_runs import without_constraints
from support.made_comparisons import make_comparison
from support.made_references import made_reference
from support.made_runs import SMALL, made_fit, made_network, made_run, make_evolution
from support.made_watched import made_watched
from support.signed_runs import edit_signed, unsigned

SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=True), st.text(), st.binary()
)


def filled(home: Path) -> list[Path]:
    """Return runs that together have a row in every table of facts."""
    search, evolution = made_run(home, "search"), make_evolution(home, "evolution")
    with closing(open_for_writing(search)) as connection:
        with transaction(connection, search):
            writer.set_loss_curve(connection, 0, 0, struct.pack("<2d", 0.5, 0.25))
            writer.keep_unfinished(connection, 0, 0, 1.5, b"state")
            writer.add_reference(connection, made_reference("dummy", 0, 0.5))
            writer.set_final_network(connection, 0, made_network("best", 3))
            writer.set_encoder(connection, b"encoder")
            for table, owner in (("score", "candidate, fold"), ("reference_score", "reference, fold")):
                who = 0 if table == "score" else "dummy"
                connection.execute(f"INSERT INTO {table} ({owner}, name, test) VALUES (?, 0, 'f1', 0.5)", (who,))
            count_facts(connection)
        settle(connection)
    edit_signed(search, "UPDATE score SET checksum = 0", "UPDATE reference_score SET checksum = 0")
    comparison = make_comparison(home, "comparison")
    watched = made_watched(home, "watched")
    for folder in (evolution, comparison, watched):
        with closing(open_for_writing(folder)) as connection:
            with transaction(connection, folder):
                count_facts(connection)
            settle(connection)
    return [search, evolution, comparison, watched]


def encoded(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    columns = FACTS["fit"]
    return checksums_of("fit", columns, [[row[name] for row in rows] for name in columns])


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FACTS["fit"], VALUES)), min_size=1, max_size=4))
def test_many_rows_have_the_checksums_of_one_and_those_that_are_read_back(rows: list[dict[str, Any]]) -> None:
    assert encoded(rows) == [checksum_of("fit", row) for row in rows]
    columns = FACTS["fit"]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE fit ({', '.join(columns)})")
        with contextlib.suppress(UnicodeEncodeError):  # a lone surrogate cannot be stored
            connection.executemany(f"INSERT INTO fit VALUES ({', '.join(f':{name}' for name in columns)})", rows)
            found = connection.execute("SELECT * FROM fit").fetchall()
            assert checksums_of("fit", columns, list(zip(*found, strict=True))) == encoded(rows)


@given(st.lists(st.floats(allow_nan=False), min_size=9, max_size=9), st.integers(0, 8), st.integers(0, 63))
def test_a_flipped_bit_of_a_number_changes_the_checksum(values: list[float], place: int, bit: int) -> None:
    (number,) = struct.unpack("<Q", struct.pack("<d", values[place]))
    (flipped,) = struct.unpack("<d", struct.pack("<Q", number ^ 1 << bit))
    other = [*values[:place], flipped, *values[place + 1 :]]
    names = FACTS["fit"]
    is_same = flipped == values[place]  # 0 and -0, which SQLite stores as one
    before, after = (encoded([dict(zip(names, row, strict=True))])[0] for row in (values, other))
    assert (before == after) is is_same


def test_a_column_that_a_later_version_adds_changes_no_checksum() -> None:
    row = dict.fromkeys(FACTS["fit"], 1.0)
    columns = (*FACTS["fit"], "added")
    assert checksums_of("fit", columns, [[value] for value in (*row.values(), None)]) == [checksum_of("fit", row)]
    assert checksums_of("fit", columns, [[value] for value in (*row.values(), 1)]) != [checksum_of("fit", row)]


def test_every_table_of_facts_has_a_row_in_some_run_and_all_are_whole(tmp_path: Path) -> None:
    folders = filled(tmp_path)
    seen = set()
    for folder in folders:
        verdict = examine(folder)
        assert (verdict.condition, verdict.broken, verdict.unsigned, verdict.notes) == ("whole", (), 0, ())
        with reading(folder) as connection:
            for fact in FACTS:
                table, _ = place_of(fact)
                if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
                    seen.add(fact)
    assert seen == set(FACTS)


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_any_changed_value_of_any_fact_is_named_and_left_out(tmp_path: Path, fact: str) -> None:
    table, signature = place_of(fact)
    rest = "WHERE curve_checksum IS NOT NULL" if fact == LOSS_CURVE else ""
    for folder in filled(tmp_path):
        without_constraints(folder)
        whole = (folder / FILE_NAME).read_bytes()
        with reading(folder) as connection:
            before = select_facts(connection, fact, FACTS[fact], rest)
        for column in FACTS[fact] if before else ():
            for value in (0.125, b"7777777\x00", None):
                change(folder, table, signature, column, value)
                is_changed = value_of(folder, table, column) != whole_value(before, FACTS[fact], column)
                if fact == "run" and is_changed:
                    assert examine(folder).condition == "unreadable"
                elif is_changed:
                    with reading(folder) as connection:
                        after = select_facts(connection, fact, FACTS[fact], rest)
                        assert len(after) == len(before) - 1
                        assert len(broken_facts(connection)) == 1
                    assert examine(folder).condition == "broken"
                (folder / FILE_NAME).write_bytes(whole)


def change(folder: Path, table: str, signature: str, column: str, value: object) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        first = f"SELECT min(rowid) FROM {table} WHERE {signature} IS NOT NULL"
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ({first})", (value,))


def value_of(folder: Path, table: str, column: str) -> object:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return connection.execute(f"SELECT {column} FROM {table} ORDER BY rowid LIMIT 1").fetchone()[0]


def whole_value(rows: list[tuple[Any, ...]], columns: tuple[str, ...], column: str) -> object:
    return rows[0][columns.index(column)]


@pytest.mark.parametrize("number", range(4))
def test_a_flipped_bit_anywhere_in_the_file_is_noticed_or_changes_no_result(tmp_path: Path, number: int) -> None:
    folder = filled(tmp_path)[number]
    file = folder / FILE_NAME
    whole = file.read_bytes()
    facts = facts_in(folder)
    pick = random.Random(number)
    for _ in range(120):
        place, bit = pick.randrange(len(whole)), pick.randrange(8)
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
        verdict = examine(folder)
        if verdict.condition == "whole":
            assert facts_in(folder) == facts, (place, bit)
        with contextlib.suppress(StoreError):
            assert_part_of(facts_in(folder), facts)


def facts_in(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with reading(folder) as connection:
        return {
            fact: select_facts(connection, fact, FACTS[fact], "WHERE loss_curve IS NOT NULL" * (fact == LOSS_CURVE))
            for fact in FACTS
        }


def assert_part_of(found: Mapping[str, list[tuple[Any, ...]]], whole: Mapping[str, list[tuple[Any, ...]]]) -> None:
    for fact, rows in found.items():
        assert set(rows) <= set(whole[fact]), fact


def test_a_search_with_a_broken_fit_says_so_and_shows_none_of_it(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "target")
    before = RunFollower(folder).look()
    change(folder, "fit", "checksum", "test_score", 0.999)
    view = RunFollower(folder).look()
    assert isinstance(view, SizeView)
    assert isinstance(before, SizeView)
    assert view.broken == ("fit of candidate 0, fold 0: its checksum is another",)
    assert before.broken == ()
    assert view.summaries[0].folds_done == before.summaries[0].folds_done - 1
    assert view.summaries[1:] == before.summaries[1:]


def test_a_broken_header_is_refused_and_gets_no_new_checksum(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "target")
    change(folder, "run", "checksum", "total", 3)
    words = "run target is damaged: its header: its checksum is another"
    with pytest.raises(StoreError, match=words), reading(folder) as connection:
        read_header(connection)
    words = "its header"
    with (
        closing(open_for_writing(folder)) as connection,
        pytest.raises(StoreError, match=words),
        transaction(connection, folder),
    ):
        writer.set_state(connection, "stopped")
    assert examine(folder).condition == "unreadable"


@pytest.mark.parametrize("name", ["version-1", "version-2-best", "version-2-size", "version-2-evolution"])
def test_an_old_run_opens_and_says_that_it_has_no_checksums(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "old"
    shutil.copytree(SAVED_RUNS / name, folder)
    assert RunFollower(folder).look().broken == ()
    verdict = examine(folder)
    assert verdict.condition == "whole"
    assert verdict.unsigned == verdict.facts > 0
    assert "have no checksum, because an earlier version stored them" in verdict.notes[0]
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        connection.execute("DELETE FROM fit WHERE candidate = 0 AND fold = 0")
        writer.add_fits(connection, [made_fit(0, 0)])  # what is added has one
        writer.set_state(connection, "stopped")
    later = examine(folder)
    assert later.condition == "whole"
    assert later.facts - later.unsigned == 3  # the fit, the header, the record of what is stored


def test_a_missing_checksum_is_accepted_only_of_an_old_run(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "target")
    change(folder, "fit", "checksum", "checksum", None)
    (words,) = RunFollower(folder).look().broken
    assert words.startswith("fit of candidate 0, fold 0")
    unsigned(folder)
    assert RunFollower(folder).look().broken == ()
    assert examine(folder).condition == "whole"


@pytest.mark.parametrize(
    ("column", "value"), [("candidate", -1), ("fold", -3), ("fit_seconds", -1.0), ("test_score", "x")]
)
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_value_that_no_runner_writes_is_named_too_with_or_without_checksum(
    tmp_path: Path, column: str, value: object, is_signed: bool
) -> None:
    folder = made_run(tmp_path, "target")
    edit_signed(folder, f"UPDATE fit SET {column} = ? WHERE number = 1", values=(value,))
    if not is_signed:
        unsigned(folder)
    (words,) = RunFollower(folder).look().broken
    assert f"{column} is {value!r}; it must be" in words


@pytest.mark.parametrize("value", [5, 1.1, -0.1])
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_score_that_its_scoring_cannot_give_is_named(tmp_path: Path, value: float, is_signed: bool) -> None:
    folder = made_run(tmp_path, "target")  # of accuracies
    edit_signed(folder, "UPDATE fit SET test_score = ? WHERE number = 1", values=(value,))
    if not is_signed:
        unsigned(folder)
    (words,) = RunFollower(folder).look().broken
    assert words == f"fit of candidate 0, fold 0: test_score is {float(value)}, which is no accuracy"


def test_a_score_by_a_further_scoring_has_its_own_limits(tmp_path: Path) -> None:
    folder = filled(tmp_path)[0]
    for name, value, is_good in (
        ("f1", 0.5, True), ("f1", -0.5, False), ("neg_log_loss", -0.5, True), ("neg_log_loss", 0.5, False),
        ("r2", -7, True), ("r2", 2, False), ("made_up\x1b", 0.5, True),
    ):  # fmt: skip
        edit_signed(folder, "UPDATE score SET name = ?, test = ?", values=(name, value))
        assert (RunFollower(folder).look().broken == ()) is is_good, name


def test_a_checksum_costs_little(tmp_path: Path) -> None:
    """A hundred thousand fits are verified in a fraction of the time that it takes to make records of them."""
    import time

    folder = tmp_path / "large"
    create(folder, "large", SMALL)
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        writer.add_fits(connection, [made_fit(number, 0) for number in range(20_000)])
    with reading(folder) as connection:
        rows = connection.execute(f"SELECT {', '.join(FACTS['fit'])} FROM fit").fetchall()
        columns = list(zip(*rows, strict=True))
        verifying, all_in_all = [], []
        gc.collect()  # of what other tests left
        for _ in range(5):
            begun = time.process_time()
            checksums_of("fit", FACTS["fit"], columns)
            verifying.append(time.process_time() - begun)
            begun = time.process_time()
            assert len(read_fits(connection)[0]) == 20_000
            all_in_all.append(time.process_time() - begun)
    assert min(verifying) < min(all_in_all) / 2


def test_counted_tables_are_facts() -> None:
    assert set(COUNTED) == set(FACTS) - {"run", "stored", "unfinished", LOSS_CURVE}


def test_a_final_test_is_replaced_with_its_checksum(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "target")
    final = FinalTest(candidate=0, test_score=0.5, train_score=0.6, fit_seconds=1.5, iterations=9)
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        writer.set_final_test(connection, final)
    assert examine(folder).condition == "whole"


@pytest.mark.parametrize("table", ["fit", "final_test", "reference", "generation", "series_generation"])
def test_rows_that_are_there_twice_are_named(tmp_path: Path, table: str) -> None:
    named = []
    for folder in filled(tmp_path):
        without_constraints(folder)
        with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
            count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            connection.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
        words = f"rows of table {table} are there twice: 1"
        assert (words in examine(folder).broken) == (count > 0)
        named.append(count > 0)
    assert any(named)
