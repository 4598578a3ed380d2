"""The rules that the study compares, each applied to the kept fits of one search."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from grids import FOLDS, Grid
from numpy.typing import NDArray

from nnsize_engine.results.decision import decide
from nnsize_engine.results.grid_race import Cell, race
from nnsize_engine.results.race import RaceSettings
from nnsize_engine.results.records import Candidate
from nnsize_engine.settings.layer_sizes import auto_sizes

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule says of one search."""

    size: int
    """Index of the chosen size."""

    fits: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search of the study, with the scores of all its fits."""

    grid: Grid
    sizes: Sequence[int]
    scoring: str


Rule = Callable[[Search], Verdict]


def _whole(grid: Grid, size: int) -> Verdict:
    return Verdict(size=size, fits=grid.seconds.size, seconds=float(grid.seconds.sum()))


def argmax(search: Search) -> Verdict:
    """The largest mean, as GridSearchCV's ``best_params_``."""
    return _whole(search.grid, int(np.argmax(search.grid.common.mean(axis=0))))


def one_standard_error(search: Search) -> Verdict:
    """The smallest size within one standard error of the largest mean (Breiman and others, 1984)."""
    means = search.grid.common.mean(axis=0)
    best = int(np.argmax(means))
    error = search.grid.common[:, best].std(ddof=1) / math.sqrt(FOLDS)
    return _whole(search.grid, int(np.argmax(means >= means[best] - error)))


def paired_standard_error(search: Search) -> Verdict:
    """The smallest size whose difference to the best is within one standard error of that difference."""
    best = int(np.argmax(search.grid.common.mean(axis=0)))
    differences = search.grid.common[:, [best]] - search.grid.common
    errors = differences.std(axis=0, ddof=1) / math.sqrt(FOLDS)
    return _whole(search.grid, int(np.argmax(differences.mean(axis=0) <= errors)))


def smoothed(search: Search) -> Verdict:
    """The rule of the product."""
    return _whole(
        search.grid, decide([(size,) for size in search.sizes], search.sizes, search.grid.common.tolist()).recommended
    )


def smoothed_by_fold(search: Search) -> Verdict:
    """The same rule where every fold has a seed of its own."""
    return _whole(
        search.grid, decide([(size,) for size in search.sizes], search.sizes, search.grid.by_fold.tolist()).recommended
    )


def auto(search: Search) -> Verdict:
    """``--neurons auto``: sizes found while the search goes on; those that the grid lacks are the nearest it has."""
    log_sizes = np.log2(search.sizes)
    sizes = auto_sizes(max(search.sizes))
    nearest = [int(np.argmin(np.abs(log_sizes - math.log2(size)))) for size in sizes]
    return _raced(search, sizes, search.grid.by_fold[:, nearest], nearest, finds_sizes=True)


def raced(search: Search) -> Verdict:
    """``--race``: the whole grid, and sizes dropped on the way."""
    return _raced(search, search.sizes, search.grid.common, range(len(search.sizes)), finds_sizes=False)


def _raced(
    search: Search, sizes: Sequence[int], scores: Scores, places: Sequence[int], *, finds_sizes: bool
) -> Verdict:
    """Run a race over these sizes; ``places`` are the sizes of the grid whose scores they have."""
    settings = RaceSettings(folds=FOLDS, finds_sizes=finds_sizes, is_bounded=search.scoring != "neg_log_loss")
    candidates = [Candidate(number=i, hidden_layer_sizes=(size,), weights=size) for i, size in enumerate(sizes)]
    cells: dict[Cell, float | None] = {}
    while (now := race(settings, candidates, cells)).wanted:
        cells |= {(number, fold): float(scores[fold, number]) for number, fold in now.wanted}
    seconds = sum(float(search.grid.seconds[fold, places[number]]) for number, fold in cells)
    assert now.decision is not None
    return Verdict(size=places[now.decision.recommended], fits=len(cells), seconds=seconds)


RULES: Mapping[str, Rule] = {
    "largest mean (argmax)": argmax,
    "one standard error": one_standard_error,
    "paired one standard error": paired_standard_error,
    "smoothed, small slack": smoothed,
    "the same, a seed a fold": smoothed_by_fold,
    "--race": raced,
    "--neurons auto": auto,
}
