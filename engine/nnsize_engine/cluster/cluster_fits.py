"""The fits of a search on the workers of a cluster.

joblib's Dask backend is no way: it moves rows with each task or keeps them for ever, repeats a task as Dask decides,
and has no place for reports, halts and states that come back. So each fit is a task of Dask for one worker, which is
chosen here: a worker has as many tasks as it has threads, and one or two more if fits are short. Several very short
fits are one task, since a task costs about ten milliseconds of processors.
"""

import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.deaths import Deaths
from nnsize_engine.cluster.dispatched import Dispatched, new_wake, send
from nnsize_engine.cluster.places import free_places
from nnsize_engine.cluster.shared_folds import SharedFolds
from nnsize_engine.cluster.waiting_fits import WaitingFits
from nnsize_engine.cluster.worker_fits import Outcome, RemoteFits, halt_fits, run_remote_fits
from nnsize_engine.processes.parallel import Halt
from nnsize_engine.results.candidates import candidate_words, split_words
from nnsize_engine.results.search_race import FitKey
from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.search.events import Emit, FinishedFit, Note, UnfinishedFit
from nnsize_engine.search.search import STATE_SECONDS, FitTask, SizeSearch, failed_fit

MAX_DOUBT_SECONDS = 2.0  # in which a worker whose task was given up is seen to be gone

TICK_SECONDS = 0.1  # between two looks at halts and workers

MAX_REPORTS = 100  # a second, of all fits together

MAX_STATE_BYTES = 20_000_000  # a second, of the states of all fits together

_STATE_ARRAYS = 4  # of the size of the weights in the state of a training, at most

_GONE = (OSError, TimeoutError)
"""What a call raises while the scheduler is gone."""


@dataclass(slots=True, eq=False)
class _Attempt:
    """Fits that were given to a worker as one task."""

    task: str
    fits: tuple[FitTask, ...]
    folds: tuple[int, ...]
    """Folds of the fits, each once."""

    address: str
    begun: FitTask | None = None
    """The fit that began last; None while none has."""

    begun_at: float = 0.0
    """Time at which the first of them began."""

    lost_at: float | None = None
    """Time at which Dask gave it up; None while it has not."""


