import gc
import os
import weakref
from pathlib import Path

import pytest
from textual.message import Message

from nnsize_engine.errors import RunError
from nnsize_engine.processes.identity import ProcessIdentity
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.follow import runs as following
from nnsize_tui.follow.large_results import settle_memory
from nnsize_tui.follow.messages import RunSeen, RunsSeen, RunUnreadable, Trouble
from nnsize_tui.follow.runs import Pace, RunsFollower, follow_run, follow_runs
from support import made_runs
from support.made_runs import add_made_fits, enter_state, made_corrupt, made_fit, made_run
from support.removal import remove


class Script(Pace):
    """A pace that does one thing before each further look, then ends."""

    def __init__(self, *steps: object) -> None:
        super().__init__(0.0)
        self._steps = list(steps)
        self.waits: list[float] = []

    def wait(self, most: float = float("inf")) -> bool:
        self.waits.append(most)
        if not self._steps:
            return False
        step = self._steps.pop(0)
        if callable(step):
            step()
        return True


def test_all_runs_are_seen_newest_first_whatever_is_wrong_with_some(home: Path) -> None:
    made_run(home, "older", age=2)
    made_run(home, "newest")
    made_corrupt(home, "broken")
    (home / "empty").mkdir()
    (home / "file").write_text("not a folder")
    rows = RunsFollower(home).look()
    assert [row.folder.name for row in rows] == ["newest", "older", "broken"]
    assert rows[0].view is not None
    assert "broken" in rows[2].reason
    assert rows[2].state is None


def test_a_run_that_did_not_change_is_not_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_run(home, "calm")
    os.utime(folder / FILE_NAME, (1e9, 1e9))  # written long ago
    runs = RunsFollower(home)
    first = runs.look()
    with monkeypatch.context() as patched:
        patched.setattr(RunFollower, "look", lambda _: pytest.fail("it was read again"))
        assert runs.look() == first
    enter_state(folder, "stopped")
    assert runs.look()[0].state == "stopped"


