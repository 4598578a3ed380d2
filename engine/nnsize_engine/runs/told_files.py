"""What the workers of a watched search tell, in files of its run folder: a line of JSON for each task.

Every process appends to a file of its own, so that no two lines are mixed up, also where a folder is shared between
machines. The process that owns the search reads what is new, and stores it.
"""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nnsize_engine.runs.own_files import open_own

TOLD_PREFIX = "told-"
"""How the names of these files begin."""

MAX_LINE_BYTES = 1_000_000  # of one task; a longer line is none that a worker wrote

MAX_READ_BYTES = 10_000_000  # of a file, at once

_writing = threading.Lock()


def tell(folder: Path, message: dict[str, Any]) -> None:
    """Append a message to the file of this process; a line that fails half-way is closed by the next."""
    name = f"{TOLD_PREFIX}{socket.gethostname()[:60].replace(os.sep, '-')}-{os.getpid()}"
    line = f"{json.dumps(message)}\n".encode()
    with _writing:
        handle = open_own(folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            while line:
                line = line[os.write(handle, line) :]
        finally:
            os.close(handle)


class ToldReader:
    """Reads what is new in the files of a run folder; broken lines are left out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: dict[Path, int] = {}

    def new(self) -> Iterator[dict[str, Any]]:
        """Yield the messages that were not read before, file by file."""
        for path in sorted(self._folder.glob(f"{TOLD_PREFIX}*")):
            yield from self._new_of(path)

    def _new_of(self, path: Path) -> Iterator[dict[str, Any]]:
        place = self._places.get(path, 0)
        while True:
            with os.fdopen(open_own(path, os.O_RDONLY), "rb") as file:
                file.seek(place)
                content = file.read(MAX_READ_BYTES)
            whole = content.rfind(b"\n") + 1
            if not whole:
                return
            place += whole
            self._places[path] = place
            for line in content[:whole].splitlines():
                message = _message(line)
                if message is not None:
                    yield message

    def remove(self) -> None:
        """Remove the files, once the search is over."""
        for path in self._folder.glob(f"{TOLD_PREFIX}*"):
            path.unlink(missing_ok=True)


def _message(line: bytes) -> dict[str, Any] | None:
    if len(line) > MAX_LINE_BYTES:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
