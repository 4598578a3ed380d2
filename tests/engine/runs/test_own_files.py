"""Files of run folders: links are not followed, nothing is truncated, and nobody else's file is opened."""

import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnsize_engine.errors import RunError, StoreError
from nnsize_engine.evolution.checkpoint import read_checkpoint
from nnsize_engine.runs import control_file, launch
from nnsize_engine.runs.database import CHECKPOINT_NAME, FILE_NAME, create, open_for_writing, transaction
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.lock import only_runner
from nnsize_engine.runs.own_files import ROOM_BYTES, copy_own, open_own, read_own
from nnsize_engine.settings.search import SizeSettings
from support.hostile_runs import SCHEMAS
from support.made_runs import made_run

CONTENT = "the user's own\n"
OTHER_USER = 12_345

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_text(CONTENT)
    return path


@pytest.fixture
def folder(run_home: Path) -> Path:
    return made_run(run_home, "target", state="stopped", fits=3)


def put(path: Path, victim: Path, way: str) -> None:
    """Put a link to a file of the user, or a pipe, in place of a file of a run."""
    path.unlink(missing_ok=True)
    match way:
        case "link":
            path.symlink_to(victim)
        case "hard link":
            path.hardlink_to(victim)
        case "link to nothing":
            path.symlink_to(victim.with_name("new"))
        case "pipe":
            os.mkfifo(path)
        case _:
            raise AssertionError(way)


WAYS = ["link", "hard link", "link to nothing", "pipe"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["lock", "runner.log", "control", FILE_NAME, f"{FILE_NAME}-wal"])
def test_no_command_writes_through_a_file_of_a_run(folder: Path, victim: Path, name: str, way: str) -> None:
    put(folder / name, victim, way)

    def try_all() -> None:
        for action in (launch.resume, launch.pause, launch.stop, lambda one: launch.delete(one)):
            with contextlib.suppress(RunError, StoreError):
                action(folder)
        control_file.wish(folder)

    thread = threading.Thread(target=try_all, daemon=True)
    thread.start()
    thread.join(100)
    assert not thread.is_alive()
    assert victim.read_text() == CONTENT
    assert not victim.with_name("new").exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_lock_that_is_no_plain_file_is_refused_and_can_be_deleted(folder: Path, victim: Path, way: str) -> None:
    put(folder / "lock", victim, way)
    with pytest.raises(RunError, match="run target cannot be locked: lock "), only_runner(folder):
        pass
    if way == "hard link":
        return  # it is a plain file, with the user's other name for it
    assert launch.delete(folder) == ()
    assert victim.read_text() == CONTENT


def test_a_lock_that_holds_something_keeps_it(folder: Path) -> None:
    (folder / "lock").write_text(CONTENT)
    with only_runner(folder):
        pass
    assert (folder / "lock").read_text() == CONTENT


def test_a_request_replaces_a_link_in_place_of_the_control_file(folder: Path, victim: Path) -> None:
    put(folder / "control", victim, "link")
    assert control_file.wish(folder, "pause") == "pause"
    control_file.ask(folder, "stop")
    assert control_file.wish(folder) == "stop"
    assert victim.read_text() == CONTENT


def test_a_full_disk_does_not_write_through_a_link_either(folder: Path, victim: Path) -> None:
    put(folder / "control", victim, "link")
    assert not control_file._written_over(folder / "control", "stop")
    assert victim.read_text() == CONTENT


@pytest.mark.parametrize("way", ["link", "pipe"])
def test_a_checkpoint_that_is_no_plain_file_is_not_read(folder: Path, victim: Path, way: str) -> None:
    put(folder / CHECKPOINT_NAME, victim, way)
    with pytest.raises(StoreError, match=f"the checkpoint cannot be read back \\({CHECKPOINT_NAME} is "):
        read_checkpoint(folder, "{} ")


