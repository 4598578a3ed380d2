"""Scores of a trained network by scikit-learn's scoring names; bigger is better.

scikit-learn's scorers spend most of their time checking and re-encoding what a search knows already. The common ones
are computed here directly, equal to scikit-learn's to 1e-12 (roc_auc to the last bit, because the same operations are
done in the same order). Whatever is not covered, another scoring or a case that scikit-learn warns of or refuses, goes
through scikit-learn's own scorer, so its answer and its reasons stay the same.
"""

import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.errors import FitError
from nnsize_engine.network.fitted import FittedNetwork, InParts

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Answers:
    """What the network says about rows, beside the truth; classes as numbers 0, 1, ..."""

    outputs: Floats
    """(rows, outputs)."""
    truth: NDArray[np.intp]
    predicted: NDArray[np.intp]
    class_count: int
    positive: int | None
    """Number of the class labelled 1, which precision, recall, f1 and average precision are about."""

    def counts(self, numbers: NDArray[np.intp]) -> NDArray[np.intp]:
        """How often each class occurs."""
        return np.bincount(numbers, minlength=self.class_count)

    @property
    def hits(self) -> NDArray[np.intp]:
        """How often each class is predicted rightly."""
        return self.counts(self.truth[self.truth == self.predicted])

    @property
    def has_every_class(self) -> bool:
        """Whether every class is among the true ones."""
        return bool(self.counts(self.truth).all())


def score(network: FittedNetwork, X: ArrayLike | InParts, y: ArrayLike, scoring: str) -> float:
    """The score of a network on rows it may or may not have seen.

    Raises `FitError` where scikit-learn refuses to score or where the score is not a number.
    """
    value = _quick_score(network, X, np.asarray(y), scoring)
    return _scikit_learn_score(network, X, y, scoring) if value is None else value


def _quick_score(network: FittedNetwork, X: ArrayLike | InParts, y: NDArray[Any], scoring: str) -> float | None:
    """The score computed here, or None where scikit-learn has to."""
    if network.kind == "regression" and scoring in _REGRESSION and _is_number_of_full_precision(y):
        outputs = network.outputs(X)
        truth = y.reshape(len(y), -1)
        if np.isfinite(outputs).all() and outputs.shape == truth.shape:
            with np.errstate(all="ignore"):
                value = _REGRESSION[scoring](truth, outputs.astype(np.float64, copy=False))
            # A score that overflows is scikit-learn's to explain.
            return value if value is not None and np.isfinite(value) else None
    if network.kind in ("binary", "multiclass") and scoring in _CLASSIFICATION and y.ndim == 1:
        assert network.classes is not None
        classes = network.classes
        truth = np.searchsorted(classes, y).clip(max=len(classes) - 1)
        outputs = network.outputs(X)
        if len(classes) > 1 and np.isfinite(outputs).all() and np.array_equal(classes[truth], y):
            if network.kind == "multiclass":
                predicted = outputs.argmax(axis=1)
            else:
                predicted = (outputs[:, 0] > 0.5).astype(np.intp)
            labels = classes.tolist()
            return _CLASSIFICATION[scoring](
                _Answers(
                    outputs=outputs,
                    truth=truth,
                    predicted=predicted,
                    class_count=len(classes),
                    positive=labels.index(1) if 1 in labels else None,
                )
            )
    return None


def _is_number_of_full_precision(y: NDArray[Any]) -> bool:
    return y.dtype == np.float64 and bool(np.isfinite(y).all()) and len(y) > 1


_one_at_a_time = threading.Lock()
"""Python's list of caught warnings belongs to the whole process."""


def _scikit_learn_score(network: FittedNetwork, X: ArrayLike | InParts, y: ArrayLike, scoring: str) -> float:
    from sklearn.metrics import get_scorer

    from nnsize_engine.network.estimator import to_estimator

    with _one_at_a_time, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = float(get_scorer(scoring)(to_estimator(network), np.asarray(X, dtype=network.precision), y))
        except (ValueError, ArithmeticError) as error:
            raise FitError(" ".join(str(error).split())) from error
    if not np.isfinite(value):
        reasons = [str(warning.message) for warning in caught] or [f"{scoring} gave {value}"]
        raise FitError(" ".join(reasons[0].split()))
    return value


# Classification ------------------------------------------------------------------------------------------------------


