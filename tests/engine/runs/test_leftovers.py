"""What killed commands leave half done is removed, and nothing else."""

import os
import time
from pathlib import Path

from nnsize_engine.export.atomic_file import write_whole
from nnsize_engine.runs.leftovers import remove_left_wishes, remove_leftovers
from nnsize_engine.settings.home import copies_folder

OLD_SECONDS = 4000


def made(path: Path, *, seconds: float = OLD_SECONDS, is_folder: bool = False) -> Path:
    """Make a file, or a folder with a file in it, that was last written to some time ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if is_folder:
        path.mkdir()
        (path / "run.sqlite").write_text("half")
    else:
        path.write_text("half")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_drafts_of_runs_and_copies_are_removed_an_hour_later(run_home: Path) -> None:
    gone = [
        made(run_home / ".bagote-ab12_xyz", is_folder=True),
        made(run_home / ".import-abcdefgh", is_folder=True),
        made(copies_folder() / ".0123456789abcdef"),
    ]
    kept = [
        made(run_home / ".bagote-recently", is_folder=True, seconds=60),
        made(run_home / ".git", is_folder=True),
        made(run_home / ".bagote", is_folder=True),
        made(run_home / ".notes-abcdefgh", is_folder=True),
        made(run_home / "bagote", is_folder=True),
        made(copies_folder() / ".fedcba9876543210", seconds=60),
        made(copies_folder() / "standard-input-0123456789ab"),
    ]
    link = run_home / ".import-11111111"
    link.symlink_to(kept[1])
    os.utime(link, (0, 0), follow_symlinks=False)
    remove_leftovers(run_home)
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in kept)
    assert (kept[1] / "run.sqlite").exists()


def test_a_home_that_is_missing_has_no_leftovers(run_home: Path) -> None:
    remove_leftovers(run_home / "missing")


def test_requests_that_were_never_completed_are_removed(tmp_path: Path) -> None:
    gone, kept = made(tmp_path / ".control-abcd_123"), made(tmp_path / ".control-xxxxxxxx", seconds=1)
    control = made(tmp_path / "control")
    remove_left_wishes(tmp_path)
    assert not gone.exists()
    assert kept.exists()
    assert control.exists()


def test_an_export_removes_what_a_killed_export_of_the_same_file_left(tmp_path: Path) -> None:
    to = tmp_path / "run.csv"
    gone = made(tmp_path / ".run.csv.4711-0123abcd")
    kept = [
        made(tmp_path / ".run.csv.4711-0123abce", seconds=60),
        made(tmp_path / ".other.csv.4711-0123abcd"),
        made(tmp_path / ".run.csv.swp"),
    ]
    write_whole(to, "a,b\n", force=False)
    assert to.read_text() == "a,b\n"
    assert not gone.exists()
    assert all(path.exists() for path in kept)
