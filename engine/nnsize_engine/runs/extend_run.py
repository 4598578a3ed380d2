"""Extend a run of any kind: whether it can be extended, and what is written."""

import sqlite3
from pathlib import Path

from nnsize_engine.errors import RunError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs.database import CHECKPOINT_NAME
from nnsize_engine.runs.extend import store_extension
from nnsize_engine.runs.extend_evolution import check_ended_by_limits, store_evolution_extension
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_extension import EvolutionExtension, extended_evolution
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.run import KIND_WORDS, RunExtension, by_started_kind
from nnsize_engine.settings.search import SizeSettings

_RESULTS = by_started_kind(size="fits", evolution="generations")

_OPTIONS = by_started_kind(
    size="--neurons, --max-neurons, --repeats or --fold-rounds", evolution="--generations, --evaluations or --seconds"
)


def check_extensible(header: RunHeader, state: State) -> None:
    """Accept a run that can be extended now.

    Raises:
        RunError: it is at work, or it was refused.
    """
    if state in LIVE_STATES:
        raise RunError(f"run {header.id} is {state}; stop it or let it end, and then extend it")
    if state == "refused":
        raise RunError(f"run {header.id} was refused and has no {_RESULTS[header.kind]}; start a new run instead")


def extend_stored(connection: sqlite3.Connection, folder: Path, header: RunHeader, extension: RunExtension) -> None:
    """Store an extension; inside one transaction.

    Raises:
        RunError: it is one for another kind of run, or the run did not end by its limits.
        SettingsError: it does not fit the run.
    """
    settings = header.settings
    if isinstance(settings, SizeSettings) and isinstance(extension, Extension):
        store_extension(connection, settings, extended(settings, extension))
    elif isinstance(settings, EvolutionSettings) and isinstance(extension, EvolutionExtension):
        check_ended_by_limits(connection, settings)
        after = extended_evolution(settings, extension)
        has_checkpoint = (folder / CHECKPOINT_NAME).exists()
        store_evolution_extension(connection, settings, after, has_checkpoint=has_checkpoint)
    else:
        raise RunError(f"run {header.id} is {KIND_WORDS[header.kind]}; extend it with {_OPTIONS[header.kind]}")
