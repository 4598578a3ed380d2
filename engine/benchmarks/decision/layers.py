"""Searches over one and two hidden layers: whether smoothing over both layers recommends well."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from grids import FOLDS, fit, fold_seed, folds_of, truth_of
from kept_files import keep_arrays, kept_path
from numpy.typing import NDArray
from tasks import Task

from nnsize_engine.results.decision import decide
from nnsize_engine.settings.layer_sizes import count_weights

WIDTHS = 4, 8, 16, 32

CANDIDATES: Sequence[tuple[int, ...]] = [*((one,) for one in WIDTHS), *product(WIDTHS, WIDTHS)]

TASKS = (
    "teacher of 2, 4 inputs, 150 rows, classes",
    "teacher of 8, 4 inputs, 150 rows, numbers",
    "teacher of 8, 8 inputs, 300 rows, numbers",
    "teacher of 32, 8 inputs, 300 rows, classes",
    "wine, alcohol from the other columns",
    "diabetes",
)

_NAMES = "common", "by_fold", "truth"

Arrays = dict[str, NDArray[np.float64]]


def kept_layers(task: Task) -> Arrays:
    """Return the scores of the searches that are computed; the first axis counts searches, the last candidates."""
    path = kept_path(task, "layers")
    if not path.exists():
        return {}
    with np.load(path) as arrays:
        return {name: arrays[name] for name in _NAMES}


def compute_layers(task: Task) -> Iterator[int]:
    """Compute and keep the searches of a task that are missing; yield the number of each."""
    found: dict[str, list[Any]] = {name: list(part) for name, part in kept_layers(task).items()}
    found = found or {name: [] for name in _NAMES}
    for search in range(len(found["truth"]), task.searches):
        sample = task.draw(search)
        common, by_fold = (np.empty((FOLDS, len(CANDIDATES))) for _ in range(2))
        for fold, rows in enumerate(folds_of(task, sample)):
            for number, layers in enumerate(CANDIDATES):
                common[fold, number], _ = fit(task, rows, layers, search)
                by_fold[fold, number], _ = fit(task, rows, layers, fold_seed(search, fold))
        truth = np.array([truth_of(task, sample, layers, search) for layers in CANDIDATES]).mean(axis=1)
        for name, part in zip(_NAMES, (common, by_fold, truth), strict=True):
            found[name].append(part)
        keep_arrays(kept_path(task, "layers"), **{name: np.array(parts) for name, parts in found.items()})
        yield search


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    regret: float
    is_adequate: float
    weights: float
    """Weights of the chosen network by those of the argmax, as a binary logarithm."""


def layers_table(every: Sequence[Task]) -> str:
    """Regret, adequacy and size of the rules on searches over two layers."""
    chosen = [(task, found) for task in every if task.name in TASKS and len(found := kept_layers(task)) > 0]
    if not chosen:
        return ""
    lines = [
        f"one and two hidden layers, {len(CANDIDATES)} candidates: {len(chosen)} tasks, "
        f"{sum(len(found['truth']) for _, found in chosen)} searches",
        "",
        f"{'rule':30}{'regret, sd':>16}{'adequate':>10}{'weights/argmax':>16}",
    ]
    rules = ("largest mean (argmax)", "one standard error", "smoothed over both layers", "the same, a seed a fold")
    for rule in rules:
        rows = [_row(rule, task, found) for task, found in chosen]
        regrets = [row.regret for row in rows]
        error = np.std(regrets, ddof=1) / math.sqrt(len(regrets)) if len(regrets) > 1 else math.nan
        lines.append(
            f"{rule:30}{np.mean(regrets):9.2f} ± {error:4.2f}{np.mean([row.is_adequate for row in rows]):10.0%}"
            f"{np.exp2(np.mean([row.weights for row in rows])):16.2f}"
        )
    return "\n".join([*lines, ""])


def _row(rule: str, task: Task, found: Arrays) -> _Row:
    scores = found["truth"]
    truth = scores.mean(axis=0)
    inner = scores - scores.mean(axis=1, keepdims=True) - truth + truth.mean()
    spread = float(np.median(inner.std(axis=0)) * np.sqrt(len(scores) / (len(scores) - 1)))
    weights = _weights(task)
    name = "by_fold" if rule == "the same, a seed a fold" else "common"
    places = [_choose(rule, one, weights) for one in found[name]]
    losses = truth.max() - truth[places]
    best = [int(np.argmax(one.mean(axis=0))) for one in found["common"]]
    return _Row(
        regret=float(np.mean(losses / spread)),
        is_adequate=float(np.mean(losses <= spread)),
        weights=float(np.mean(np.log2([weights[p] / weights[b] for p, b in zip(places, best, strict=True)]))),
    )


def _weights(task: Task) -> list[int]:
    inputs = task.draw(0).X.shape[1]
    return [count_weights((inputs, *layers, 1)) for layers in CANDIDATES]


def _choose(rule: str, scores: NDArray[np.float64], weights: Sequence[int]) -> int:
    """Return the place of the candidate that a rule chooses; all tasks here have one output."""
    means = scores.mean(axis=0)
    best = int(np.argmax(means))
    match rule:
        case "largest mean (argmax)":
            return best
        case "one standard error":
            error = scores[:, best].std(ddof=1) / math.sqrt(FOLDS)
            return min(np.flatnonzero(means >= means[best] - error).tolist(), key=lambda number: weights[number])
        case "smoothed over both layers" | "the same, a seed a fold":
            return decide(CANDIDATES, weights, scores.tolist()).recommended
        case _:
            raise ValueError(f"the rule is {rule!r}")
