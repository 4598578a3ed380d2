"""The frozen records of a search: a candidate, a fit and how far it is, the final test."""

from dataclasses import dataclass, fields

from nnsize_engine.results.scores import Score
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.parameter_grid import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One network of a search."""

    number: int
    """Position in the search, from 0; the row of ``cv_results_``."""

    hidden_layer_sizes: HiddenLayers
    weights: int
    """Weights and biases to train."""

    parameters: tuple[tuple[str, Value], ...] = ()
    """The other searched parameters and their values, in the settings' order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitResult:
    """One training of one candidate on one fold. Written once, never changed."""

    candidate: int
    fold: int
    """Its split: ``repeat * folds + fold``; without repeats the fold."""

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
    """The reason why the fit failed; None when it did not."""

    further: tuple[Score, ...] = ()
    """Scores by the further scorings, which are stored in a table of their own; empty when the fit failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitProgress:
    """The progress of a fit under way."""

    candidate: int
    fold: int
    """Its split, as in :class:`FitResult`."""

    epochs: int
    loss: float
    """Training loss of the last epoch."""


PROGRESS_COLUMNS = tuple(field.name for field in fields(FitProgress))
FIT_COLUMNS = tuple(field.name for field in fields(FitResult) if field.name != "further")


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalTest:
    """The best or the recommended candidate, trained on all training rows and scored once on the test rows."""

    candidate: int
    test_score: float | None
    """None if it failed, and without test rows."""

    train_score: float | None
    fit_seconds: float
    iterations: int | None
    error: str | None = None
    further: tuple[Score, ...] = ()
    """Scores by the further scorings; empty when it failed."""


FINAL_COLUMNS = tuple(field.name for field in fields(FinalTest) if field.name != "further")