def test_of_a_large_file_only_its_end_is_read(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        file.truncate(10**12)
        file.seek(0, os.SEEK_END)
        file.write(b"the end")
    assert read_own(tmp_path / "log", 7) == b"the end"


@as_root
@pytest.mark.parametrize("name", [FILE_NAME, f"{FILE_NAME}-journal", "lock", "."])
def test_a_file_of_another_user_is_refused(folder: Path, name: str) -> None:
    (folder / name).touch()
    os.chown(folder / name, OTHER_USER, OTHER_USER)
    if name == "lock":
        with pytest.raises(RunError, match="belongs to another user"), only_runner(folder):
            pass
    else:
        with pytest.raises(StoreError, match="belongs to another user"):
            read_state(folder)


def test_what_belongs_to_root_is_opened_for_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.stat(folder).st_uid != 0:  # noqa: PTH116
        pytest.skip("the files of this test are not root's")
    monkeypatch.setattr(os, "geteuid", lambda: OTHER_USER)
    assert read_state(folder)[1] == "stopped"


@contextlib.contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277])
def test_all_that_a_run_makes_is_its_users_alone_whatever_the_umask(run_home: Path, mask: int) -> None:
    with umask(mask):
        create(run_home / "target", "target", SizeSettings())
        with contextlib.closing(open_for_writing(run_home / "target")) as connection:
            with transaction(connection, run_home / "target"):
                connection.execute("UPDATE run SET total = 1")
            control_file.ask(run_home / "target", "pause")
            with only_runner(run_home / "target"):
                pass
            os.close(open_own(run_home / "target" / "runner.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND))
            found = [run_home, run_home / "target", *(run_home / "target").iterdir()]
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in found}
    assert {"run.sqlite", "run.sqlite-wal", "control", "lock", "runner.log"} <= set(modes)
    assert not any(mode & 0o077 for mode in modes.values()), modes
    assert all(mode & 0o600 == 0o600 for name, mode in modes.items() if name != "control"), modes


def test_a_trigger_in_a_run_does_not_keep_a_writer_busy(folder: Path) -> None:
    SCHEMAS["trigger"](folder)
    with pytest.raises(StoreError, match="a trigger named 'spin'"):
        open_for_writing(folder)


def test_what_is_not_a_runs_own_stays_and_is_told(folder: Path) -> None:
    (folder / "notes.txt").write_text(CONTENT)
    (folder / "control").unlink()
    (folder / "control").mkdir()
    (folder / "control" / "kept").touch()
    assert launch.delete(folder) == ("control", "notes.txt")
    assert (folder / "notes.txt").read_text() == CONTENT


def test_a_copy_is_the_same_and_replaces_nothing(tmp_path: Path, victim: Path) -> None:
    copy_own(victim, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == CONTENT
    with pytest.raises(FileExistsError):
        copy_own(victim, tmp_path / "copy")
    (tmp_path / "link").symlink_to(tmp_path / "new")
    with pytest.raises(FileExistsError):
        copy_own(victim, tmp_path / "link")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("way", ["link", "link to nothing", "pipe"])
def test_only_a_plain_file_is_copied(tmp_path: Path, victim: Path, way: str) -> None:
    put(tmp_path / "source", victim, way)
    with pytest.raises(PermissionError, match=r"source is (a link|no regular file)"):
        copy_own(tmp_path / "source", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_file_that_would_fill_the_disk_is_not_copied(tmp_path: Path, victim: Path) -> None:
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(2**43)  # which takes no room
    with pytest.raises(OSError, match=r"hole has 8,796,093,022,208 bytes, too many to be copied"):
        copy_own(tmp_path / "hole", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    with pytest.raises(OSError, match="too many to be copied"):
        copy_own(victim, tmp_path / "copy", most_bytes=len(CONTENT) - 1)
    copy_own(victim, tmp_path / "copy", most_bytes=len(CONTENT))
    assert ROOM_BYTES > 0
