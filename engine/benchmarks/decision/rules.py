"""The rules that the study compares, each applied to the kept fits of one search."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from grids import FOLDS, Grid
from numpy.typing import NDArray
from tasks import Task

from nnsize_engine.results.decision import decide
from nnsize_engine.results.race import ERRORS_TO_DROP_OF_GRID, Race, RaceSettings, race


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule says of one search."""

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
    settings = RaceSettings(folds=FOLDS, max_neurons=search.task.most, is_bounded=_is_bounded(search.task))
    return _race(settings, search, search.grid.by_fold)


def raced(search: Search) -> Verdict:
    """``--race``: the whole grid, and sizes dropped on the way."""
    settings = RaceSettings(
        folds=FOLDS,
        max_neurons=max(search.task.sizes),
        sizes=tuple(search.task.sizes),
        errors_to_drop=ERRORS_TO_DROP_OF_GRID,
        slack_share=1.0,
        is_bounded=_is_bounded(search.task),
    )
    return _race(settings, search, search.grid.common)


def _is_bounded(task: Task) -> bool:
    return task.scoring != "neg_log_loss"


def run_race(settings: RaceSettings, score: Callable[[int, int], float]) -> tuple[Race, dict[tuple[int, int], float]]:
    """Return the end of a race and its scores; ``score`` gives that of a size on a fold."""
    cells: dict[tuple[int, int], float] = {}
    now = race(settings, cells)
    while now.wanted:
        cells |= {(size, fold): score(size, fold) for size, fold in now.wanted}
        now = race(settings, cells)
    return now, cells


def _race(settings: RaceSettings, search: Search, scores: NDArray[np.float64]) -> Verdict:
    now, cells = run_race(settings, lambda size, fold: float(scores[fold, search.column(size)]))
    seconds = sum(float(search.grid.seconds[fold, search.column(size)]) for size, fold in cells)
    assert now.recommended is not None
    return Verdict(size=now.recommended, fits=len(cells), seconds=seconds)


RULES: Mapping[str, Rule] = {
    "largest mean (argmax)": argmax,
    "one standard error": one_standard_error,
    "paired one standard error": paired_standard_error,
    "smoothed, small slack": smoothed,
    "the same, a seed a fold": smoothed_by_fold,
    "--race": raced,
    "--neurons auto": auto,
}
