"""Load, compare, evolve and score on the runner's computing thread; every result becomes an event."""

import contextlib
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import FitError, StoreError
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.checkpoint import (
    checkpoint_bytes,
    identity_of,
    read_checkpoint,
    remove_checkpoint,
    remove_drafts,
    write_checkpoint,
)
from nnsize_engine.evolution.common_objective import for_gradient, with_objective
from nnsize_engine.evolution.evolve import Evolution, EvolutionState, GenerationHalted
from nnsize_engine.evolution.first_members import given_members
from nnsize_engine.evolution.problem import Problem, fill_losses, fitness_value, make_problem, network_of
from nnsize_engine.evolution.scores import final_scores, quantized, references, train_by_gradient
from nnsize_engine.evolution.warm_up import needs_compiling_evolution, prepare_evolution
from nnsize_engine.processes.parallel import Halt, ThreadPool
from nnsize_engine.results.evolution_end import ended_by_rule
from nnsize_engine.results.records import NetworkScores, StoredNetwork
from nnsize_engine.runner.events import Emit, EvolutionLeft, FlushRequest, NetworkFound, ProblemReady
from nnsize_engine.runs.database import CHECKPOINT_NAME
from nnsize_engine.search.events import Note
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.series import Series, first_repeats
from nnsize_engine.settings.strategies import is_shareable

if TYPE_CHECKING:  # it loads Dask, which takes a second
    from nnsize_engine.cluster.connection import Cluster
    from nnsize_engine.evolution.sharing.worker_share import WorkerShare

CHECKPOINT_SECONDS = 10.0  # between two checkpoints; a crash loses no more

MAX_KEPT_BYTES = 64 * 2**20  # of a checkpoint that stays in a finished run; a larger population is computed again

NETWORK_SECONDS = 1.0  # between two times that the best network so far is stored for exports


def prepare(settings: EvolutionSettings, folder: Path, emit: Emit, under_way: Series | None = None) -> None:
    """Load the data, compile the first time on a machine, and see where an earlier runner left.

    ``under_way`` is the series that an earlier runner left, of a run that compares strategies; None if it left none.
    """
    remove_drafts(folder)
    problem = make_problem(settings, load_split(settings))
    if settings.is_comparison and under_way is None:
        remove_checkpoint(folder)  # of a series that is over
    if not (folder / CHECKPOINT_NAME).exists():
        for one in first_repeats(settings):
            given_members(one, bounds_of(one))  # what is wrong with them is said before anything is computed
    needing = [one for one in first_repeats(settings) if needs_compiling_evolution(one)]
    if needing:
        what = "this strategy" if len(needing) == 1 else f"{len(needing)} strategies"
        each = "" if len(needing) == 1 else " each"
        emit(Note(f"compiling for {what} and this fitness, once on this machine: ten to thirty seconds{each}"))
    for one in first_repeats(settings):
        prepare_evolution(one)
    state = None
    left = problem if under_way is None else replace(problem, settings=under_way.settings)
    try:
        if under_way is not None or not settings.is_comparison:
            state = read_checkpoint(folder, identity_of(left))
    except StoreError as error:
        emit(Note(f"{error}; evolution begins anew, with the same numbers", "warning"))
    if state is not None:
        emit(Note(f"going on after generation {state.population.generation:,}"))
    emit(ProblemReady(problem, state))


class Compared(Protocol):
    """A worker whose results are compared with gradient training."""

    gradient: tuple[StoredNetwork, NetworkScores] | None
    problem: Problem


def compare(worker: Compared, halt: Halt, emit: Emit) -> bool:
    """Train the same network by gradient; False when halted before it was done.

    Strategies are compared by their objective, so that training then minimises that.
    """
    problem, is_comparison = worker.problem, worker.problem.settings.is_comparison
    try:
        found = train_by_gradient(for_gradient(problem) if is_comparison else problem, halt)
    except FitError as error:
        emit(Note(f"training by gradient failed: {error}", "warning"))
        return True
    if found is None:
        return False
    rounded = quantized(problem, found)
    if is_comparison:
        found = with_objective(problem, found)
        rounded = None if rounded is None else with_objective(problem, rounded)
    worker.gradient = found
    emit(NetworkFound(*found))
    if rounded is not None:
        emit(NetworkFound(*rounded))
    return True


