"""The columns of a search's candidates: titles, values and texts.

The tables of the explorer and of the commands are both made of these.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from nnsize_engine.results.candidates import neurons_text
from nnsize_engine.results.race import Dropped
from nnsize_engine.results.search_race import dropped_words
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.watched import WatchedSettings
from nnsize_engine.text import NONE, score_text, seconds_text


class CandidateRow(Protocol):
    """A candidate with everything that its row shows."""

    @property
    def summary(self) -> CandidateSummary:
        """The candidate and its fits."""

    @property
    def shared(self) -> SharedStatistics:
        """Its scores on the splits that all candidates share."""

    @property
    def dropped(self) -> Dropped | None:
        """The moment and the reason of its drop from a race; None while it is in."""

    @property
    def further(self) -> Mapping[str, SharedStatistics]:
        """Its scores by each further scoring, on the same splits."""

    @property
    def rank(self) -> int | None:
        """The rank, from 1; None while there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateColumn:
    """One column."""

    key: str
    heading: str
    """Heading in the tables of the commands."""

    title: str | None
    """Title on the screen; None if the screen leaves the column out."""

    value: Callable[[CandidateRow], float | None]
    """Value that rows are sorted by; None if a row has none."""

    text: Callable[[CandidateRow, int], str]
    """Text of a cell, with scores of this number of digits."""


def _score_column(
    key: str, heading: str, title: str | None, value: Callable[[CandidateRow], float | None]
) -> CandidateColumn:
    return CandidateColumn(
        key=key,
        heading=heading,
        title=title,
        value=value,
        text=lambda row, digits: score_text(value(row), digits),
    )


NEURONS = CandidateColumn(
    key="neurons",
    heading="neurons",
    title="neurons",
    value=lambda row: row.summary.candidate.weights,
    text=lambda row, digits: neurons_text(row.summary.candidate),  # noqa: ARG005
)
"""The column that comes first, before those of other searched parameters."""


def _mean_text(row: CandidateRow, digits: int) -> str:
    if row.summary.has_failed:
        return "failed"
    return "out" if row.dropped is not None else score_text(row.shared.mean, digits)


_MEAN = CandidateColumn(
    key="mean",
    heading="mean",
    title="mean",
    value=lambda row: row.shared.mean,
    text=lambda row, digits: _mean_text(row, digits),
)
_STD = _score_column("std", "std", "std", lambda row: row.shared.std)
_SPREADS = (
    _score_column("std_of_all", "std", None, lambda row: row.shared.std),
    _score_column("std", "over folds", "std fold", lambda row: row.shared.std_over_folds),
    _score_column("seeds", "over seeds", "std seed", lambda row: row.shared.std_over_seeds),
)
_TRAIN = _score_column("train", "train", "train", lambda row: row.shared.train_mean)
_TIME = CandidateColumn(
    key="time",
    heading="fit time",
    title="time",
    value=lambda row: row.summary.fit_seconds,
    text=lambda row, digits: seconds_text(row.summary.fit_seconds),  # noqa: ARG005
)
_RANK = CandidateColumn(
    key="rank",
    heading="rank",
    title="rank",
    value=lambda row: row.rank,
    text=lambda row, digits: NONE if row.rank is None else str(row.rank),  # noqa: ARG005
)

_DROPPED = CandidateColumn(
    key="dropped",
    heading="out",
    title=None,
    value=lambda row: None if row.dropped is None else row.dropped.folds,
    text=lambda row, digits: "" if row.dropped is None else dropped_words(row.dropped, digits),
)
"""The words for when and why a race dropped it; the screen shows them beside the table."""


def _done_column(settings: SizeSettings | WatchedSettings) -> CandidateColumn:
    """Return the column of finished fits."""
    return CandidateColumn(
        key="folds",
        heading="folds" if settings.repeats == 1 else "fits",
        title="folds",
        value=lambda row: row.summary.folds_done,
        text=lambda row, digits: f"{row.summary.folds_done}/{settings.splits}",  # noqa: ARG005
    )


FURTHER = "scoring:"
"""The beginning of the key of a further scoring's column; its name follows."""


def further_key(scoring: str) -> str:
    """Return the key of the column of a further scoring."""
    return f"{FURTHER}{scoring}"


def _further_column(scoring: str) -> CandidateColumn:
    """Return the column of the means by a further scoring."""
    return _score_column(
        further_key(scoring), scoring, scoring, lambda row: None if row.dropped else row.further[scoring].mean
    )


def result_columns(settings: SizeSettings | WatchedSettings) -> tuple[CandidateColumn, ...]:
    """Return the columns after those of the searched parameters, in order.

    With repeats there are both kinds of spread; of a race there is one for what was dropped. Further scorings follow.
    """
    spreads = _SPREADS if settings.repeats > 1 else (_STD,)
    dropped = (_DROPPED,) if settings.is_race else ()
    further = (_further_column(scoring) for scoring in settings.further_scorings)
    return (_done_column(settings), _MEAN, *spreads, _TRAIN, _TIME, _RANK, *further, *dropped)
