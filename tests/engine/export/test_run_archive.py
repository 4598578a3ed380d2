"""A whole run in a .zip file, and back; an archive may come from anybody."""

import contextlib
import io
import os
import random
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nnsize_engine.errors import ExportError, NnsizeError, StoreError
from nnsize_engine.export import import_archive as importing
from nnsize_engine.export import run_archive as exporting
from nnsize_engine.export.atomic_file import TargetExistsError
from nnsize_engine.export.import_archive import import_archive
from nnsize_engine.export.run_archive import export_archive
from nnsize_engine.runs import writer
from nnsize_engine.runs.database import CHECKPOINT_NAME, FILE_NAME, open_for_writing, reading, transaction
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.reader import read_encoder, read_header
from nnsize_engine.runs.search_reader import read_fits
from support.hostile_runs import SCHEMAS, edit
from support.made_runs import made_fit, made_run, make_evolution
from support.signed_runs import edit_signed

SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"
Maker = Callable[[Path, str], Path]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def archive(tmp_path: Path, home: Path) -> Path:
    """A search in an archive."""
    export_archive(made_run(home, "target"), tmp_path / "run.zip")
    return tmp_path / "run.zip"


def files_of(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as kept:
        return {name: kept.read(name) for name in kept.namelist()}


def packed(to: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(to, "w", compression=zipfile.ZIP_DEFLATED) as kept:
        for name, content in files.items():
            kept.writestr(name, content)
    return to


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("make", [made_run, make_evolution])
def test_a_run_comes_back_as_it_was(tmp_path: Path, home: Path, make: Maker) -> None:
    folder = make(home, "target")
    (folder / CHECKPOINT_NAME).write_bytes(packed(tmp_path / "checkpoint", {"losses.npy": b"losses"}).read_bytes())
    (folder / "runner.log").write_text("a line\n")
    before = RunFollower(folder).look()
    export_archive(folder, tmp_path / "run.zip")
    assert set(files_of(tmp_path / "run.zip")) == {FILE_NAME, CHECKPOINT_NAME, "commits", "runner.log"}
    other = tmp_path / "other"
    found = import_archive(tmp_path / "run.zip", other)
    assert (found.folder, found.former, found.broken) == (other / "target", "target", ())
    after = RunFollower(found.folder).look()
    assert (after.header.settings, after.log, after.state) == (before.header.settings, before.log, "finished")
    assert examine(found.folder).condition == "whole"
    assert (found.folder / CHECKPOINT_NAME).read_bytes() == (folder / CHECKPOINT_NAME).read_bytes()
    assert (found.folder / "runner.log").read_text() == "a line\n"
    assert sorted(path.name for path in other.iterdir()) == ["target"]
    for path in (found.folder, *found.folder.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_run_at_work_is_one_moment_and_comes_back_stopped(tmp_path: Path, home: Path) -> None:
    folder = made_run(home, "target", state="running", fits=3)
    with closing(open_for_writing(folder)) as connection:
        with transaction(connection, folder):
            writer.add_fits(connection, [made_fit(3, 2)])  # in the write-ahead log alone
        connection.execute("BEGIN IMMEDIATE")
        writer.add_fits(connection, [made_fit(3, 1)])  # not committed
        export_archive(folder, tmp_path / "run.zip")
        connection.execute("ROLLBACK")
    found = import_archive(tmp_path / "run.zip", tmp_path / "other")
    with reading(found.folder) as reader:
        header = read_header(reader)
        assert len(read_fits(reader)[0]) == 4
    assert (header.state, header.reason, header.runner) == ("stopped", "it was running when it was exported", None)
    assert RunFollower(folder).look().state == "running"


def test_a_name_that_is_taken_or_none_gets_a_new_one(tmp_path: Path, home: Path, archive: Path) -> None:
    found = import_archive(archive, home)
    assert found.folder.name != found.former == "target"
    with reading(found.folder) as connection:
        assert read_header(connection).id == found.folder.name
    for name in ("../owned", "/tmp/owned", ".hidden", "a\x1b[2Jb", "", "x" * 5000, "-rf"):
        edit_signed(home / "target", "UPDATE run SET id = ?", values=(name,))
        export_archive(home / "target", tmp_path / "named.zip", force=True)
        before = tree(tmp_path) - tree(home)
        found = import_archive(tmp_path / "named.zip", home)
        assert found.folder.parent == home
        assert found.folder.name.isalpha()
        assert {name for name in tree(tmp_path) if not name.startswith("home/")} == {
            name for name in before if not name.startswith("home/")
        }


def test_an_old_run_is_taken_along_too(tmp_path: Path, home: Path) -> None:
    folder = home / "old"
    shutil.copytree(SAVED_RUNS / "version-1", folder)
    before = (folder / FILE_NAME).read_bytes()
    export_archive(folder, tmp_path / "run.zip")
    assert (folder / FILE_NAME).read_bytes() == before
    found = import_archive(tmp_path / "run.zip", tmp_path / "other")
    assert examine(found.folder).condition == "whole"
    assert RunFollower(found.folder).look().header.done == RunFollower(folder).look().header.done


def test_what_is_broken_stays_named(tmp_path: Path, home: Path) -> None:
    folder = made_run(home, "target")
    edit(folder, "UPDATE fit SET test_score = 0.999 WHERE number = 2")
    export_archive(folder, tmp_path / "run.zip")
    found = import_archive(tmp_path / "run.zip", tmp_path / "other")
    assert len(found.broken) == 1
    assert RunFollower(found.folder).look().broken == found.broken


def test_an_archive_is_not_replaced_unasked(home: Path, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(TargetExistsError):
        export_archive(home / "target", archive)
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []


def refuse(archive: Path, words: str) -> None:
    """Refuse an archive with a sentence, and leave nothing behind."""
    top = archive.parent
    before = tree(top)
    with pytest.raises(StoreError, match=words) as raised:
        import_archive(archive, top / "imports")
    assert str(raised.value).isprintable()
    assert tree(top) - before <= {"imports"}


@pytest.mark.parametrize(
    "name",
    [
        "../owned",
        "/tmp/owned",
        "run/run.sqlite",
        "a\\b",
        "lock",
        "control",
        "run.sqlite-wal",
        "x\x1b[2J",
        "C:evil",
        ".",
    ],
)
def test_files_that_no_export_writes_are_refused(tmp_path: Path, archive: Path, name: str) -> None:
    refuse(packed(tmp_path / "bad.zip", files_of(archive) | {name: b"x"}), "only run.sqlite, checkpoint.npz")


def test_links_folders_and_doubles_are_refused(tmp_path: Path, archive: Path) -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFCHR):
        link = zipfile.ZipInfo("runner.log")
        link.external_attr = (kind | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "bad.zip", "w") as kept:
            kept.writestr(FILE_NAME, files_of(archive)[FILE_NAME])
            kept.writestr(link, b"/etc/passwd")
        refuse(tmp_path / "bad.zip", "runner.log is no regular file")
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as kept:
        for _ in range(2):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("warnings.warn", lambda *_, **__: None)
                kept.writestr(FILE_NAME, files_of(archive)[FILE_NAME])
    refuse(tmp_path / "bad.zip", "each file once")
    refuse(packed(tmp_path / "bad.zip", {"runner.log": b"x"}), "it must hold run.sqlite")


def test_bombs_are_refused_before_they_are_unpacked(
    tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of(archive)
    refuse(packed(tmp_path / "bad.zip", files | {CHECKPOINT_NAME: bytes(300_000_000)}), "more than a run has")
    refuse(packed(tmp_path / "bad.zip", files | {"commits": b"1" * 1000}), "more than a run has")
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as kept:
        for number in range(5000):
            kept.writestr(f"{number}", b"")
    refuse(tmp_path / "bad.zip", "its list of files is too long")
    monkeypatch.setattr(importing, "ROOM_BYTES", 2**62)
    refuse(archive, "do not fit on the disk")


def test_a_file_that_is_larger_than_it_says_is_refused(tmp_path: Path, archive: Path) -> None:
    packed(tmp_path / "bad.zip", {FILE_NAME: files_of(archive)[FILE_NAME], CHECKPOINT_NAME: bytes(100_000)})
    content = bytearray((tmp_path / "bad.zip").read_bytes())
    place = content.find(struct.pack("<I", 100_000))
    while place >= 0:
        content[place : place + 4] = struct.pack("<I", 10)
        place = content.find(struct.pack("<I", 100_000))
    (tmp_path / "bad.zip").write_bytes(content)
    refuse(tmp_path / "bad.zip", "no run that nnsize exported: BadZipFile")


@pytest.mark.parametrize("way", sorted(SCHEMAS))
def test_a_run_that_holds_what_none_holds_is_refused(tmp_path: Path, home: Path, archive: Path, way: str) -> None:
    SCHEMAS[way](home / "target")
    files = files_of(archive) | {FILE_NAME: (home / "target" / FILE_NAME).read_bytes()}
    refuse(packed(tmp_path / "bad.zip", files), "the run in it is not taken: run bad cannot be read")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"junk" * 1000, b"PK\x05\x06" + bytes(18), b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + bytes(18)],
)
def test_what_is_no_archive_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.zip").write_bytes(content)
    refuse(tmp_path / "bad.zip", "bad.zip is no run that nnsize exported")


def test_missing_files_folders_and_pipes_are_one_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    refuse(tmp_path / "missing", "missing cannot be imported: No such file")
    refuse(tmp_path / "pipe", "it is no regular file")
    refuse(tmp_path / "folder", "cannot be imported: Is a directory|it is no regular file")


def test_an_archive_with_changed_bytes_is_refused_or_whole(tmp_path: Path, archive: Path) -> None:
    whole = archive.read_bytes()
    pick = random.Random(0)
    for number in range(60):
        content = bytearray(whole)
        for _ in range(pick.choice([1, 1, 5, 100])):
            content[pick.randrange(len(content))] = pick.randrange(256)
        file = tmp_path / f"bad{number}.zip"
        file.write_bytes(content[: pick.choice([len(content), len(content), pick.randrange(len(content))])])
        with contextlib.suppress(NnsizeError):
            found = import_archive(file, tmp_path / "imports")
            assert found.broken == ()
            shutil.rmtree(found.folder)
    assert list((tmp_path / "imports").iterdir()) == []


def test_a_large_value_is_carried_along(tmp_path: Path, home: Path) -> None:
    folder = made_run(home, "target")
    with closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        writer.set_encoder(connection, os.urandom(20_000_000))
    export_archive(folder, tmp_path / "run.zip")
    with reading(import_archive(tmp_path / "run.zip", tmp_path / "other").folder) as one, reading(folder) as other:
        assert read_encoder(one) == read_encoder(other)
    assert zipfile.is_zipfile(io.BytesIO((tmp_path / "run.zip").read_bytes()))


def test_a_run_that_is_too_large_for_an_archive_is_one_sentence(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_evolution(home, "target")
    with (folder / CHECKPOINT_NAME).open("wb") as file:
        file.truncate(2**32)  # a hole, which takes no room
    words = r"run.zip cannot be written: checkpoint.npz has 4,294,967,296 bytes, too many to be copied"
    with pytest.raises(ExportError, match=words):
        export_archive(folder, tmp_path / "run.zip")
    (folder / CHECKPOINT_NAME).unlink()
    monkeypatch.setattr(exporting, "MAX_RUN_BYTES", 10_000)
    words = r"run target has [\d,]+ bytes, too many for a .zip file; copy its folder instead"
    with pytest.raises(ExportError, match=words):
        export_archive(folder, tmp_path / "run.zip")
    assert tree(tmp_path) == {"home", *(f"home/{one}" for one in tree(home))}  # no draft is left
