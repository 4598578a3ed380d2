"""A folder whose files are loaded as code: only the user and root may write in it, or rename any folder above it."""

import grp
import os
import pwd
import stat
from contextlib import suppress
from pathlib import Path


def is_trusted_folder(folder: Path) -> bool:
    """Return whether nobody else could have written a folder, a file in it, or a folder above it.

    Raises:
        OSError: it cannot be looked at.
    """
    if not all(_is_safe(parent.stat()) for parent in folder.resolve().parents):
        return False
    status = folder.lstat()
    if not _is_own(status) or _is_writable(status):
        return False
    is_closed = not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)  # then nobody else reaches what is in it
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            status = os.lstat(os.path.join(path, name))  # noqa: PTH118
            if not _is_own(status) or (not is_closed and _is_writable(status)):
                return False
    return True


def _is_own(status: os.stat_result) -> bool:
    """Return whether something is a file or a folder, no link, and belongs to the user."""
    is_plain = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
    return is_plain and status.st_uid == os.geteuid()


def _is_writable(status: os.stat_result) -> bool:
    """Return whether anybody else may write a file or folder."""
    return bool(status.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _is_safe(status: os.stat_result) -> bool:
    """Return whether nobody else can rename what is in a folder above."""
    if status.st_uid not in (os.geteuid(), 0):
        return False
    if status.st_mode & stat.S_ISVTX:  # as /tmp: everyone may write, and rename only what is theirs
        return True
    is_open = status.st_mode & stat.S_IWOTH or (status.st_mode & stat.S_IWGRP and not _is_private(status.st_gid))
    return not is_open


def _is_private(group: int) -> bool:
    """Return whether a group is the user's own, as many systems make one for each user."""
    if group == 0 and os.geteuid() == 0:
        return True
    with suppress(KeyError):
        found, user = grp.getgrgid(group), pwd.getpwuid(os.geteuid())
        return found.gr_name == user.pw_name and not set(found.gr_mem) - {user.pw_name}
    return False
