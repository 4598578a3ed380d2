"""Prepare a run that lost facts, or whose facts are broken, to have them computed again; only its one writer may.

What is broken is removed, and with it what belongs to it: a fit with its scores, all final tests with their networks.
An evolution whose generations or networks are not whole begins anew, with the same numbers, and fills the gaps.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from nnsize_engine.errors import StoreError
from nnsize_engine.results.series import best_series
from nnsize_engine.runs import writer
from nnsize_engine.runs.checksums import LOSS_CURVE
from nnsize_engine.runs.database import CHECKPOINT_NAME, transaction
from nnsize_engine.runs.evolution_reader import read_series_results
from nnsize_engine.runs.examine import facts_of
from nnsize_engine.runs.facts import BrokenFact, broken_facts
from nnsize_engine.runs.guarded import GuardedConnection
from nnsize_engine.runs.ledger import accept_loss, note_lost_commits, promised_commits
from nnsize_engine.runs.reader import RunHeader, read_header
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings

MAX_NAMED = 20  # broken facts that the log names one by one


def mend(connection: sqlite3.Connection, folder: Path) -> tuple[BrokenFact, ...]:
    """Remove what is broken, so that it is computed again; return what it was.

    Raises:
        StoreError: the header is broken, or so is the structure of the file.
    """
    assert isinstance(connection, GuardedConnection)
    header = read_header(connection)
    with transaction(connection, folder):
        _mend_indexes(connection, folder)
        facts_of(connection)
        note_lost_commits(connection, promised_commits(folder))
        broken = broken_facts(connection)
        if broken:
            _remove(connection, folder, header, broken)
            accept_loss(connection, folder)
            _name_in_log(connection, broken)
    connection.broken.clear()
    return broken


def _mend_indexes(connection: sqlite3.Connection, folder: Path) -> None:
    """Make the indexes of keys anew if they do not fit their tables: they would hide a row, or keep one out.

    Raises:
        StoreError: the tables themselves are damaged.
    """
    if _is_sound(connection):
        return
    connection.execute("REINDEX")
    if not _is_sound(connection):
        raise StoreError(
            f"run {folder.name} cannot go on: the structure of its file is damaged; export what can still be read, "
            "and start a new run with the same settings"
        )


def _is_sound(connection: sqlite3.Connection) -> bool:
    # Values that a column does not take are found as broken facts, and are named then.
    found = [words for (words,) in connection.execute("PRAGMA integrity_check(20)").fetchall()]
    return all(words == "ok" or " value in " in words for words in found)


def _remove(connection: sqlite3.Connection, folder: Path, header: RunHeader, broken: Iterable[BrokenFact]) -> None:
    results = read_series_results(connection)
    for one in broken:
        if one.table == LOSS_CURVE:  # it is not computed again for its own sake
            connection.execute("UPDATE fit SET loss_curve = NULL, curve_checksum = NULL WHERE rowid = ?", (one.rowid,))
        else:
            connection.execute(f"DELETE FROM {one.table} WHERE rowid = ?", (one.rowid,))
    tables = {one.table for one in broken}
    settings = header.settings
    if isinstance(settings, SizeSettings):
        _remove_of_search(connection, settings, tables)
    elif isinstance(settings, EvolutionSettings):
        best = best_series(results.values(), settings.fitness) if settings.is_comparison else None
        _remove_of_evolution(connection, settings, tables, best)
        if tables & {"generation", "series_generation", "series_result", "stored"}:
            (folder / CHECKPOINT_NAME).unlink(missing_ok=True)  # it would go on after what is missing
    if header.state == "finished":
        writer.set_state(connection, "stopped", "some of its results are not whole; resume it to compute them again")


def _remove_of_search(connection: sqlite3.Connection, settings: SizeSettings, tables: set[str]) -> None:
    """Remove what is computed together with what is gone: a fit with its scores, a final test with its network."""
    count = len(settings.further_scorings)
    lacks_scores = f"error IS NULL AND {count} > (SELECT count(*) FROM"
    if "score" in tables:
        of_fit = "score WHERE score.candidate = fit.candidate AND score.fold = fit.fold)"
        of_final = "score WHERE score.candidate = final_test.candidate AND score.fold IS NULL)"
        connection.execute(f"DELETE FROM fit WHERE {lacks_scores} {of_fit}")
        connection.execute(f"DELETE FROM final_test WHERE {lacks_scores} {of_final}")
    if "reference_score" in tables:
        own = "reference_score AS score WHERE score.reference = reference.name AND score.fold = reference.fold)"
        connection.execute(f"DELETE FROM reference WHERE {lacks_scores} {own}")
    if "final_network" in tables:
        connection.execute(
            "DELETE FROM final_test WHERE error IS NULL AND candidate NOT IN (SELECT candidate FROM final_network)"
        )
    if "encoder" in tables:  # it is stored with the networks
        connection.execute("DELETE FROM final_test")


def _remove_of_evolution(
    connection: sqlite3.Connection, settings: EvolutionSettings, tables: set[str], best: int | None
) -> None:
    if tables & {"network", "network_scores"}:
        connection.execute("DELETE FROM network")
        connection.execute("DELETE FROM network_scores")
        if best is not None:  # its network was the evolved one
            connection.execute("DELETE FROM series_result WHERE series = ?", (best,))
    if settings.is_comparison:
        connection.execute(
            "DELETE FROM series_result WHERE series NOT IN "
            "(SELECT series FROM series_generation GROUP BY series HAVING count(*) = max(number) + 1)"
        )


def _name_in_log(connection: sqlite3.Connection, broken: tuple[BrokenFact, ...]) -> None:
    for one in broken[:MAX_NAMED]:
        writer.add_log(connection, "warning", f"not whole, and computed again: {one.words}")
    if len(broken) > MAX_NAMED:
        writer.add_log(connection, "warning", f"and {len(broken) - MAX_NAMED:,} more")
