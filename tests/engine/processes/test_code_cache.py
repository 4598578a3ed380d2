"""The cache of machine code is its user's alone; what others could have written is never loaded."""

import fcntl
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnsize_engine.processes import code_cache
from nnsize_engine.processes.private_files import make_private, new_private_file
from nnsize_engine.processes.trusted_folder import is_trusted_folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the cache's folder, made by a user whose umask takes no rights."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before = os.umask(0)
    code_cache.cache_folder.cache_clear()
    try:
        folder = code_cache.cache_folder()
        assert folder is not None
        yield folder
    finally:
        os.umask(before)
        code_cache.cache_folder.cache_clear()


def look_again() -> Path | None:
    code_cache.cache_folder.cache_clear()
    return code_cache.cache_folder()


def test_the_cache_is_private_whatever_the_umask(cache: Path, tmp_path: Path) -> None:
    for path in (cache, *cache.parents):
        if path == tmp_path:
            break
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    with code_cache.compiling("part"):
        (cache / "a.nbi").touch()
    assert look_again() == cache
    assert (cache / "a.nbi").exists()


@pytest.mark.parametrize("is_whole", [True, False])
def test_what_is_whole_is_loaded_without_waiting_for_another_process_and_what_is_not_is_compiled_after_it(
    cache: Path, *, is_whole: bool
) -> None:
    (cache / "a.nbi").touch()
    if is_whole:
        code_cache.mark_compiled("part")
    is_free, was_free = threading.Event(), []

    def load() -> None:
        with code_cache.compiling("part"):
            was_free.append(is_free.is_set())

    thread = threading.Thread(target=load)
    with (cache / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread.start()
        if is_whole:
            thread.join()
        is_free.set()
    thread.join()
    assert was_free == [not is_whole]


def test_a_cache_that_others_can_write_is_emptied_instead_of_loaded(cache: Path) -> None:
    (cache / "folder").mkdir()
    (cache / "folder" / "a.nbi").write_bytes(b"hostile")
    cache.chmod(0o777)
    assert look_again() == cache
    assert not list(cache.iterdir())
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_a_file_that_others_can_write_in_a_cache_that_they_can_enter_empties_it(cache: Path) -> None:
    (cache / "a.nbi").write_bytes(b"hostile")
    (cache / "a.nbi").chmod(0o666)
    cache.chmod(0o755)
    assert look_again() == cache
    assert not list(cache.iterdir())


def test_a_link_in_the_cache_is_removed_and_what_it_leads_to_stays(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").touch()
    (cache / "link").symlink_to(tmp_path / "elsewhere")
    assert look_again() == cache
    assert not list(cache.iterdir())
    assert (tmp_path / "elsewhere" / "kept").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
@pytest.mark.parametrize("which", ["file", "folder", "parent"])
def test_a_cache_of_another_user_is_not_used(cache: Path, which: str) -> None:
    (cache / "a.nbi").touch()
    os.chown({"file": cache / "a.nbi", "folder": cache, "parent": cache.parent}[which], 12_345, 12_345)
    found = look_again()
    assert found is None or not list(found.iterdir())
    assert (found is None) == (which != "file")


def test_a_cache_below_a_folder_where_everybody_renames_is_not_used(cache: Path) -> None:
    cache.parent.chmod(0o777)
    assert not is_trusted_folder(cache)
    assert look_again() is None
    cache.parent.chmod(0o1777)  # as /tmp
    assert look_again() == cache


def test_private_files_and_folders_have_their_rights_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o777)
    try:
        make_private(tmp_path / "a" / "b")
        os.close(new_private_file(tmp_path / "a" / "b" / "file"))
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a", tmp_path / "a/b", tmp_path / "a/b/file")]
    assert modes == [0o700, 0o700, 0o600]
    with pytest.raises(FileExistsError):
        new_private_file(tmp_path / "a" / "b" / "file")
    with pytest.raises(FileExistsError):
        make_private(tmp_path / "a" / "b" / "file")
