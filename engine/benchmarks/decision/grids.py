"""Compute the fold scores of every search once, and keep them: every rule is judged on the same fits."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from kept_files import keep_arrays, kept_path
from numpy.typing import NDArray
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import StandardScaler
from tasks import Array, Sample, Task

from nnsize_engine.errors import FitError
from nnsize_engine.network.train import train_rows
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.scoring.score import score
from nnsize_engine.settings.network import NetworkParameters

FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """The fits of one search, for every size of the task: those of its grid and those that ``auto`` may find."""

    common: NDArray[np.float64]
    """Test scores with one seed for all folds, shape (folds, sizes); NaN for sizes that only ``auto`` may find."""

    by_fold: NDArray[np.float64]
    """Test scores with a seed of its own for every fold."""

    seconds: NDArray[np.float64]
    """Processor time of training and scoring of the fits of `by_fold`."""

    truth: NDArray[np.float64]
    """Scores on rows of the truth after training on all rows of the search, shape (draws, sizes)."""


_NAMES = "common", "by_fold", "seconds", "truth"


def kept(task: Task) -> list[Grid]:
    """Return the searches of a task that are computed; none if they are of other sizes."""
    path = kept_path(task, "grids")
    if not path.exists():
        return []
    with np.load(path) as arrays:
        if arrays["sizes"].tolist() != list(task.all_sizes):
            return []
        parts = {name: arrays[name].astype(float) for name in _NAMES}
    return [Grid(**{name: part[number] for name, part in parts.items()}) for number in range(len(parts["truth"]))]


def compute(task: Task) -> Iterator[int]:
    """Compute and keep the searches of a task that are missing; yield the number of each."""
    grids = kept(task)
    for search in range(len(grids), task.searches):
        grids.append(_grid(task, search))
        arrays: dict[str, Any] = {name: np.array([getattr(grid, name) for grid in grids]) for name in _NAMES}
        arrays["seconds"] = arrays["seconds"].astype(np.float32)
        keep_arrays(kept_path(task, "grids"), sizes=np.array(task.all_sizes), **arrays)
        yield search


def folds_of(task: Task, sample: Sample) -> Iterator[Sample]:
    """Yield the training and the test rows of each fold, as the product makes them."""
    splitter = KFold(FOLDS) if task.task == "regression" else StratifiedKFold(FOLDS)
    for train, test in splitter.split(sample.X, sample.y):
        yield sample.split(train, test)


def fold_seed(search: int, fold: int) -> int:
    """Return the seed of a fold where every fold has its own."""
    return 1000 + FOLDS * search + fold


def _grid(task: Task, search: int) -> Grid:
    sample = task.draw(search)
    shape = FOLDS, len(task.all_sizes)
    common, by_fold, seconds = np.full(shape, np.nan), np.empty(shape), np.empty(shape)
    for fold, rows in enumerate(folds_of(task, sample)):
        for number, size in enumerate(task.all_sizes):
            if size in task.sizes:
                common[fold, number], _ = fit(task, rows, (size,), search)
            by_fold[fold, number], seconds[fold, number] = fit(task, rows, (size,), fold_seed(search, fold))
    truth = [truth_of(task, sample, (size,), search) for size in task.all_sizes]
    return Grid(common=common, by_fold=by_fold, seconds=seconds, truth=np.array(truth).T)


def truth_of(task: Task, sample: Sample, layers: Sequence[int], search: int) -> list[float]:
    """Return a network's scores after training on all rows of the search.

    Article 1 has no rows of the truth. Its scores are means over five shuffled folds, shuffled twice.
    """
    if task.group != "article":
        return [fit(task, sample, layers, 500_000 + FOLDS * search)[0]]
    means = []
    for draw in (search, 1000 + search):
        shuffled = StratifiedKFold(FOLDS, shuffle=True, random_state=draw).split(sample.X, sample.y)
        scores = [
            fit(task, sample.split(train, test), layers, 500_000 + FOLDS * draw + number)[0]
            for number, (train, test) in enumerate(shuffled)
        ]
        means.append(float(np.mean(scores)))
    return means


def fit(
    task: Task, sample: Sample, layers: Sequence[int], seed: int, precision: str = "float64"
) -> tuple[float, float]:
    """Score and processor seconds of one fit, as `nnsize size` computes it."""
    began = time.thread_time()
    scaler = StandardScaler().fit(sample.X)
    rows = read_rows(scaler.transform(sample.X), sample.y, task=task.task, precision=precision)
    parameters = NetworkParameters(hidden_layer_sizes=tuple(layers), random_state=seed)
    try:
        network = train_rows(rows, parameters)
    except FitError:
        return float("nan"), time.thread_time() - began
    X_truth: Array = np.ascontiguousarray(scaler.transform(sample.X_truth))
    return score(network, X_truth, sample.y_truth, task.scoring), time.thread_time() - began
