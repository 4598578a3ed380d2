"""Fits against ``GridSearchCV``."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from nnsize_engine.data import load_split
from nnsize_engine.records import FitResult
from nnsize_engine.search import final_test, plan, run_fits
from nnsize_engine.selection import choose, ranks, summarise_all
from nnsize_engine.settings import SizeSettings
from support.grid_search import grid_search, held_out_score

SEARCHES = {
    "wine": SizeSettings(data="wine", neurons="4:20:4", cv=3, scoring="accuracy"),
    "diabetes": SizeSettings(data="diabetes", neurons="log:4:64:4", scoring="r2", seed=3),
    "two layers": SizeSettings(data="iris", neurons="8x4,4", cv=3, scoring="neg_log_loss", test_size=40, split_seed=1),
    "synthetic": SizeSettings(data="synthetic", neurons="5,30", cv=4, scoring="neg_mean_absolute_error"),
}


def _run(settings: SizeSettings) -> Iterator[FitResult]:
    search = plan(settings, load_split(settings))
    return run_fits(search, frozenset(), 2, threading.Event())


@pytest.mark.parametrize("settings", SEARCHES.values(), ids=SEARCHES)
def test_every_fold_score_rank_and_the_final_test_equal_grid_search(settings: SizeSettings) -> None:
    search = plan(settings, load_split(settings))
    fits = list(run_fits(search, frozenset(), 2, threading.Event()))
    summaries = summarise_all(search.candidates, fits, settings.cv)
    expected = grid_search(settings)
    results = expected.cv_results_
    for fold in range(settings.cv):
        ours = [summary.scores[fold] for summary in summaries]
        np.testing.assert_allclose(np.array(ours, float), results[f"split{fold}_test_score"], rtol=0, atol=1e-9)
        train = [fit.train_score for summary in summaries if (fit := summary.fits[fold]) is not None]
        np.testing.assert_allclose(np.array(train, float), results[f"split{fold}_train_score"], rtol=0, atol=1e-9)
    means = np.array([summary.mean for summary in summaries], float)
    np.testing.assert_allclose(means, results["mean_test_score"], rtol=0, atol=1e-9)
    assert ranks(summaries) == results["rank_test_score"].tolist()
    choice = choose(summaries)
    assert choice is not None
    assert choice.best.number == expected.best_index_
    final = final_test(search, choice.best)
    assert final.test_score == pytest.approx(held_out_score(expected, settings), rel=0, abs=1e-9)


def test_fits_come_fold_by_fold_and_end_early_when_halted() -> None:
    settings = SizeSettings(data="iris", neurons="2,3", cv=4, scoring="accuracy")
    search = plan(settings, load_split(settings))
    halt = threading.Event()
    fits = []
    for fit in run_fits(search, {(0, 0)}, 1, halt):
        fits.append((fit.candidate, fit.fold))
        if len(fits) == 3:
            halt.set()
    assert fits == [(1, 0), (0, 1), (1, 1)]


def test_a_score_that_is_not_a_number_is_a_failed_fit_with_the_reason() -> None:
    # One row a class and fold leaves folds whose recall is fine but whose precision for one class is undefined is not
    # an error; a gamma deviance with a prediction below zero is.
    settings = SizeSettings(data="synthetic", neurons="1", cv=2, scoring="neg_mean_gamma_deviance", seed=1)
    fits = list(_run(settings))
    assert all(fit.test_score is None and fit.error and "strictly positive" in fit.error for fit in fits)
