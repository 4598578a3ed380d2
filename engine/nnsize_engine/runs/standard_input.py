"""A table on standard input, kept as a private file, because runs read their table more than once."""

import contextlib
import hashlib
import os
import secrets
import sys
from pathlib import Path

from nnsize_engine.errors import SettingsError, StoreError
from nnsize_engine.processes.private_files import make_private, new_private_file
from nnsize_engine.runs.folders import read_state, run_folders
from nnsize_engine.settings.home import copies_folder, home

STANDARD_INPUT = "-"
"""The name of standard input on the command line."""

_PREFIX = "standard-input-"
_PART_BYTES = 1 << 20


def keep_standard_input() -> Path:
    """Copy standard input into the folder of copies; the name tells its content, so that equal ones are kept once.

    Raises:
        SettingsError: standard input is a terminal, or the copy cannot be written.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise SettingsError(
            "- reads the table from standard input, which is a terminal here; name a file, or pipe one: nnsize data - "
            "< FILE",
            field="data",
        )
    folder = copies_folder()
    draft = folder / f".{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    try:
        make_private(folder)
        with os.fdopen(new_private_file(draft), "wb") as file:
            while part := sys.stdin.buffer.read(_PART_BYTES):
                digest.update(part)
                file.write(part)
        path = folder / f"{_PREFIX}{digest.hexdigest()[:12]}"
        draft.replace(path)
    except OSError as error:
        raise SettingsError(
            f"standard input cannot be kept in {folder}: {error.strerror or error}; save the table as a file",
            field="data",
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return path


def forget_copy(source: str) -> None:
    """Remove a copy of standard input that no run names any more; leave every other file as it is."""
    path = Path(source)
    if path.parent != copies_folder() or not path.name.startswith(_PREFIX):
        return
    for folder in run_folders(home()):
        try:
            table = read_state(folder)[0].settings.table
        except StoreError:  # it may name the copy
            return
        if table is not None and table.choice.source == source:
            return
    with contextlib.suppress(OSError):
        path.unlink()
