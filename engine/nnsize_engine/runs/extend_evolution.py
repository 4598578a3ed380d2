"""Write an extension of an evolution into its run: larger limits. Its generations stay as they are."""

import sqlite3

from nnsize_engine.errors import RunError, SettingsError
from nnsize_engine.results.evolution_end import refusal_to_extend
from nnsize_engine.runs import writer
from nnsize_engine.runs.extend import LOG_PREFIX
from nnsize_engine.runs.reader import read_header, read_log
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_extension import evolution_extension_words
from nnsize_engine.settings.run import settings_to_json
from nnsize_engine.text import seconds_text


def check_ended_by_limits(connection: sqlite3.Connection, settings: EvolutionSettings) -> None:
    """Accept an evolution that has larger limits to go on to.

    Raises:
        RunError: it converged, stopped early, or compares strategies.
    """
    header = read_header(connection)
    refusal = refusal_to_extend(header.id, settings, header.state, read_log(connection))
    if refusal is not None:
        raise RunError(refusal)


def store_evolution_extension(
    connection: sqlite3.Connection, before: EvolutionSettings, after: EvolutionSettings, *, has_checkpoint: bool
) -> None:
    """Store the extended settings; inside one transaction. The run is stored as stopped, to be resumed from here.

    Raises:
        SettingsError: no generation would follow.
    """
    _check_room(connection, after)
    connection.execute("UPDATE run SET settings = ?", (settings_to_json(after),))
    writer.set_total(connection, after.total_steps)
    writer.set_state(connection, "stopped")
    writer.add_log(connection, "info", f"{LOG_PREFIX}{evolution_extension_words(before, after)}")
    if not has_checkpoint and read_header(connection).done > 0:
        words = "no population was kept; the generations that are there are computed again, with the same numbers"
        writer.add_log(connection, "info", words)


def _check_room(connection: sqlite3.Connection, after: EvolutionSettings) -> None:
    """Accept limits that leave room for a generation after those that are done."""
    query = "SELECT number, evaluations, elapsed FROM generation ORDER BY number DESC LIMIT 1"
    last = connection.execute(query).fetchone()
    if last is None:
        return
    number, evaluations, elapsed = last
    (members,) = connection.execute("SELECT members FROM generation ORDER BY number LIMIT 1").fetchone()
    if after.generations_allowed <= number:
        raise _too_little("generations", f"{after.generations_allowed:,}", f"{number:,}")
    if after.evaluations is not None and after.plan(members).generations <= number:
        raise _too_little("evaluations", f"{after.evaluations:,}", f"{evaluations:,}, too many for one more generation")
    if after.seconds is not None and after.seconds <= elapsed:
        raise _too_little("seconds", f"{after.seconds:,g}", f"{seconds_text(elapsed)} of computing")


def _too_little(name: str, limit: str, done: str) -> SettingsError:
    return SettingsError(f"{name} is {limit}, and the run has done {done}; give it more {name}, too", field=name)
