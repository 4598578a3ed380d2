"""Removal of what killed commands left half done; drafts of checkpoints are the evolution's own."""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from nnsize_engine.settings.home import copies_folder

MIN_AGE_SECONDS = 3600.0  # of what another process may still write; a run is made in a moment, imported in a minute

MIN_WISH_SECONDS = 60.0  # of a request to a runner, which is a word

_DRAFT_OF_RUN = re.compile(r"\.(?:[bdfgklmnprstvz][aeiou]){3}-\w{8}|\.(?:import|run)-\w{8}", re.ASCII)
"""Names of runs that are being made or imported."""

_DRAFT_OF_COPY = re.compile(r"\.[0-9a-f]{16}")
"""Names of tables that are being copied."""


def remove_leftovers(home: Path) -> None:
    """Remove drafts of runs and of copies of tables in a home, an hour after they were last written to."""
    for path in _old(home, _DRAFT_OF_RUN, MIN_AGE_SECONDS):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    for path in _old(copies_folder(), _DRAFT_OF_COPY, MIN_AGE_SECONDS):
        with contextlib.suppress(OSError):
            path.unlink()


def remove_left_wishes(folder: Path) -> None:
    """Remove requests to a run's runner, and labels, that were never completed."""
    for path in _old(folder, re.compile(r"\.(?:control|label)-\w{8}", re.ASCII), MIN_WISH_SECONDS):
        with contextlib.suppress(OSError):
            path.unlink()


def _old(folder: Path, name: re.Pattern[str], seconds: float) -> Iterator[Path]:
    """Yield the parts of a folder that have such a name and were not written to for some time."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not name.fullmatch(entry.name):
                continue
            with contextlib.suppress(OSError):  # it is gone meanwhile
                if time.time() - entry.stat(follow_symlinks=False).st_mtime >= seconds:
                    yield Path(entry.path)