class Worker:
    """Evolves until it is over or halted."""

    def __init__(self, problem: Problem, state: EvolutionState | None, folder: Path, workers: int) -> None:
        self.gradient: tuple[StoredNetwork, NetworkScores] | None = None
        """Network to compare with, once it is trained."""

        self.problem = problem
        """The problem to solve."""

        self.cluster: Cluster | None = None
        """The cluster whose workers evaluate members; None for the threads of this process."""

        self._folder = folder
        self._workers = workers
        self._evolution: Evolution | None = None
        self._opened = contextlib.ExitStack()
        self._state = state
        self._kept_generation = -1 if state is None else state.population.generation
        self._kept_at = time.monotonic()
        self._shown_at = 0.0
        self._has_warned = False

    def work(self, halt: Halt, emit: Emit) -> None:
        """Evolve on; hands over :class:`EvolutionLeft` at the end."""
        if self._evolution is None:
            self._evolution = Evolution(self.problem, self._state, emit, self._share(emit))
        evolution, self._state = self._evolution, None
        with ThreadPool(self._workers) as pool:
            while evolution.reason_to_end is None and not halt.is_set():
                try:
                    result = evolution.next_generation(pool, halt)
                except GenerationHalted:
                    break
                emit(result)
                self._show(evolution, emit)
                if max(result.seconds, time.monotonic() - self._kept_at) >= CHECKPOINT_SECONDS:
                    self._keep(evolution, emit)
        reason = evolution.reason_to_end
        if reason is None:
            self._keep(evolution, emit)
        else:
            self._opened.close()
            self._finish(evolution, emit)
        emit(EvolutionLeft(reason, keeps_checkpoint=reason is not None and self._keep_last(reason, evolution, emit)))

    def _share(self, emit: Emit) -> "WorkerShare | None":
        """Return what shares the members among the workers of a cluster; None to evaluate them here."""
        settings = self.problem.settings
        if self.cluster is None:
            return None
        if not is_shareable(settings.strategy):
            emit(Note(f"{settings.strategy} changes one weight after the other, so this machine evaluates it alone"))
            return None
        from nnsize_engine.cluster.cluster_members import shared_among

        return self._opened.enter_context(shared_among(self.cluster, self.problem, emit))

    def _keep(self, evolution: Evolution, emit: Emit) -> None:
        """Write a checkpoint, once everything up to it is stored."""
        state = evolution.state
        if state is None or state.population.generation == self._kept_generation:
            return
        is_stored = threading.Event()
        emit(FlushRequest(is_stored))
        is_stored.wait()
        try:
            write_checkpoint(self._folder, state, identity_of(self.problem))
        except OSError as error:
            if not self._has_warned:
                self._has_warned = True
                reason = error.strerror or error
                emit(Note(f"no checkpoint could be written ({reason}); resuming would repeat what follows", "warning"))
        else:
            self._has_warned = False
            self._kept_generation = state.population.generation
        self._kept_at = time.monotonic()

    def _keep_last(self, reason: str, evolution: Evolution, emit: Emit) -> bool:
        """Write a checkpoint for an extension, if the evolution can have one; return whether it is kept."""
        assert evolution.state is not None
        if ended_by_rule(reason) or checkpoint_bytes(evolution.state) > MAX_KEPT_BYTES:
            return False
        self._keep(evolution, emit)
        return True

    def _show(self, evolution: Evolution, emit: Emit) -> None:
        """Hand over the network that would be chosen now, once a second."""
        now, state = time.monotonic(), evolution.state
        if state is None or now - self._shown_at < NETWORK_SECONDS:
            return
        self._shown_at = now
        weights, generation = evolution.leading()
        stored = network_of(self.problem, "evolved", weights, steps=generation)
        seen, held = (np.full(1, np.inf) for _ in range(2))
        member = weights[np.newaxis]
        fill_losses(self.problem, self.problem.training, member, seen, has_decay=False)
        if self.problem.held_out is not None:
            fill_losses(self.problem, self.problem.held_out, member, held, has_decay=False)
        scores = NetworkScores(
            name="evolved",
            fitness=fitness_value(self.problem.settings, float(seen[0])),
            held_out=fitness_value(self.problem.settings, float(held[0])),
            train_score=None,
            test_score=None,
            train_loss=None,
            test_loss=None,
            seconds=state.elapsed,
            steps=generation,
        )
        emit(NetworkFound(stored, scores))

    def _finish(self, evolution: Evolution, emit: Emit) -> None:
        """Choose the network, and score it, and the one to compare with, on the test rows."""
        assert evolution.state is not None
        weights, generation = evolution.chosen()
        stored = network_of(self.problem, "evolved", weights, steps=generation)
        emit(NetworkFound(stored, final_scores(self.problem, stored, evolution.state.elapsed)))
        if self.gradient is not None:
            for network, before in references(self.problem, self.gradient):
                after = final_scores(self.problem, network, before.seconds)
                emit(NetworkFound(network, replace(after, fitness=before.fitness)))
