"""A whole run as one .zip file, also while its runner is at work."""

import contextlib
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import find_place, write_parts
from nnsize_engine.runs.database import CHECKPOINT_NAME, FILE_NAME, reading
from nnsize_engine.runs.label import FILE_NAME as LABEL_NAME
from nnsize_engine.runs.label import MAX_LABEL_BYTES
from nnsize_engine.runs.ledger import COMMITS_NAME
from nnsize_engine.runs.own_files import copy_own, read_own
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.start_runner import LOG_NAME
from nnsize_engine.settings.kept_data import DATA_NAME

MAX_RUN_BYTES = 2**32 - 2**20
"""Of all files of a run: an archive of more needs a format with other limits, which an import would have to check."""

MAX_LOG_BYTES = 10_000_000  # of the end of a runner's log

MAX_RATIO = 200  # bytes of a file for each byte in the archive; runs take three to ten
FREE_BYTES = 1_000_000  # of a file that may be compressed further than that

MEMBERS = {
    FILE_NAME: MAX_RUN_BYTES,
    CHECKPOINT_NAME: MAX_RUN_BYTES,
    DATA_NAME: MAX_RUN_BYTES,
    LOG_NAME: MAX_LOG_BYTES,
    COMMITS_NAME: 100,
    LABEL_NAME: MAX_LABEL_BYTES,
}
"""Names of the files in an archive, and the most bytes of each."""


def export_archive(folder: Path, to: Path, *, force: bool = False) -> None:
    """Write a whole run to a .zip file: one moment of its results, its checkpoint, and its log.

    Raises:
        ExportError: the file cannot be written, or the run is too large.
        StoreError: the run cannot be read.
        TargetExistsError: the file exists and ``force`` is not set.
    """
    place = find_place(to, force=force)
    try:
        with tempfile.TemporaryDirectory(prefix=".nnsize-", dir=place.parent) as draft:
            _copy(folder, Path(draft))
            write_parts(place, lambda file: _pack(Path(draft), file), force=force)
    except OSError as error:
        raise ExportError(f"{to} cannot be written: {error.strerror or error}") from error


def _copy(folder: Path, draft: Path) -> None:
    # First the checkpoint: a runner writes one only once everything up to it is stored.
    for name in (COMMITS_NAME, CHECKPOINT_NAME, DATA_NAME):
        with contextlib.suppress(FileNotFoundError):
            copy_own(folder / name, draft / name, MAX_RUN_BYTES)
    with reading(folder) as connection, contextlib.closing(sqlite3.connect(draft / FILE_NAME)) as copy:
        read_header(connection)
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    try:
        (draft / LOG_NAME).write_bytes(read_own(folder / LOG_NAME, MAX_LOG_BYTES))
    except OSError:
        (draft / LOG_NAME).unlink(missing_ok=True)  # it is for people, and a run is whole without it
    with contextlib.suppress(OSError):  # one that is refused, such as a link, is no label
        copy_own(folder / LABEL_NAME, draft / LABEL_NAME, MAX_LABEL_BYTES)
    size = sum(file.stat().st_size for file in draft.iterdir())
    if size > MAX_RUN_BYTES:
        raise ExportError(f"run {folder.name} has {size:,} bytes, too many for a .zip file; copy its folder instead")


def _pack(draft: Path, file: BinaryIO) -> None:
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6, allowZip64=False) as archive:
        for name in MEMBERS:
            if (draft / name).exists():
                # Arrays of random numbers do not get smaller.
                kind = zipfile.ZIP_STORED if name == CHECKPOINT_NAME else zipfile.ZIP_DEFLATED
                archive.write(draft / name, name, compress_type=kind)
