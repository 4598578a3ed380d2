"""One row that no runner writes is left out and named, and the rest of its run is shown; resuming mends it."""

import contextlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import StoreError
from nnsize_engine.results.references import ReferenceResult
from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.runs.database import FILE_NAME, open_for_writing, reading, settle, transaction
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.mend import mend
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.search_reader import read_fits, read_unfinished
from nnsize_engine.runs.writer import add_reference, keep_unfinished, set_final_network, set_under_way
from support.hostile_runs import edit, without_constraints
from support.made_comparisons import make_comparison
from support.made_runs import SMALL, made_network, made_run, make_evolution
from support.signed_runs import edit_signed

REFERENCE = ReferenceResult(
    name="dummy", fold=0, test_score=0.3, train_score=0.3, fit_seconds=0.1, score_seconds=0.1, error=None
)
SHOWN = {"candidate": SMALL.candidate_count, "fold": SMALL.splits}


def search(home: Path) -> Path:
    folder = made_run(home, "search")
    with closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            add_reference(connection, REFERENCE)
            for (number,) in connection.execute("SELECT candidate FROM final_test").fetchall():
                set_final_network(connection, number, made_network("best", 3))
            connection.execute("INSERT INTO under_way VALUES (0, 0, 1, 0.5)")
        settle(connection)
    return folder


def check_named_and_mended(folder: Path, words: str, *, is_seen: bool = True) -> None:
    """A look names what is broken, if it reads that; ``verify`` does, and what resumes the run removes it."""
    view = RunFollower(folder).look()
    assert any(words in one for one in view.broken) is is_seen, view.broken
    verdict = examine(folder)
    assert verdict.condition == "broken"
    assert any(words in one for one in verdict.broken), verdict.broken
    with closing(open_for_writing(folder)) as connection:
        found = mend(connection, folder)
        settle(connection)
    assert any(words in one.words for one in found), found
    assert examine(folder).condition == "whole"
    after = RunFollower(folder).look()
    assert after.broken == ()
    assert after.state == "stopped"


@pytest.mark.parametrize("column", ["candidate", "fold"])
@pytest.mark.parametrize("more", [0, 1, 10**6])
def test_a_fit_of_a_candidate_or_fold_that_the_run_does_not_have(tmp_path: Path, column: str, more: int) -> None:
    folder, number = search(tmp_path), SHOWN[column] + more
    edit_signed(folder, f"UPDATE fit SET {column} = {number} WHERE number = 3")
    view = RunFollower(folder).look()
    assert view.kind == "size"
    assert sum(one.folds_done for one in view.summaries) == SMALL.total_steps - 1
    check_named_and_mended(folder, f"{column} is {number}; that of this run is from 0 to {SHOWN[column] - 1}")


@pytest.mark.parametrize(
    ("table", "column", "number", "is_seen"),
    [
        ("final_test", "candidate", 99, True),
        ("final_network", "candidate", 99, False),
        ("reference", "fold", SMALL.folds, True),
        ("unfinished", "candidate", 99, False),
    ],
)
def test_another_fact_of_what_the_run_does_not_have(
    tmp_path: Path, table: str, column: str, number: int, is_seen: bool
) -> None:
    folder = search(tmp_path)
    last = f"WHERE rowid = (SELECT max(rowid) FROM {table})"
    edit_signed(
        folder, "INSERT INTO unfinished VALUES (0, 0, 1.0, x'00', 0)", f"UPDATE {table} SET {column} = {number} {last}"
    )
    check_named_and_mended(folder, f"{column} is {number}", is_seen=is_seen)


@pytest.mark.parametrize("table", ["series_generation", "series_result"])
def test_a_series_that_the_run_does_not_have(tmp_path: Path, table: str) -> None:
    folder = make_comparison(tmp_path, "comparison")
    edit_signed(folder, f"UPDATE {table} SET series = 99 WHERE rowid = (SELECT max(rowid) FROM {table})")
    view = RunFollower(folder).look()
    assert any("series is 99" in one for one in view.broken)
    assert view.kind == "evolution"
    assert view.generations
    assert any("series is 99" in one for one in examine(folder).broken)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE log SET level = 'x'", "line of the log 1: level is 'x'"),
        ("UPDATE log SET time = 1e300", "time is 1e+300"),
        ("UPDATE log SET text = x'ff00'", "text is b'\\xff\\x00'"),
        ("UPDATE log SET text = CAST(x'ff' AS TEXT)", "text is '\\udcff'"),
        ("UPDATE runner SET pid = -1", "the record of its runner: pid is -1"),
        ("UPDATE runner SET heartbeat = 'x'", "heartbeat is 'x'"),
    ],
)
@pytest.mark.parametrize("make", [search, lambda home: make_evolution(home, "evolution")])
def test_a_row_without_a_checksum(tmp_path: Path, make: object, statement: str, words: str) -> None:
    assert callable(make)
    folder: Path = make(tmp_path)
    edit(folder, statement)
    check_named_and_mended(folder, words)


