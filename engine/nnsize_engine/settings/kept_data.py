"""Data from memory that a run keeps in its own folder, so that it can go on without the program that started it."""

import dataclasses
from pathlib import Path

from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.watched import WatchedSettings

DATA_NAME = "data.npz"
"""The file in the folder of a run that holds its data."""


def located(settings: RunSettings, folder: Path) -> RunSettings:
    """Return settings whose kept data is looked for in the folder of the run, wherever that was copied."""
    if isinstance(settings, WatchedSettings):
        return settings
    table = settings.table
    if table is None or not table.kept_as:
        return settings
    choice = dataclasses.replace(table.choice, source=str(folder.absolute() / DATA_NAME))
    return dataclasses.replace(settings, table=dataclasses.replace(table, choice=choice))
