"""The job of a size search: start the next computation, and store its results."""

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from nnsize_engine.errors import StoreError
from nnsize_engine.processes.parallel import WorkersLostError, worker_count
from nnsize_engine.results.candidates import (
    candidate_words,
    list_candidates,
    neurons_text,
    parameters_of,
    split_words,
)
from nnsize_engine.results.choice import choose
from nnsize_engine.results.records import DataFacts, FinalTest, FitProgress, FitResult
from nnsize_engine.results.search_race import SearchRace
from nnsize_engine.results.statistics import shared_statistics, summarise_all
from nnsize_engine.runner.events import Compute, Emit, FitsEnded, Prepared, SearchJobEvent
from nnsize_engine.runner.job import Progress, change_of_data, ending_of, facts_text, store_start
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.search.events import BestFound, FinishedFit, Note, UnfinishedFit
from nnsize_engine.settings.search import SizeSettings

if TYPE_CHECKING:  # it loads the compiler
    from nnsize_engine.search.search import SizeSearch

_SHOW_SECONDS = 0.5  # between two looks at the fits under way
MAX_LOGGED_FAILURES = 100  # failed fits with a line each in the log, so that it stays readable
MAX_WORKER_DEATHS = 3  # in a row without a finished fit; more are no accident


class SearchJob:
    """The progress of one size search through preparing, fitting and the final test."""

    def __init__(
        self,
        header: RunHeader,
        settings: SizeSettings,
        fits: Sequence[FitResult],
        unfinished: Sequence[tuple[int, int, float, bytes]],
        journal: Journal,
        compute: Compute,
    ) -> None:
        self.progress = Progress()
        self._header = header
        self._settings = settings
        self._candidates = list_candidates(settings)
        self._fits = {(fit.candidate, fit.fold): fit for fit in fits}
        self._fold_counts = Counter(fit.fold for fit in fits)
        self._race = SearchRace(settings) if settings.is_race else None
        self._total = header.total
        if self._race is not None:
            self._race.take(fits)
            self._total = self._race.view().total
        self._kept = unfinished
        self._unfinished: dict[tuple[int, int], UnfinishedFit] = {}
        self._under_way: dict[tuple[int, int], FitProgress] = {}
        self._shown: tuple[FitProgress, ...] = ()
        self._shown_under_way = 0.0
        self._journal = journal
        self._compute = compute
        self._search: SizeSearch | None = None
        self._workers = 1
        self._losses = 0
        self._failures = 0

    @property
    def stop_seconds(self) -> float:
        """Seconds that a stop waits: a training stops within a step, but scikit-learn's only at its end."""
        return 0.4 if "lbfgs" in self._settings.solvers else 5.0

    @property
    def is_prepared(self) -> bool:
        """Return whether data and folds are ready."""
        return self._search is not None

    def prepare(self) -> None:
        """Start loading the data, making the folds and, the first time on a machine, compiling."""
        settings, is_new = self._settings, self._header.data is None

        def work(emit: Emit) -> None:
            # Imported here, on the computing thread: it takes seconds, in which the runner must answer.
            from nnsize_engine.data.split import load_split
            from nnsize_engine.network.train import prepare_compiled_code
            from nnsize_engine.processes.code_cache import needs_compiling
            from nnsize_engine.search.folds import rare_class_warning
            from nnsize_engine.search.search import plan

            split = load_split(settings)
            search = plan(settings, split)
            if is_new and (warning := rare_class_warning(split, settings.cv)) is not None:
                emit(Note(warning, level="warning"))
            if "lbfgs" in settings.solvers:
                emit(Note("solver lbfgs: scikit-learn itself trains, in processes"))
            if settings.solvers != {"lbfgs"}:
                if needs_compiling(settings.precision):
                    emit(Note("compiling the trainer, once on this machine: about ten seconds"))
                prepare_compiled_code(settings.precision)
            emit(Prepared(search))

        self._compute(work)

    def proceed(self) -> None:
        """Start the next computation, unless one is under way."""
        if self._search is None or self.progress.is_at_work or self.progress.has_ended:
            return
        if self._has_outstanding_fits:
            self._start_fits(self._search)
        else:
            self._start_final_test(self._search)

    @property
    def _has_outstanding_fits(self) -> bool:
        return len(self._fits) < self._total if self._race is None else not self._race.is_over

    def take(self, event: SearchJobEvent) -> None:
        """Note what the computing thread found, and queue it to be stored."""
        match event:
            case FinishedFit():
                self._take_fit(event.result, event.loss_curve)
            case FitProgress():
                self._under_way[event.candidate, event.fold] = event
            case UnfinishedFit():
                self._take_unfinished(event)
            case Prepared():
                self._take_search(event.search)
            case Note():
                self._journal.log(event.level, event.text)
            case FitsEnded():
                self.progress.is_at_work = False
                self._under_way.clear()
            case BestFound():
                self._take_best(event)
            case FinalTest():
                self._take_final_test(event)
            case Exception():
                self._take_error(event)
            case _:
                assert_never(event)

    def show_under_way(self) -> None:
        """Queue, twice a second at most, how far the fits under way are."""
        now = time.monotonic()
        if now - self._shown_under_way < _SHOW_SECONDS:
            return
        fits = tuple(self._under_way.values())
        if fits != self._shown:
            self._shown, self._shown_under_way = fits, now
            self._journal.add(lambda connection: writer.set_under_way(connection, fits))

    def _take_unfinished(self, fit: UnfinishedFit) -> None:
        from nnsize_engine.network.state_bytes import state_to_bytes

        self._unfinished[fit.candidate, fit.fold] = fit
        state = state_to_bytes(fit.state)
        self._journal.add(
            lambda connection: writer.keep_unfinished(connection, fit.candidate, fit.fold, fit.seconds, state)
        )

    def _take_search(self, search: "SizeSearch") -> None:
        found = search.split.facts
        change = change_of_data(self._header, found)
        if change is not None:
            self.progress.end(*change)
            return
        self._search = search
        self._read_unfinished()
        self._workers = min(worker_count(self._settings.jobs), self._total)
        self._store_start(found)

    def _read_unfinished(self) -> None:
        """Read the unfinished trainings of an earlier runner."""
        from nnsize_engine.network.state_bytes import state_from_bytes

        for candidate, fold, seconds, content in self._kept:
            offset = self._settings.seed_offset_of(fold)
            parameters = parameters_of(self._settings, self._candidates[candidate], offset)
            try:
                state = state_from_bytes(content, parameters)
            except StoreError as error:
                self._journal.log("warning", f"{error}; that fit begins anew")
                continue
            self._unfinished[candidate, fold] = UnfinishedFit(
                candidate=candidate, fold=fold, seconds=seconds, state=state
            )

    def _store_start(self, facts: DataFacts) -> None:
        store_start(self._journal, self._header, facts, self._workers)
        done = f", {len(self._fits)} done already" if self._fits else ""
        text = f"{facts_text(facts)}; {self._plan_text()}{done}; {self._workers} at a time"
        self._journal.log("info", text)
        if self._race is not None:
            self._store_total()

    def _plan_text(self) -> str:
        """Return the fits that are planned, in words; of a race the most there can be."""
        settings, count = self._settings, len(self._candidates)
        if settings.finds_sizes:
            most = self._candidates[-1].hidden_layer_sizes[0]
            return f"sizes are found among 2 to {most} neurons, on {settings.cv} folds"
        repeats = f" x {settings.repeats} repeats" if settings.repeats > 1 else ""
        plural, bound = "" if count == 1 else "s", "at most " if settings.race else ""
        return f"{count} candidate{plural} x {settings.cv} folds{repeats} = {bound}{settings.total_steps} fits"

    def _store_total(self) -> None:
        assert self._race is not None
        self._total = total = self._race.view().total
        self._journal.add(lambda connection: writer.set_total(connection, total))

    def _start_fits(self, search: "SizeSearch") -> None:
        self.progress.is_at_work = True
        ended, unfinished = dict(self._fits), dict(self._unfinished)
        workers, halt, is_race = self._workers, self.progress.halt, self._race is not None

        def work(emit: Emit) -> None:
            from nnsize_engine.search.search import run_fits, run_race

            fits = (
                run_race(search, ended.values(), unfinished, workers, halt, emit)
                if is_race
                else run_fits(search, ended.keys(), unfinished, workers, halt, emit)
            )
            for fit in fits:
                emit(fit)
            emit(FitsEnded())

        self._compute(work)

    def _take_fit(self, fit: FitResult, loss_curve: bytes) -> None:
        self._losses = 0
        self._fits[fit.candidate, fit.fold] = fit
        self._under_way.pop((fit.candidate, fit.fold), None)
        self._unfinished.pop((fit.candidate, fit.fold), None)
        self._journal.add(lambda connection: writer.add_fits(connection, [fit]))
        if loss_curve:
            self._journal.add(lambda connection: writer.set_loss_curve(connection, fit.candidate, fit.fold, loss_curve))
        if fit.error is not None:
            self._log_failure(fit)
        if self._race is not None:
            self._take_into_race(self._race, fit)
            return
        self._fold_counts[fit.fold] += 1
        if self._fold_counts[fit.fold] == len(self._candidates):
            self._log_fold(fit.fold)

    def _take_into_race(self, race: SearchRace, fit: FitResult) -> None:
        """Take a fit into the race; when a round ends with it, note what was dropped and what is planned now."""
        before = race.view()
        if not race.take([fit]):
            return
        self._store_total()
        now = race.view()
        names = {number: neurons_text(self._candidates[number]) for number in now.tried}
        if out := [number for number in now.dropped if number not in before.dropped]:
            folds = now.dropped[out[0]].folds
            self._journal.log(
                "info", f"out after {folds} folds: {', '.join(names[number] for number in sorted(out))} neurons"
            )
        if new := [number for number in now.tried if number not in before.tried]:
            self._journal.log("info", f"also tried from now on: {', '.join(names[number] for number in new)} neurons")

    def _log_failure(self, fit: FitResult) -> None:
        """Note why a fit failed; of many, as when a searched step is too large, the first ones."""
        self._failures += 1
        if self._failures <= MAX_LOGGED_FAILURES:
            words = f"{candidate_words(self._candidates[fit.candidate])}, {split_words(self._settings, fit.fold)}"
            self._journal.log("warning", f"{words} failed: {fit.error}")
        elif self._failures == MAX_LOGGED_FAILURES + 1:
            self._journal.log("warning", "more fits fail; the table of fits has the reason of each")

    def _log_fold(self, fold: int) -> None:
        """Note that a split is finished for every candidate."""
        of_fold = [self._fits[candidate.number, fold] for candidate in self._candidates]
        settings = self._settings
        words = f"fold {fold % settings.cv + 1} of {settings.cv}"
        if settings.repeats > 1:
            words += f", repeat {fold // settings.cv + 1} of {settings.repeats}"
        late = sum(fit.has_converged is False for fit in of_fold)
        note = f"; {late} of {len(of_fold)} networks were still improving at max_iter" if late else ""
        self._journal.log("info", f"{words} finished{note}")

    def _start_final_test(self, search: "SizeSearch") -> None:
        summaries = summarise_all(self._candidates, self._fits.values(), self._settings.splits)
        if self._race is not None:
            compared = self._race.view().compared
            summaries = [summary for summary in summaries if summary.candidate.number in compared]
        choice = choose(summaries, shared_statistics(summaries, self._settings.repeats))
        if choice is None:
            reasons = [fit.error for fit in self._fits.values() if fit.error]
            self.progress.end("failed", f"no candidate was trained on every fold; the first reason: {reasons[0]}")
            return
        self.progress.is_at_work = True
        self._journal.log("info", f"best: {candidate_words(choice.best)}; training it on all training rows")
        left, halt = self._unfinished.get((choice.best.number, self._settings.splits)), self.progress.halt

        def work(emit: Emit) -> None:
            from nnsize_engine.search.search import final_test

            emit(final_test(search, choice.best, left, halt, emit))
            emit(FitsEnded())

        self._compute(work)

    def _take_best(self, best: BestFound) -> None:
        def store(connection: sqlite3.Connection) -> None:
            writer.set_network(connection, best.network)
            if best.encoder:
                writer.set_encoder(connection, best.encoder)

        self._journal.add(store)

    def _take_final_test(self, final: FinalTest) -> None:
        self._journal.add(lambda connection: writer.set_final_test(connection, final))
        if final.error is not None:
            self._journal.log("warning", f"the final test failed: {final.error}")
        self.progress.end("finished")

    def _take_error(self, error: Exception) -> None:
        if isinstance(error, WorkersLostError) and self._losses < MAX_WORKER_DEATHS:
            self._losses += 1
            self.progress.is_at_work = False
            self._journal.log("warning", f"a worker died, its fits are repeated: {error}")
        else:
            self.progress.end(*ending_of(error, has_results=bool(self._fits), needs_less="fewer rows or columns"))