def test_the_progress_of_a_run_at_work_is_left_out_if_it_is_implausible(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "search", state="running", fits=4)
    edit(folder, "INSERT INTO under_way VALUES (99, 0, 1, 0.5), (0, 0, 'x', 0.5), (1, 0, 1, 0.5)")
    view = RunFollower(folder).look()
    assert view.kind == "size"
    assert [one.candidate for one in view.under_way] == [1]
    assert len(view.broken) == 2
    evolution = make_evolution(tmp_path, "evolution", state="running", generations=4)
    edit(evolution, "UPDATE evaluating SET members = 'x'")
    seen = RunFollower(evolution).look()
    assert seen.kind == "evolution"
    assert seen.evaluating is None
    assert seen.broken == ("progress of generation 5: members is 'x'; it must be a whole number from 0 to "
                           "9007199254740992",)  # fmt: skip


def test_a_final_test_under_way_is_no_fold_that_the_run_does_not_have(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "search", state="running", fits=SMALL.total_steps)
    with closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            set_under_way(connection, [FitProgress(candidate=1, fold=SMALL.splits, epochs=2, loss=0.5)])
            keep_unfinished(connection, 1, SMALL.splits, 0.5, b"state")
        settle(connection)
    assert RunFollower(folder).look().broken == ()
    assert examine(folder).broken == ()
    with closing(open_for_writing(folder)) as connection:
        assert mend(connection, folder) == ()
        assert [(one[0], one[1]) for one in read_unfinished(connection)] == [(1, SMALL.splits)]


def test_scores_of_a_series_that_are_no_scores(tmp_path: Path) -> None:
    folder = make_comparison(tmp_path, "comparison")
    edit_signed(folder, "UPDATE series_result SET scores = '{\"name\": 3}' WHERE series = 0")
    view = RunFollower(folder).look()
    assert any("result of series 0: " in one for one in view.broken)
    check_named_and_mended(folder, "result of series 0: ")


def test_a_network_that_is_none_is_named_and_mended(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "evolution")
    edit_signed(folder, "UPDATE network SET weights = zeroblob(16) WHERE name = 'evolved'")
    check_named_and_mended(folder, "a network of units", is_seen=False)


def test_a_fit_whose_number_lost_its_sign_is_shown(tmp_path: Path) -> None:
    folder = search(tmp_path)
    edit(folder, "UPDATE fit SET number = -5 WHERE number = 3")
    with reading(folder) as connection:
        read_header(connection)
        assert len(read_fits(connection)[0]) == SMALL.total_steps
    view = RunFollower(folder).look()
    assert view.kind == "size"
    assert sum(one.folds_done for one in view.summaries) == SMALL.total_steps


def test_numbers_that_are_no_numbers_hide_no_fit(tmp_path: Path) -> None:
    folder = search(tmp_path)
    without_constraints(folder)
    edit(folder, "UPDATE fit SET number = 'x'")
    view = RunFollower(folder).look()
    assert view.broken == ()
    assert view.kind == "size"
    assert sum(one.folds_done for one in view.summaries) == SMALL.total_steps


def test_candidates_of_an_extended_run_are_its_own(tmp_path: Path) -> None:
    small, large = made_run(tmp_path, "small"), made_run(tmp_path, "large", replace(SMALL, neurons="2:20:2"))
    assert RunFollower(small).look().broken == RunFollower(large).look().broken == ()


@pytest.mark.parametrize("make", [made_run, make_evolution])
def test_a_schema_whose_text_is_none_is_readable_or_refused_in_a_sentence(
    tmp_path: Path, make: Callable[[Path, str], Path]
) -> None:
    folder = make(tmp_path, "target")
    content = (folder / FILE_NAME).read_bytes()
    begin, end = content.index(b"CREATE TABLE run"), content.index(b"CREATE TABLE run") + 800
    for place in [*range(begin, end, 17), content.index(b"JSON"), content.index(b"active_seconds")]:
        broken = bytearray(content)
        broken[place] ^= 0x80  # no UTF-8 any more
        (folder / FILE_NAME).write_bytes(broken)
        assert examine(folder).condition in ("whole", "unreadable")
        for look in (lambda: RunFollower(folder).look(), lambda: open_for_writing(folder).close()):
            with contextlib.suppress(StoreError):
                look()
        (folder / FILE_NAME).write_bytes(content)
    assert examine(folder).condition == "whole"
