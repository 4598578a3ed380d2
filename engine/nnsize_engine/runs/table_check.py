"""Check that the file of a run's table is unchanged; needs only the standard library."""

import hashlib
import os

from nnsize_engine.errors import DataError
from nnsize_engine.runs.own_files import open_own
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_address import is_address, local_path
from nnsize_engine.settings.table_choice import OPENML
from nnsize_engine.text import escape_text


def check_unchanged(table: TableSettings) -> None:
    """Accept a table whose file is as it was when it was looked at; reads all of it, a second for a few hundred MB.

    Raises:
        DataError: it is not, or cannot be read.
    """
    source = table.choice.source
    if source.startswith(OPENML):
        return
    path = local_path(source)
    if is_address(source) and not path.exists():
        return  # it is downloaded again, and compared before anything is computed
    try:
        with os.fdopen(open_own(path, os.O_RDONLY), "rb") if table.kept_as else path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise DataError(f"{escape_text(source)} is not there any more; put it back and resume") from error
    except OSError as error:
        raise DataError(f"{escape_text(source)} cannot be read: {error.strerror or error}") from error
    if found != table.sha256:
        raise DataError(has_changed(table))


def has_changed(table: TableSettings) -> str:
    """Return why a run that has begun cannot go on with another file."""
    return (
        f"{escape_text(table.choice.source)} has changed since this run began; put it back as it was and resume, or "
        "start a new run with it as it is now"
    )
