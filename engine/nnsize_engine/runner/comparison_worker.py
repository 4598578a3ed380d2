"""Evolve one strategy after the other, each with several seeds, on the runner's computing thread."""

import threading
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nnsize_engine.evolution.checkpoint import remove_checkpoint
from nnsize_engine.evolution.common_objective import objective_of
from nnsize_engine.evolution.evolve import EvolutionState
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.evolution.scores import final_scores, references
from nnsize_engine.processes.parallel import Halt
from nnsize_engine.results.records import GenerationResult, NetworkScores, SeriesResult, StoredNetwork
from nnsize_engine.runner.events import (
    Emit,
    Event,
    EvolutionLeft,
    FlushRequest,
    NetworkFound,
    SeriesEnded,
    SeriesGeneration,
)
from nnsize_engine.runner.evolution_worker import Worker
from nnsize_engine.settings.series import Series, series_of

if TYPE_CHECKING:  # it loads Dask, which takes a second
    from nnsize_engine.cluster.connection import Cluster


class ComparisonWorker:
    """Evolves all series of a run until they are over or halted."""

    def __init__(
        self, problem: Problem, state: EvolutionState | None, folder: Path, workers: int, over: Collection[int]
    ) -> None:
        """``state`` is that of the first series that is not over; ``over`` are the numbers of those that are."""
        self.gradient: tuple[StoredNetwork, NetworkScores] | None = None
        """Network to compare with, once it is trained."""

        self.problem = problem
        """The problem that all strategies solve, with the settings of the run."""

        self.cluster: Cluster | None = None
        """The cluster whose workers evaluate members; None for the threads of this process."""

        self._folder = folder
        self._workers = workers
        self._waiting = [one for one in series_of(problem.settings) if one.number not in over]
        self._state = state
        self._now: _SeriesWorker | None = None

    def work(self, halt: Halt, emit: Emit) -> None:
        """Evolve on; hands over :class:`EvolutionLeft` at the end."""
        while self._waiting:
            if halt.is_set():
                emit(EvolutionLeft(None))
                return
            if self._now is None:
                self._now = self._begun(self._waiting[0])
            ended = self._now.work(halt, emit)
            if ended is None:
                emit(EvolutionLeft(None))
                return
            emit(ended)
            self._forget_checkpoint(emit)
            self._now = None
            del self._waiting[0]
        self._finish(emit)
        emit(EvolutionLeft(f"all {len(series_of(self.problem.settings)):,} evolutions are done"))

    def _begun(self, series: Series) -> "_SeriesWorker":
        state, self._state = self._state, None
        # All series see the same rows: those that are held out are drawn with the seed of the run.
        problem = replace(self.problem, settings=series.settings)
        worker = Worker(problem, state, self._folder, self._workers)
        worker.cluster = self.cluster
        return _SeriesWorker(series, worker)

    def _forget_checkpoint(self, emit: Emit) -> None:
        """Remove the checkpoint of a series, once it is stored that the series is over."""
        is_stored = threading.Event()
        emit(FlushRequest(is_stored))
        is_stored.wait()
        remove_checkpoint(self._folder)

    def _finish(self, emit: Emit) -> None:
        """Score the networks to compare with on the test rows."""
        if self.gradient is None:
            return
        for network, before in references(self.problem, self.gradient):
            after = final_scores(self.problem, network, before.seconds)
            objective = objective_of(self.problem, network)
            emit(NetworkFound(network, replace(after, fitness=before.fitness, objective=objective)))


class _SeriesWorker:
    """One evolution, whose events are those of a series."""

    def __init__(self, series: Series, worker: Worker) -> None:
        self._series = series
        self._worker = worker
        self._reason: str | None = None
        self._found: NetworkFound | None = None

    def work(self, halt: Halt, emit: Emit) -> SeriesEnded | None:
        """Evolve on; return the end of the series, None if it was halted."""

        def relay(event: Event) -> None:
            match event:
                case GenerationResult():
                    emit(SeriesGeneration(self._series.number, event))
                case NetworkFound():
                    self._found = event
                    if event.scores.train_score is None and event.scores.error is None:  # the best one so far
                        emit(replace(event, series=self._series.number))
                case EvolutionLeft():
                    self._reason = event.reason
                case _:
                    emit(event)

        self._worker.work(halt, relay)
        if self._reason is None:
            return None
        assert self._found is not None, "an evolution that is over has a network"
        network, problem = self._found.network, self._worker.problem
        scores = replace(self._found.scores, objective=objective_of(problem, network))
        has_held_out = problem.held_out is not None
        result = SeriesResult(
            series=self._series.number,
            reason=self._reason,
            value=scores.held_out if has_held_out else scores.objective,
            scores=scores,
        )
        return SeriesEnded(result, network)
