"""Scores of a trained network by scikit-learn's scoring names; bigger is better.

scikit-learn's scorers spend most of their time on checks and encodings that a search does not need. Therefore
`classification` and `regression` compute the common scorings directly. Other scorings, and cases that scikit-learn
warns of or refuses, go through scikit-learn's scorer, so that results and messages are the same.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.errors import FitError
from nnsize_engine.network.fitted import ChunkedInputs, FittedNetwork
from nnsize_engine.scoring.classification import CLASSIFICATION, Answers
from nnsize_engine.scoring.estimator_score import score_estimator
from nnsize_engine.scoring.regression import REGRESSION


def score(network: FittedNetwork, X: ArrayLike | ChunkedInputs, y: ArrayLike, scoring: str) -> float:
    """Return the score of a network on rows.

    Raises:
        FitError: scikit-learn refuses to score, or the score is not finite.
    """
    return _score(_ScoredRows(network, X, np.asarray(y)), scoring)


def scores(
    network: FittedNetwork, X: ArrayLike | ChunkedInputs, y: ArrayLike, scorings: Sequence[str]
) -> tuple[float | str, ...]:
    """Return the score of a network on rows by each scoring, or the reason why there is none.

    The outputs of the network are computed once.
    """
    rows = _ScoredRows(network, X, np.asarray(y))
    return tuple(_score_or_reason(rows, name) for name in scorings)


def score_outputs(
    network: FittedNetwork, X: ArrayLike | ChunkedInputs, y: ArrayLike, scoring: str, outputs: NDArray[Any]
) -> float:
    """Return the score of a network whose outputs for the rows are known, `(rows, outputs)`.

    Raises:
        FitError: scikit-learn refuses to score, or the score is not finite.
    """
    return _score(_ScoredRows(network, X, np.asarray(y), outputs), scoring)


class _ScoredRows:
    """Rows with the outputs that a network has for them."""

    def __init__(
        self,
        network: FittedNetwork,
        X: ArrayLike | ChunkedInputs,
        y: NDArray[Any],
        outputs: NDArray[Any] | None = None,
    ) -> None:
        self.network = network
        self.X = X
        self.y = y
        self._outputs = outputs

    @property
    def outputs(self) -> NDArray[Any]:
        """The outputs, computed when they are first needed."""
        if self._outputs is None:
            self._outputs = self.network.outputs(self.X)
        return self._outputs


def _score(rows: _ScoredRows, scoring: str) -> float:
    value = _quick_score(rows, scoring)
    return _scikit_learn_score(rows.network, rows.X, rows.y, scoring) if value is None else value


def _score_or_reason(rows: _ScoredRows, scoring: str) -> float | str:
    try:
        return _score(rows, scoring)
    except FitError as error:
        return str(error)


def _quick_score(rows: _ScoredRows, scoring: str) -> float | None:
    """Return the score computed directly; None if scikit-learn must compute it."""
    network, y = rows.network, rows.y
    if network.kind == "regression" and scoring in REGRESSION and _is_number_of_full_precision(y):
        outputs = rows.outputs
        truth = y.reshape(len(y), -1)
        if np.isfinite(outputs).all() and outputs.shape == truth.shape:
            with np.errstate(all="ignore"):
                value = REGRESSION[scoring](truth, outputs.astype(np.float64, copy=False))
            # scikit-learn explains a score that overflows.
            return value if value is not None and np.isfinite(value) else None
    if network.kind in ("binary", "multiclass") and scoring in CLASSIFICATION and y.ndim == 1:
        assert network.classes is not None
        classes = network.classes
        truth = np.searchsorted(classes, y).clip(max=len(classes) - 1)
        outputs = rows.outputs
        if len(classes) > 1 and np.isfinite(outputs).all() and np.array_equal(classes[truth], y):
            labels = classes.tolist()
            return CLASSIFICATION[scoring](
                Answers(
                    outputs=outputs,
                    truth=truth,
                    predicted=network.class_numbers(outputs),
                    class_count=len(classes),
                    positive=labels.index(1) if 1 in labels else None,
                )
            )
    return None


def _is_number_of_full_precision(y: NDArray[Any]) -> bool:
    return y.dtype == np.float64 and bool(np.isfinite(y).all()) and len(y) > 1


def _scikit_learn_score(network: FittedNetwork, X: ArrayLike | ChunkedInputs, y: ArrayLike, scoring: str) -> float:
    from nnsize_engine.network.estimator import to_estimator

    return score_estimator(to_estimator(network), np.asarray(X, dtype=network.precision), y, scoring)
