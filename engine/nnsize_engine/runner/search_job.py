"""The job of a size search: start the next computation, and store its results."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from nnsize_engine.processes.parallel import WorkersLostError, worker_count
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.references import ReferenceResult
from nnsize_engine.results.search_choice import choose_from_fits
from nnsize_engine.results.search_race import FitKey, SearchRace
from nnsize_engine.results.search_records import FinalTest, FitProgress, FitResult
from nnsize_engine.runner.cluster_link import ClusterLink
from nnsize_engine.runner.events import Compute, Emit, FitsEnded, Prepared, ReferencesLeft, SearchJobEvent
from nnsize_engine.runner.final_tests import FinalTests
from nnsize_engine.runner.job import Progress, change_of_data, ending_of, store_start
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runner.references import References
from nnsize_engine.runner.search_log import SearchLog
from nnsize_engine.runner.under_way import FitsUnderWay
from nnsize_engine.runs import writer
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.search.events import FinalNetwork, FinishedFit, Note, UnfinishedFit
from nnsize_engine.settings.search import SizeSettings

if TYPE_CHECKING:  # it loads the compiler
    from nnsize_engine.cluster.connection import Cluster
    from nnsize_engine.cluster.shared_folds import SharedFolds
    from nnsize_engine.search.search import SizeSearch

MAX_WORKER_DEATHS = 3  # in a row without a finished fit; more are no accident


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResults:
    """The results of a search that an earlier runner stored."""

    fits: Sequence[FitResult] = ()
    unfinished: Sequence[tuple[int, int, float, bytes]] = ()
    """Trainings that were left: candidate, split, seconds so far, state."""

    references: Sequence[ReferenceResult] = ()
    finals: Mapping[int, FinalTest] = field(default_factory=dict)
    """Final tests by the number of their candidate."""


class SearchJob:
    """The progress of one size search through preparing, fitting and the final tests.

    The references are fitted side by side with the fits. The search is finished when both are.
    """

    def __init__(
        self,
        header: RunHeader,
        settings: SizeSettings,
        stored: StoredResults,
        journal: Journal,
        compute: Compute,
        link: ClusterLink | None = None,
    ) -> None:
        self.progress = Progress()
        self.link = link
        self._shared_folds: SharedFolds | None = None
        self._header = header
        self._settings = settings
        self._candidates = list_candidates(settings)
        self._fits = {(fit.candidate, fit.fold): fit for fit in stored.fits}
        self._fold_counts = Counter(fit.fold for fit in stored.fits)
        self._race = SearchRace(settings, self._candidates) if settings.is_race else None
        self._total = header.total
        if self._race is not None:
            self._race.take(stored.fits)
            self._seen_race = self._race.view().race
            self._total = self._race.view().total
        self._under_way = FitsUnderWay(stored.unfinished, journal)
        self._journal = journal
        self._compute = compute
        self._log = SearchLog(journal, settings, self._candidates)
        self._final_tests = FinalTests(settings, stored.finals, journal, compute, self.progress)
        self._references = References(settings, stored.references, journal, compute, self.progress.halt)
        self._search: SizeSearch | None = None
        self._workers = 1
        self._losses = 0

    @property
    def stop_seconds(self) -> float:
        """Seconds that a stop waits: a training stops within a step, but scikit-learn's only at its end."""
        return 0.4 if "lbfgs" in self._settings.solvers else 5.0

    @property
    def is_prepared(self) -> bool:
        """Return whether data and folds, and the workers of a cluster, are ready."""
        return self._search is not None and (self.link is None or self.link.cluster is not None)

    def prepare(self) -> None:
        """Start loading the data, making the folds and, the first time on a machine, compiling."""
        settings, is_new = self._settings, self._header.data is None

        def work(emit: Emit) -> None:
            # Imported here, on the computing thread: it takes seconds, in which the runner must answer.
            from nnsize_engine.data.split import load_split
            from nnsize_engine.network.train import prepare_compiled_code
            from nnsize_engine.processes.code_cache import needs_compiling
            from nnsize_engine.search.search import plan
            from nnsize_engine.search.splitters import fold_warnings

            split = load_split(settings)
            search = plan(settings, split)
            for warning in fold_warnings(settings, split, search.folds) if is_new else ():
                emit(Note(warning, level="warning"))
            if "lbfgs" in settings.solvers:
                emit(Note("solver lbfgs: scikit-learn itself trains, in processes"))
            if settings.solvers != {"lbfgs"}:
                if needs_compiling(settings.precision):
                    emit(Note("compiling the trainer, once on this machine: about ten seconds"))
                prepare_compiled_code(settings.precision)
            emit(Prepared(search))

        self._compute(work)
        if self.link is not None:
            self._compute(self.link.work)

    def proceed(self) -> None:
        """Start the next computation, unless one is under way."""
        if self._search is None or not self.is_prepared or self.progress.has_ended:
            return
        if not self._references.are_over and self._is_first_split_finished:
            self._references.proceed(self._search, is_alone=self._final_tests.are_over)
        if self.progress.is_at_work:
            return
        if self._has_outstanding_fits:
            self._start_fits(self._search)
        elif not self._final_tests.are_over:
            self._start_final_tests(self._search)
        self._end_when_over()

    @property
    def _is_first_split_finished(self) -> bool:
        """Return whether every size that is tried has been fitted on the first split."""
        if self._race is None:
            return self._fold_counts[0] == len(self._candidates)
        return all((number, 0) in self._fits for number in self._race.view().tried)

    @property
    def _has_outstanding_fits(self) -> bool:
        return len(self._fits) < self._total if self._race is None else not self._race.is_over

    def take(self, event: SearchJobEvent) -> None:
        """Note what the computing thread found, and queue it to be stored."""
        match event:
            case FinishedFit():
                self._take_fit(event.result, event.loss_curve)
            case FitProgress() | UnfinishedFit():
                self._under_way.take(event)
            case Prepared():
                self._take_search(event.search)
            case Note():
                self._journal.log(event.level, event.text)
            case FitsEnded():
                self.progress.is_at_work = False
                self._under_way.clear()
            case FinalNetwork():
                self._final_tests.take_network(event)
            case FinalTest():
                self._under_way.end(event.candidate, self._settings.splits)
                self._final_tests.take(event)
            case ReferenceResult() | ReferencesLeft():
                self._references.take(event)
                self._end_when_over()
            case Exception():
                self._take_error(event)
            case _:
                assert_never(event)

    def show_under_way(self) -> None:
        """Queue, twice a second at most, how far the fits under way are."""
        self._under_way.show()

    def _take_search(self, search: "SizeSearch") -> None:
        found = search.split.facts
        change = change_of_data(self._header, found)
        if change is not None:
            self.progress.end(*change)
            return
        self._search = search
        self._under_way.read_kept(self._settings, self._candidates)
        self._workers = min(worker_count(self._settings.jobs), self._total)
        store_start(self._journal, self._header, found, self._workers)
        self._log.started(found, len(self._fits), self._workers)
        self._references.begin(search)
        if self._race is not None:
            self._store_total()

    def _store_total(self) -> None:
        assert self._race is not None
        self._total = total = self._race.view().total
        self._journal.add(lambda connection: writer.set_total(connection, total))

    def _start_fits(self, search: "SizeSearch") -> None:
        self.progress.is_at_work = True
        ended, unfinished = dict(self._fits), dict(self._under_way.unfinished)
        workers, halt, is_race = self._workers, self.progress.halt, self._race is not None
        if self.link is not None and self.link.cluster is not None:
            self._start_on_cluster(search, self.link.cluster, unfinished)
            return

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

    def _start_on_cluster(
        self, search: "SizeSearch", cluster: "Cluster", unfinished: Mapping[FitKey, UnfinishedFit]
    ) -> None:
        ended, halt, is_race = dict(self._fits), self.progress.halt, self._race is not None

        def work(emit: Emit) -> None:
            from nnsize_engine.cluster.cluster_fits import ClusterFits
            from nnsize_engine.cluster.shared_folds import SharedFolds
            from nnsize_engine.search.search import stream_fits, stream_race

            if self._shared_folds is None:
                self._shared_folds = SharedFolds(search, cluster)
            fits = ClusterFits(search, self._shared_folds, cluster, unfinished, halt, emit)
            threads = sum(worker.threads for worker in cluster.workers.values())
            stream = (
                stream_race(search, ended.values(), fits, halt)
                if is_race
                else stream_fits(search, ended.keys(), fits, max(1, threads), halt)
            )
            for fit in stream:
                emit(fit)
            emit(FitsEnded())

        self._compute(work)

    def _take_fit(self, fit: FitResult, loss_curve: bytes) -> None:
        self._losses = 0
        self._fits[fit.candidate, fit.fold] = fit
        self._under_way.end(fit.candidate, fit.fold)
        self._journal.add_result(lambda connection: writer.add_fits(connection, [fit]))
        if loss_curve:
            self._journal.add(lambda connection: writer.set_loss_curve(connection, fit.candidate, fit.fold, loss_curve))
        if fit.error is not None:
            self._log.fit_failed(fit)
        self._log.scorings_failed(fit)
        if self._race is not None:
            self._take_into_race(self._race, fit)
            return
        self._fold_counts[fit.fold] += 1
        if self._fold_counts[fit.fold] == len(self._candidates):
            self._log.split_finished(fit.fold, self._fits)

    def _take_into_race(self, race: SearchRace, fit: FitResult) -> None:
        """Take a fit into the race; when a round ends with it, note what was dropped and what is planned now."""
        if not race.take([fit]):
            return
        self._store_total()
        before, self._seen_race = self._seen_race, race.view().race
        self._log.round_ended(before, self._seen_race)

    def _start_final_tests(self, search: "SizeSearch") -> None:
        choice = choose_from_fits(self._settings, self._fits.values())
        if choice is None:
            reasons = [fit.error for fit in self._fits.values() if fit.error]
            self.progress.end("failed", f"no candidate was trained on every fold; the first reason: {reasons[0]}")
            return
        self._final_tests.proceed(search, choice, self._under_way.unfinished, self._workers)
        if self._final_tests.are_over and not self._references.are_over:
            self._journal.log("info", "the final tests are done; the references are still being fitted")

    def _end_when_over(self) -> None:
        """End the run as finished when neither a final test nor a reference is outstanding."""
        if self._final_tests.are_over and self._references.are_over:
            self.progress.end("finished")

    def _take_error(self, error: Exception) -> None:
        if isinstance(error, WorkersLostError) and self._losses < MAX_WORKER_DEATHS:
            self._losses += 1
            self.progress.is_at_work = False
            self._journal.log("warning", f"a worker died, its fits are repeated: {error}")
        else:
            self.progress.end(*ending_of(error, has_results=bool(self._fits), needs_less="fewer rows or columns"))
