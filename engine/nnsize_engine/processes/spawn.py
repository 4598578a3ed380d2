"""Start processes in sessions of their own: no terminal, no hang-up."""

import os
import sys
from collections.abc import Sequence


def spawn(module: Sequence[str], log: int) -> int:
    """Start a module that writes to the descriptor of a log; return its process id.

    Raises:
        OSError: it cannot be started.
    """
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return _spawn(module, [nothing, (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)])


def spawn_silent(module: Sequence[str], given: int) -> int:
    """Start a module that reads from a descriptor and writes nowhere; return its process id.

    Raises:
        OSError: it cannot be started.
    """
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    return _spawn(module, [(os.POSIX_SPAWN_DUP2, given, 0), *nowhere])


def _spawn(module: Sequence[str], file_actions: Sequence[tuple[int | str, ...]]) -> int:
    environment = dict(os.environ)
    # Workers would otherwise import from the user's current folder, where a random.py of theirs stops them.
    environment["PYTHONSAFEPATH"] = "1"
    return os.posix_spawn(
        sys.executable, [sys.executable, "-m", *module], environment, setsid=True, file_actions=file_actions
    )
