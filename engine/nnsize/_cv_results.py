"""The fits of a search as the ``cv_results_`` of scikit-learn's searches."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.runs.view import SizeView

Table = NDArray[np.float64]
"""One number for each candidate and split, shape (candidates, splits); NaN where a fit is missing or failed."""


def cv_results(
    candidates: Sequence[Candidate],
    fits: Sequence[FitResult],
    splits: int,
    scorings: Sequence[str],
    *,
    names: Mapping[str, str] | None = None,
    has_training_scores: bool,
) -> dict[str, Any]:
    """Return the columns of ``GridSearchCV`` for the candidates, in their order.

    ``names`` has the scoring of each name that columns shall have; None to name them by several scorings themselves,
    and those of a single one ``score``.
    """
    if names is None:
        names = {"score": scorings[0]} if len(scorings) == 1 else {name: name for name in scorings}
    rows = {candidate.number: row for row, candidate in enumerate(candidates)}
    tables = {name: np.full((len(rows), splits), np.nan) for name in ("fit_time", "score_time")}
    tests, trains = ({name: np.full((len(rows), splits), np.nan) for name in scorings} for _ in range(2))
    for fit in fits:
        if fit.candidate not in rows:
            continue
        place = rows[fit.candidate], fit.fold
        tables["fit_time"][place], tables["score_time"][place] = fit.fit_seconds, fit.score_seconds
        scores = [(fit.test_score, fit.train_score), *((score.test, score.train) for score in fit.further)]
        for name, (test, train) in zip(scorings, scores, strict=False):  # a failed fit has no further scores
            tests[name][place] = np.nan if test is None else test
            trains[name][place] = np.nan if train is None else train
    found: dict[str, Any] = {}
    for name, table in tables.items():
        found |= {f"mean_{name}": _mean(table), f"std_{name}": _std(table)}
    found |= _parameter_columns(candidates)
    for name, scoring in names.items():
        table = tests[scoring]
        found |= _score_columns(f"test_{name}", table) | {f"rank_test_{name}": _ranks(_mean(table))}
        if has_training_scores:
            found |= _score_columns(f"train_{name}", trains[scoring])
    return found


def _parameter_columns(candidates: Sequence[Candidate]) -> dict[str, Any]:
    params = [
        dict(sorted({"hidden_layer_sizes": one.hidden_layer_sizes, **dict(one.parameters)}.items()))
        for one in candidates
    ]
    found: dict[str, Any] = {}
    for name in params[0] if params else ("hidden_layer_sizes",):
        column = np.ma.MaskedArray(np.empty(len(params), dtype=object), mask=False)
        column[:] = np.fromiter((one[name] for one in params), dtype=object, count=len(params))
        found[f"param_{name}"] = column
    return found | {"params": params}


def results_of_view(view: SizeView) -> dict[str, Any]:
    """Return the columns for the candidates of a run that have a finished fit, with the scores on training rows."""
    done = [(summary.candidate, fits) for summary in view.summaries if (fits := [fit for fit in summary.fits if fit])]
    return cv_results(
        [candidate for candidate, _ in done],
        [fit for _, fits in done for fit in fits],
        view.settings.splits,
        view.settings.scorings,
        has_training_scores=True,
    )


def _score_columns(name: str, table: Table) -> dict[str, Any]:
    columns: dict[str, Any] = {f"split{split}_{name}": table[:, split] for split in range(table.shape[1])}
    return columns | {f"mean_{name}": _mean(table), f"std_{name}": _std(table)}


def _mean(table: Table) -> Table:
    means: Table = table.mean(axis=1)
    return means


def _std(table: Table) -> Table:
    deviations: Table = np.sqrt(((table - _mean(table)[:, np.newaxis]) ** 2).mean(axis=1))
    return deviations


def _ranks(means: Table) -> NDArray[np.int32]:
    """Return the ranks, from 1; equal means have the same, and candidates without a mean the last one."""
    if np.isnan(means).all():
        return np.ones(len(means), dtype=np.int32)
    known: Table = np.nan_to_num(means, nan=np.nanmin(means) - 1)
    return rankdata(-known, method="min").astype(np.int32)
