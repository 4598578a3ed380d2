"""A limit on the size of files, so that a copy of a huge file fails at once instead of filling the disk."""

import contextlib
import resource
from collections.abc import Iterator

MAX_FILE_BYTES = 300_000_000  # of what a trial writes; a run has a few megabytes


def limit_files() -> None:
    """Let this process, and those that it starts, write no larger file."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, hard))


@contextlib.contextmanager
def unlimited_files() -> Iterator[None]:
    """Lift the limit for a moment."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
