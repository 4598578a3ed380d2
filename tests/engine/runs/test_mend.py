"""What is broken or missing in a run is removed with what belongs to it, and named, so that it is computed again."""

import shutil
import sqlite3
import struct
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import StoreError
from nnsize_engine.processes.identity import this_process
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runs import writer
from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE
from nnsize_engine.runs.database import (
    CHECKPOINT_NAME,
    FILE_NAME,
    create,
    open_for_writing,
    reading,
    settle,
    transaction,
)
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.extend import store_extension
from nnsize_engine.runs.facts import BrokenFact
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.ledger import COMMITS_NAME, COUNTED, count_facts, promised_commits, write_commits
from nnsize_engine.runs.mend import mend
from nnsize_engine.runs.reader import read_header, read_log
from nnsize_engine.runs.search_reader import read_final_tests, read_fits, read_loss_curve
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.search import SizeSettings
from support.hostile_runs import edit
from support.made_comparisons import make_comparison
from support.made_runs import SMALL, dead_process, made_network, made_run, make_evolution


def counted(folder: Path) -> Path:
    with closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            count_facts(connection)
        settle(connection)
    return folder


def search(home: Path) -> Path:
    folder = made_run(home, "search")
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        for (number,) in connection.execute("SELECT candidate FROM final_test").fetchall():
            writer.set_final_network(connection, number, made_network("best", 3))
        writer.set_encoder(connection, b"encoder")
    return counted(folder)


def evolution(home: Path) -> Path:
    folder = counted(make_evolution(home, "evolution"))
    with zipfile.ZipFile(folder / CHECKPOINT_NAME, "w") as kept:
        kept.writestr("losses.npy", b"losses")
    return folder


def mended(folder: Path) -> tuple[BrokenFact, ...]:
    with closing(open_for_writing(folder)) as connection:
        found = mend(connection, folder)
        settle(connection)
    return found


def rows(folder: Path, table: str) -> int:
    with reading(folder) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return count


def test_a_whole_run_is_left_as_it_is(tmp_path: Path) -> None:
    for folder in (search(tmp_path), evolution(tmp_path), counted(make_comparison(tmp_path, "comparison"))):
        before = RunFollower(folder).look()
        assert mended(folder) == ()
        assert RunFollower(folder).look() == before


def test_a_broken_fit_is_removed_named_and_counted_no_more(tmp_path: Path) -> None:
    folder = search(tmp_path)
    edit(folder, "UPDATE fit SET test_score = 0.999 WHERE number = 2")
    follower = RunFollower(folder)
    assert len(follower.look().broken) == 1
    (found,) = mended(folder)
    assert (found.table, rows(folder, "fit"), examine(folder).condition) == ("fit", 11, "whole")
    with reading(folder) as connection:
        assert read_header(connection).state == "stopped"  # it was finished
        assert read_log(connection)[-1].text.startswith("not whole, and computed again: fit of candidate")
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        writer.set_runner(connection, dead_process())
        connection.execute("UPDATE runner SET pid = 1")
    assert follower.look().broken == ()  # another runner took it over


@pytest.mark.parametrize(
    ("statement", "finals"),
    [
        ("UPDATE final_network SET weights = zeroblob(8) WHERE rowid = (SELECT min(rowid) FROM final_network)", 1),
        ("DELETE FROM final_network WHERE rowid = (SELECT min(rowid) FROM final_network)", 1),
        ("UPDATE final_test SET test_score = 0.99 WHERE rowid = (SELECT min(rowid) FROM final_test)", 1),
        ("UPDATE encoder SET content = x'00'", 2),
    ],
)
def test_a_final_test_is_removed_with_its_network(tmp_path: Path, statement: str, finals: int) -> None:
    folder = search(tmp_path)
    count = rows(folder, "final_test")
    edit(folder, statement)
    assert examine(folder).condition == "broken"
    assert len(mended(folder)) == 1
    assert rows(folder, "final_test") == max(0, count - finals)
    assert examine(folder).condition == "whole"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE generation SET best = 0.001 WHERE number = 7",
        "UPDATE generation SET number = 1000 WHERE number = 7",
        "DELETE FROM generation WHERE number = 7",
        "DELETE FROM generation WHERE number > 30",
    ],
)
def test_an_evolution_with_a_gap_begins_anew(tmp_path: Path, statement: str) -> None:
    folder = evolution(tmp_path)
    edit(folder, statement)
    assert RunFollower(folder).look().broken
    assert mended(folder)
    assert not (folder / CHECKPOINT_NAME).exists()
    assert rows(folder, "network") == 2


def test_a_broken_network_is_removed_with_all_scores_and_the_checkpoint_stays(tmp_path: Path) -> None:
    folder = evolution(tmp_path)
    edit(folder, "UPDATE network_scores SET fitness = 0.001 WHERE name = 'gradient'")
    (found,) = mended(folder)
    assert found.words == "scores of network 'gradient': its checksum is another"
    assert (rows(folder, "network"), rows(folder, "network_scores")) == (0, 0)
    assert (folder / CHECKPOINT_NAME).exists()


def test_a_series_with_a_broken_generation_is_computed_again(tmp_path: Path) -> None:
    folder = counted(make_comparison(tmp_path, "comparison"))
    results = rows(folder, "series_result")
    edit(folder, "UPDATE series_generation SET best = 0.001 WHERE series = 1 AND number = 2")
    (found,) = mended(folder)
    assert found.words == "generation of series 1, 2: its checksum is another"
    assert rows(folder, "series_result") == results - 1


