"""Fits against ``GridSearchCV``."""

import dataclasses
import threading
import warnings

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import StoreError
from nnsize_engine.network.estimator import new_estimator
from nnsize_engine.network.state_bytes import state_from_bytes, state_to_bytes
from nnsize_engine.network.train import start
from nnsize_engine.results.candidates import parameters_of
from nnsize_engine.results.choice import choose
from nnsize_engine.results.search_records import FinalTest, FitResult
from nnsize_engine.results.statistics import ranks, shared_statistics, summarise_all
from nnsize_engine.runner.events import Event
from nnsize_engine.search import search as searching
from nnsize_engine.search.events import FinishedFit, UnfinishedFit
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.fit import FitOutcome
from nnsize_engine.search.fold_rows import FoldRows
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.grid_search import grid_search, held_out_score

SEARCHES = {
    "wine": SizeSettings(data="wine", neurons="4:20:4", cv=3, scoring="accuracy"),
    "diabetes": SizeSettings(data="diabetes", neurons="log:4:64:4", scoring="r2", seed=3),
    "two layers": SizeSettings(data="iris", neurons="8x4,4", cv=3, scoring="neg_log_loss", test_size=40, split_seed=1),
    "target as it is": SizeSettings(data="diabetes", neurons="4,8", cv=3, scoring="r2", target_scale="none"),
    "synthetic": SizeSettings(data="synthetic", neurons="5,30", cv=4, scoring="neg_mean_absolute_error"),
}


def _fits(settings: SizeSettings) -> list[FitResult]:
    """Every fit of a search, to its end."""
    search = plan(settings, load_split(settings))
    ended = list(run_fits(search, frozenset(), {}, 2, threading.Event(), lambda _: None))
    assert all(isinstance(fit, FinishedFit) for fit in ended)
    results = [fit.result for fit in ended if isinstance(fit, FinishedFit)]
    return sorted(results, key=lambda fit: (fit.candidate, fit.fold))


@pytest.mark.parametrize("settings", SEARCHES.values(), ids=SEARCHES)
def test_every_fold_score_rank_and_the_final_test_equal_grid_search(settings: SizeSettings) -> None:
    search = plan(settings, load_split(settings))
    summaries = summarise_all(search.candidates, _fits(settings), settings.cv)
    expected = grid_search(settings)
    results = expected.cv_results_
    for fold in range(settings.cv):
        ours = [summary.scores[fold] for summary in summaries]
        np.testing.assert_allclose(np.array(ours, float), results[f"split{fold}_test_score"], rtol=0, atol=1e-9)
        train = [fit.train_score for summary in summaries if (fit := summary.fits[fold]) is not None]
        np.testing.assert_allclose(np.array(train, float), results[f"split{fold}_train_score"], rtol=0, atol=1e-9)
    means = np.array([summary.mean for summary in summaries], float)
    np.testing.assert_allclose(means, results["mean_test_score"], rtol=0, atol=1e-9)
    assert ranks(shared_statistics(summaries)) == results["rank_test_score"].tolist()
    choice = choose(summaries, shared_statistics(summaries))
    assert choice is not None
    assert choice.best.number == expected.best_index_
    final = final_test(search, choice.best, None, threading.Event(), lambda _: None)
    assert isinstance(final, FinalTest)
    assert final.test_score == pytest.approx(held_out_score(expected, settings), rel=0, abs=1e-9)


def test_fits_come_fold_by_fold_and_end_early_when_halted() -> None:
    settings = SizeSettings(data="iris", neurons="2,3", cv=4, scoring="accuracy")
    search = plan(settings, load_split(settings))
    halt = threading.Event()
    ended: list[tuple[type, int, int]] = []
    for fit in run_fits(search, {(0, 0)}, {}, 1, halt, lambda _: None):
        if isinstance(fit, FinishedFit):
            ended.append((FinishedFit, fit.result.candidate, fit.result.fold))
        else:
            ended.append((UnfinishedFit, fit.candidate, fit.fold))
        if len(ended) == 3:
            halt.set()
    assert ended == [(FinishedFit, 1, 0), (FinishedFit, 0, 1), (FinishedFit, 1, 1)]


