"""Searches over several parameters and several seeds, from their fits to their tables, against ``GridSearchCV``."""

import contextlib
import json
import math
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnsize_engine.data.split import load_split
from nnsize_engine.export.kinds import make_table
from nnsize_engine.export.table_file import export_text
from nnsize_engine.export.tables import Table
from nnsize_engine.results.choice import best_per_size
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.view import SizeView
from nnsize_engine.runs.writer import add_fits
from nnsize_engine.search.events import FinishedFit, UnfinishedFit
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.grid_search import grid_search, grid_searches, held_out_score
from support.networks import quiet
from support.views import size_view

THREE = SizeSettings(
    data="iris",
    neurons="3,5x2",
    cv=3,
    scoring="accuracy",
    network=NetworkParameters(max_iter=80, learning_rate_init=0.01),
    grid=(("activation", ("tanh", "relu")), ("alpha", (1e-4, 10.0))),
)
"""Given in an order that is not scikit-learn's."""

TRAINING = SizeSettings(
    data="wine",
    neurons="4",
    cv=3,
    scoring="neg_log_loss",
    network=NetworkParameters(max_iter=60, validation_fraction=0.2),
    grid=(
        ("solver", ("sgd", "adam")),
        ("learning_rate_init", (0.01, 0.1)),
        ("batch_size", ("auto", 16)),
        ("early_stopping", (False, True)),
    ),
)

MIXED = SizeSettings(
    data="iris",
    neurons="3,2",
    cv=3,
    scoring="accuracy",
    network=NetworkParameters(max_iter=40),
    grid=(("solver", ("adam", "lbfgs", "sgd")),),
)

REPEATED = SizeSettings(
    data="diabetes",
    neurons="3,6",
    cv=3,
    scoring="r2",
    seed=5,
    repeats=3,
    network=NetworkParameters(max_iter=30, learning_rate_init=0.05),
    grid=(("alpha", (0.01, 1.0)),),
)

OWN_COLUMNS = ["smoothed_score"]
"""Columns that scikit-learn does not have."""


def _order(settings: SizeSettings, workers: int = 2) -> list[FinishedFit]:
    """Every fit of a search, in the order in which they end."""
    search = plan(settings, load_split(settings))
    ended = list(run_fits(search, frozenset(), {}, workers, threading.Event(), lambda _: None))
    finished = [fit for fit in ended if isinstance(fit, FinishedFit)]
    assert len(finished) == len(ended) == len(search.candidates) * settings.splits
    return finished


def _searched(settings: SizeSettings, folder: Path) -> SizeView:
    """The run of a search, to its last fit."""
    create(folder, folder.name, settings)
    with contextlib.closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        add_fits(connection, [fit.result for fit in _order(settings)])
    return size_view(folder)


def _numbers(column: Any) -> Any:
    return np.array(column, dtype=float)


def _assert_equal(table: Table, results: Mapping[str, Any]) -> None:
    """Assert that all columns of ``cv_results_`` come first, in order and, but for times, with equal values."""
    columns = [name.replace("mlp__", "") for name in results]
    assert list(table)[: len(columns)] == columns
    assert list(table)[len(columns) :] == OWN_COLUMNS
    for name, expected in results.items():
        found = table[name.replace("mlp__", "")]
        if name == "params":
            assert found == [
                {key.replace("mlp__", ""): _listed(value) for key, value in one.items()} for one in expected
            ]
            assert [list(one) for one in found if isinstance(one, dict)] == [sorted(found[0])] * len(found)  # type: ignore[arg-type]
        elif name.startswith("param_"):
            assert found == [_listed(value) for value in expected.tolist()]
        elif "_time" not in name:
            np.testing.assert_allclose(_numbers(found), expected, rtol=0, atol=1e-9)


def _listed(value: object) -> object:
    return list(value) if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("settings", [THREE, TRAINING], ids=["neurons x activation x alpha", "how it is trained"])
def test_a_search_over_several_parameters_equals_cv_results_column_by_column(
    settings: SizeSettings, tmp_path: Path
) -> None:
    view, search = _searched(settings, tmp_path / "bagote"), grid_search(settings)
    _assert_equal(make_table(view, "candidates"), search.cv_results_)
    assert view.choice is not None
    assert view.choice.best.number == search.best_index_
    final = final_test(plan(settings, load_split(settings)), view.choice.best, None, threading.Event(), lambda _: None)
    assert isinstance(final, FinalTest)
    assert final.test_score == pytest.approx(held_out_score(search, settings), rel=0, abs=1e-9)


def test_solvers_may_be_mixed_and_each_split_is_finished_before_the_next_begins(tmp_path: Path) -> None:
    view = _searched(MIXED, tmp_path / "bagote")
    _assert_equal(make_table(view, "candidates"), grid_search(MIXED).cv_results_)
    many = SizeSettings(
        data="iris",
        neurons="1:5",
        cv=3,
        scoring="accuracy",
        network=MIXED.network,
        grid=(("solver", ("adam", "lbfgs")),),
    )
    splits = [fit.result.fold for fit in _order(many, workers=1)]
    assert splits == sorted(splits)


