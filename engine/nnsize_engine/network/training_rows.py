"""Rows to train on, read and checked once: one value serves every candidate trained on the same fold.

What a network is trained for is the task, "classification" or "regression"; from the targets follows the kind:

- binary: two classes (or one), a single logistic output;
- multiclass: a softmax output per class;
- multilabel: a matrix of labels, each 0 or 1, a logistic output per label;
- regression: an output per target column.
"""

from dataclasses import dataclass
from typing import Any, Literal, assert_never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.errors import DataError

TASKS = ("classification", "regression")
PRECISIONS = ("float64", "float32")

TargetKind = Literal["binary", "multiclass", "multilabel", "regression"]

_CHECKED_ROWS = 50_000  # checked together for finite values; more would need memory for their answers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingRows:
    """Inputs and targets in the precision of the training. Shared between threads: nothing writes to them."""

    inputs: NDArray[Any]
    """(rows, inputs), in C order."""
    targets: NDArray[Any]
    """(rows, outputs): class indicators 0 and 1, or the numbers to predict."""
    kind: TargetKind
    classes: NDArray[Any] | None
    """The labels in order, as scikit-learn's `classes_`; None for regression."""

    @property
    def precision(self) -> str:
        """float64 or float32."""
        return str(self.inputs.dtype)

    @property
    def labels(self) -> NDArray[Any]:
        """The targets as they were given: labels, a matrix of labels, or numbers."""
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

    def _labels_of(self, numbers: NDArray[np.intp]) -> NDArray[Any]:
        assert self.classes is not None
        labels: NDArray[Any] = self.classes[numbers]
        return labels


def read_rows(X: ArrayLike, y: ArrayLike, *, task: str, precision: str = "float64") -> TrainingRows:
    """Check a table and its targets as scikit-learn's `fit` does, and encode them; `DataError` says what is wrong.

    With precision "float32" everything is trained in float32, as scikit-learn does when inputs (and, in regression,
    targets) are float32.
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
        numbers = _own_array(answers.reshape(len(answers), -1), precision)
        _check_finite(numbers, "targets")
        return TrainingRows(inputs=inputs, targets=numbers, kind="regression", classes=None)
    kind, indicators, classes = _encode_classes(answers)
    return TrainingRows(inputs=inputs, targets=_own_array(indicators, precision), kind=kind, classes=classes)


def read_inputs(X: ArrayLike, precision: str) -> NDArray[Any]:
    """A table of numbers as compiled code wants it: two-dimensional, finite, in C order."""
    inputs = _own_array(np.asarray(X), precision)
    if inputs.ndim != 2 or inputs.size == 0:
        raise DataError(f"the inputs have shape {inputs.shape}; a table needs at least one row and one column")
    _check_finite(inputs, "inputs")
    return inputs


def _own_array(values: NDArray[Any], precision: str) -> NDArray[Any]:
    """Writable and in C order (copied if it is not): another layout would be compiled again."""
    try:
        return np.require(values, dtype=np.dtype(precision), requirements=["C", "W"])
    except (TypeError, ValueError) as error:
        raise DataError(f"the data holds something that is not a number: {error}") from error


def _check_finite(values: NDArray[Any], name: str) -> None:
    # Part by part, as the answers for all values of a large table would take a quarter of its memory.
    if not all(
        np.isfinite(values[first : first + _CHECKED_ROWS]).all() for first in range(0, len(values), _CHECKED_ROWS)
    ):
        raise DataError(f"the {name} contain an empty, infinite or too large value; every one must be a finite number")


def _encode_classes(answers: NDArray[Any]) -> tuple[TargetKind, NDArray[Any], NDArray[Any]]:
    """The kind, the class indicators `(rows, outputs)` and the classes."""
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
