"""The fits of a search that are under way: how far each is, and the trainings to go on with."""

import time
from collections.abc import Sequence

from nnsize_engine.errors import StoreError
from nnsize_engine.results.candidates import parameters_of
from nnsize_engine.results.search_race import FitKey
from nnsize_engine.results.search_records import Candidate, FitProgress
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.search.events import UnfinishedFit
from nnsize_engine.settings.search import SizeSettings

_SHOW_SECONDS = 0.5  # between two looks at the fits under way


class FitsUnderWay:
    """The fits under way and the unfinished ones of one search."""

    def __init__(self, kept: Sequence[tuple[int, int, float, bytes]], journal: Journal) -> None:
        """``kept`` are the unfinished trainings of an earlier runner: candidate, split, seconds so far, state."""
        self.unfinished: dict[FitKey, UnfinishedFit] = {}
        """Trainings to go on with."""

        self._kept = kept
        self._journal = journal
        self._progress: dict[FitKey, FitProgress] = {}
        self._shown: tuple[FitProgress, ...] = ()
        self._shown_at = 0.0

    def read_kept(self, settings: SizeSettings, candidates: Sequence[Candidate]) -> None:
        """Read the unfinished trainings of an earlier runner."""
        from nnsize_engine.network.state_bytes import state_from_bytes

        for candidate, fold, seconds, content in self._kept:
            offset = settings.seed_offset_of(fold)
            parameters = parameters_of(settings, candidates[candidate], offset)
            try:
                state = state_from_bytes(content, parameters)
            except StoreError as error:
                self._journal.log("warning", f"{error}; that fit begins anew")
                continue
            self.unfinished[candidate, fold] = UnfinishedFit(
                candidate=candidate, fold=fold, seconds=seconds, state=state
            )

    def take(self, event: FitProgress | UnfinishedFit) -> None:
        """Note how far a fit is; store an unfinished one."""
        if isinstance(event, FitProgress):
            self._progress[event.candidate, event.fold] = event
            return
        from nnsize_engine.network.state_bytes import state_to_bytes

        self.unfinished[event.candidate, event.fold] = event
        state = state_to_bytes(event.state)
        self._journal.add(
            lambda connection: writer.keep_unfinished(connection, event.candidate, event.fold, event.seconds, state)
        )

    def end(self, candidate: int, fold: int) -> None:
        """Forget a fit that has ended."""
        self._progress.pop((candidate, fold), None)
        self.unfinished.pop((candidate, fold), None)

    def clear(self) -> None:
        """Note that no fit is under way."""
        self._progress.clear()

    def show(self) -> None:
        """Queue, twice a second at most, how far the fits under way are."""
        now = time.monotonic()
        if now - self._shown_at < _SHOW_SECONDS:
            return
        fits = tuple(self._progress.values())
        if fits != self._shown:
            self._shown, self._shown_at = fits, now
            self._journal.add(lambda connection: writer.set_under_way(connection, fits))
