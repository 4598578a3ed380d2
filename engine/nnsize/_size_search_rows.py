"""The rows of a call of ``fit``, checked: what is searched on, and what the final networks are trained on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import is_regressor
from sklearn.utils import check_X_y
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import column_or_1d, validate_data

from nnsize._frames import categorical_columns, columns_of, frame_of, is_frame, is_numeric, plain_frame
from nnsize._sklearn_private import check_sample_weight
from nnsize_engine.data.kept_rows import KeptRows, Splits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Checked rows of a call of ``fit``."""

    X: Any
    """A matrix, shape (rows, inputs); or a frame whose columns are encoded."""

    y: NDArray[Any]
    groups: Any
    sample_weight: NDArray[Any] | None
    kept: Callable[[Splits | None], KeptRows]
    """Returns what a run needs of them, given the splits."""

    @property
    def has_columns(self) -> bool:
        """Return whether the columns of a frame are encoded."""
        return not isinstance(self.X, np.ndarray)


def predicts_numbers(estimator: Any, y: Any) -> bool:
    """Return whether the networks are regressors: those of the estimator, or else by the target."""
    if estimator is not None:
        return bool(is_regressor(estimator))
    return str(type_of_target(y, input_name="y")).startswith("continuous")


def checked_rows(search: Any, X: Any, y: Any, groups: Any, sample_weight: Any) -> Rows:
    """Check the data of a call of ``fit``, and note names and number of the features.

    Raises:
        ValueError: the data cannot be used, in scikit-learn's words where it has some.
        TypeError: a column of a frame holds values of several types.
    """
    frame = _frame_to_encode(X)
    names = _target_names(y)
    if frame is None:
        inputs, targets = validate_data(
            search, X, y, dtype=np.float64, order="C", multi_output=True, ensure_min_samples=2, accept_sparse="csr"
        )
    else:
        validate_data(search, X, skip_check_array=True)
        inputs = frame
        _, targets = check_X_y(np.zeros((len(frame), 1)), y, multi_output=True, ensure_min_samples=2, estimator=search)
    if predicts_numbers(search.estimator, targets):
        targets = np.asarray(targets, dtype=np.float64)
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = column_or_1d(targets, warn=True)
    weights = None
    if sample_weight is not None:
        weights = check_sample_weight(sample_weight, targets, dtype=np.float64)
    labels = targets.astype(str) if targets.dtype == object else targets
    features = tuple(map(str, getattr(search, "feature_names_in_", ())))
    features = features or tuple(f"x{place}" for place in range(search.n_features_in_))
    shown = inputs
    if issparse(inputs):
        inputs = np.ascontiguousarray(shown.toarray())

    def kept(splits: Splits | None) -> KeptRows:
        columns = () if frame is None else columns_of(frame, categorical_columns(X))
        return KeptRows(
            names=tuple(frame.columns) if frame is not None else features,
            targets=_named_apart(names, targets, features if frame is None else tuple(frame.columns)),
            X=shown if frame is None else None,
            columns=columns,
            y=labels,
            sample_weight=weights,
            splits=splits,
        )

    return Rows(X=inputs, y=targets, groups=groups, sample_weight=weights, kept=kept)


def rows_of(kept: KeptRows) -> Rows:
    """Return rows that a run keeps."""
    if kept.columns:
        X: Any = frame_of(kept.columns)
    else:
        X = kept.X if isinstance(kept.X, np.ndarray) else np.ascontiguousarray(kept.X.toarray())
    return Rows(X=X, y=kept.y, groups=None, sample_weight=kept.sample_weight, kept=lambda _: kept)


def _frame_to_encode(X: Any) -> Any:
    """Return a frame that has to be encoded; None for numbers, which scikit-learn's checks take."""
    if not is_frame(X):
        return None
    frame = plain_frame(X)
    return None if frame.shape[1] == 0 or is_numeric(frame) else frame


def _target_names(y: Any) -> tuple[str, ...]:
    columns = getattr(y, "columns", None)
    if columns is not None:
        return tuple(map(str, columns))
    name = getattr(y, "name", None)
    return (name,) if isinstance(name, str) and name.strip() else ()


def _named_apart(names: tuple[str, ...], y: NDArray[Any], inputs: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name for each target that no input has."""
    count = 1 if y.ndim == 1 else y.shape[1]
    if len(names) == count and len(set(names)) == count and not set(names) & set(inputs):
        return names
    found = ["y"] if count == 1 else [f"y{place}" for place in range(count)]
    while set(found) & set(inputs):
        found = [f"{name}_" for name in found]
    return tuple(found)