def _accuracy(answers: _Answers) -> float:
    return float(np.mean(answers.truth == answers.predicted))


def _balanced_accuracy(answers: _Answers) -> float | None:
    if not answers.has_every_class:
        return None
    return float(np.mean(answers.hits / answers.counts(answers.truth)))


def _curve(is_positive: NDArray[np.bool_], scores: Floats) -> tuple[Floats, Floats]:
    """False and true positives at every distinct threshold, from the highest down."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), scores.size - 1)
    true_positives = np.cumsum(is_positive[order], dtype=np.float64)[ends]
    return 1 + ends - true_positives, true_positives


def _binary_roc_auc(is_positive: NDArray[np.bool_], scores: Floats) -> float:
    """Area under the curve of true against false positives, by trapezoids; both classes must be there."""
    false_positives, true_positives = _curve(is_positive, scores)
    if false_positives.size > 2:  # points on a straight line change nothing but the last bit of the sum
        is_corner = (np.diff(false_positives, 2) != 0) | (np.diff(true_positives, 2) != 0)
        kept = np.concatenate([[True], is_corner, [True]])
        false_positives, true_positives = false_positives[kept], true_positives[kept]
    x = np.append(0.0, false_positives) / false_positives[-1]
    y = np.append(0.0, true_positives) / true_positives[-1]
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2.0))


def _roc_auc(answers: _Answers) -> float | None:
    if answers.class_count != 2 or not answers.has_every_class:
        return None
    return _binary_roc_auc(answers.truth == 1, answers.outputs[:, 0])


def _roc_auc_one_against_rest(answers: _Answers, *, is_weighted: bool) -> float | None:
    if answers.class_count == 2:
        return _roc_auc(answers)
    if not answers.has_every_class:
        return None
    areas = [
        _binary_roc_auc(answers.truth == number, answers.outputs[:, number]) for number in range(answers.class_count)
    ]
    return float(np.average(areas, weights=answers.counts(answers.truth) if is_weighted else None))


def _roc_auc_one_against_one(answers: _Answers, *, is_weighted: bool) -> float | None:
    """Hand and Till, "A simple generalisation of the area under the ROC curve", 2001."""
    if answers.class_count == 2:
        return _roc_auc(answers)
    if not answers.has_every_class:
        return None
    areas, shares = [], []
    for first, second in combinations(range(answers.class_count), 2):
        is_one = (answers.truth == first) | (answers.truth == second)
        truth, outputs = answers.truth[is_one], answers.outputs[is_one]
        areas.append(
            (_binary_roc_auc(truth == first, outputs[:, first]) + _binary_roc_auc(truth == second, outputs[:, second]))
            / 2
        )
        shares.append(np.average(is_one))
    return float(np.average(areas, weights=shares if is_weighted else None))


def _binary_average_precision(is_positive: NDArray[np.bool_], scores: Floats) -> float:
    false_positives, true_positives = _curve(is_positive, scores)
    precision = true_positives / (true_positives + false_positives)
    recall = np.append(0.0, true_positives / true_positives[-1])
    return float(max(0.0, np.sum(np.diff(recall) * precision)))


def _average_precision(answers: _Answers) -> float | None:
    if not answers.has_every_class:
        return None
    if answers.class_count == 2:
        if answers.positive is None:
            return None
        outputs = answers.outputs[:, 0]
        scores = outputs if answers.positive == 1 else 1 - outputs
        return _binary_average_precision(answers.truth == answers.positive, scores)
    return float(
        np.mean(
            [
                _binary_average_precision(answers.truth == number, answers.outputs[:, number])
                for number in range(answers.class_count)
            ]
        )
    )


def _neg_log_loss(answers: _Answers) -> float | None:
    if answers.outputs.dtype != np.float64 or not answers.has_every_class:
        return None
    outputs = answers.outputs
    if answers.class_count == 2:
        outputs = np.column_stack([1 - outputs[:, 0], outputs[:, 0]])
    smallest = np.finfo(outputs.dtype).eps
    right = outputs[np.arange(len(outputs)), answers.truth]
    return float(np.mean(np.log(np.clip(right, smallest, 1 - smallest))))


def _shares(answers: _Answers, measure: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numerators and denominators of each class's precision, recall or f1."""
    predicted, true = answers.counts(answers.predicted), answers.counts(answers.truth)
    if measure == "f1":
        return 2 * answers.hits, predicted + true
    return answers.hits, predicted if measure == "precision" else true


