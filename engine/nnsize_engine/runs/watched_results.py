"""The results of a watched search, read bit by bit."""

import sqlite3

from nnsize_engine.results.further_scores import ScoringStatistics, scored_summary
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, ranks, summarise
from nnsize_engine.results.time_left import remaining_seconds
from nnsize_engine.results.watched import (
    WATCHED_COLUMNS,
    WatchedCandidate,
    as_candidate,
    best_of_watched,
    own_statistics,
)
from nnsize_engine.runs.facts import note_broken, select_facts
from nnsize_engine.runs.search_reader import BEFORE_ALL, read_fits, read_under_way
from nnsize_engine.runs.stored_objects import stored_object
from nnsize_engine.runs.stored_values import DamagedError
from nnsize_engine.runs.view import RunView, WatchedView
from nnsize_engine.settings.parameter_grid import Value
from nnsize_engine.settings.watched import WatchedSettings


def read_candidates(connection: sqlite3.Connection, after: int = -1) -> list[WatchedCandidate]:
    """Read the candidates of a watched search after a number; those without any number before them are left out."""
    rows = select_facts(connection, "watched_candidate", WATCHED_COLUMNS, "WHERE number > ? ORDER BY number", (after,))
    found: list[WatchedCandidate] = []
    for number, parameters, iteration, resources, is_chosen in rows:
        try:
            values = _values(parameters)
        except DamagedError as error:
            note_broken(connection, "watched_candidate", number, f"candidate {number}: {error}")
            values = ()
        one = WatchedCandidate(
            number=number, parameters=values, iteration=iteration, resources=resources, is_chosen=bool(is_chosen)
        )
        found.append(one)
    return found


def _values(text: str) -> tuple[tuple[str, Value], ...]:
    values = stored_object("parameters", text)
    if not all(isinstance(value, bool | int | float | str) for value in values.values()):
        raise DamagedError("its parameters are no numbers, truth values and texts")
    return tuple(values.items())


class WatchedResults:
    """The results of a watched search that are read so far."""

    def __init__(self, settings: WatchedSettings) -> None:
        self._settings = settings
        self._candidates: dict[int, WatchedCandidate] = {}
        self._fits: dict[int, list[FitResult]] = {}
        self._summaries: dict[int, CandidateSummary] = {}
        self._shared: dict[int, SharedStatistics] = {}
        self._further: dict[str, dict[int, SharedStatistics]] = {name: {} for name in settings.further_scorings}
        self._last_fit = BEFORE_ALL
        self._newest: int | None = None
        self._has_ended = False

    def look(self, connection: sqlite3.Connection, seen: RunView) -> WatchedView:
        """Read the candidates and the fits that are new."""
        has_ended = seen.header.state not in LIVE_STATES
        if has_ended and not self._has_ended:  # one of them is chosen now
            self._candidates = {}
        self._has_ended = has_ended
        new = read_candidates(connection, max(self._candidates, default=-1))
        self._candidates |= {one.number: one for one in new}
        fits, self._last_fit = read_fits(connection, self._last_fit)
        for fit in fits:
            self._fits.setdefault(fit.candidate, []).append(fit)
            self._newest = fit.candidate
        self._summarise({one.number for one in new} | {fit.candidate for fit in fits})
        return self._view(seen, connection)

    def _summarise(self, numbers: set[int]) -> None:
        """Compute the statistics of candidates anew; a fit whose candidate was lost waits for it."""
        for number in numbers & self._candidates.keys():
            candidate = as_candidate(self._candidates[number], self._settings.searched)
            summary = summarise(candidate, self._fits.get(number, ()), self._settings.splits)
            self._summaries[number], self._shared[number] = summary, own_statistics(summary)
            for name, found in self._further.items():
                found[number] = own_statistics(scored_summary(summary, name))

    def _view(self, seen: RunView, connection: sqlite3.Connection) -> WatchedView:
        numbers = sorted(self._candidates)
        shared = [self._shared[number] for number in numbers]
        summaries = [self._summaries[number] for number in numbers]
        candidates = [self._candidates[number] for number in numbers]
        further = {name: [found[number] for number in numbers] for name, found in self._further.items()}
        is_live = seen.state in LIVE_STATES
        best = best_of_watched(candidates, shared)
        return WatchedView(
            folder=seen.folder,
            header=seen.header,
            settings=self._settings,
            state=seen.state,
            remaining=self._remaining(summaries, seen) if is_live else None,
            log=seen.log,
            candidates=tuple(candidates),
            summaries=tuple(summaries),
            shared=tuple(shared),
            ranks=tuple(ranks(shared)),
            best=best,
            under_way=tuple(read_under_way(connection)) if is_live else (),
            newest=self._newest,
            further={
                name: ScoringStatistics(shared=tuple(found), ranks=tuple(ranks(found)))
                for name, found in further.items()
            },
        )

    def _remaining(self, summaries: list[CandidateSummary], seen: RunView) -> float | None:
        """Return the expected seconds until the last fit; None where it is not known how many there will be."""
        if self._settings.is_halving:
            return None
        return remaining_seconds(summaries, seen.header.workers or 1)
