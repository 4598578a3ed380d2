"""Add the example runs to a home, or look at one without adding it."""

import contextlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from nnsize_engine.errors import StoreError
from nnsize_engine.examples.catalogue import EXAMPLES, FOLDER, Example
from nnsize_engine.export.import_archive import import_archive
from nnsize_engine.processes.private_files import make_private, new_private_file
from nnsize_engine.runs import writer
from nnsize_engine.runs.database import open_for_writing, settle, transaction
from nnsize_engine.runs.folders import holds_run
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import settings_to_json

TABLES = "example-tables"
"""The folder for the tables of examples, among the runs; it holds no run itself."""


def missing_examples(home: Path) -> tuple[Example, ...]:
    """Return the examples that are not among the runs of a home."""
    return tuple(example for example in EXAMPLES if not holds_run(home / example.name))


def add_example(example: Example, home: Path) -> Path:
    """Add an example to the runs of a home, and return its folder; one that is there stays as it is.

    Raises:
        StoreError: it cannot be written.
    """
    folder = home / example.name
    if holds_run(folder):
        return folder
    if os.path.lexists(folder):
        raise StoreError(f"{folder} is in the way of an example run; move it elsewhere")
    if example.table is not None:
        _put_table(example.table, home)
    added = import_archive(example.archive, home).folder
    if example.table is not None:
        _name_table(added, home / TABLES / example.table)
    return added


def look_at_example(example: Example) -> AnyView:
    """Return all that a screen shows of an example, without adding it.

    Raises:
        StoreError: it cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="nnsize-example-") as place:
        return RunFollower(import_archive(example.archive, Path(place)).folder).look()


def _put_table(name: str, home: Path) -> None:
    """Put the table of an example where its run will name it; one that is there stays as it is."""
    path = home / TABLES / name
    try:
        make_private(path.parent)
        with contextlib.suppress(FileExistsError), os.fdopen(new_private_file(path), "wb") as file:
            file.write((FOLDER / name).read_bytes())
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error


def _name_table(folder: Path, table: Path) -> None:
    """Make a run name its table by the path that it has here."""
    with contextlib.closing(open_for_writing(folder)) as connection:
        settings = with_table(read_header(connection).settings, str(table))
        with transaction(connection, folder):
            writer.update_run(connection, settings=settings_to_json(settings))
        settle(connection)


def with_table(settings: RunSettings, source: str) -> SizeSettings:
    """Return the settings of a search with another path of the same table."""
    assert isinstance(settings, SizeSettings)
    assert settings.table is not None
    return replace(settings, table=replace(settings.table, choice=replace(settings.table.choice, source=source)))
