"""Remove a folder that somebody looks into at the very same time."""

import contextlib
import shutil
from pathlib import Path

from support.waiting import wait_until


def remove(folder: Path) -> None:
    """As `rm -rf` is said again when a reader has just put SQLite's files back beside the run's."""

    def is_gone() -> bool:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
        return not folder.exists()

    wait_until(is_gone)
