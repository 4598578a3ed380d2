"""The score of one fit by one further scoring."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The score of a fit, a final test or a reference by one further scoring."""

    name: str
    """A scikit-learn scoring."""

    test: float | None
    """Score on the held-out rows; None if it failed, and without such rows."""

    train: float | None
    """Score on the training rows; None if it failed."""

    error: str | None = None
    """The reason why one of both failed; None if neither did."""


def find_score(scores: Sequence[Score], name: str) -> Score:
    """Return the score by a scoring; one without values if it was not computed, as of a failed fit."""
    missing = Score(name=name, test=None, train=None)
    return next((score for score in scores if score.name == name), missing)


def score_of(name: str, test: float | str | None, train: float | str | None) -> Score:
    """Return the score by a scoring; a text is the reason why there is no score."""
    return Score(
        name=name,
        test=None if isinstance(test, str) else test,
        train=None if isinstance(train, str) else train,
        error=next((value for value in (test, train) if isinstance(value, str)), None),
    )
