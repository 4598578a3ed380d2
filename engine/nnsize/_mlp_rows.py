"""The rows of a call of `fit` or `partial_fit`, checked in the order and with the messages of scikit-learn."""

from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import unique_labels
from sklearn.utils.validation import validate_data


def read_table(estimator: Any, X: Any, y: Any, *, is_incremental: bool, reset: bool) -> tuple[Any, Any]:
    """Return checked inputs, dense or sparse, and targets of shape (rows, outputs): class indicators or numbers.

    Raises:
        ValueError: the data cannot be used, or its classes are not those of an earlier call.
    """
    is_classification = is_classifier(estimator)
    inputs, targets = validate_data(
        estimator,
        X,
        y,
        accept_sparse=["csr", "csc"],
        multi_output=True,
        y_numeric=not is_classification,
        dtype=(np.float64, np.float32),
        reset=reset,
    )
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = column_or_1d(targets, warn=True)
    if is_classification:
        targets = _indicators(estimator, targets, is_incremental=is_incremental)
    return inputs, targets.reshape((-1, 1)) if targets.ndim == 1 else targets


def _indicators(estimator: Any, labels: Any, *, is_incremental: bool) -> Any:
    """Return class indicators, (rows, outputs) of truth values, and learn the classes if they are not known."""
    if not hasattr(estimator, "classes_") or (not estimator.warm_start and not is_incremental):
        estimator._label_binarizer = binarizer_of(labels)
        estimator.classes_ = estimator._label_binarizer.classes_
    else:
        _check_classes(estimator, unique_labels(labels))
    if labels.ndim == 1 and estimator._label_binarizer.y_type_ in ("binary", "multiclass"):
        return _indicators_of_labels(estimator, labels)
    return estimator._label_binarizer.transform(labels).astype(bool)


def binarizer_of(labels: Any) -> LabelBinarizer:
    """Return a ``LabelBinarizer`` that has learned the labels.

    Its own ``fit`` takes as long as twenty epochs of a small network. Whole numbers need none of its checks, unless
    there are so many that it warns.
    """
    binarizer = LabelBinarizer()
    is_plain = isinstance(labels, np.ndarray) and labels.ndim == 1 and labels.dtype.kind in "iu"
    classes = np.unique(labels) if is_plain else np.empty(0)
    if not 0 < len(classes) <= len(labels) / 2:
        return binarizer.fit(labels)
    binarizer.y_type_ = "multiclass" if len(classes) > 2 else "binary"
    binarizer.sparse_input_ = False
    binarizer.classes_ = classes
    return binarizer


def _indicators_of_labels(estimator: Any, labels: Any) -> Any:
    """Return what scikit-learn's ``LabelBinarizer`` makes of labels that are all known.

    Its ``transform`` looks at the labels five times, which takes as long as twenty more epochs.
    """
    numbers = np.searchsorted(estimator.classes_, labels)[:, np.newaxis]
    if estimator._label_binarizer.y_type_ == "multiclass":
        return numbers == np.arange(len(estimator.classes_))
    return numbers == 1


def _check_classes(estimator: Any, classes: Any) -> None:
    if estimator.warm_start:
        if set(classes) != set(estimator.classes_):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous call to fit. Previously "
                f"got {estimator.classes_}, `y` has {classes}"
            )
    elif len(np.setdiff1d(classes, estimator.classes_, assume_unique=True)):
        raise ValueError(
            f"`y` has classes not in `self.classes_`. `self.classes_` has {estimator.classes_}. 'y' has {classes}."
        )
