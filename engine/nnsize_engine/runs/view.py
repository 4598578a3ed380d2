"""One consistent look at a run: everything that screens and commands see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from nnsize_engine.results.choice import Choice
from nnsize_engine.results.cluster_facts import ClusterFacts
from nnsize_engine.results.further_scores import ScoringStatistics
from nnsize_engine.results.generations import Generations
from nnsize_engine.results.race import Dropped
from nnsize_engine.results.records import Evaluating, LogLine, NetworkScores, State
from nnsize_engine.results.references import ReferenceSummary
from nnsize_engine.results.search_race import RaceView
from nnsize_engine.results.search_records import Candidate, FinalTest, FitProgress
from nnsize_engine.results.series import SeriesView
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.results.watched import WatchedCandidate
from nnsize_engine.runs.label import NO_LABEL, RunLabel
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.stall_file import Stall
from nnsize_engine.runs.stalls import stall_words
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.watched import WatchedSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One consistent look at a run of any kind."""

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

    label: RunLabel = NO_LABEL
    """What people call it."""

    cluster: ClusterFacts | None = None
    """The cluster that computes, as of a moment ago; None without one, and while no runner is at work."""

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
    """The progress of the generation under way a moment ago; None while no runner is at work."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedView(RunView):
    """One consistent look at a watched search; a candidate of a halving search is there once for each iteration."""

    kind: ClassVar[Literal["watched"]] = "watched"

    settings: WatchedSettings
    """What is known of the search."""

    candidates: tuple[WatchedCandidate, ...]
    """Those that scikit-learn has begun with, in its order; all further fields have this order."""

    summaries: tuple[CandidateSummary, ...]
    shared: tuple[SharedStatistics, ...]
    """Statistics over all splits of a candidate; empty until all its fits are done, and if one failed."""

    ranks: tuple[int, ...]
    """From 1, as in ``rank_test_score``."""

    best: int | None
    """The place of the best candidate; None before one is complete."""

    under_way: tuple[FitProgress, ...]
    """The fits that were going on a moment ago, without epochs and losses."""

    newest: int | None
    """Number of the candidate of the fit that ended last; None before any has."""

    further: Mapping[str, ScoringStatistics] = field(default_factory=dict)
    """The statistics by each further scoring."""


AnyView = SizeView | EvolutionView | WatchedView
"""A look at a run of any kind; ``kind`` tells them apart."""


def searches_among(views: Sequence[AnyView]) -> list[tuple[int, SizeView]]:
    """Return the searches among runs, each with its place."""
    return [(place, view) for place, view in enumerate(views) if isinstance(view, SizeView)]


def evolutions_among(views: Sequence[AnyView]) -> list[tuple[int, EvolutionView]]:
    """Return the evolutions among runs, each with its place."""
    return [(place, view) for place, view in enumerate(views) if isinstance(view, EvolutionView)]


def watched_among(views: Sequence[AnyView]) -> list[tuple[int, WatchedView]]:
    """Return the watched searches among runs, each with its place."""
    return [(place, view) for place, view in enumerate(views) if isinstance(view, WatchedView)]
