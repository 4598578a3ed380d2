"""A run as it stands now, kept up to date by reading only what is new."""

from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.candidates import list_candidates
from nnsize_engine.progress import remaining_seconds
from nnsize_engine.records import LIVE_STATES, Candidate, FinalTest, FitProgress, FitResult, LogLine, State
from nnsize_engine.run_reader import RunHeader, read_final_test, read_fits, read_header, read_log, read_under_way
from nnsize_engine.runs import seen_state
from nnsize_engine.selection import (
    CandidateSummary,
    Choice,
    SharedStatistics,
    choose,
    ranks,
    shared_statistics,
    summarise,
)
from nnsize_engine.store import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One consistent look at a run."""

    folder: Path
    header: RunHeader
    state: State
    """As seen now: ``interrupted`` included."""

    summaries: tuple[CandidateSummary, ...]
    """One a candidate, in the search's order."""

    shared: tuple[SharedStatistics, ...]
    """One a candidate: its scores on the folds that all share, by which they are ranked."""

    ranks: tuple[int, ...]
    """From 1."""

    choice: Choice | None
    final: FinalTest | None
    under_way: tuple[FitProgress, ...]
    """The fits being trained, and how far each was a moment ago; empty while no runner is at work."""

    remaining: float | None
    """Expected seconds of computing until the last fit ends; None when unknown."""

    log: tuple[LogLine, ...]


class RunFollower:
    """Looks at one run again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run: tuple[str, float] | None = None
        self._candidates: tuple[Candidate, ...] = ()
        self._last_fit = 0
        self._fits: list[list[FitResult]] = []
        self._summaries: list[CandidateSummary] = []
        self._shared: tuple[SharedStatistics, ...] = ()
        self._ranks: tuple[int, ...] = ()
        self._choice: Choice | None = None
        self._log: list[LogLine] = []

    def look(self) -> RunView:
        """Read what is new since the last look.

        Raises:
            StoreError: the run is gone, unreadable or damaged.
        """
        with reading(self.folder) as connection:
            header = read_header(connection)
            if (header.id, header.created) != self._run:
                self._begin(header)  # the first look, or another run was put in this one's place
            fits, self._last_fit = read_fits(connection, self._last_fit)
            self._log += read_log(connection, self._log[-1].number if self._log else 0)
            final = read_final_test(connection)
            under_way = read_under_way(connection)
            self._take(fits, header.settings.cv)
            state = seen_state(header)
        return RunView(
            folder=self.folder,
            header=header,
            state=state,
            summaries=tuple(self._summaries),
            shared=self._shared,
            ranks=self._ranks,
            choice=self._choice,
            final=final,
            under_way=tuple(under_way) if state in LIVE_STATES else (),
            remaining=self._remaining(header.workers or 1, header.settings.cv),
            log=tuple(self._log),
        )

    def _begin(self, header: RunHeader) -> None:
        self._run = (header.id, header.created)
        self._candidates = list_candidates(header.settings)
        self._last_fit = 0
        self._fits = [[] for _ in self._candidates]
        self._summaries = [summarise(candidate, (), header.settings.cv) for candidate in self._candidates]
        self._log = []
        self._compare()

    def _take(self, fits: list[FitResult], folds: int) -> None:
        for fit in fits:
            self._fits[fit.candidate].append(fit)
        for number in {fit.candidate for fit in fits}:
            self._summaries[number] = summarise(self._candidates[number], self._fits[number], folds)
        if fits:
            self._compare()

    def _remaining(self, workers: int, folds: int) -> float | None:
        """Of the fits left, and of the best candidate's training on all rows after them."""
        fits = remaining_seconds(self._summaries, workers)
        if fits is None or self._choice is None:
            return fits
        of_best = self._summaries[self._choice.best.number].fit_seconds
        return fits + (of_best or 0.0) * folds / (folds - 1)

    def _compare(self) -> None:
        self._shared = tuple(shared_statistics(self._summaries))
        self._ranks = tuple(ranks(self._shared))
        self._choice = choose(self._summaries, self._shared)