def test_what_was_just_written_is_read_again_because_a_commit_is_seen_after_its_last_byte(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(home, "live", state="running", fits=3)
    runs, known = RunsFollower(home), following._signature(folder)
    monkeypatch.setattr(following, "_signature", lambda _: known)  # as if all of it had been there before
    monkeypatch.setattr(following, "SETTLED_NANOSECONDS", 10**18)  # and only just, however long that takes here
    runs.look()
    add_made_fits(folder, [made_fit(3, 0)])
    (row,) = runs.look()
    assert row.header is not None
    assert row.header.done == 4


def test_a_runner_that_dies_without_writing_is_noticed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_run(home, "busy", state="running", fits=3)
    runs = RunsFollower(home)
    assert runs.look()[0].state == "running"
    monkeypatch.setattr("nnsize_engine.runs.folders.is_alive", lambda _: False)
    assert runs.look()[0].state == "interrupted"


def test_a_runner_that_ends_while_it_is_looked_for_has_not_died(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_run(home, "busy", state="running", fits=3)
    runs = RunsFollower(home)
    runs.look()

    def ends(_: ProcessIdentity) -> bool:
        enter_state(folder, "stopped")
        return False

    monkeypatch.setattr("nnsize_engine.runs.folders.is_alive", ends)
    monkeypatch.setattr(made_runs, "settle", lambda _: None)  # it would wait 30 s for this very look to end
    assert runs.look()[0].state == "stopped"


def test_runs_that_come_and_go_are_noticed(home: Path) -> None:
    runs = RunsFollower(home)
    assert runs.look() == ()
    folder = made_run(home, "first")
    assert [row.folder.name for row in runs.look()] == ["first"]
    remove(folder)
    assert runs.look() == ()
    made_run(home, "first", fits=2, state="stopped")
    assert runs.look()[0].state == "stopped"


def test_when_time_is_up_the_headers_alone_are_read_and_the_rest_later(home: Path) -> None:
    made_run(home, "one")
    runs = RunsFollower(home)
    (late,) = runs.look(-1.0)
    assert (late.state, late.view) == ("finished", None)
    (later,) = runs.look()
    assert later.view is not None


def test_a_home_that_does_not_exist_holds_no_runs(tmp_path: Path) -> None:
    assert RunsFollower(tmp_path / "nowhere").look() == ()


def test_a_home_that_cannot_be_listed_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be listed"):
        RunsFollower(tmp_path / "file").look()


def test_only_news_of_a_run_is_posted(home: Path) -> None:
    folder = made_run(home, "live", state="running", fits=3)
    posted: list[Message] = []
    follow_run(RunFollower(folder), Script(None, lambda: add_made_fits(folder, [made_fit(3, 0)]), None), posted.append)
    done = [message.view.header.done for message in posted if isinstance(message, RunSeen)]
    assert done == [3, 4]


def test_the_first_result_of_a_live_run_is_looked_for_quickly_but_not_for_long(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MAX_QUICK_LOOKS", 2)
    quick, usual = following.QUICK_LOOK_SECONDS, float("inf")
    folder = made_run(home, "silent", state="running", fits=0)
    pace = Script(None, None, None)
    follow_run(RunFollower(folder), pace, lambda _: None)
    assert pace.waits == [quick, quick, usual, usual]
    folder = made_run(home, "lively", state="running", fits=0)
    pace = Script(lambda: add_made_fits(folder, [made_fit(3, 0)]), None)
    follow_run(RunFollower(folder), pace, lambda _: None)
    assert pace.waits == [quick, usual, usual]
    pace = Script(None)
    follow_run(RunFollower(made_run(home, "ended", state="stopped", fits=0)), pace, lambda _: None)
    assert pace.waits == [usual, usual]


def test_a_run_that_vanishes_or_breaks_is_told_apart(home: Path) -> None:
    folder = made_run(home, "doomed")
    posted: list[Message] = []

    def break_it() -> None:
        (folder / "run.sqlite").write_bytes(b"nonsense" * 500)

    follow_run(RunFollower(folder), Script(break_it, lambda: remove(folder)), posted.append)
    assert isinstance(posted[0], RunSeen)
    gone = [message.is_gone for message in posted if isinstance(message, RunUnreadable)]
    assert gone == [False, True]


def test_a_run_that_loses_its_file_before_its_folder_is_gone_in_the_end(home: Path) -> None:
    folder = made_run(home, "doomed")
    posted: list[Message] = []
    steps = Script((folder / FILE_NAME).unlink, lambda: remove(folder))
    follow_run(RunFollower(folder), steps, posted.append)
    assert [message.is_gone for message in posted if isinstance(message, RunUnreadable)] == [False, True]


def test_only_news_of_the_runs_is_posted(home: Path) -> None:
    posted: list[Message] = []
    follow_runs(RunsFollower(home), Script(None, lambda: made_run(home, "new"), None), posted.append)
    assert [len(message.rows) for message in posted if isinstance(message, RunsSeen)] == [0, 1]


def test_a_home_that_cannot_be_listed_is_posted_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    posted: list[Message] = []
    follow_runs(RunsFollower(tmp_path / "file"), Script(None, None), posted.append)
    assert len(posted) == 1
    assert isinstance(posted[0], Trouble)


def test_newer_news_replaces_older_of_the_same_kind_only(home: Path) -> None:
    view = RunFollower(made_run(home, "one")).look()
    assert RunSeen(view).can_replace(RunSeen(view))
    assert not RunSeen(view).can_replace(RunsSeen(()))
    assert RunsSeen(()).can_replace(RunsSeen(()))


def test_a_pace_that_changes_looks_at_once_and_may_end_at_any_time() -> None:
    pace = Pace(60.0)
    pace.take(30.0)
    assert pace.wait()
    pace.end()
    assert not pace.wait()
    eager = Pace(60.0)
    eager.look_now()
    assert eager.wait()


def test_memory_is_settled_once_after_the_first_reading_of_a_long_run(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[None] = []
    monkeypatch.setattr(following, "settle_memory", lambda: settled.append(None))
    monkeypatch.setattr(following, "MAX_QUICK_RESULTS", 2)
    long, short = made_run(home, "long", fits=3), made_run(home, "short", fits=2)
    runs = RunsFollower(home)
    runs.look()
    assert len(settled) == 1
    enter_state(long, "stopped")
    runs.look()
    assert len(settled) == 1
    for folder in (long, short):
        follow_run(RunFollower(folder), Script(lambda: None), lambda _: None)
    assert len(settled) == 2


def test_settled_results_are_left_out_of_collections() -> None:
    gc.unfreeze()
    try:
        settle_memory()
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()


def test_what_is_let_go_after_memory_was_settled_is_freed_the_next_time() -> None:
    class Screen:
        def __init__(self) -> None:
            self.child = self  # a cycle, as between a screen and its widgets

    try:
        screen = Screen()
        settle_memory()
        left = weakref.ref(screen)
        del screen
        settle_memory()
        assert left() is None
    finally:
        gc.unfreeze()