def test_products_of_mini_batches_are_left_to_one_thread_because_several_wait_for_each_other() -> None:
    settings = SizeSettings(data="digits", neurons="50", cv=2, scoring="accuracy", jobs=1)
    search, halt = plan(settings, load_split(settings)), threading.Event()
    seen: list[int] = []

    def look(_: Event) -> None:
        seen.extend(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")
        halt.set()

    with threadpool_limits(limits=2, user_api="blas"):
        list(run_fits(search, (), {}, 1, halt, look))
        halt.clear()
        final_test(search, search.candidates[0], None, halt, look)
    assert seen
    assert set(seen) == {1}


LONG = SizeSettings(
    data="digits", neurons="150", cv=2, scoring="accuracy", network=NetworkParameters(max_iter=200, tol=0)
)


def test_a_fit_halted_in_its_middle_goes_on_exactly_there_also_through_a_file() -> None:
    search = plan(LONG, load_split(LONG))
    whole = sorted((fit.fold, fit.test_score, fit.train_score, fit.iterations) for fit in _fits(LONG))
    left: dict[tuple[int, int], UnfinishedFit] = {}
    finished: dict[tuple[int, int], FinishedFit] = {}
    stops = 0
    while len(finished) < 2:
        halt = threading.Event()
        for fit in run_fits(search, finished.keys(), left, 2, halt, lambda _, halt=halt: halt.set()):  # type: ignore[misc]
            if isinstance(fit, FinishedFit):
                finished[fit.result.candidate, fit.result.fold] = fit
            else:
                stops += 1
                kept = state_to_bytes(fit.state)
                state = state_from_bytes(kept, parameters_of(LONG, search.candidates[0], 0))
                left[fit.candidate, fit.fold] = dataclasses.replace(fit, state=state)
    results = [fit.result for fit in finished.values()]
    assert sorted((fit.fold, fit.test_score, fit.train_score, fit.iterations) for fit in results) == whole
    assert stops > 2
    assert all(len(fit.loss_curve) == 8 * (fit.result.iterations or 0) for fit in finished.values())


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04broken"])
def test_a_training_that_was_kept_badly_is_refused(content: bytes) -> None:
    with pytest.raises(StoreError, match="cannot be read back"):
        state_from_bytes(content, NetworkParameters())


def test_a_training_of_another_network_is_refused() -> None:
    settings = SizeSettings(data="iris", neurons="3,4", cv=2, scoring="accuracy")
    search = plan(settings, load_split(settings))
    small, large = (parameters_of(settings, candidate, 0) for candidate in search.candidates)
    kept = state_to_bytes(start(FoldRows(settings, search.split, search.folds).rows(0).train, small))
    with pytest.raises(StoreError, match="belongs to another network"):
        state_from_bytes(kept, large)


def test_values_that_overflow_are_failed_fits_with_scikit_learns_reason_and_the_others_go_on() -> None:
    network = NetworkParameters(solver="sgd", learning_rate_init=0.005, max_iter=50)
    settings = SizeSettings(
        data="diabetes", neurons="1,2,4,8", cv=2, scoring="r2", network=network, target_scale="none"
    )
    search = plan(settings, load_split(settings))
    scaled = FoldRows(settings, search.split, search.folds)
    fits = _fits(settings)
    for fit in fits:
        estimator = new_estimator(parameters_of(settings, search.candidates[fit.candidate], 0), "regression")
        rows = scaled.rows(fit.fold)
        reason = None
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                score = estimator.fit(rows.train.inputs, rows.y_train).score(rows.X_test, rows.y_test)
                if not np.isfinite(score):
                    reason = str(caught[-1].message)
            except ValueError as error:
                reason = " ".join(str(error).split())
        assert fit.error == reason
    reasons = {fit.error for fit in fits}
    assert None in reasons
    assert any(reason and reason.startswith("Solver produced non-finite parameter weights.") for reason in reasons)


def test_lbfgs_is_trained_by_scikit_learn_itself() -> None:
    network = NetworkParameters(solver="lbfgs", max_iter=30)
    settings = SizeSettings(data="wine", neurons="3,5", cv=2, scoring="accuracy", network=network)
    expected = grid_search(settings).cv_results_
    for fit in _fits(settings):
        assert fit.test_score == pytest.approx(expected[f"split{fit.fold}_test_score"][fit.candidate], abs=1e-9)


def test_float32_is_near_float64_and_a_choice() -> None:
    settings = SizeSettings(data="wine", neurons="8", cv=3, scoring="neg_log_loss")
    exact, near = _fits(settings), _fits(dataclasses.replace(settings, precision="float32"))
    for one, other in zip(exact, near, strict=True):
        assert one.test_score is not None
        assert other.test_score == pytest.approx(one.test_score, rel=1e-3)
        assert other.test_score != one.test_score


def test_a_score_that_is_not_a_number_is_a_failed_fit_with_the_reason() -> None:
    # A gamma deviance is not defined for a prediction below zero.
    settings = SizeSettings(
        data="synthetic", neurons="1", cv=2, scoring="neg_mean_gamma_deviance", seed=1, target_scale="none"
    )
    assert all(fit.test_score is None and fit.error and "strictly positive" in fit.error for fit in _fits(settings))


def test_a_worker_process_that_runs_out_of_memory_fails_its_fit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> FitOutcome:
        raise MemoryError

    monkeypatch.setattr(searching, "train_to_the_end", too_large)
    settings = SizeSettings(
        data="iris", neurons="3", cv=2, scoring="accuracy", network=NetworkParameters(solver="lbfgs")
    )
    planned = plan(settings, load_split(settings))
    rows = FoldRows(settings, planned.split, planned.folds).rows(0)
    fit = searching._fit_in_process((planned.candidates[0], 0, rows, settings))
    assert (fit.result.test_score, fit.result.error) == (None, "out of memory")
