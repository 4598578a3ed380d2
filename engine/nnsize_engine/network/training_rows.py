"""Training rows, checked and encoded once, for all candidates that are trained on the same fold.

The task is "classification" or "regression". The kind follows from the targets:

- binary: two classes (or one), a single logistic output;
- multiclass: a softmax output per class;
- multilabel: a matrix of labels, each 0 or 1, with a logistic output per label;
- regression: an output per target column.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, assert_never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.errors import DataError
from nnsize_engine.network.target_scaling import TargetScaling
from nnsize_engine.settings.target_scale import TargetScale

TASKS = ("classification", "regression")
PRECISIONS = ("float64", "float32")

TargetKind = Literal["binary", "multiclass", "multilabel", "regression"]

_CHECKED_ROWS = 50_000  # checked together: truth values of a whole large table would take a quarter of its memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingRows:
    """Inputs and targets in the precision of the training. Threads share them, so nothing may write to them."""

    inputs: NDArray[Any]
    """(rows, inputs), in C order."""
    targets: NDArray[Any]
    """(rows, outputs): class indicators, 0 or 1, or the numbers to predict, scaled if there is a scaling."""
    kind: TargetKind
    classes: NDArray[Any] | None
    """Sorted class labels, as scikit-learn's `classes_`; None for regression."""
    scaling: TargetScaling | None = None
    """The scaling of the targets; None if they are the numbers themselves."""
    sample_weight: NDArray[Any] | None = None
    """(rows,): how much each row counts, in the precision of the training; None where all count the same."""

    @property
    def precision(self) -> str:
        """float64 or float32."""
        return str(self.inputs.dtype)

    @property
    def labels(self) -> NDArray[Any]:
        """The targets before encoding: labels, a matrix of labels, or numbers, which stay scaled."""
        match self.kind:
            case "regression":
                return self.targets[:, 0] if self.targets.shape[1] == 1 else self.targets
            case "multilabel":
                return self.targets.astype(np.int64)
            case "multiclass":
                return self._labels_of(self.targets.argmax(axis=1))
            case "binary":
                return self._labels_of(self.targets[:, 0].astype(np.intp))
            case _:
                assert_never(self.kind)

    def weighted(self, sample_weight: ArrayLike | None) -> "TrainingRows":
        """Return the same rows with sample weights, or themselves without.

        Raises:
            DataError: a weight is negative or not a finite number, or there is not one for each row.
        """
        if sample_weight is None:
            return self
        weights = _own_array(np.asarray(sample_weight), self.precision)
        if weights.shape != (len(self.inputs),):
            raise DataError(f"the sample weights have shape {weights.shape}; {len(self.inputs)} rows need one each")
        _check_finite(weights, "sample weights")
        if weights.min() < 0:
            raise DataError(f"a sample weight is {weights.min():g}; every one must be at least 0")
        return replace(self, sample_weight=weights)

    def _labels_of(self, numbers: NDArray[np.intp]) -> NDArray[Any]:
        assert self.classes is not None
        labels: NDArray[Any] = self.classes[numbers]
        return labels


def read_rows(
    X: ArrayLike, y: ArrayLike, *, task: str, precision: str = "float64", target_scale: TargetScale = "none"
) -> TrainingRows:
    """Check a table and its targets as scikit-learn's `fit` does, and encode or scale them.

    With precision "float32" training is in float32, as in scikit-learn when inputs (and, in regression, targets) are
    float32.

    Raises:
        DataError: a value cannot be used, or shapes do not match.
    """
    if task not in TASKS:
        raise DataError(f"the task is {task!r}; it must be classification or regression", field="task")
    if precision not in PRECISIONS:
        raise DataError(f"the precision is {precision!r}; it must be float64 or float32", field="precision")
    inputs = read_inputs(X, precision)
    answers = np.asarray(y)
    if answers.ndim == 2 and answers.shape[1] == 1:
        answers = answers[:, 0]
    if answers.ndim not in (1, 2) or len(answers) != len(inputs):
        raise DataError(f"the targets have shape {answers.shape}; {len(inputs)} rows need one target each")
    if task == "regression":
        return _regression_rows(inputs, answers, precision, target_scale)
    kind, indicators, classes = _encode_classes(answers)
    return TrainingRows(inputs=inputs, targets=_own_array(indicators, precision), kind=kind, classes=classes)


def _regression_rows(
    inputs: NDArray[Any], answers: NDArray[Any], precision: str, target_scale: TargetScale
) -> TrainingRows:
    numbers = _own_array(answers.reshape(len(answers), -1), "float64" if target_scale != "none" else precision)
    _check_finite(numbers, "targets")
    scaling = None
    if target_scale != "none":
        scaling = TargetScaling.fit(numbers, target_scale)
        numbers = _own_array(scaling.transform(numbers), precision)
    return TrainingRows(inputs=inputs, targets=numbers, kind="regression", classes=None, scaling=scaling)


def read_inputs(X: ArrayLike, precision: str) -> NDArray[Any]:
    """Return a table of numbers as compiled code needs it: `(rows, inputs)`, finite, in C order.

    Raises:
        DataError: it is empty, not two-dimensional, or holds a value that is not a finite number.
    """
    inputs = _own_array(np.asarray(X), precision)
    if inputs.ndim != 2 or inputs.size == 0:
        raise DataError(f"the inputs have shape {inputs.shape}; a table needs at least one row and one column")
    _check_finite(inputs, "inputs")
    return inputs


def _own_array(values: NDArray[Any], precision: str) -> NDArray[Any]:
    """Return a writable array in C order, copied if needed: Numba would compile again for any other layout."""
    try:
        return np.require(values, dtype=np.dtype(precision), requirements=["C", "W"])
    except (TypeError, ValueError) as error:
        raise DataError(f"the data holds something that is not a number: {error}") from error


def _check_finite(values: NDArray[Any], name: str) -> None:
    if not all(
        np.isfinite(values[first : first + _CHECKED_ROWS]).all() for first in range(0, len(values), _CHECKED_ROWS)
    ):
        raise DataError(f"the {name} contain an empty, infinite or too large value; every one must be a finite number")


def _encode_classes(answers: NDArray[Any]) -> tuple[TargetKind, NDArray[Any], NDArray[Any]]:
    """Return the kind, the class indicators `(rows, outputs)` and the classes."""
    if answers.dtype.kind == "f":
        _check_finite(answers, "targets")
        if (answers != np.floor(answers)).any():
            raise DataError("the targets are fractions; classification needs class labels")
    if answers.ndim == 2:
        if len(np.unique(answers)) > 2:
            raise DataError("the targets have several columns with more than two values; labels must be 0 or 1")
        return "multilabel", answers != 0, np.arange(answers.shape[1])
    classes, numbers = np.unique(answers, return_inverse=True)
    if len(classes) <= 2:
        return "binary", (numbers == 1)[:, np.newaxis], classes
    return "multiclass", np.arange(len(classes)) == numbers[:, np.newaxis], classes
