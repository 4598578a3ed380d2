"""Rows of a fit as networks get them: scaled or encoded by its training rows alone, shared by all fits of a fold."""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsize_engine.data.encode import Encoder, TableRows
from nnsize_engine.data.scalers import affine_facts, new_scaler
from nnsize_engine.data.split import Floats, Inputs, Split, Targets
from nnsize_engine.data.table import Rows
from nnsize_engine.network.training_rows import TrainingRows, read_rows
from nnsize_engine.search.folds import Fold
from nnsize_engine.settings.search import SizeSettings

if TYPE_CHECKING:  # it loads the compiler, which the process of the references does not need
    from nnsize_engine.network.fitted import ChunkedInputs

MAX_SHARED_BYTES = 64_000_000
"""Size of the inputs of a fold above which only one fold is in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitRows:
    """Rows of one fit, scaled or encoded by its training rows; all candidates of a fold share them."""

    train: TrainingRows
    y_train: Targets
    X_test: "Floats | ChunkedInputs"
    """Test inputs in the precision of the training, shape (test rows, inputs). There may be no test rows."""

    y_test: Targets
    mean: Floats = field(default_factory=lambda: np.empty(0))
    """Number subtracted from each input before the division; empty for an encoded table and where nothing is scaled."""

    scale: Floats = field(default_factory=lambda: np.empty(0))
    """Divisor of each input; empty as the means are."""

    scaler: Any = None
    """The fitted transformer of a matrix if it is no ``StandardScaler``; None otherwise."""

    is_fortran_order: bool = False
    """True if scikit-learn's pipeline would pass its inputs in Fortran order."""

    @property
    def is_large(self) -> bool:
        """True if further copies of the inputs would take much memory."""
        return self.train.inputs.nbytes > MAX_SHARED_BYTES

    def weighted(self, sample_weight: Floats | None) -> "FitRows":
        """Return the same rows with weights of the training rows, or themselves without."""
        return self if sample_weight is None else replace(self, train=self.train.weighted(sample_weight))

    @property
    def train_as_scikit_learn(self) -> TrainingRows:
        """Training rows in the memory order of scikit-learn's pipeline: the last bit of a sum depends on it."""
        return replace(self.train, inputs=np.asfortranarray(self.train.inputs)) if self.is_fortran_order else self.train


class LazilyEncodedRows:
    """Inputs of rows that are tested once: slices are encoded on demand and never in memory together."""

    is_chunked = True
    """Mark of :class:`ChunkedInputs`."""

    def __init__(self, encoder: Encoder, table: TableRows, precision: str) -> None:
        self._encoder = encoder
        self._table = table
        self._precision = precision

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, rows: slice, /) -> Floats:
        """Return some rows, encoded."""
        return self._encoder.transform(self._table.take(np.arange(len(self))[rows]), precision=self._precision)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        """Return all rows, encoded."""
        return np.asarray(self[:], dtype=dtype)


def make_rows(
    X_train: Inputs, y_train: Targets, X_test: Inputs, y_test: Targets, settings: SizeSettings, *, is_tested_once: bool
) -> FitRows:
    """Scale a matrix, or encode a table, by the training rows alone, as the first step of a pipeline does.

    ``is_tested_once`` tells that only one fit uses these rows; large test inputs are then encoded on demand.
    """
    task, precision = "regression" if settings.task == "regression" else "classification", settings.precision
    scale = settings.scaling_of_target
    if isinstance(X_train, TableRows):
        assert isinstance(X_test, TableRows)
        encoder = Encoder(X_train, scaler=settings.scaler)
        inputs = encoder.transform(X_train, precision=precision)
        train = read_rows(inputs, y_train, task=task, precision=precision, target_scale=scale)
        return FitRows(
            train=train,
            y_train=y_train,
            X_test=_encoded(
                encoder,
                X_test,
                precision,
                is_lazy=is_tested_once and train.inputs.nbytes > MAX_SHARED_BYTES,
            ),
            y_test=y_test,
            is_fortran_order=encoder.order == "F",
        )
    scaler = new_scaler(settings.scaler, len(X_train))
    scaled, tested = X_train, X_test
    if scaler is not None:
        scaled = scaler.fit_transform(X_train)
        tested = scaler.transform(X_test) if len(X_test) else X_test
    mean, scale_of_inputs = affine_facts(scaler)
    return FitRows(
        train=read_rows(scaled, y_train, task=task, precision=precision, target_scale=scale),
        y_train=y_train,
        X_test=np.ascontiguousarray(tested, dtype=precision),
        y_test=y_test,
        mean=mean,
        scale=scale_of_inputs,
        scaler=None if settings.scaler == "standard" else scaler,
    )


def _encoded(encoder: Encoder, table: TableRows, precision: str, *, is_lazy: bool) -> Floats | LazilyEncodedRows:
    """Return the encoded rows of a table, which may have none: scikit-learn transforms no empty table."""
    if not len(table):
        return np.empty((0, encoder.inputs), dtype=precision)
    return LazilyEncodedRows(encoder, table, precision) if is_lazy else encoder.transform(table, precision=precision)


class FoldRows:
    """Cache of the rows of folds, shared by all threads.

    Two folds are in memory: fits go fold by fold, and the next fold starts while the last fits of the one before are
    running. Of large folds only one is in memory, and the next fold waits for those fits.
    """

    def __init__(self, settings: SizeSettings, split: Split, folds: Sequence[Fold]) -> None:
        self._settings = settings
        self._split = split
        self._folds = folds
        itemsize = np.dtype(settings.precision).itemsize
        self._is_large = split.facts.train_rows * split.facts.inputs * itemsize > MAX_SHARED_BYTES
        self._kept: dict[int, FitRows] = {}
        self._users: Counter[int] = Counter()
        self._change = threading.Condition()

    def rows(self, fold: int) -> FitRows:
        """Return the rows of a fold."""
        with self._change:
            if fold not in self._kept:
                while len(self._kept) > (0 if self._is_large else 1):
                    del self._kept[next(iter(self._kept))]
                chosen, X, y = self._folds[fold], self._split.X_train, self._split.y_train
                self._kept[fold] = make_rows(
                    take_rows(X, chosen.train),
                    y[chosen.train],
                    take_rows(X, chosen.test),
                    y[chosen.test],
                    self._settings,
                    is_tested_once=False,
                ).weighted(take_weights(self._split.sample_weight, chosen.train))
            return self._kept[fold]

    @contextlib.contextmanager
    def used(self, fold: int) -> Iterator[FitRows]:
        """Lend the rows of a fold; wait until no fit uses another fold if only one can be in memory."""
        with self._change:
            if self._is_large:
                self._change.wait_for(lambda: self._users.total() == self._users[fold])
            self._users[fold] += 1
        try:
            yield self.rows(fold)
        finally:
            with self._change:
                self._users[fold] -= 1
                self._change.notify_all()

    def forget(self) -> None:
        """Free the memory of all rows."""
        with self._change:
            self._kept.clear()


def take_rows(X: Inputs, rows: Rows) -> Inputs:
    """Return some rows of the inputs."""
    return X.take(rows) if isinstance(X, TableRows) else X[rows]


def take_weights(sample_weight: Floats | None, rows: Rows) -> Floats | None:
    """Return the weights of some rows; None without weights."""
    return None if sample_weight is None else sample_weight[rows]
