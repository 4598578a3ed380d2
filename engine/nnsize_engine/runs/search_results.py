"""The results of a search, read bit by bit and compared."""

import sqlite3
from collections.abc import Mapping

from nnsize_engine.results.by_repeat import ByRepeat
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.further_scores import ScoringStatistics, summarise_further
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.references import ReferenceSummary, summarise_references
from nnsize_engine.results.search_choice import choose_of_search
from nnsize_engine.results.search_race import RaceView, SearchRace
from nnsize_engine.results.search_records import FinalTest, FitResult
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, ranks, shared_statistics, summarise
from nnsize_engine.results.time_left import remaining_seconds
from nnsize_engine.runs.search_reader import BEFORE_ALL, read_final_tests, read_fits, read_references, read_under_way
from nnsize_engine.runs.view import RunView, SizeView
from nnsize_engine.settings.search import SizeSettings


class SearchResults:
    """The results of a search that are read so far."""

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._candidates = list_candidates(settings)
        self._last_fit = BEFORE_ALL
        self._finals: Mapping[int, FinalTest] = {}
        self._fits: list[list[FitResult]] = [[] for _ in self._candidates]
        self._summaries: list[CandidateSummary] = []
        self._shared: tuple[SharedStatistics, ...] = ()
        self._ranks: tuple[int, ...] = ()
        self._choice: Choice | None = None
        self._further: Mapping[str, ScoringStatistics] = {}
        self._newest: int | None = None
        self._race = SearchRace(settings, self._candidates) if settings.is_race else None
        self._race_view: RaceView | None = None
        self._by_repeat = ByRepeat(settings)
        self._left: dict[int, float | None] = {}
        """The seconds left by the number of workers, until further fits end."""

    def look(self, connection: sqlite3.Connection, seen: RunView) -> SizeView:
        """Read the fits that are new."""
        fits, self._last_fit = read_fits(connection, self._last_fit)
        self._take(fits)
        is_over = seen.header.state == "finished" or seen.header.done >= seen.header.total
        self._finals = read_final_tests(connection) if is_over else {}  # an extended run has those of before
        return SizeView(
            folder=seen.folder,
            header=seen.header,
            settings=self._settings,
            state=seen.state,
            remaining=self._time_left(seen.header.workers or 1),
            log=seen.log,
            summaries=tuple(self._summaries),
            shared=self._shared,
            ranks=self._ranks,
            choice=self._choice,
            finals=self._finals,
            under_way=tuple(read_under_way(connection)) if seen.state in LIVE_STATES else (),
            newest=self._newest,
            references=self._references(connection),
            race=self._race_view,
            by_repeat=self._by_repeat.recommended(self._summaries),
            further=self._further,
        )

    def _references(self, connection: sqlite3.Connection) -> tuple[ReferenceSummary, ...]:
        """Read the references, and compare them on the folds on which the candidates are compared."""
        count = self._settings.folds
        compared = self._choice.folds if self._choice is not None else range(count)
        folds = sorted({self._settings.fold_of(split) for split in compared})
        return summarise_references(read_references(connection), count, folds, self._settings.further_scorings)

    def _take(self, fits: list[FitResult]) -> None:
        for fit in fits:
            self._fits[fit.candidate].append(fit)
        is_first = not self._summaries
        if is_first:
            self._summaries = list(map(self._summary, range(len(self._candidates))))
        else:
            for number in {fit.candidate for fit in fits}:
                self._summaries[number] = self._summary(number)
        if fits:
            self._newest = fits[-1].candidate
            if self._race is not None:
                self._race.take(fits)
        if fits or is_first:
            self._left.clear()
            self._compare()

    def _summary(self, number: int) -> CandidateSummary:
        return summarise(self._candidates[number], self._fits[number], self._settings.splits)

    def _leave_out_unwanted_fits(self, race: RaceView) -> None:
        """Summarise only the fits that the race wanted; a run that was extended may have more."""
        tried, dropped, fold_of = frozenset(race.tried), race.dropped, self._settings.fold_of
        for number, fits in enumerate(self._fits):
            last = dropped[number].folds if number in dropped else self._settings.folds if number in tried else 0
            wanted = [fit for fit in fits if fold_of(fit.fold) < last]
            if len(wanted) != self._summaries[number].folds_done:
                self._summaries[number] = summarise(self._candidates[number], wanted, self._settings.splits)

    def _time_left(self, workers: int) -> float | None:
        """Return the seconds left, computed once: with ten thousand sizes each look would take a hundredth of one."""
        if workers not in self._left:
            self._left[workers] = self._remaining(workers)
        return self._left[workers]

    def _remaining(self, workers: int) -> float | None:
        """Return the expected seconds of the fits left and of the final tests after them, which run side by side.

        Of a race these are all fits that may follow, unless its answer moves to other sizes.
        """
        race, active = self._race_view, self._summaries
        if race is not None:
            active = [self._summaries[number] for number in (*race.race.active, *race.race.possible)]
        fits = remaining_seconds(active, workers)
        if fits is None or self._choice is None:
            return fits
        seconds = [self._summaries[one.number].fit_seconds or 0.0 for one in self._choice.finalists]
        return fits + (max if workers > 1 else sum)(seconds) / self._settings.fold_share

    def _compare(self) -> None:
        """Compare the candidates that all have the same folds; dropped ones lack some."""
        race = self._race_view = None if self._race is None else self._race.view()
        if race is not None:
            self._leave_out_unwanted_fits(race)
        compared = None if race is None else frozenset(race.compared)
        self._shared = tuple(shared_statistics(self._summaries, self._settings.repeats, compared))
        self._ranks = tuple(ranks(self._shared))
        self._choice = choose_of_search(self._summaries, self._shared, race)
        further = self._settings.further_scorings
        self._further = summarise_further(self._summaries, further, self._settings.repeats, compared)