class ClusterFits:
    """Runs the fits of a search on workers; see :class:`nnsize_engine.search.search.Fits`."""

    def __init__(
        self,
        search: SizeSearch,
        folds: SharedFolds,
        cluster: Cluster,
        unfinished: Mapping[FitKey, UnfinishedFit],
        halt: Halt,
        emit: Emit,
    ) -> None:
        self._settings = search.settings
        self._folds = folds
        self._cluster = cluster
        self._states = dict(unfinished)
        self._halt = halt
        self._emit = emit
        self._token = uuid.uuid4().hex[:12]
        self._woken, self._wake = new_wake()
        self._dispatched: Dispatched | None = None
        self._losses = cluster.losses
        """Losses of the scheduler before fits were given last."""

        self._attempts: dict[str, _Attempt] = {}
        self._waiting = WaitingFits()
        self._deaths = Deaths()
        self._numbers = iter(range(1_000_000_000))
        self._is_halting = False

    def run(self, tasks: Iterator[FitTask], *, by_scikit_learn: bool) -> Iterator[FinishedFit | UnfinishedFit]:
        """Yield the outcomes of these fits as they end."""
        del by_scikit_learn  # one fit a thread in any case; workers train both kinds
        has_more = True
        while self._attempts or ((self._waiting or has_more) and not self._is_halting):
            yield from self._notice_losses()
            if self._halt.is_set():
                self._halt_all()
            elif has_more or self._waiting:
                has_more = self._fill(tasks)
            self._woken.wait(TICK_SECONDS)
            self._woken.clear()
            self._take_reports()
            yield from self._take_ended()

    # Giving fits to workers

    def _fill(self, tasks: Iterator[FitTask]) -> bool:
        """Give each worker as many fits as it takes; return whether there may be more.

        Raises:
            ClusterError: no worker has enough memory.
        """
        try:
            dispatched = self._connected()
        except _GONE:
            return True
        for worker in free_places(self._cluster.workers.values(), self._given(), self._waiting.group_seconds):
            group = self._waiting.next_group(tasks, self._states)
            if not group:
                return False
            folds = self._folds_of(group)
            for fold in folds:
                self._folds.prepare(fold)
            try:
                is_given = self._folds.has_room(worker) and self._give(dispatched, group, folds, worker.address)
            except _GONE:
                is_given = False
            if not is_given:
                self._waiting.put_first(group)
        self._check_room()
        unbegun = sum(len(one.fits) for one in self._attempts.values() if one.begun is None)
        self._cluster.tally.set_waiting(len(self._waiting) + unbegun)
        return True

    def _folds_of(self, group: Sequence[FitTask]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._settings.fold_of(split) for _, split in group))

    def _check_room(self) -> None:
        workers = self._cluster.workers.values()
        if workers and not any(map(self._folds.has_room, workers)):
            raise self._folds.lack_of_room(max(worker.memory_limit for worker in workers))

    def _connected(self) -> Dispatched:
        """Return the tasks of the present client; those of an earlier one are lost.

        Raises:
            ConnectionError: the scheduler is gone.
        """
        client = self._cluster.client
        if self._dispatched is None or self._dispatched.client is not client:
            self._dispatched = Dispatched(client, self._token, self._wake)
        self._losses = self._cluster.losses
        return self._dispatched

    def _given(self) -> Counter[str]:
        """Return the number of fits that each worker has."""
        return Counter(one.address for one in self._attempts.values())

    def _give(self, dispatched: Dispatched, group: tuple[FitTask, ...], folds: tuple[int, ...], address: str) -> bool:
        candidate, split = group[0]
        state = self._states.get((candidate.number, split))
        sent = None if state is None else send(dispatched.client, state, address)
        packages = [self._folds.use(fold, address) for fold in folds]
        name = f"nnsize-{self._token}-{candidate.number}-{split}-{next(self._numbers)}"
        count = len(self._attempts) + 1
        size = 0 if state is None else _STATE_ARRAYS * state.state.weights.nbytes
        remote = RemoteFits(
            token=self._token,
            task=name,
            fits=group,
            places=tuple(folds.index(self._settings.fold_of(split)) for _, split in group),
            seconds=max(STATE_SECONDS, size * count / MAX_STATE_BYTES),
            report_seconds=max(0.4, count / MAX_REPORTS),
        )
        dispatched.submit(name, address, run_remote_fits, remote, packages, sent)
        self._attempts[name] = _Attempt(name, group, folds, address)
        return True

    def _halt_all(self) -> None:
        """Let the fits under way come back with their states."""
        if not self._is_halting:
            self._is_halting = True
            if self._dispatched is not None and self._attempts:
                self._dispatched.call_workers(halt_fits, self._token)

    # Taking what comes back

    def _take_reports(self) -> None:
        if self._dispatched is None:
            return
        while not self._dispatched.reports.empty():
            report = self._dispatched.reports.get()
            attempt = self._attempts.get(report["task"])
            if attempt is None:
                continue
            candidate, split = task = attempt.fits[report["place"]]
            if "begins" in report:
                attempt.begun_at = attempt.begun_at or time.monotonic()
                attempt.begun = task
                self._cluster.tally.begin(attempt.address, attempt.task, self._words(task))
            else:
                losses = {"epochs": report["epochs"], "loss": report["loss"]}
                self._emit(FitProgress(candidate=candidate.number, fold=split, **losses))

    def _words(self, task: FitTask) -> str:
        return f"{candidate_words(task[0])}, {split_words(self._settings, task[1])}"

    def _take_ended(self) -> Iterator[FinishedFit | UnfinishedFit]:
        """Take tasks that have ended: their results, or that they are lost."""
        dispatched = self._dispatched
        if dispatched is None:
            return
        ended = [task for task in dispatched.ended() if task in self._attempts]
        finished = [task for task in ended if dispatched.status(task) == "finished"]
        try:
            results = dispatched.fetch(finished) if finished else {}
        except _GONE:
            results = {}
        for task in ended:
            if task in results:
                yield from self._take_results(self._attempts[task], results[task])
            else:
                yield from self._take_failure(dispatched, self._attempts[task])

    def _take_results(self, attempt: _Attempt, outcomes: Sequence[Outcome]) -> Iterator[FinishedFit | UnfinishedFit]:
        done = sum(isinstance(one, FinishedFit) for one in outcomes)
        self._leave(attempt, done=done)
        if done and attempt.begun_at:
            self._waiting.note_seconds((time.monotonic() - attempt.begun_at) / done)
        if any(outcomes):
            self._deaths.note_result()
        for task, outcome in zip(attempt.fits, outcomes, strict=True):
            key = task[0].number, task[1]
            if isinstance(outcome, FinishedFit):
                self._states.pop(key, None)
                yield outcome
            elif outcome is not None and self._halt.is_set():
                yield outcome
            elif outcome is not None:
                self._states[key] = outcome
                self._deaths.forget(key)
                self._emit(outcome)
                self._waiting.put_first([task])
            else:
                self._waiting.put_last(task)

    def _take_failure(self, dispatched: Dispatched, attempt: _Attempt) -> Iterator[FinishedFit]:
        """Repeat a task whose result is lost.

        Raises:
            Exception: the function itself raised it, which is a bug.
        """
        error = dispatched.error(attempt.task) if dispatched.status(attempt.task) == "error" else None
        if error is not None and not _is_of_dask(error):
            raise error
        if error is not None and type(error).__name__ == "KilledWorker":
            yield from self._repeat(attempt, is_death=True)
        elif attempt.begun is not None:
            attempt.lost_at = time.monotonic()  # the next looks at the workers tell whether its worker died
        else:
            yield from self._repeat(attempt, is_death=False)

    def _leave(self, attempt: _Attempt, *, done: int) -> None:
        del self._attempts[attempt.task]
        if self._dispatched is not None:
            self._dispatched.forget(attempt.task)
        for fold in attempt.folds:
            self._folds.leave(fold)
        self._cluster.tally.end(attempt.address, attempt.task, done=done)

    # Losses

    def _notice_losses(self) -> Iterator[FinishedFit]:
        """Repeat what was under way on workers, or on a scheduler, that are gone."""
        dispatched, workers = self._dispatched, self._cluster.workers
        if dispatched is None:
            return
        was_cut_off = self._cluster.losses != self._losses or not self._cluster.is_current(dispatched.client)
        is_cut_off = self._cluster.is_cut_off or was_cut_off
        for attempt in list(self._attempts.values()):
            if is_cut_off:
                yield from self._repeat(attempt, is_death=False)
            elif attempt.address not in workers:
                yield from self._repeat(attempt, is_death=attempt.begun is not None)
            elif self._will_not_end(attempt):
                yield from self._repeat(attempt, is_death=False)

    def _will_not_end(self, attempt: _Attempt) -> bool:
        """Return whether a fit on a worker that is there was given up, or waits for rows that are gone."""
        if attempt.begun is not None:
            return attempt.lost_at is not None and time.monotonic() - attempt.lost_at > MAX_DOUBT_SECONDS
        return any(map(self._folds.is_lost, attempt.folds))

    def _repeat(self, attempt: _Attempt, *, is_death: bool) -> Iterator[FinishedFit]:
        """Give fits to another worker; yield one as failed if several workers died with it.

        Raises:
            ClusterError: workers die again and again.
        """
        self._leave(attempt, done=0)
        if is_death and attempt.begun is not None:
            self._emit(Note(f"a worker died; {self._words(attempt.begun)} is repeated", level="warning"))
            self._deaths.note((attempt.begun[0].number, attempt.begun[1]))
        for candidate, split in reversed(attempt.fits):
            error = self._deaths.error_of((candidate.number, split))
            if error is not None:
                yield failed_fit(candidate, split, error)
            else:
                self._waiting.put_first([(candidate, split)])


def _is_of_dask(error: BaseException) -> bool:
    """Return whether an error says that a task was lost, not that its function failed."""
    return type(error).__module__.startswith(("distributed", "concurrent", "asyncio", "tornado"))