def test_an_extended_search_is_whole_whatever_it_forgets_and_renumbers(tmp_path: Path) -> None:
    folder = search(tmp_path)
    with closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            final = replace(next(iter(read_final_tests(connection).values())), test_score=None, error="no memory")
            writer.set_final_test(connection, final)
            writer.set_loss_curve(connection, 3, 2, struct.pack("<2d", 0.5, 0.25))
            writer.keep_unfinished(connection, 3, 2, 1.5, b"state")
            count_facts(connection)
        with transaction(connection, folder):
            store_extension(connection, SMALL, extended(SMALL, Extension(neurons="3,12", repeats=2)))
        curves = [read_loss_curve(connection, candidate, 2) for candidate in range(6)]
        assert sorted(curves) == [[], [], [], [], [], [0.5, 0.25]]
        settle(connection)
    assert examine(folder).broken == ()


def test_an_index_that_hides_rows_is_made_anew(tmp_path: Path) -> None:
    folder = search(tmp_path)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        pages = dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"))
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray((folder / FILE_NAME).read_bytes())
    start = (pages["sqlite_autoindex_fit_1"] - 1) * size
    assert content[start] == 10  # a leaf of an index
    content[start + 4] -= 1  # it has one key less
    (folder / FILE_NAME).write_bytes(content)
    assert any(words.startswith("structure: ") for words in examine(folder).broken)
    mended(folder)
    assert examine(folder).condition == "whole"
    with reading(folder) as connection:
        assert len(read_fits(connection)[0]) == 12


def test_a_damaged_structure_is_one_sentence(tmp_path: Path) -> None:
    folder = search(tmp_path)
    content = bytearray((folder / FILE_NAME).read_bytes())
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'fit'").fetchone()[0]
    content[(root - 1) * 4096 + 8 : (root - 1) * 4096 + 40] = b"\xff" * 32
    (folder / FILE_NAME).write_bytes(content)
    assert examine(folder).condition in ("broken", "unreadable")
    with pytest.raises(StoreError, match="run search cannot"):
        mended(folder)


def test_commits_that_are_gone_are_named_until_they_are_accepted(tmp_path: Path) -> None:
    folder = evolution(tmp_path)
    known = promised_commits(folder)
    assert known is not None
    write_commits(folder, known + 12)
    words = f"its last 12 of {known + 12} commits are gone: was run.sqlite-wal removed?"
    assert RunFollower(folder).look().broken == (words,)
    assert examine(folder).broken == (words,)
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        writer.add_log(connection, "info", "more")
    assert "its last 11 of" in examine(folder).broken[0]  # a commit alone does not hide it
    assert len(mended(folder)) == 1
    assert not (folder / CHECKPOINT_NAME).exists()
    assert examine(folder).condition == "whole"
    assert promised_commits(folder) == known + 13


def test_a_removed_log_of_a_killed_writer_is_noticed_at_every_look(tmp_path: Path) -> None:
    folder = search(tmp_path)
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from nnsize_engine.runs import writer\n"
        "from nnsize_engine.runs.database import move_from_log, open_for_writing, transaction\n"
        "folder = Path(sys.argv[1])\n"
        "connection = open_for_writing(folder)\n"
        "for number in range(9):\n"
        "    with transaction(connection, folder):\n"
        "        writer.add_log(connection, 'info', str(number))\n"
        "    if number == 4:\n"
        "        move_from_log(connection)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(folder)], check=False, timeout=120).returncode == -9
    assert RunFollower(folder).look().broken == ()
    (folder / f"{FILE_NAME}-wal").unlink()
    view = RunFollower(folder).look()
    assert view.log[-1].text == "4"  # what was moved is there
    commits = promised_commits(folder)
    words = (f"its last 4 of {commits} commits are gone: was run.sqlite-wal removed?",)
    assert view.broken == examine(folder).broken == words
    assert len(mended(folder)) == 1
    assert RunFollower(folder).look().broken == ()


def test_a_runner_that_is_gone_with_the_log_is_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    create(folder, folder.name, SizeSettings())
    assert read_state(folder)[1] == "starting"
    with closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            writer.set_runner(connection, this_process())
        assert read_state(folder)[1] == "starting"
        shutil.copytree(folder, tmp_path / "left", ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    header, state = read_state(tmp_path / "left")
    assert header.runner is None
    assert state == RunFollower(tmp_path / "left").look().state == "interrupted"


@pytest.mark.parametrize("content", [b"", b"12", b"0000000000000012 00000000\n", b"\xff" * 26, b"x" * 10**6])
def test_a_file_of_commits_that_is_none_is_said_by_verify_alone(tmp_path: Path, content: bytes) -> None:
    folder = search(tmp_path)
    (folder / COMMITS_NAME).write_bytes(content)
    assert RunFollower(folder).look().broken == ()
    verdict = examine(folder)
    assert (verdict.condition, len(verdict.notes)) == ("whole", 1)
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        writer.add_log(connection, "info", "more")
    assert examine(folder).notes == ()


def test_a_flipped_bit_in_the_file_of_commits_warns_of_nothing_that_is_there(tmp_path: Path) -> None:
    folder = search(tmp_path)
    content = (folder / COMMITS_NAME).read_bytes()
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            (folder / COMMITS_NAME).write_bytes(changed)
            assert promised_commits(folder) in (None, int(content.split()[0]))


def test_counted_tables_are_facts() -> None:
    assert set(COUNTED) == set(FACTS) - {"run", "stored", "unfinished", LOSS_CURVE}


def test_a_final_test_is_replaced_with_its_checksum(tmp_path: Path) -> None:
    folder = search(tmp_path)
    final = FinalTest(candidate=0, test_score=0.5, train_score=0.6, fit_seconds=1.5, iterations=9)
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        writer.set_final_test(connection, final)
    assert examine(folder).condition == "whole"
