"""Files of a run folder, opened without trust, because the folder may come from somebody else.

A link could lead to any file of the user, a pipe would wait for ever, and a file of another user may change at any
time. So a file is opened without following links, is never truncated while it is opened, and is refused unless it is a
regular file that belongs to the user or to root.
"""

import contextlib
import errno
import os
import shutil
import stat
from pathlib import Path

from nnsize_engine.processes.private_files import PRIVATE_FILE

_SECOND_NAME = "has a second name elsewhere (a hard link), which would change with it; copy the folder and use the copy"


def open_own(path: Path, flags: int) -> int:
    """Open a file of a run folder, and make it if ``flags`` has ``O_CREAT``; return its descriptor.

    A file that is written may have no second name, which may be that of a file elsewhere.

    Raises:
        OSError: it cannot be opened, or is refused; ``strerror`` says why.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its other end.
        handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY, PRIVATE_FILE)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise _refusal(path, "is a link" if error.errno == errno.ELOOP else "is no regular file") from error
        raise
    try:
        status = os.fstat(handle)
        _check(path, status)
        if status.st_nlink > 1 and flags & (os.O_WRONLY | os.O_RDWR):
            raise _refusal(path, _SECOND_NAME)
        if flags & os.O_CREAT:
            with contextlib.suppress(PermissionError):  # it is root's
                os.fchmod(handle, PRIVATE_FILE)  # whatever the umask
    except BaseException:
        os.close(handle)
        raise
    return handle


def read_own(path: Path, most_bytes: int) -> bytes:
    """Return the end of a file of a run folder: all of it, or its last bytes.

    Raises:
        OSError: it cannot be opened, or is refused.
    """
    with os.fdopen(open_own(path, os.O_RDONLY), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(0, size - most_bytes))
        return file.read(most_bytes)


MAX_COPY_BYTES = 2**33  # of a file of a run; those of a million fits have a hundredth of that

ROOM_BYTES = 50_000_000  # left free on the disk by a copy


def copy_own(source: Path, target: Path, most_bytes: int = MAX_COPY_BYTES) -> None:
    """Copy a file of a run folder into a new file.

    A file with a hole has any size and takes no room, but its copy would fill the disk.

    Raises:
        OSError: it cannot be opened, is refused, or is too large.
    """
    with os.fdopen(open_own(source, os.O_RDONLY), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > min(most_bytes, shutil.disk_usage(target.parent).free - ROOM_BYTES):
            raise OSError(errno.EFBIG, f"{source.name} has {size:,} bytes, too many to be copied", str(source))
        with target.open("xb") as copy:
            shutil.copyfileobj(file, copy)


def check_own(path: Path, *, is_written: bool = False) -> bool:
    """Check a file that another library opens by its name, and may make; return whether there is one.

    Raises:
        OSError: it is refused, or cannot be looked at.
    """
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    _check(path, status)
    if is_written and status.st_nlink > 1:
        raise _refusal(path, _SECOND_NAME)
    return True


def check_own_folder(folder: Path) -> None:
    """Check that a folder belongs to the user or to root, whose files alone are opened.

    Raises:
        OSError: it belongs to another user, is no folder, or cannot be looked at.
    """
    status = folder.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "it is no folder", str(folder))
    _check_owner(folder, status)


def _check(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise _refusal(path, "is a link" if path.exists() else "is a link to nothing")
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, f"{path.name} is a folder, not a file", str(path))
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(path, "is no regular file")
    _check_owner(path, status)


def _check_owner(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        raise _refusal(path, f"belongs to another user, number {status.st_uid}; copy the folder and look at the copy")


def _refusal(path: Path, reason: str) -> OSError:
    return PermissionError(errno.EPERM, f"{path.name} {reason}", str(path))
