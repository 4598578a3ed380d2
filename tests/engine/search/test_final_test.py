"""The final tests, and searches that train on all rows: equal to scikit-learn's own fits."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.encode import TableRows, column_transformer, frame
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import Split, load_split
from nnsize_engine.network.stored import fitted_pipeline
from nnsize_engine.results.search_choice import choose_from_fits
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.search import fold_rows
from nnsize_engine.search.events import FinalNetwork, FinishedFit, SearchEvent, UnfinishedFit
from nnsize_engine.search.final_test import final_test, final_tests
from nnsize_engine.search.search import SizeSearch, plan, run_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.networks import quiet
from support.own_tables import labelled, mixed_frame, write

CANCER = SizeSettings(neurons="4,6,8,12,16,24", cv=3, network=NetworkParameters(max_iter=20))
ALL_ROWS = {
    "two classes": replace(CANCER, test_size=0),
    "a fraction of none": replace(CANCER, test_size=0.0, neurons="3,5"),
    "stratified, which splits nothing": replace(CANCER, test_size=0, neurons="3,5", stratify=True),
    "numbers": SizeSettings(
        data="diabetes", scoring="r2", neurons="3,5,9", cv=3, test_size=0, network=NetworkParameters(max_iter=40),
        target_scale="none",
    ),
    "lbfgs": SizeSettings(
        data="wine", scoring="accuracy", neurons="3,5", cv=3, test_size=0,
        network=NetworkParameters(solver="lbfgs", max_iter=30),
    ),
    "repeats": replace(CANCER, test_size=0, neurons="3,5", repeats=2),
}  # fmt: skip


def run_all(search: SizeSearch) -> list[Any]:
    fits = run_fits(search, (), {}, 2, threading.Event(), lambda _: None)
    return [fit.result for fit in fits if isinstance(fit, FinishedFit)]


def finals_of(
    search: SizeSearch, numbers: Sequence[int], workers: int = 2
) -> tuple[dict[int, FinalTest], dict[int, Any]]:
    """Final tests and pipelines by candidate."""
    heard: list[SearchEvent] = []
    tasks = [(search.candidates[number], None) for number in numbers]
    with quiet():
        found = list(final_tests(search, tasks, workers, threading.Event(), heard.append))
    finals = {final.candidate: final for final in found if isinstance(final, FinalTest)}
    rows = search.split.facts.train_rows
    pipelines = {
        event.candidate: fitted_pipeline(event.network, rows=rows, encoder=event.encoder)
        for event in heard
        if isinstance(event, FinalNetwork)
    }
    return finals, pipelines


def estimator(settings: SizeSettings, first: Any, **given: Any) -> Pipeline:
    network = MLPRegressor if settings.task == "regression" else MLPClassifier
    arguments = {"solver": settings.network.solver, "max_iter": settings.network.max_iter, "random_state": 0}
    return Pipeline([("first", first), ("network", network(**(arguments | given)))])


def compare(settings: SizeSettings, X: Any, y: Any, first: Any) -> None:
    """Compare a search on all rows with GridSearchCV on all rows, and its networks with scikit-learn's fits."""
    split = load_split(settings)
    search = plan(settings, split)
    assert (split.facts.train_rows, split.facts.test_rows) == (len(y), 0)
    fits = run_all(search)
    sizes = [one.hidden_layer_sizes[0] for one in search.candidates]
    for repeat in range(settings.repeats):
        grid = GridSearchCV(
            estimator(settings, first, random_state=repeat),
            {"network__hidden_layer_sizes": sizes},
            cv=settings.cv, scoring=settings.scoring,
        )  # fmt: skip
        with quiet():
            grid.fit(X, y)
        for fit in fits:
            if settings.repeat_of(fit.fold) == repeat:
                expected = grid.cv_results_[f"split{fit.fold % settings.cv}_test_score"][fit.candidate]
                assert fit.test_score == pytest.approx(expected, rel=0, abs=1e-9)
    choice = choose_from_fits(settings, fits)
    assert choice is not None
    finals, pipelines = finals_of(search, [one.number for one in choice.finalists])
    for one in choice.finalists:
        final = finals[one.number]
        with quiet():
            again = estimator(settings, first, hidden_layer_sizes=one.hidden_layer_sizes).fit(X, y)
        assert (final.test_score, final.error) == (None, None)
        expected = get_scorer(settings.scoring)(again, X, y)
        assert final.train_score == pytest.approx(expected, rel=0, abs=1e-9)
        for ours, theirs in zip(pipelines[one.number]["network"].coefs_, again["network"].coefs_, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", ALL_ROWS)
def test_without_test_rows_a_search_equals_grid_search_on_all_rows(name: str) -> None:
    settings = ALL_ROWS[name]
    X, y = getattr(datasets, f"load_{settings.data}")(return_X_y=True)
    compare(settings, X, y, StandardScaler())


@pytest.mark.parametrize("is_large", [False, True])
def test_without_test_rows_a_search_of_a_table_equals_grid_search_on_all_rows(
    tmp_path: Path, is_large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = mixed_frame()
    path = write(rows.assign(y=labelled([0], ["low", "high"])(rows)["y"]), tmp_path / "table.csv")
    table = inspect_table(TableChoice(source=str(path), target=("y",)), test_size=0).table
    settings = SizeSettings(
        data="table.csv", table=table, neurons="3,5", cv=3, scoring="accuracy", test_size=0,
        network=NetworkParameters(max_iter=20),
    )  # fmt: skip
    split: Split = load_split(settings)
    assert isinstance(split.X_train, TableRows)
    if is_large:  # one fold in memory at a time, and no network stored
        monkeypatch.setattr(fold_rows, "MAX_SHARED_BYTES", 0)
        search = plan(settings, split)
        fits = run_all(search)
        assert len(fits) == 6
        finals, pipelines = finals_of(search, [0])
        assert (finals[0].test_score, pipelines) == (None, {})
        assert finals[0].train_score is not None
    else:
        compare(settings, frame(split.X_train), split.y_train, column_transformer(split.X_train))


@pytest.mark.parametrize("solver", ["adam", "lbfgs", "both"])
def test_several_candidates_are_tested_as_each_alone_is(solver: str) -> None:
    settings = replace(CANCER, neurons="3,5", network=NetworkParameters(max_iter=25))
    if solver == "both":
        settings = replace(settings, grid=(("solver", ("lbfgs", "adam")),))
    else:
        settings = replace(settings, network=replace(settings.network, solver=solver))
    search = plan(settings, load_split(settings))
    numbers = list(range(len(search.candidates)))
    for workers in (1, 2):
        finals, pipelines = finals_of(search, numbers, workers)
        for number in numbers:
            with quiet():
                alone = final_test(search, search.candidates[number], None, threading.Event(), lambda _: None)
            assert isinstance(alone, FinalTest)
            assert replace(finals[number], fit_seconds=0.0) == replace(alone, fit_seconds=0.0)
            found = get_scorer("roc_auc")(pipelines[number], search.split.X_test, search.split.y_test)
            assert found == pytest.approx(alone.test_score, rel=0, abs=1e-12)


def test_halted_final_tests_go_on_where_they_were_left() -> None:
    settings = SizeSettings(
        data="digits", scoring="accuracy", neurons="40,60", cv=2, network=NetworkParameters(max_iter=300, tol=0)
    )
    search = plan(settings, load_split(settings))
    halt = threading.Event()
    tasks = [(one, None) for one in search.candidates]
    left = list(final_tests(search, tasks, 2, halt, lambda _: halt.set()))  # halts at the first progress
    assert all(isinstance(one, UnfinishedFit) for one in left)
    kept = {one.candidate: one for one in left if isinstance(one, UnfinishedFit)}
    assert kept
    assert {one.fold for one in kept.values()} == {settings.splits}
    again = [(one, kept.get(one.number)) for one in search.candidates]
    ended = list(final_tests(search, again, 2, threading.Event(), lambda _: None))
    whole, _ = finals_of(search, [0, 1])
    for final in ended:
        assert isinstance(final, FinalTest)
        assert final.test_score == whole[final.candidate].test_score
        assert final.iterations == whole[final.candidate].iterations
