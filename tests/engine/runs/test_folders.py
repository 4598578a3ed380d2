"""Finding runs, and saying where each stands."""

import contextlib
import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nnsize_engine.errors import RunError, StoreError
from nnsize_engine.processes.identity import ProcessIdentity, this_process
from nnsize_engine.results.records import State
from nnsize_engine.runs.database import FILE_NAME, create, open_for_writing, reading
from nnsize_engine.runs.folders import (
    STALE_SECONDS,
    START_SECONDS,
    find_run,
    list_runs,
    new_run_folder,
    read_state,
    seen_state,
)
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.reader import RunHeader, read_header
from nnsize_engine.runs.writer import set_state, update_run
from nnsize_engine.settings.search import SizeSettings
from support.made_runs import CREATED, made_run


def make(home: Path, *names: str) -> None:
    for number, name in enumerate(names):
        create(home / name, name, SizeSettings())
        with contextlib.closing(open_for_writing(home / name)) as connection:
            update_run(connection, created=CREATED + number)


@pytest.fixture
def header(tmp_path: Path) -> RunHeader:
    make(tmp_path, "bagote")
    with reading(tmp_path / "bagote") as connection:
        header = read_header(connection)
    return dataclasses.replace(header, state="running", runner=this_process(), heartbeat=header.created)


def test_runs_are_listed_newest_first_and_nothing_else(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "none") == []
    make(tmp_path, "zubale", "bagote")
    (tmp_path / "notes").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / ".deleted-x").mkdir()
    assert [path.name for path in list_runs(tmp_path)] == ["bagote", "zubale"]


def test_a_run_that_nobody_may_read_or_that_links_to_nothing_is_listed_with_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed", "linked", "none"):
        (tmp_path / name).mkdir()
    create(tmp_path / "fine", "fine", SizeSettings())
    (tmp_path / "linked" / FILE_NAME).symlink_to("/nowhere/x")
    looked_at = Path.lstat

    def refused(path: Path) -> os.stat_result:
        if path.parent.name == "closed":
            raise PermissionError(13, "Permission denied")
        return looked_at(path)

    monkeypatch.setattr(Path, "lstat", refused)
    assert {path.name for path in list_runs(tmp_path)} == {"closed", "linked", "fine"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file.mkdir(), "run.sqlite is a folder, not a file"),
        (lambda file: file.symlink_to("/nowhere/x"), "run.sqlite is a link to nothing"),
        (lambda _: None, "run.sqlite is missing"),
    ],
)
def test_what_stands_in_place_of_a_run_is_said(tmp_path: Path, change: Callable[[Path], None], words: str) -> None:
    (tmp_path / "target").mkdir()
    change(tmp_path / "target" / FILE_NAME)
    with pytest.raises(StoreError, match=words):
        read_state(tmp_path / "target")


def test_a_run_is_found_by_id_beginning_last_and_path(tmp_path: Path) -> None:
    make(tmp_path, "bagote", "bagoti", "zubale")
    assert find_run("bagote", tmp_path).name == "bagote"
    assert find_run("z", tmp_path).name == "zubale"
    assert find_run("last", tmp_path).name == "zubale"
    assert find_run(f"{tmp_path}/bagoti", Path("/nowhere")).name == "bagoti"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bago", "run 'bago' is ambiguous, it could be bagoti, bagote; type more of its id"),
        ("nix", "there is no run 'nix'; 'nnsize runs' lists them"),
        ("", "there is no run ''"),
        ("/nowhere/x", r"there is no run in /nowhere/x: run\.sqlite is missing"),
    ],
)
def test_a_name_that_is_no_one_run_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    make(tmp_path, "bagote", "bagoti")
    with pytest.raises(RunError, match=reason):
        find_run(name, tmp_path)


def test_without_runs_the_way_to_the_first_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no runs yet; start one with 'nnsize size'"):
        find_run("last", tmp_path)


def test_names_are_free_and_short(tmp_path: Path) -> None:
    names = {new_run_folder(tmp_path).name for _ in range(50)}
    assert len(names) > 40
    assert all(len(name) == 6 and name.isalpha() for name in names)


def test_a_live_runner_with_a_fresh_heartbeat_is_running(header: RunHeader) -> None:
    assert seen_state(header, header.created + 1) == "running"


def test_a_dead_runner_is_interrupted_at_once(header: RunHeader) -> None:
    ghost = dataclasses.replace(header, runner=dataclasses.replace(this_process(), start="1"))
    assert seen_state(ghost, header.created) == "interrupted"


def test_a_stale_heartbeat_is_interrupted_where_the_process_cannot_be_looked_up(header: RunHeader) -> None:
    elsewhere = dataclasses.replace(header, runner=dataclasses.replace(this_process(), host="elsewhere"))
    assert seen_state(elsewhere, header.created + STALE_SECONDS - 1) == "running"
    assert seen_state(elsewhere, header.created + STALE_SECONDS + 1) == "interrupted"


def test_a_machine_that_slept_has_not_killed_the_runner(header: RunHeader) -> None:
    assert seen_state(header, header.created + 1000 * STALE_SECONDS) == "running"


def test_after_a_clock_was_put_back_no_run_seems_to_live_for_ever(header: RunHeader) -> None:
    fresh = dataclasses.replace(header, state="starting", runner=None, heartbeat=None)
    elsewhere = dataclasses.replace(header, runner=dataclasses.replace(this_process(), host="elsewhere"))
    for ahead, expected in ((60, ("starting", "running")), (86_400, ("interrupted", "interrupted"))):
        moment = header.created - ahead
        assert (seen_state(fresh, moment), seen_state(elsewhere, moment)) == expected


def test_a_runner_that_never_came_is_interrupted(header: RunHeader) -> None:
    fresh = dataclasses.replace(header, state="starting", runner=None, heartbeat=None)
    assert seen_state(fresh, header.created + START_SECONDS - 1) == "starting"
    assert seen_state(fresh, header.created + START_SECONDS + 1) == "interrupted"


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "refused"])
def test_a_run_that_has_ended_stays_ended(header: RunHeader, state: State) -> None:
    assert seen_state(dataclasses.replace(header, state=state), header.created + 1e6) == state


@pytest.mark.parametrize(
    "look", [lambda folder: read_state(folder)[1], lambda folder: RunFollower(folder).look().state]
)
def test_a_runner_that_ends_while_its_run_is_looked_at_has_not_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Callable[[Path], State]
) -> None:
    folder = made_run(tmp_path, "bagote", state="running")

    def ends(_: ProcessIdentity) -> bool:
        with contextlib.closing(open_for_writing(folder)) as connection:
            set_state(connection, "finished")
        return False

    monkeypatch.setattr("nnsize_engine.runs.folders.is_alive", ends)
    assert look(folder) == "finished"


def test_a_folder_in_place_of_the_file_of_a_run_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "none" / FILE_NAME / "own").mkdir(parents=True)
    (tmp_path / "broken" / FILE_NAME).mkdir(parents=True)  # it goes when the run is deleted
    assert list_runs(tmp_path) == [tmp_path / "broken"]
