"""Compute the fold scores of every search once, and keep them: every rule is judged on the same fits."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
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
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """All fits of one search."""

    common: NDArray[np.float64]
    """Test scores with one seed for all folds, shape (folds, sizes)."""

    by_fold: NDArray[np.float64]
    """Test scores with a seed of its own for every fold."""

    seconds: NDArray[np.float64]
    """Training and scoring time of the fits of `by_fold`."""

    truth: NDArray[np.float64]
    """Score on rows of the truth after training on all rows of the search, by size."""


def kept(task: Task) -> list[Grid]:
    """Return the searches of a task that are computed."""
    path = _path(task)
    if not path.exists():
        return []
    with np.load(path) as arrays:
        parts = {name: arrays[name].astype(float) for name in ("common", "by_fold", "seconds", "truth")}
    return [Grid(**{name: part[number] for name, part in parts.items()}) for number in range(len(parts["truth"]))]


def compute(task: Task) -> Iterator[int]:
    """Compute and keep the searches of a task that are missing; yield the number of each."""
    grids = kept(task)
    for search in range(len(grids), task.searches):
        grids.append(_grid(task, search))
        _path(task).parent.mkdir(exist_ok=True)
        names = ("common", "by_fold", "seconds", "truth")
        draft = _path(task).with_suffix(".draft.npz")
        arrays: dict[str, Any] = {name: np.array([getattr(grid, name) for grid in grids]) for name in names}
        np.savez_compressed(draft, **arrays)
        draft.rename(_path(task))
        yield search


def _path(task: Task) -> Path:
    return RESULTS / f"{''.join(sign if sign.isalnum() else '-' for sign in task.name)}.npz"


def _grid(task: Task, search: int) -> Grid:
    sample, seed = task.draw(search), search
    splitter = KFold(FOLDS) if task.task == "regression" else StratifiedKFold(FOLDS)
    shape = FOLDS, len(task.sizes)
    common, by_fold, seconds = np.empty(shape), np.empty(shape), np.empty(shape)
    for fold, (train, test) in enumerate(splitter.split(sample.X, sample.y)):
        rows = Sample(X=sample.X[train], y=sample.y[train], X_truth=sample.X[test], y_truth=sample.y[test])
        for number, size in enumerate(task.sizes):
            common[fold, number], _ = _fit(task, rows, size, seed)
            by_fold[fold, number], seconds[fold, number] = _fit(task, rows, size, 1000 + FOLDS * seed + fold)
    return Grid(common=common, by_fold=by_fold, seconds=seconds, truth=_truth(task, sample, search))


def _truth(task: Task, sample: Sample, search: int) -> NDArray[np.float64]:
    """Score by size after training on all rows of the search; of article 1, the mean over five shuffled folds."""
    splits = [sample]
    if task.group == "article":
        shuffled = StratifiedKFold(FOLDS, shuffle=True, random_state=search).split(sample.X, sample.y)
        splits = [
            Sample(X=sample.X[train], y=sample.y[train], X_truth=sample.X[test], y_truth=sample.y[test])
            for train, test in shuffled
        ]
    seeds = [500_000 + FOLDS * search + number for number in range(len(splits))]
    return np.array(
        [
            np.mean([_fit(task, one, size, seed)[0] for one, seed in zip(splits, seeds, strict=True)])
            for size in task.sizes
        ]
    )


def _fit(task: Task, sample: Sample, size: int, seed: int) -> tuple[float, float]:
    """Score and seconds of one fit, as `nnsize size` computes it."""
    began = time.perf_counter()
    scaler = StandardScaler().fit(sample.X)
    rows = read_rows(scaler.transform(sample.X), sample.y, task=task.task)
    parameters = NetworkParameters(hidden_layer_sizes=(size,), random_state=seed)
    try:
        network = train_rows(rows, parameters)
    except FitError:
        return float("nan"), time.perf_counter() - began
    X_truth: Array = np.ascontiguousarray(scaler.transform(sample.X_truth))
    return score(network, X_truth, sample.y_truth, task.scoring), time.perf_counter() - began
