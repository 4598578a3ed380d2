"""The rules that the study compares, each applied to the kept fits of one search."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from grids import FOLDS, Grid
from numpy.typing import NDArray
from tasks import Task

from nnsize_engine.results.decision import decide
from nnsize_engine.results.grid_race import Cell, race
from nnsize_engine.results.race import RaceSettings
from nnsize_engine.results.search_records import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of a rule for one search."""

    size: int
    """The chosen number of neurons."""

    fits: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """One search of the study, with the scores of all its fits."""

    task: Task
    grid: Grid

    def column(self, size: int) -> int:
        """Return the place of a size in the arrays of the fits."""
        return self.task.all_sizes.index(size)

    def of_grid(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the columns of the task's grid."""
        return values[:, [self.column(size) for size in self.task.sizes]]

    @property
    def common(self) -> NDArray[np.float64]:
        """Scores of the grid with one seed for all folds, shape (folds, sizes)."""
        return self.of_grid(self.grid.common)

    @property
    def grid_fits(self) -> int:
        """Fits of the whole grid."""
        return FOLDS * len(self.task.sizes)

    @property
    def grid_seconds(self) -> float:
        """Processor time of the whole grid."""
        return float(self.of_grid(self.grid.seconds).sum())


Rule = Callable[[Search], Verdict]


def _whole(search: Search, place: int) -> Verdict:
    return Verdict(size=search.task.sizes[place], fits=search.grid_fits, seconds=search.grid_seconds)


def argmax(search: Search) -> Verdict:
    """The largest mean, as GridSearchCV's ``best_params_``."""
    return _whole(search, int(np.argmax(search.common.mean(axis=0))))


def one_standard_error(search: Search) -> Verdict:
    """The smallest size within one standard error of the largest mean (Breiman and others, 1984)."""
    means = search.common.mean(axis=0)
    best = int(np.argmax(means))
    error = search.common[:, best].std(ddof=1) / math.sqrt(FOLDS)
    return _whole(search, int(np.argmax(means >= means[best] - error)))


def paired_standard_error(search: Search) -> Verdict:
    """The smallest size whose difference to the best is within one standard error of that difference."""
    best = int(np.argmax(search.common.mean(axis=0)))
    differences = search.common[:, [best]] - search.common
    errors = differences.std(axis=0, ddof=1) / math.sqrt(FOLDS)
    return _whole(search, int(np.argmax(differences.mean(axis=0) <= errors)))


def smoothed(search: Search) -> Verdict:
    """The rule of the product."""
    return _whole(search, _recommended(search.task.sizes, search.common))


def smoothed_by_fold(search: Search) -> Verdict:
    """The same rule where every fold has a seed of its own."""
    return _whole(search, _recommended(search.task.sizes, search.of_grid(search.grid.by_fold)))


def _recommended(sizes: Sequence[int], scores: NDArray[np.float64]) -> int:
    return decide([(size,) for size in sizes], sizes, scores.tolist()).recommended


def auto(search: Search) -> Verdict:
    """``--neurons auto``: sizes found while the search goes on."""
    return _raced(search, search.task.found_sizes, search.grid.by_fold, finds_sizes=True)


def raced(search: Search) -> Verdict:
    """``--race``: the whole grid, and sizes dropped on the way."""
    return _raced(search, search.task.sizes, search.grid.common, finds_sizes=False)


def _raced(search: Search, sizes: Sequence[int], scores: NDArray[np.float64], *, finds_sizes: bool) -> Verdict:
    """Run a race over these sizes."""
    is_bounded = search.task.scoring != "neg_log_loss"
    settings = RaceSettings(folds=FOLDS, finds_sizes=finds_sizes, is_bounded=is_bounded)
    candidates = [Candidate(number=i, hidden_layer_sizes=(size,), weights=size) for i, size in enumerate(sizes)]
    columns = [search.column(size) for size in sizes]
    cells: dict[Cell, float | None] = {}
    while (now := race(settings, candidates, cells)).wanted:
        cells |= {(number, fold): float(scores[fold, columns[number]]) for number, fold in now.wanted}
    seconds = sum(float(search.grid.seconds[fold, columns[number]]) for number, fold in cells)
    assert now.decision is not None
    return Verdict(size=sizes[now.decision.recommended], fits=len(cells), seconds=seconds)


RULES: Mapping[str, Rule] = {
    "largest mean (argmax)": argmax,
    "one standard error": one_standard_error,
    "paired one standard error": paired_standard_error,
    "smoothed, small slack": smoothed,
    "the same, a seed a fold": smoothed_by_fold,
    "--race": raced,
    "--neurons auto": auto,
}
