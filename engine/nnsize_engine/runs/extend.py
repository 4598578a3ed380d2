"""Write an extension of a search into its run: other settings, and other numbers of what is done."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.records import LogLine
from nnsize_engine.results.renumbering import Renumbering
from nnsize_engine.results.search_race import SearchRace
from nnsize_engine.runs import writer
from nnsize_engine.runs.checksums import LOSS_CURVE
from nnsize_engine.runs.facts import sign_again
from nnsize_engine.runs.ledger import count_facts
from nnsize_engine.runs.search_reader import read_fits
from nnsize_engine.settings.extension import extension_words
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import settings_to_json

LOG_PREFIX = "extended: "
"""The beginning of the log line of an extension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbered:
    """A table with numbers of candidates or splits; None where it has no such column."""

    table: str
    candidate: str | None = None
    split: str | None = None


_NUMBERED = (
    _Numbered(table="fit", candidate="candidate", split="fold"),
    _Numbered(table="unfinished", candidate="candidate", split="fold"),
    _Numbered(table="score", candidate="candidate", split="fold"),
    _Numbered(table="final_test", candidate="candidate"),
    _Numbered(table="final_network", candidate="candidate"),
)
"""Every table whose rows belong to candidates or splits by number."""


def store_extension(connection: sqlite3.Connection, before: SizeSettings, after: SizeSettings) -> None:
    """Store the extended settings, and give candidates and splits their new numbers; inside one transaction.

    The run is stored as stopped, so that it can be resumed from here.
    """
    _renumber(connection, Renumbering.between(before, after))
    connection.execute("DELETE FROM under_way")
    connection.execute("DELETE FROM final_test WHERE error IS NOT NULL")  # it is tried once more
    writer.update_run(connection, settings=settings_to_json(after))
    writer.set_total(connection, _total(connection, after))
    writer.set_state(connection, "stopped")
    writer.add_log(connection, "info", f"{LOG_PREFIX}{extension_words(before, after)}")
    count_facts(connection)


def extensions_in(log: Iterable[LogLine]) -> list[str]:
    """Return what each extension of a run added, in words, from its log."""
    return [line.text.removeprefix(LOG_PREFIX) for line in log if line.text.startswith(LOG_PREFIX)]


def _total(connection: sqlite3.Connection, settings: SizeSettings) -> int:
    if not settings.is_race:
        return settings.total_steps
    race = SearchRace(settings, list_candidates(settings))
    race.take(read_fits(connection)[0])
    return race.view().total


def _renumber(connection: sqlite3.Connection, renumbering: Renumbering) -> None:
    """Give every row its new numbers.

    Numbers become negative first, because a new number may still be the old number of another row.
    """
    changed = {old: new for old, new in renumbering.candidates.items() if old != new}
    has_other_splits = (renumbering.folds_before, renumbering.splits_before) != (
        renumbering.folds_after,
        renumbering.splits_after,
    )
    connection.execute("CREATE TEMP TABLE renumbered (before INTEGER PRIMARY KEY, after INTEGER NOT NULL)")
    connection.executemany("INSERT INTO renumbered VALUES (?, ?)", renumbering.candidates.items())
    for one in _NUMBERED:
        if one.candidate is not None and changed:
            new = f"(SELECT after FROM renumbered WHERE before = {one.candidate})"
            connection.execute(f"UPDATE {one.table} SET {one.candidate} = -1 - {new}")
            connection.execute(f"UPDATE {one.table} SET {one.candidate} = -1 - {one.candidate}")
        if one.split is not None and has_other_splits:
            new = (
                f"CASE WHEN {one.split} >= :splits_before THEN :splits_after "
                f"ELSE {one.split} / :folds_before * :folds_after + {one.split} % :folds_before END"
            )
            numbers = {
                "splits_before": renumbering.splits_before,
                "splits_after": renumbering.splits_after,
                "folds_before": renumbering.folds_before,
                "folds_after": renumbering.folds_after,
            }
            connection.execute(f"UPDATE {one.table} SET {one.split} = -1 - ({new})", numbers)
            connection.execute(f"UPDATE {one.table} SET {one.split} = -1 - {one.split}")
    connection.execute("DROP TABLE renumbered")
    for fact in (*(one.table for one in _NUMBERED), LOSS_CURVE):
        sign_again(connection, fact)
