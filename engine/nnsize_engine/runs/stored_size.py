"""The size of a run on disk."""

import os
import stat
from pathlib import Path


def stored_bytes(folder: Path) -> int:
    """Return the bytes of all files in a run folder; of those that cannot be looked at, none."""
    found = 0
    for parent, _, names in os.walk(folder):  # links are not followed
        for name in names:
            try:
                status = os.lstat(os.path.join(parent, name))  # noqa: PTH118  # as os.walk gives them
            except OSError:
                continue
            found += status.st_size if stat.S_ISREG(status.st_mode) else 0
    return found
