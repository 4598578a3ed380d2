"""Files and folders that only their user can read and write, whatever the umask."""

import errno
import os
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def make_private(folder: Path) -> None:
    """Make a folder and its parents as far as they are missing, for the user alone; leave the others as they are.

    Raises:
        OSError: one cannot be made.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        try:
            each.mkdir(PRIVATE_FOLDER)
        except FileExistsError:  # made by another process meanwhile
            if not each.is_dir():
                raise
            continue
        each.chmod(PRIVATE_FOLDER)
    if not missing and not folder.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))


def new_private_file(path: Path, flags: int = os.O_WRONLY) -> int:
    """Make a file that is not there yet, for the user alone; return its descriptor.

    Raises:
        OSError: it is there, or cannot be made.
    """
    handle = os.open(path, flags | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    os.fchmod(handle, PRIVATE_FILE)
    return handle
