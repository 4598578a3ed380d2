"""The job of an evolution: start the next computation, and store its results."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from nnsize_engine.processes.parallel import worker_count
from nnsize_engine.results.records import (
    Evaluating,
    GenerationResult,
    NetworkName,
    NetworkScores,
    SeriesResult,
    StoredNetwork,
)
from nnsize_engine.results.series import best_series, end_words
from nnsize_engine.runner.cluster_link import ClusterLink
from nnsize_engine.runner.events import (
    Compute,
    Emit,
    EvolutionJobEvent,
    EvolutionLeft,
    FlushRequest,
    NetworkFound,
    ProblemReady,
    SeriesEnded,
    SeriesGeneration,
)
from nnsize_engine.runner.job import Progress, change_of_data, ending_of, facts_text, store_start
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.search.events import Note
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.settings.series import Series, series_of, strategy_words

if TYPE_CHECKING:  # it loads the compiler
    from nnsize_engine.runner.comparison_worker import ComparisonWorker
    from nnsize_engine.runner.evolution_worker import Worker

_SHOW_SECONDS = 0.25  # between two looks at the generation under way

Found = tuple[StoredNetwork, NetworkScores]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSeries:
    """The stored facts about the series of a run that compares strategies."""

    ended: Mapping[int, SeriesResult]
    """The ends of those that are over, by their numbers."""

    last: int | None
    """The last series that has a generation; None if none has."""


class EvolutionJob:
    """The progress of one evolution through preparing, comparing, evolving and the final test."""

    stop_seconds = 60.0
    """Seconds that a stop waits: what is being computed ends within a tenth of a second, but a checkpoint of a large
    population takes a while to write."""

    def __init__(
        self,
        folder: Path,
        header: RunHeader,
        settings: EvolutionSettings,
        networks: Mapping[NetworkName, Found],
        series: "StoredSeries",
        journal: Journal,
        compute: Compute,
        link: ClusterLink | None = None,
    ) -> None:
        self.progress = Progress()
        self.link = link
        self._folder = folder
        self._header = header
        self._settings = settings
        self._gradient = networks.get("gradient")
        self._ended = dict(series.ended)
        self._last_series = series.last
        self._journal = journal
        self._compute = compute
        self._worker: Worker | ComparisonWorker | None = None
        self._evaluating: Evaluating | None = None
        self._shown: Evaluating | None = None
        self._shown_at = 0.0
        self._has_generations = header.done > 0

    @property
    def is_prepared(self) -> bool:
        """Return whether data and compiled code, and the workers of a cluster, are ready."""
        return self._worker is not None and (self.link is None or self.link.cluster is not None)

    def prepare(self) -> None:
        """Start loading the data and, the first time on a machine, compiling."""
        settings, folder, under_way = self._settings, self._folder, self._series_under_way()

        def work(emit: Emit) -> None:
            # Imported here, on the computing thread: it takes seconds, in which the runner must answer.
            from nnsize_engine.runner.evolution_worker import prepare

            prepare(settings, folder, emit, under_way)

        self._compute(work)
        if self.link is not None:
            self._compute(self.link.work)

    def proceed(self) -> None:
        """Go on, unless it is under way."""
        worker, halt = self._worker, self.progress.halt
        if worker is None or not self.is_prepared or self.progress.is_at_work or self.progress.has_ended:
            return
        if self.link is not None:
            worker.cluster = self.link.cluster
        self.progress.is_at_work = True
        has_to_compare = self._settings.reference and self._gradient is None

        def work(emit: Emit) -> None:
            from nnsize_engine.runner.evolution_worker import compare

            if has_to_compare and not compare(worker, halt, emit):
                emit(EvolutionLeft(None))
                return
            worker.work(halt, emit)

        self._compute(work)

    def take(self, event: EvolutionJobEvent) -> None:
        """Note what the computing thread found, and queue it to be stored."""
        journal = self._journal
        match event:
            case GenerationResult():
                self._has_generations = True
                self._evaluating = None
                journal.add_result(lambda connection: writer.add_generations(connection, [event]))
            case SeriesGeneration() | SeriesEnded():
                self._take_of_series(event)
            case Evaluating():
                self._evaluating = event
            case NetworkFound():
                self._take_network(event)
            case FlushRequest():
                journal.then(event.is_passed.set)
            case ProblemReady():
                self._take_problem(event)
            case Note():
                journal.log(event.level, event.text)
            case EvolutionLeft():
                self._take_leave(event)
            case Exception():
                self._take_error(event)
            case _:
                assert_never(event)

    def show_under_way(self) -> None:
        """Queue, a few times a second at most, how far the generation under way is."""
        now = time.monotonic()
        if self._evaluating == self._shown or now - self._shown_at < _SHOW_SECONDS:
            return
        self._shown, self._shown_at = self._evaluating, now
        shown = self._shown
        self._journal.add(lambda connection: writer.set_evaluating(connection, shown))

    def _take_problem(self, event: ProblemReady) -> None:
        from nnsize_engine.runner.comparison_worker import ComparisonWorker
        from nnsize_engine.runner.evolution_worker import Worker

        facts, settings = event.problem.split.facts, self._settings
        change = change_of_data(self._header, facts)
        if change is not None:
            self.progress.end(*change)
            return
        workers = worker_count(settings.jobs)
        if settings.is_comparison:
            self._worker = ComparisonWorker(event.problem, event.state, self._folder, workers, self._ended)
        else:
            self._worker = Worker(event.problem, event.state, self._folder, workers)
        self._worker.gradient = self._gradient
        store_start(self._journal, self._header, facts, workers)
        encoder = event.problem.encoder_content
        if encoder:
            self._journal.add(lambda connection: writer.set_encoder(connection, encoder))
        where = (
            f"{workers} threads" if settings.cluster is None else f"members are evaluated on {settings.cluster.where}"
        )
        held = len(event.problem.held_out.labels) if event.problem.held_out is not None else 0
        self._journal.log(
            "info",
            f"{facts_text(facts, settings.scaling_of_target)}{f', {held} training rows held out' if held else ''}; "
            f"network {units_text(settings.units)}, {settings.weights:,} weights; {strategy_words(settings)}, "
            f"{where}",
        )

    def _series_under_way(self) -> Series | None:
        """Return the series that an earlier runner left; None if it left none, or no generation of the next one."""
        settings = self._settings
        if not settings.is_comparison:
            return None
        left = next((one for one in series_of(settings) if one.number not in self._ended), None)
        return left if left is not None and left.number == self._last_series else None

    def _take_of_series(self, event: SeriesGeneration | SeriesEnded) -> None:
        """Store a generation or the end of a series; the network of the best series is the one of the run."""
        if isinstance(event, SeriesGeneration):
            self._has_generations = True
            self._evaluating = None
            number, generation = event.series, event.generation
            self._journal.add_result(lambda connection: writer.add_series_generation(connection, number, generation))
            return
        result, network = event.result, event.network
        self._journal.add_result(lambda connection: writer.add_series_result(connection, result))
        self._ended[result.series] = result
        if best_series(self._ended.values(), self._settings.fitness) == result.series:
            scores = result.scores
            self._journal.add(lambda connection: writer.set_network(connection, network, scores))
        one = series_of(self._settings)[result.series]
        words = f"{len(self._ended)} of {len(series_of(self._settings))}: {end_words(one, result)}"
        if result.scores.error is not None:
            self._journal.log("warning", f"{words}; the final test is incomplete: {result.scores.error}")
        else:
            self._journal.log("info", words)

    def _take_network(self, event: NetworkFound) -> None:
        if event.series is not None and self._ended:
            return  # the best of those that are over stands, until a better one is over
        found = event.network, event.scores
        self._journal.add(lambda connection: writer.set_network(connection, *found))
        if event.network.name == "gradient":
            if self._gradient is None:
                self._journal.log(
                    "info",
                    f"trained the same network by gradient: {event.scores.steps} epochs, {event.scores.seconds:.2f} s",
                )
            self._gradient = found
        elif event.scores.error is not None:
            self._journal.log("warning", f"the final test is incomplete: {event.scores.error}")

    def _take_leave(self, event: EvolutionLeft) -> None:
        self.progress.is_at_work = False
        self._evaluating = None
        if event.reason is not None:
            from nnsize_engine.evolution.checkpoint import remove_checkpoint

            self._journal.log("info", event.reason)
            # Only once it is stored that the run is finished: killed before that, it needs its checkpoint.
            self._journal.add(lambda connection: writer.set_state(connection, "finished"))
            if not event.keeps_checkpoint:
                self._journal.then(lambda: remove_checkpoint(self._folder))
            self.progress.end("finished")

    def _take_error(self, error: Exception) -> None:
        self.progress.is_at_work = False
        self.progress.end(*ending_of(error, has_results=self._has_generations, needs_less="fewer members"))
