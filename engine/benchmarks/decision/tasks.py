"""The study's tasks: teacher networks of known width, tables that scikit-learn ships, and article 1's search.

A task gives, for every search of it, rows to search on and rows that tell the truth. Teachers draw both anew. Half of
a table is searched, and the other half tells the truth. Article 1 has its own rows and 20 seeds; shuffled folds of the
same rows tell the truth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.model_selection import train_test_split

from nnsize_engine.settings.layer_sizes import auto_sizes, max_auto_neurons

Array = NDArray[Any]

SIZES = (2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128)
"""Half an octave apart."""

TRUTH_ROWS = 8_000
"""Rows of a teacher that tell the truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The rows of one search."""

    X: Array
    y: Array
    X_truth: Array
    y_truth: Array

    def split(self, train: Array, test: Array) -> "Sample":
        """Return the rows to train on, with others of this search as those that tell the truth."""
        return Sample(X=self.X[train], y=self.y[train], X_truth=self.X[test], y_truth=self.y[test])


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task of the study."""

    name: str
    group: str
    """``teachers``, ``tables`` or ``article``."""

    task: str
    """``classification`` or ``regression``."""

    scoring: str
    searches: int
    sizes: Sequence[int]
    """The grid, which all rules but ``auto`` choose from."""

    most: int
    """The largest size that ``auto`` may find."""

    draw: Callable[[int], Sample]
    """The rows of search number 0, 1, ..."""

    @property
    def found_sizes(self) -> tuple[int, ...]:
        """The sizes that ``auto`` may find."""
        return auto_sizes(self.most)

    @property
    def all_sizes(self) -> tuple[int, ...]:
        """The sizes of the grid and of ``auto``, in rising order."""
        return tuple(sorted({*self.sizes, *self.found_sizes}))


def all_tasks() -> list[Task]:
    """Every task, in the order in which they are computed."""
    return [_article(), *_teachers(), *_tables()]


def _most(rows: int) -> int:
    """Return the largest size that ``auto`` may find: that of the grid, so that both choose among the same sizes."""
    return min(max(SIZES), max_auto_neurons(rows))


def _teachers() -> list[Task]:
    tasks = []
    for width in (1, 2, 4, 8, 16, 32):
        for inputs, rows in ((4, 150), (8, 300), (16, 600)):
            tasks.append(_teacher("classification", width, inputs, rows, noise=1.0))
            tasks.append(_teacher("regression", width, inputs, rows, noise=0.5))
    tasks.append(_teacher("classification", 8, 8, 1000, noise=0.3))
    return tasks


def _teacher(task: str, width: int, inputs: int, rows: int, *, noise: float) -> Task:
    """Networks with one tanh layer: its output, standardised, with noise; for classes, its sign."""
    kind = "classes" if task == "classification" else "numbers"

    def draw(search: int) -> Sample:
        # The teacher is one network; rows are drawn anew for every search.
        teacher = np.random.RandomState(1000 * width + 10 * inputs + (task == "regression"))
        inner, shift = teacher.normal(0, 2 / np.sqrt(inputs), (inputs, width)), teacher.normal(0, 1, width)
        outer = teacher.normal(0, 1, width)
        drawn = np.random.RandomState(7919 * (search + 1) + width)
        X = drawn.normal(0, 1, (rows + TRUTH_ROWS, inputs))
        exact = np.tanh(X @ inner + shift) @ outer
        value = (exact - exact.mean()) / exact.std() + noise * drawn.normal(0, 1, len(X))
        y = (value > 0).astype(int) if task == "classification" else value
        return Sample(X=X[:rows], y=y[:rows], X_truth=X[rows:], y_truth=y[rows:])

    return Task(
        name=f"teacher of {width}, {inputs} inputs, {rows} rows, {kind}",
        group="teachers",
        task=task,
        scoring="roc_auc" if task == "classification" else "r2",
        searches=8,
        sizes=SIZES,
        most=_most(rows),
        draw=draw,
    )


def _tables() -> list[Task]:
    cancer, digits = datasets.load_breast_cancer(), datasets.load_digits()
    wine, iris, diabetes = datasets.load_wine(), datasets.load_iris(), datasets.load_diabetes()
    pair = np.isin(digits.target, (3, 8))
    size = (cancer.data[:, 3] - cancer.data[:, 3].mean()) / cancer.data[:, 3].std()
    return [
        _table("breast_cancer", cancer.data, cancer.target, "roc_auc"),
        _table("breast_cancer, 10 means", cancer.data[:, :10], cancer.target, "roc_auc"),
        _table(
            "breast_cancer, area from the other columns", np.delete(cancer.data, [2, 3, 0, 22, 23, 20], 1), size, "r2"
        ),
        _table("digits", digits.data, digits.target, "accuracy"),
        _table("digits, 400 rows", digits.data[:400], digits.target[:400], "neg_log_loss"),
        _table("digits, 3 or 8", digits.data[pair], (digits.target[pair] == 8).astype(int), "roc_auc"),
        _table("digits, even or odd", digits.data[:900], digits.target[:900] % 2, "roc_auc"),
        _table("wine", wine.data, wine.target, "neg_log_loss"),
        _table("wine, alcohol from the other columns", wine.data[:, 1:], _standardised(wine.data[:, 0]), "r2"),
        _table("iris", iris.data, iris.target, "neg_log_loss"),
        _table("iris, petal width from the other columns", iris.data[:, :3], _standardised(iris.data[:, 3]), "r2"),
        _table("diabetes", diabetes.data, _standardised(diabetes.target), "r2"),
    ]


def _standardised(y: Array) -> Array:
    return np.asarray((y - y.mean()) / y.std())


def _table(name: str, X: Array, y: Array, scoring: str) -> Task:
    is_regression = scoring == "r2"

    def draw(search: int) -> Sample:
        stratify = None if is_regression else y
        one, other, y_one, y_other = train_test_split(X, y, test_size=0.5, random_state=search, stratify=stratify)
        return Sample(X=one, y=y_one, X_truth=other, y_truth=y_other)

    return Task(
        name=name,
        group="tables",
        task="regression" if is_regression else "classification",
        scoring=scoring,
        searches=8,
        sizes=SIZES,
        most=_most(len(X) // 2),
        draw=draw,
    )


def _article() -> Task:
    cancer = datasets.load_breast_cancer()
    X, _, y, _ = train_test_split(cancer.data, cancer.target, test_size=0.33, random_state=42)
    # The search itself is always article 1's, and only seeds differ; the truth comes from other folds, see `grids`.
    sample = Sample(X=X, y=y, X_truth=X[:0], y_truth=y[:0])
    return Task(
        name="article 1",
        group="article",
        task="classification",
        scoring="roc_auc",
        searches=20,
        sizes=tuple(range(5, 100, 2)),
        most=max_auto_neurons(len(X)),
        draw=lambda _: sample,
    )