def test_with_repeats_every_split_is_that_of_the_grid_search_of_its_seed(tmp_path: Path) -> None:
    view = _searched(REPEATED, tmp_path / "bagote")
    table, searches = make_table(view, "candidates"), grid_searches(REPEATED)
    splits = []
    for repeat, search in enumerate(searches):
        for fold in range(REPEATED.cv):
            split = repeat * REPEATED.cv + fold
            for kind in ("test", "train"):
                expected = search.cv_results_[f"split{fold}_{kind}_score"]
                np.testing.assert_allclose(_numbers(table[f"split{split}_{kind}_score"]), expected, rtol=0, atol=1e-9)
            splits.append(search.cv_results_[f"split{fold}_test_score"])
    scores = np.array(splits).reshape(REPEATED.repeats, REPEATED.cv, -1)
    joined = scores.reshape(REPEATED.splits, -1)
    for name, expected in {
        "mean_test_score": joined.mean(axis=0),
        "std_test_score": joined.std(axis=0),
        "std_over_folds": scores.mean(axis=0).std(axis=0),
        "std_over_seeds": scores.mean(axis=1).std(axis=0),
    }.items():
        np.testing.assert_allclose(_numbers(table[name]), expected, rtol=0, atol=1e-9)
    errors = [shared.standard_error for shared in view.shared]
    over_folds = scores.mean(axis=0).std(axis=0, ddof=1) / np.sqrt(REPEATED.cv)
    np.testing.assert_allclose(_numbers(errors), over_folds, rtol=0, atol=1e-9)

    assert view.choice is not None
    final = final_test(plan(REPEATED, load_split(REPEATED)), view.choice.best, None, threading.Event(), lambda _: None)
    refitted, rows = searches[0].estimator, load_split(REPEATED)  # with the first seed
    refitted.set_params(**searches[0].cv_results_["params"][view.choice.best.number])
    with quiet():
        expected_score = refitted.fit(rows.X_train, rows.y_train).score(rows.X_test, rows.y_test)
    assert isinstance(final, FinalTest)
    assert final.test_score == pytest.approx(expected_score, rel=0, abs=1e-9)


def test_the_long_table_names_parameters_fold_repeat_and_seed(tmp_path: Path) -> None:
    table = make_table(_searched(REPEATED, tmp_path / "bagote"), "fits")
    assert list(table)[:7] == ["candidate", "alpha", "hidden_layer_sizes", "weights", "fold", "repeat", "random_state"]
    assert table["candidate"] == [number for number in range(4) for _ in range(9)]
    assert table["alpha"] == [0.01] * 18 + [1.0] * 18
    assert table["fold"] == [0, 1, 2] * 12
    assert table["repeat"] == [0, 0, 0, 1, 1, 1, 2, 2, 2] * 4
    assert table["random_state"] == [5, 5, 5, 6, 6, 6, 7, 7, 7] * 4


def test_an_infinite_patience_is_a_text_in_json_and_the_others_numbers(tmp_path: Path) -> None:
    settings = SizeSettings(
        data="iris",
        neurons="2",
        cv=2,
        scoring="accuracy",
        network=NetworkParameters(max_iter=5),
        grid=(("n_iter_no_change", (1, math.inf)),),
    )
    view = _searched(settings, tmp_path / "bagote")
    columns = json.loads(export_text(view.folder, "candidates", "json"), parse_constant=pytest.fail)
    assert columns["param_n_iter_no_change"] == [1, "inf"]
    assert columns["params"][1] == {"hidden_layer_sizes": 2, "n_iter_no_change": "inf"}
    _assert_equal(make_table(view, "candidates"), grid_search(settings).cv_results_)


def test_the_best_candidate_of_each_size_has_the_highest_mean_of_that_size(tmp_path: Path) -> None:
    view = _searched(THREE, tmp_path / "bagote")
    found = best_per_size(view.summaries, view.shared)
    assert list(found) == [(3,), (5, 2)]
    for layers, candidate in found.items():
        assert candidate.hidden_layer_sizes == layers
        means = [
            shared.mean
            for summary, shared in zip(view.summaries, view.shared, strict=True)
            if summary.candidate.hidden_layer_sizes == layers
        ]
        assert view.shared[candidate.number].mean == max(mean for mean in means if mean is not None)


def test_a_search_with_repeats_and_solvers_goes_on_where_it_was_halted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsize_engine.search.fit.STEP_SECONDS", 0.001)
    settings = SizeSettings(
        data="digits",
        neurons="20,30",
        cv=2,
        scoring="accuracy",
        repeats=2,
        network=NetworkParameters(tol=0, max_iter=25),
        grid=(("solver", ("adam", "sgd")),),
    )
    whole = {(fit.result.candidate, fit.result.fold): fit.result.test_score for fit in _order(settings)}
    search = plan(settings, load_split(settings))
    left: dict[tuple[int, int], UnfinishedFit] = {}
    finished: dict[tuple[int, int], float | None] = {}
    stops = 0
    while len(finished) < len(whole):
        halt = threading.Event()
        for fit in run_fits(search, finished.keys(), left, 2, halt, lambda _, halt=halt: halt.set()):  # type: ignore[misc]
            if isinstance(fit, FinishedFit):
                finished[fit.result.candidate, fit.result.fold] = fit.result.test_score
            else:
                stops += 1
                left[fit.candidate, fit.fold] = fit
    assert finished == whole
    assert stops > 2
