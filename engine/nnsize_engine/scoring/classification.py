"""Scores of predicted classes, each equal to scikit-learn's scoring of that name.

Scores are equal to 1e-12, and roc_auc to the last bit, because the same operations are done in the same order. A score
is None if scikit-learn must compute it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, assert_never, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]

Measure = Literal["precision", "recall", "f1"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """A network's outputs and predictions for rows, and the true classes as numbers 0, 1, ..."""

    outputs: Floats
    """Shape (rows, outputs)."""
    truth: NDArray[np.intp]
    predicted: NDArray[np.intp]
    class_count: int
    positive: int | None
    """Number of the class labelled 1, which precision, recall, f1 and average precision score; None without one."""

    def counts(self, numbers: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the number of rows of each class."""
        return np.bincount(numbers, minlength=self.class_count)

    @property
    def hits(self) -> NDArray[np.intp]:
        """The number of right predictions of each class."""
        return self.counts(self.truth[self.truth == self.predicted])

    @property
    def has_every_class(self) -> bool:
        """Return whether every class is among the true ones."""
        return bool(self.counts(self.truth).all())


def _accuracy(answers: Answers) -> float:
    return float(np.mean(answers.truth == answers.predicted))


def _balanced_accuracy(answers: Answers) -> float | None:
    if not answers.has_every_class:
        return None
    return float(np.mean(answers.hits / answers.counts(answers.truth)))


def _curve(is_positive: NDArray[np.bool_], scores: Floats) -> tuple[Floats, Floats]:
    """Return false and true positives at every distinct threshold, from the highest to the lowest."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), scores.size - 1)
    true_positives = np.cumsum(is_positive[order], dtype=np.float64)[ends]
    return 1 + ends - true_positives, true_positives


def _binary_roc_auc(is_positive: NDArray[np.bool_], scores: Floats) -> float:
    """Return the area under the curve of true against false positives, by trapezoids; both classes must occur."""
    false_positives, true_positives = _curve(is_positive, scores)
    if false_positives.size > 2:  # scikit-learn drops points on straight lines, which changes the last bit
        is_corner = (np.diff(false_positives, 2) != 0) | (np.diff(true_positives, 2) != 0)
        kept = np.concatenate([[True], is_corner, [True]])
        false_positives, true_positives = false_positives[kept], true_positives[kept]
    x = np.append(0.0, false_positives) / false_positives[-1]
    y = np.append(0.0, true_positives) / true_positives[-1]
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2.0))


def _roc_auc(answers: Answers) -> float | None:
    if answers.class_count != 2 or not answers.has_every_class:
        return None
    return _binary_roc_auc(answers.truth == 1, answers.outputs[:, 0])


def _roc_auc_one_against_rest(answers: Answers, *, is_weighted: bool) -> float | None:
    if answers.class_count == 2:
        return _roc_auc(answers)
    if not answers.has_every_class:
        return None
    areas = [
        _binary_roc_auc(answers.truth == number, answers.outputs[:, number]) for number in range(answers.class_count)
    ]
    return float(np.average(areas, weights=answers.counts(answers.truth) if is_weighted else None))


def _roc_auc_one_against_one(answers: Answers, *, is_weighted: bool) -> float | None:
    """Return the mean area over pairs of classes (Hand and Till, A simple generalisation of the AUC, 2001)."""
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


def _average_precision(answers: Answers) -> float | None:
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


def _neg_log_loss(answers: Answers) -> float | None:
    if answers.outputs.dtype != np.float64 or not answers.has_every_class:
        return None
    outputs = answers.outputs
    if answers.class_count == 2:
        outputs = np.column_stack([1 - outputs[:, 0], outputs[:, 0]])
    smallest = np.finfo(outputs.dtype).eps
    right = outputs[np.arange(len(outputs)), answers.truth]
    return float(np.mean(np.log(np.clip(right, smallest, 1 - smallest))))


def _shares(answers: Answers, measure: Measure) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the numerator and denominator of precision, recall or f1 of each class."""
    predicted, true = answers.counts(answers.predicted), answers.counts(answers.truth)
    match measure:
        case "precision":
            return answers.hits, predicted
        case "recall":
            return answers.hits, true
        case "f1":
            return 2 * answers.hits, predicted + true
        case _:
            assert_never(measure)


def _divide(numerators: NDArray[Any], denominators: NDArray[Any]) -> Floats:
    """Return quotients; 0 where the denominator is 0, as in scikit-learn."""
    quotients = np.zeros(numerators.shape)
    np.divide(numerators, denominators, out=quotients, where=denominators != 0)
    return quotients


def _share_of_positives(answers: Answers, measure: Measure) -> float | None:
    if answers.class_count != 2 or answers.positive is None:
        return None
    return float(_divide(*_shares(answers, measure))[answers.positive])


def _macro_share(answers: Answers, measure: Measure) -> float:
    is_present = answers.counts(answers.predicted) + answers.counts(answers.truth) > 0
    return float(np.mean(_divide(*_shares(answers, measure))[is_present]))


def _weighted_share(answers: Answers, measure: Measure) -> float:
    return float(np.average(_divide(*_shares(answers, measure)), weights=answers.counts(answers.truth)))


def _micro_share(answers: Answers, measure: Measure) -> float:
    numerators, denominators = _shares(answers, measure)
    return float(numerators.sum() / denominators.sum())


_AVERAGES: dict[str, Callable[[Answers, Measure], float | None]] = {
    "": _share_of_positives,
    "_macro": _macro_share,
    "_weighted": _weighted_share,
    "_micro": _micro_share,
}


def _share_scorer(
    measure: Measure, average: Callable[[Answers, Measure], float | None]
) -> Callable[[Answers], float | None]:
    return lambda answers: average(answers, measure)


CLASSIFICATION: dict[str, Callable[[Answers], float | None]] = {
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
        for measure in get_args(Measure)
        for name, average in _AVERAGES.items()
    },
}
"""Scores by scikit-learn's names."""
