"""Processes that are detached from this terminal."""

import os
import sys
from collections.abc import Sequence


def spawn(module: Sequence[str], log: int, given: int | None = None) -> int:
    """Start a module in a session of its own: no terminal, no hang-up; return its process id.

    Args:
        module: name of the module and its arguments.
        log: descriptor that it writes its output to.
        given: descriptor that it reads from; None for nothing to read.
    """
    environment = dict(os.environ)
    # Workers would otherwise import from the user's current folder, where a random.py of theirs stops them.
    environment["PYTHONSAFEPATH"] = "1"
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", *module],
        environment,
        setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0) if given is None else (os.POSIX_SPAWN_DUP2, given, 0),
            (os.POSIX_SPAWN_DUP2, log, 1),
            (os.POSIX_SPAWN_DUP2, log, 2),
        ],
    )