def _divide(numerators: NDArray[Any], denominators: NDArray[Any]) -> Floats:
    """Quotients; 0 where there is nothing to divide by, as scikit-learn does."""
    quotients = np.zeros(numerators.shape)
    np.divide(numerators, denominators, out=quotients, where=denominators != 0)
    return quotients


def _share_of_positives(answers: _Answers, measure: str) -> float | None:
    if answers.class_count != 2 or answers.positive is None:
        return None
    return float(_divide(*_shares(answers, measure))[answers.positive])


def _macro_share(answers: _Answers, measure: str) -> float:
    is_present = answers.counts(answers.predicted) + answers.counts(answers.truth) > 0
    return float(np.mean(_divide(*_shares(answers, measure))[is_present]))


def _weighted_share(answers: _Answers, measure: str) -> float:
    return float(np.average(_divide(*_shares(answers, measure)), weights=answers.counts(answers.truth)))


def _micro_share(answers: _Answers, measure: str) -> float:
    numerators, denominators = _shares(answers, measure)
    return float(numerators.sum() / denominators.sum())


_AVERAGES: dict[str, Callable[[_Answers, str], float | None]] = {
    "": _share_of_positives,
    "_macro": _macro_share,
    "_weighted": _weighted_share,
    "_micro": _micro_share,
}


def _share_scorer(measure: str, average: Callable[[_Answers, str], float | None]) -> Callable[[_Answers], float | None]:
    return lambda answers: average(answers, measure)


_CLASSIFICATION: dict[str, Callable[[_Answers], float | None]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "roc_auc": _roc_auc,
    "roc_auc_ovr": lambda answers: _roc_auc_one_against_rest(answers, is_weighted=False),
    "roc_auc_ovr_weighted": lambda answers: _roc_auc_one_against_rest(answers, is_weighted=True),
    "roc_auc_ovo": lambda answers: _roc_auc_one_against_one(answers, is_weighted=False),
    "roc_auc_ovo_weighted": lambda answers: _roc_auc_one_against_one(answers, is_weighted=True),
    "average_precision": _average_precision,
    "neg_log_loss": _neg_log_loss,
    **{
        measure + name: _share_scorer(measure, average)
        for measure in ("precision", "recall", "f1")
        for name, average in _AVERAGES.items()
    },
}


# Regression; several outputs count alike -----------------------------------------------------------------------------


def _r2(truth: Floats, outputs: Floats) -> float:
    errors = np.sum((truth - outputs) ** 2, axis=0)
    spreads = np.sum((truth - truth.mean(axis=0)) ** 2, axis=0)
    of_constant = np.where(errors == 0, 1.0, 0.0)
    return float(np.mean(np.where(spreads == 0, of_constant, 1 - _divide(errors, spreads))))


def _absolute_percentage_error(truth: Floats, outputs: Floats) -> float:
    return float(np.mean(np.abs(outputs - truth) / np.maximum(np.abs(truth), np.finfo(np.float64).eps)))


def _max_error(truth: Floats, outputs: Floats) -> float | None:
    return -float(np.max(np.abs(truth - outputs))) if truth.shape[1] == 1 else None


_REGRESSION: dict[str, Callable[[Floats, Floats], float | None]] = {
    "r2": _r2,
    "neg_mean_squared_error": lambda truth, outputs: -float(np.mean(np.mean((truth - outputs) ** 2, axis=0))),
    "neg_root_mean_squared_error": lambda truth, outputs: (
        -float(np.mean(np.sqrt(np.mean((truth - outputs) ** 2, axis=0))))
    ),
    "neg_mean_absolute_error": lambda truth, outputs: -float(np.mean(np.mean(np.abs(truth - outputs), axis=0))),
    "neg_median_absolute_error": lambda truth, outputs: -float(np.mean(np.median(np.abs(truth - outputs), axis=0))),
    "neg_mean_absolute_percentage_error": lambda truth, outputs: -_absolute_percentage_error(truth, outputs),
    "neg_max_error": _max_error,
}

QUICK_SCORINGS = frozenset(_CLASSIFICATION) | frozenset(_REGRESSION)
"""The scorings computed here."""
