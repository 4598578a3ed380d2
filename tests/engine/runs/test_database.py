"""Run files: written once, read while they are written, refused when they are not what they should be."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import StoreError
from nnsize_engine.processes.identity import this_process
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.results.statistics import CandidateSummary
from nnsize_engine.results.time_left import remaining_seconds
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import search_results
from nnsize_engine.runs.database import (
    FILE_NAME,
    StoreFullError,
    create,
    open_for_writing,
    reading,
    settle,
    transaction,
)
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.ledger import COMMITS_NAME
from nnsize_engine.runs.reader import read_header, read_log
from nnsize_engine.runs.search_reader import read_final_tests, read_fits, read_references
from nnsize_engine.runs.view import SizeView, WatchedView
from nnsize_engine.runs.writer import add_fits, add_log, add_reference, beat, set_final_test, set_runner, set_state
from nnsize_engine.settings.search import SizeSettings
from support.made_references import made_reference
from support.made_runs import made_fit

SETTINGS = SizeSettings(data="iris", neurons="2,3", cv=2, scoring="accuracy")
SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "bagote"
    create(path, path.name, SETTINGS)
    return path


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        yield connection


def test_what_is_written_is_read_back(folder: Path) -> None:
    fits = [made_fit(0, 0), made_fit(1, 0, error="overflow")]
    final = FinalTest(candidate=0, test_score=0.5, train_score=0.6, fit_seconds=1.5, iterations=9)
    with writing(folder) as connection:
        add_fits(connection, fits)
        set_final_test(connection, final)
        set_state(connection, "finished", "because")
        set_runner(connection, this_process())
        beat(connection, 12.5)
        add_log(connection, "info", "hello")
    with reading(folder) as connection:
        header = read_header(connection)
        assert read_fits(connection) == (fits, 2)
        assert read_fits(connection, after=1) == (fits[1:], 2)
        assert read_final_tests(connection) == {0: final}
        assert [(line.level, line.text) for line in read_log(connection)] == [("info", "hello")]
    assert (header.id, header.settings, header.total, header.done) == ("bagote", SETTINGS, 4, 2)
    assert (header.state, header.reason, header.active_seconds) == ("finished", "because", 12.5)
    assert header.runner == this_process()


def test_a_fit_is_written_once(folder: Path) -> None:
    with writing(folder) as connection:
        add_fits(connection, [made_fit(0, 0, score=0.25)])
        add_fits(connection, [made_fit(0, 0, score=0.75)])
    with reading(folder) as connection:
        assert read_fits(connection)[0] == [made_fit(0, 0, score=0.25)]


def test_fits_that_are_read_in_parts_share_equal_values(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = [made_fit(0, 0), made_fit(1, 0), made_fit(1, 1)]
    with writing(folder) as connection:
        add_fits(connection, fits)
    monkeypatch.setattr("nnsize_engine.runs.search_reader.MAX_READ_ROWS", 1)
    with reading(folder) as connection:
        found, last = read_fits(connection)
    assert (found, last) == (fits, 3)
    assert len({id(fit.train_score) for fit in found}) == len({fit.train_score for fit in fits})


def test_the_time_left_is_estimated_once_for_the_same_fits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def count(summaries: Sequence[CandidateSummary], workers: int) -> float | None:
        counted.append(sum(summary.folds_done for summary in summaries))
        return remaining_seconds(summaries, workers)

    monkeypatch.setattr(search_results, "remaining_seconds", count)
    follower = RunFollower(folder)
    with writing(folder) as connection:
        add_fits(connection, [made_fit(0, 0)])
    first, again = follower.look(), follower.look()
    with writing(folder) as connection:
        add_fits(connection, [made_fit(1, 0)])
    later = follower.look()
    assert counted == [1, 2]
    assert (first, later.remaining) == (again, RunFollower(folder).look().remaining)
    assert first.remaining != later.remaining


def test_a_reader_sees_the_last_commit_while_a_writer_is_at_work(folder: Path) -> None:
    with contextlib.closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            add_fits(connection, [made_fit(0, 0)])
        connection.execute("BEGIN IMMEDIATE")
        add_fits(connection, [made_fit(0, 1)])
        with reading(folder) as reader:
            assert read_header(reader).done == 1
        connection.execute("COMMIT")
        with reading(folder) as reader:
            assert read_header(reader).done == 2


def test_a_failed_transaction_writes_nothing(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(folder) as connection:
        add_fits(connection, (made_fit(0, fold // fold) for fold in (1, 0)))  # the second one fails
    with reading(folder) as reader:
        assert read_header(reader).done == 0


def test_on_a_full_disk_nothing_handed_over_is_lost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The log file is on the same disk.
    log = Path("/dev/full").open("w")  # noqa: SIM115
    monkeypatch.setattr("sys.stderr", log)
    with contextlib.closing(open_for_writing(folder)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreFullError, match="run bagote cannot be written"), transaction(connection, folder):
            add_log(connection, "info", "x" * 100_000)
        journal = Journal(connection, folder, 0.0)
        journal.log("info", "y" * 100_000)
        journal.flush()
        blocked_before = journal.is_blocked
        journal.add(lambda c: add_fits(c, [made_fit(0, 0)]))
        connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        journal._last_try = 0.0  # do not wait a second for the next try
        journal.flush()
        blocked_after = journal.is_blocked
        assert (blocked_before, blocked_after) == (True, False)
        assert read_header(connection).done == 1
        assert len(read_log(connection)) == 1
    with pytest.raises(OSError, match="No space left"):
        log.close()


def test_a_settled_run_is_one_plain_file_that_opens_in_a_read_only_folder(folder: Path) -> None:
    with contextlib.closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            add_fits(connection, [made_fit(0, 0)])
        settle(connection)
    assert sorted(path.name for path in folder.iterdir()) == [COMMITS_NAME, "control", FILE_NAME]


def test_a_reader_that_takes_several_seconds_does_not_keep_a_run_from_settling(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    with contextlib.ExitStack() as slow_reader, contextlib.closing(open_for_writing(folder)) as connection:
        slow_reader.enter_context(reading(folder))

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if sum(waits) > 10:
                slow_reader.close()

        monkeypatch.setattr(time, "sleep", wait)
        settle(connection)
    assert 10 < sum(waits) < 11
    assert sorted(path.name for path in folder.iterdir()) == [COMMITS_NAME, "control", FILE_NAME]


def test_an_interrupted_run_opens_where_nothing_can_be_written(folder: Path, tmp_path: Path) -> None:
    with contextlib.closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            add_fits(connection, [made_fit(0, 0)])
        copy = tmp_path / "copied"
        shutil.copytree(folder, copy)  # while the write-ahead log is there
    (copy / f"{FILE_NAME}-shm").unlink()
    # A directory in the way of the index file stands for a read-only folder, which root could write into.
    (copy / f"{FILE_NAME}-shm").mkdir()
    with reading(copy) as reader:
        assert read_header(reader).done == 1


def test_a_run_whose_runner_was_killed_while_it_committed_without_a_write_ahead_log_is_read_and_goes_on(
    folder: Path,
) -> None:
    with writing(folder) as connection:
        add_fits(connection, [made_fit(0, 0)])
    program = (
        "import os, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "assert connection.execute('PRAGMA journal_mode = DELETE').fetchone() == ('delete',)\n"
        "connection.execute('PRAGMA cache_size = 2')  # so that pages are written before the commit\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "for _ in range(1000):\n"
        "    connection.execute('INSERT INTO log (time, level, text) VALUES (1, ?, ?)', ('info', 'x' * 500))\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(folder / FILE_NAME)], check=True, timeout=120)
    content = (folder / FILE_NAME).read_bytes()
    assert (folder / f"{FILE_NAME}-journal").exists()
    with reading(folder) as reader:
        assert (read_header(reader).done, read_log(reader)) == (1, [])
    assert (folder / FILE_NAME).read_bytes() == content  # a reader writes nothing
    with writing(folder) as connection:
        add_fits(connection, [made_fit(1, 0)])
    with reading(folder) as reader:
        assert (read_header(reader).done, read_log(reader)) == (2, [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not a run of nnsize"),
        (b"junk" * 1000, "file is not a database"),
    ],
)
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(content)
    with pytest.raises(StoreError, match=reason), reading(folder):
        pass


def test_a_damaged_page_is_reported_in_one_sentence(folder: Path) -> None:
    with contextlib.closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            add_fits(connection, [made_fit(0, fold) for fold in range(1000)])
        settle(connection)
    file = folder / FILE_NAME
    content = bytearray(file.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    file.write_bytes(content)
    with pytest.raises(StoreError, match="run bagote cannot be read: "), reading(folder) as reader:
        _ = read_header(reader), read_fits(reader)


@pytest.mark.parametrize("column", ["settings", "data", "versions", "state"])
@pytest.mark.parametrize("value", ["[1, 2]", "{", "{}", b"\xed\xa0\x80", 7, None])
def test_a_damaged_value_is_one_sentence_or_harmless(folder: Path, column: str, value: object) -> None:
    connection = sqlite3.connect(folder / FILE_NAME)
    with contextlib.suppress(sqlite3.IntegrityError), connection:
        connection.execute(f"UPDATE run SET {column} = ?", (value,))
    connection.close()
    with contextlib.suppress(StoreError):
        RunFollower(folder).look()


def test_a_run_of_a_later_format_is_refused(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="format 99, this nnsize reads formats 1 to 3"), reading(folder):
        pass


def test_a_missing_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"run\.sqlite is missing"), reading(tmp_path / "none"):
        pass


def test_a_run_is_never_created_twice(folder: Path) -> None:
    with pytest.raises(StoreError, match="cannot be created"):
        create(folder, folder.name, SETTINGS)
    assert [path.name for path in folder.parent.iterdir()] == ["bagote"]


@pytest.mark.parametrize("path", sorted(SAVED_RUNS.iterdir()), ids=lambda path: path.name)
def test_a_run_saved_by_every_past_format_still_opens(path: Path, tmp_path: Path) -> None:
    shutil.copytree(path, tmp_path / path.name)
    view = RunFollower(tmp_path / path.name).look()
    assert view.state == "finished"
    assert view.header.done == view.header.total
    if isinstance(view, SizeView):
        assert all(fit is not None for summary in view.summaries for fit in summary.fits)
        assert view.final_of_best is not None
    elif isinstance(view, WatchedView):
        assert all(fit is not None for summary in view.summaries for fit in summary.fits)
        assert any(one.is_chosen for one in view.candidates)
    elif view.series:
        assert sum(len(one.generations) - 1 for one in view.series) == view.header.total
        assert all(one.result is not None for one in view.series)
        assert view.evolved is not None
    else:
        assert len(view.generations) == view.header.total + 1
        assert view.evolved is not None


@pytest.mark.parametrize("path", sorted(SAVED_RUNS.iterdir()), ids=lambda path: path.name)
def test_a_run_saved_by_every_past_format_can_be_written(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / path.name
    shutil.copytree(path, folder)
    before = RunFollower(folder).look()
    with writing(folder) as connection:
        set_state(connection, "stopped", "to see it")
    after = RunFollower(folder).look()
    assert after == replace(before, state="stopped", remaining=after.remaining, header=after.header)
    assert after.header == replace(before.header, state="stopped", reason="to see it")


def test_references_are_read_back_and_written_once(folder: Path) -> None:
    first = made_reference("linear", 0, 0.9)
    with writing(folder) as connection:
        add_reference(connection, first)
        add_reference(connection, replace(first, test_score=0.1))
        add_reference(connection, made_reference("trees", 0, 0.8, error="refused"))
    with reading(folder) as connection:
        assert read_references(connection) == [first, made_reference("trees", 0, 0.8, error="refused")]


@pytest.mark.parametrize(("name", "count"), [("version-1", 0), ("version-2-size", 0), ("version-3-size", 3)])
def test_runs_saved_before_there_were_references_have_none(name: str, count: int, tmp_path: Path) -> None:
    shutil.copytree(SAVED_RUNS / name, tmp_path / name)
    view = RunFollower(tmp_path / name).look()
    assert isinstance(view, SizeView)
    assert len(view.references) == count
    assert all(one.mean is not None for one in view.references)
