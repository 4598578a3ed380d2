"""The frozen facts that the parts exchange and a run keeps: a candidate, a fit, the data, the final test."""

from dataclasses import dataclass, fields
from typing import Literal

from nnsize_engine.builtin import Task
from nnsize_engine.neurons import HiddenLayers

State = Literal["starting", "running", "paused", "stopped", "finished", "failed", "refused", "interrupted"]
"""Where a run stands. ``refused``: the data does not allow these settings. ``interrupted``: its runner died; this one
is never stored, but seen by whoever looks."""

LIVE_STATES: frozenset[State] = frozenset({"starting", "running", "paused"})
"""States in which a runner should be alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One network of a search."""

    number: int
    """Position in the search, from 0; the row of ``cv_results_``."""

    hidden_layer_sizes: HiddenLayers
    weights: int
    """Weights and biases to train."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitResult:
    """One training of one candidate on one fold. Written once, never changed."""

    candidate: int
    fold: int
    test_score: float | None
    """Score on the fold's held-out rows; None when the fit failed."""

    train_score: float | None
    fit_seconds: float
    score_seconds: float
    """Scoring the held-out rows (scikit-learn's ``score_time``)."""

    iterations: int | None
    """Epochs until training stopped."""

    has_converged: bool | None
    """False when training ended at ``max_iter``."""

    error: str | None = None
    """Why the fit failed; None when it did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitProgress:
    """How far a fit under way is."""

    candidate: int
    fold: int
    epochs: int
    loss: float
    """Training loss of the last epoch."""


PROGRESS_COLUMNS = tuple(field.name for field in fields(FitProgress))
FIT_COLUMNS = tuple(field.name for field in fields(FitResult))


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalTest:
    """The best candidate, trained on all training rows and scored once on the held-out test rows."""

    candidate: int
    test_score: float | None
    train_score: float | None
    fit_seconds: float
    iterations: int | None
    error: str | None = None


FINAL_COLUMNS = tuple(field.name for field in fields(FinalTest))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFacts:
    """What a run knows of its data: enough to notice that it is no longer the same."""

    name: str
    task: Task
    rows: int
    inputs: int
    classes: int
    train_rows: int
    test_rows: int
    sha256: str
    """Of the values and targets, in the order given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a run's log."""

    number: int
    time: float
    """Seconds since 1970, UTC."""

    level: Literal["info", "warning", "error"]
    text: str
