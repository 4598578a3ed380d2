"""Comparison of ``auto`` in float32 with ``auto`` in float64: sizes, regret, and time. Both are timed in turn."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from grids import FOLDS, Grid, fit, fold_seed, folds_of, kept
from kept_files import keep_arrays, kept_path
from numpy.typing import NDArray
from rules import Search, auto
from study_tables import true_scores
from tasks import Task

_NAMES = "scores", "seconds", "seconds_of_float64"

Arrays = dict[str, NDArray[np.float64]]


def tasks_of_precision(every: Sequence[Task]) -> list[Task]:
    """Return article 1, every fourth teacher and every fourth table."""
    groups = [[task for task in every if task.group == group] for group in ("teachers", "tables")]
    article = [task for task in every if task.group == "article"]
    return article + [task for group in groups for task in group[1::4]]


def kept_precision(task: Task) -> Arrays:
    """Return what is computed; the first axis counts searches, the others are folds and sizes."""
    path = kept_path(task, "precision")
    if not path.exists():
        return {}
    with np.load(path) as arrays:
        return {name: arrays[name].astype(float) for name in _NAMES}


def compute_precision(task: Task) -> Iterator[int]:
    """Compute and keep the searches of a task that are missing; yield the number of each."""
    found: dict[str, list[Any]] = {name: list(part) for name, part in kept_precision(task).items()}
    found = found or {name: [] for name in _NAMES}
    for search in range(len(found["scores"]), task.searches):
        for name, part in zip(_NAMES, _fits(task, search), strict=True):
            found[name].append(part)
        keep_arrays(
            kept_path(task, "precision"),
            scores=np.array(found["scores"]),
            **{name: np.array(found[name], dtype=np.float32) for name in _NAMES[1:]},
        )
        yield search


def _fits(task: Task, search: int) -> list[NDArray[np.float64]]:
    """Return scores and seconds in float32, and seconds in float64, of the sizes that auto may find."""
    parts = [np.full((FOLDS, len(task.all_sizes)), np.nan) for _ in _NAMES]
    sample = task.draw(search)
    for fold, rows in enumerate(folds_of(task, sample)):
        for number, size in enumerate(task.all_sizes):
            if size in task.found_sizes:
                seed = fold_seed(search, fold)
                parts[0][fold, number], parts[1][fold, number] = fit(task, rows, (size,), seed, "float32")
                parts[2][fold, number] = fit(task, rows, (size,), seed)[1]
    return parts


def precision_table(every: Sequence[Task]) -> str:
    """Regret of ``auto`` in both precisions, the time ratio, and how often both recommend the same size."""
    lines = []
    for group in ("teachers", "tables", "article"):
        rows = [_row(task) for task in tasks_of_precision(every) if task.group == group and kept_precision(task)]
        if rows:
            lines.append(
                f"{group + ', ' + str(len(rows)) + ' tasks':30}{np.mean([r[0] for r in rows]):9.3f}"
                f"{np.mean([r[1] for r in rows]):9.3f}{np.mean([r[2] for r in rows]):11.0%}"
                f"{np.exp(np.mean([np.log(r[3]) for r in rows])):12.2f}"
            )
    if not lines:
        return ""
    head = f"{'auto: regret, sd':30}{'float64':>9}{'float32':>9}{'same size':>11}{'time ratio':>12}"
    return "\n".join([head, *lines, ""])


def _row(task: Task) -> tuple[float, float, float, float]:
    grids, found = kept(task), kept_precision(task)
    truth, spread = true_scores(task, grids)
    best = max(truth[size] for size in task.sizes)
    regrets: tuple[list[float], list[float]] = [], []
    same, seconds = [], np.zeros(2)
    for grid, scores, *times in zip(grids, *(found[name] for name in _NAMES), strict=False):
        exact, single = (
            auto(Search(task=task, grid=Grid(common=grid.common, by_fold=by_fold, seconds=time, truth=grid.truth)))
            for by_fold, time in ((grid.by_fold, times[1]), (scores, times[0]))
        )
        for place, verdict in enumerate((exact, single)):
            regrets[place].append((best - truth[verdict.size]) / spread)
            seconds[place] += verdict.seconds
        same.append(exact.size == single.size)
    return float(np.mean(regrets[0])), float(np.mean(regrets[1])), float(np.mean(same)), float(seconds[0] / seconds[1])
