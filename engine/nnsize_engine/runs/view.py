"""Look at a run again and again; each look reads only what is new."""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from nnsize_engine.processes.identity import ProcessIdentity
from nnsize_engine.results.by_repeat import ByRepeat
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.further_scores import ScoringStatistics, summarise_further
from nnsize_engine.results.generations import Generations
from nnsize_engine.results.race import Dropped
from nnsize_engine.results.records import (
    LIVE_STATES,
    Candidate,
    Evaluating,
    FinalTest,
    FitProgress,
    FitResult,
    LogLine,
    NetworkScores,
    State,
)
from nnsize_engine.results.references import ReferenceSummary, summarise_references
from nnsize_engine.results.search_choice import choose_of_search
from nnsize_engine.results.search_race import RaceView, SearchRace
from nnsize_engine.results.series import SeriesView, best_series, remaining_of_series
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, ranks, shared_statistics, summarise
from nnsize_engine.results.time_left import remaining_of_generations, remaining_seconds
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.facts import broken_facts
from nnsize_engine.runs.folders import seen_state
from nnsize_engine.runs.ledger import note_missing_rows
from nnsize_engine.runs.reader import (
    RunHeader,
    read_evaluating,
    read_final_tests,
    read_fits,
    read_generations,
    read_header,
    read_last_series,
    read_log,
    read_network_scores,
    read_references,
    read_series_generations,
    read_series_results,
    read_under_way,
)
from nnsize_engine.runs.stall_file import Stall
from nnsize_engine.runs.stalls import find_stall, stall_words
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, RunSettings, by_kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.series import series_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One consistent look at a run of either kind."""

    folder: Path
    header: RunHeader
    state: State
    """State as seen now; it may be ``interrupted``."""

    remaining: float | None
    """Expected seconds of computing until the last fit or generation ends; None when unknown."""

    log: tuple[LogLine, ...]
    broken: tuple[str, ...] = ()
    """What is broken or missing, in words, and therefore left out."""

    stall: Stall | None = None
    """Why it does not go on though its runner is alive; None if it does, or if it has ended.

    Of an interrupted run it is what its runner could not store when it ended.
    """

    @property
    def stall_words(self) -> str:
        """Return in one sentence why the run does not go on; empty if it does."""
        return "" if self.stall is None else stall_words(self.stall, self.folder, self.header, self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeView(RunView):
    """One consistent look at a size search."""

    kind: ClassVar[Literal["size"]] = "size"

    settings: SizeSettings
    """The header's, which are a search's."""

    summaries: tuple[CandidateSummary, ...]
    """One for each candidate, in the search's order; of a search that finds its sizes also those never tried."""

    shared: tuple[SharedStatistics, ...]
    """One for each candidate: its scores on the splits that all share, by which they are ranked."""

    ranks: tuple[int, ...]
    """From 1."""

    choice: Choice | None
    finals: Mapping[int, FinalTest]
    """Final tests by the number of their candidate: the best and the recommended one, as far as they are done.

    Runs of earlier versions have that of the best alone.
    """

    under_way: tuple[FitProgress, ...]
    """The fits being trained, and how far each was a moment ago; empty while no runner is at work."""

    newest: int | None
    """The candidate of the fit that ended last; None before any has."""

    references: tuple[ReferenceSummary, ...] = ()
    """Each reference that has a result, the simplest first."""

    race: RaceView | None = None
    """The race, with what is tried and dropped; None of a search that fits every candidate on every fold."""

    by_repeat: tuple[Candidate, ...] = ()
    """The candidate that the scores of each complete repeat alone recommend; empty without repeats."""

    further: Mapping[str, ScoringStatistics] = field(default_factory=dict)
    """The statistics of the candidates by each further scoring."""

    @property
    def final_of_best(self) -> FinalTest | None:
        """The final test of the best candidate; None while there is none."""
        return None if self.choice is None else self.finals.get(self.choice.best.number)

    @property
    def final_of_recommended(self) -> FinalTest | None:
        """The final test of the recommended candidate, which may be the best one; None while there is none."""
        return None if self.choice is None else self.finals.get(self.choice.recommended.number)

    @property
    def reference_folds(self) -> Sequence[int]:
        """The folds on which the references are compared: those on which the candidates are."""
        compared = self.choice.folds if self.choice is not None else range(self.settings.folds)
        return sorted({self.settings.fold_of(split) for split in compared})

    @property
    def tried(self) -> Sequence[int]:
        """Numbers of the candidates that are shown; those that a race never tried are not."""
        return range(len(self.summaries)) if self.race is None else self.race.tried

    def dropped(self, number: int) -> Dropped | None:
        """Return when and why a candidate was dropped; None of one that was not."""
        return None if self.race is None else self.race.dropped.get(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionView(RunView):
    """One consistent look at an evolution."""

    kind: ClassVar[Literal["evolution"]] = "evolution"

    settings: EvolutionSettings
    """The header's, which are an evolution's."""

    generations: Generations
    """All that are finished, in order."""

    evaluating: Evaluating | None
    """How far the generation under way was a moment ago; None while no runner is at work."""

    evolved: NetworkScores | None
    """The network evolved so far."""

    gradient: NetworkScores | None
    """The same network trained by gradient, for comparison."""

    quantized: NetworkScores | None = None
    """The one trained by gradient, rounded or with steps as the evolved one is; None if that is neither."""

    series: tuple[SeriesView, ...] = ()
    """The evolutions of a run that compares strategies, in the order of computing; empty for one evolution.

    ``generations`` and ``evolved`` are then those of the best series.
    """

    best_series: int | None = None
    """The series that the evolved network is from; None before one has begun."""


AnyView = SizeView | EvolutionView
"""A look at a run of any kind; ``kind`` tells them apart."""


def searches_among(views: Sequence[AnyView]) -> list[tuple[int, SizeView]]:
    """Return the searches among runs, each with its place."""
    return [(place, view) for place, view in enumerate(views) if isinstance(view, SizeView)]


def evolutions_among(views: Sequence[AnyView]) -> list[tuple[int, EvolutionView]]:
    """Return the evolutions among runs, each with its place."""
    return [(place, view) for place, view in enumerate(views) if isinstance(view, EvolutionView)]


class _Results(Protocol):
    """The results of one run, as far as they are read."""

    def look(self, connection: sqlite3.Connection, seen: RunView) -> AnyView:
        """Read the results that are new."""


class RunFollower:
    """Looks at one run again and again; several threads may share one, and with it what it has read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run: tuple[str, float, RunSettings] | None = None
        self._results: _Results | None = None
        self._log: tuple[LogLine, ...] = ()
        self._broken: dict[str, None] = {}
        self._runner: ProcessIdentity | None = None
        self._one_at_a_time = threading.Lock()

    def look(self) -> AnyView:
        """Read what is new since the last look.

        Raises:
            StoreError: the run is gone, unreadable or damaged.
        """
        with self._one_at_a_time:
            view = self._look()
            # A runner that ended after its run was read and before it was looked for has said how: read that, too.
            return self._look() if view.state == "interrupted" else view

    def _look(self) -> AnyView:
        with reading(self.folder) as connection:
            header = read_header(connection)
            results = self._results
            is_another = (header.id, header.created, header.settings) != self._run
            is_mended = bool(self._broken) and header.runner != self._runner  # a runner removes what is broken
            if results is None or is_another or is_mended:
                results = self._begin(header)  # the first look, an extended run, or another one in its place
                note_missing_rows(connection)
            lines = read_log(connection, self._log[-1].number if self._log else 0)
            if lines:
                self._log = (*self._log, *lines)
            seen = RunView(folder=self.folder, header=header, state=seen_state(header), remaining=None, log=self._log)
            view = results.look(connection, seen)
            self._broken |= dict.fromkeys(one.words for one in broken_facts(connection))
        stall = find_stall(self.folder, header, view.state)
        if self._broken or stall is not None:
            return replace(view, broken=tuple(self._broken), stall=stall)
        return view

    def _begin(self, header: RunHeader) -> _Results:
        self._results = _RESULTS[header.kind](header.settings)
        self._log = ()
        self._broken = {}
        self._runner = header.runner
        self._run = (header.id, header.created, header.settings)
        return self._results


class _SizeResults:
    """The results of a size search that are read so far."""

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._candidates = list_candidates(settings)
        self._last_fit = 0
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
            remaining=self._remaining(seen.header.workers or 1),
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


class _ComparisonResults:
    """The results of a run that compares strategies that are read so far."""

    def __init__(self, settings: EvolutionSettings) -> None:
        self._settings = settings
        self._series = [SeriesView(series=one, generations=Generations(), result=None) for one in series_of(settings)]

    def look(self, connection: sqlite3.Connection, seen: RunView) -> EvolutionView:
        """Read the generations that are new, of the series that is under way alone."""
        results = read_series_results(connection)
        last = read_last_series(connection)
        for number, one in enumerate(self._series):
            if one.result is None and last is not None and number <= last:
                generations = read_series_generations(connection, number, one.generations)
                self._series[number] = SeriesView(
                    series=one.series, generations=generations, result=results.get(number)
                )
        series, scores = tuple(self._series), read_network_scores(connection)
        best = best_series(results.values(), self._settings.fitness)
        if best is None and last is not None:
            best = 0  # nothing else has begun
        return EvolutionView(
            folder=seen.folder,
            header=seen.header,
            settings=self._settings,
            state=seen.state,
            remaining=None if seen.state == "finished" else remaining_of_series(series),
            log=seen.log,
            generations=Generations() if best is None else series[best].generations,
            evaluating=read_evaluating(connection) if seen.state in LIVE_STATES else None,
            evolved=scores.get("evolved"),
            gradient=scores.get("gradient"),
            quantized=scores.get("quantized"),
            series=series,
            best_series=best,
        )


class _EvolutionResults:
    """The results of an evolution that are read so far."""

    def __init__(self, settings: EvolutionSettings) -> None:
        self._settings = settings
        self._generations = Generations()

    def look(self, connection: sqlite3.Connection, seen: RunView) -> EvolutionView:
        """Read the generations that are new."""
        self._generations = read_generations(connection, self._generations)
        is_over = seen.state == "finished"  # also when it converged before its last generation
        scores = read_network_scores(connection)
        return EvolutionView(
            folder=seen.folder,
            header=seen.header,
            settings=self._settings,
            state=seen.state,
            remaining=(
                None
                if is_over
                else remaining_of_generations(self._generations, seen.header.total, self._settings.seconds)
            ),
            log=seen.log,
            generations=self._generations,
            evaluating=read_evaluating(connection) if seen.state in LIVE_STATES else None,
            evolved=scores.get("evolved"),
            gradient=scores.get("gradient"),
            quantized=scores.get("quantized"),
        )


def _evolution_results(settings: EvolutionSettings) -> _Results:
    return _ComparisonResults(settings) if settings.is_comparison else _EvolutionResults(settings)


_RESULTS: Mapping[Kind, Callable[[Any], _Results]] = by_kind(size=_SizeResults, evolution=_evolution_results)
