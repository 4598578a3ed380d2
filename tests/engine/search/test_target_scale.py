"""Regressions whose targets are scaled: scores, networks and programs equal ``TransformedTargetRegressor``'s."""

import dataclasses
import json
import threading
import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.skewed_target import skew_warnings
from nnsize_engine.data.split import Split, load_split
from nnsize_engine.data.target import Target
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.export.python_program import python_code
from nnsize_engine.network.stored import as_joblib, as_npz, as_skops, stored_network
from nnsize_engine.network.target_scaling import TargetScaling
from nnsize_engine.network.train import train_rows
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.search.events import FinalNetwork
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json
from nnsize_engine.settings.table_choice import TableChoice
from support.fold_scores import fold_scores
from support.networks import quiet
from support.warm_processes import run_program
from support.warm_runners import WarmRunners

SHORT = NetworkParameters(max_iter=40, learning_rate_init=0.02)
SMALL = SizeSettings(data="diabetes", neurons="3,6", cv=3, scoring="r2", network=SHORT)


def transformer(scale: str) -> Any:
    """Scikit-learn's transformer of the target."""
    if scale == "log":
        return make_pipeline(FunctionTransformer(np.log1p, np.expm1), StandardScaler())
    return StandardScaler() if scale == "standard" else None


def searched(settings: SizeSettings, split: Split, scale: str) -> Any:
    """The fitted ``GridSearchCV`` over the pipeline with a scaled target."""
    parameters = dataclasses.replace(settings.network, random_state=settings.seed).as_dict()
    network = TransformedTargetRegressor(MLPRegressor(**parameters), transformer=transformer(scale))
    pipeline = Pipeline([("scale", StandardScaler()), ("network", network)])
    sizes = {"network__regressor__hidden_layer_sizes": list(settings.candidates)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return GridSearchCV(pipeline, sizes, cv=settings.cv, scoring=settings.scoring, return_train_score=True).fit(
            split.X_train, split.y_train
        )


def scores_of(search: Any, cv: int) -> np.ndarray[Any, Any]:
    return np.column_stack([search.cv_results_[f"split{fold}_test_score"] for fold in range(cv)])


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    scale=st.sampled_from(["standard", "log", "none"]),
    scoring=st.sampled_from(["r2", "neg_mean_absolute_error", "neg_mean_squared_error", "explained_variance"]),
    data=st.sampled_from(["diabetes", "synthetic"]),
    solver=st.sampled_from(["adam", "sgd", "lbfgs"]),
    early_stopping=st.booleans(),
    seed=st.integers(0, 99),
)
def test_scores_equal_those_of_grid_search(
    scale: Any, scoring: str, data: str, solver: str, early_stopping: bool, seed: int
) -> None:
    network = NetworkParameters(max_iter=15, solver=solver, early_stopping=early_stopping and solver != "lbfgs")
    settings = SizeSettings(
        data=data, neurons="2,5", cv=3, scoring=scoring, seed=seed, network=network, target_scale=scale
    )
    split = load_split(settings)
    if scale == "log" and split.y_train.min() < 0:
        return
    search = searched(settings, split, scale)
    np.testing.assert_allclose(fold_scores(settings), scores_of(search, 3), rtol=1e-9, atol=1e-9)


def test_standard_is_the_default_of_regression_alone() -> None:
    assert SMALL.scaling_of_target == "standard"
    assert SizeSettings().scaling_of_target == "none"
    poisson = dataclasses.replace(SMALL, network=NetworkParameters(loss="poisson"))
    assert poisson.scaling_of_target == "none"


def test_settings_of_earlier_versions_leave_the_target_as_it_was() -> None:
    stored = json.loads(settings_to_json(SMALL))
    del stored["target_scale"]
    earlier = settings_from_json(json.dumps(stored), "size")
    now = settings_from_json(settings_to_json(SMALL), "size")
    assert isinstance(earlier, SizeSettings)
    assert isinstance(now, SizeSettings)
    assert earlier.scaling_of_target == "none"
    assert now.scaling_of_target == "standard"


def test_the_final_test_and_the_taken_network_are_scikit_learns(tmp_path: Path) -> None:
    for scale in ("standard", "log"):
        settings = dataclasses.replace(SMALL, target_scale=scale)
        split, heard = load_split(settings), list[Any]()
        search, theirs = plan(settings, split), searched(settings, split, scale)
        with quiet():
            final = final_test(search, search.candidates[theirs.best_index_], None, threading.Event(), heard.append)
        assert isinstance(final, FinalTest)
        assert final.test_score == pytest.approx(theirs.score(split.X_test, split.y_test), abs=1e-9)
        found = next(event.network for event in heard if isinstance(event, FinalNetwork))
        rows = len(split.y_train)
        files = {"a.skops": as_skops(found, rows=rows), "a.joblib": as_joblib(found, rows=rows)}
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        expected = theirs.predict(split.X_test)
        for pipeline in (skops.io.load(tmp_path / "a.skops"), joblib.load(tmp_path / "a.joblib")):
            np.testing.assert_allclose(pipeline.predict(split.X_test), expected, rtol=1e-12)


def test_the_arrays_of_a_network_predict_by_the_documented_formula(tmp_path: Path) -> None:
    for scale in ("standard", "log"):
        rng = np.random.default_rng(0)
        X = rng.normal(size=(60, 3))
        y = np.exp(X @ np.array([[1.0, 0.2], [0.3, -1.0], [0.0, 0.5]]) + 3)
        rows = read_rows(X, y, task="regression", target_scale=scale)
        network = train_rows(rows, NetworkParameters(hidden_layer_sizes=(4,), max_iter=30, random_state=1))
        (tmp_path / "a.npz").write_bytes(as_npz(stored_network(network, mean=(), scale=())))
        stored = np.load(tmp_path / "a.npz")
        hidden = np.maximum(((X - stored["mean"]) / stored["scale"]) @ stored["coefs_0"] + stored["intercepts_0"], 0)
        outputs = hidden @ stored["coefs_1"] + stored["intercepts_1"]
        predicted = outputs * stored["target_deviation"] + stored["target_mean"]
        if stored["target_scale"] == "log":
            predicted = np.expm1(predicted)
        theirs = TransformedTargetRegressor(
            MLPRegressor(hidden_layer_sizes=(4,), max_iter=30, random_state=1), transformer=transformer(scale)
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            expected = theirs.fit(X, y).predict(X)
        np.testing.assert_allclose(predicted, expected, rtol=1e-9)
        np.testing.assert_array_equal(network.predict(X), expected)


def test_scaling_there_and_back_gives_the_same_numbers() -> None:
    y = np.array([[1.0, 5e9], [2.0, 0.0], [4.0, 1e3]])
    for kind in ("standard", "log"):
        scaling = TargetScaling.fit(y, kind)
        np.testing.assert_allclose(scaling.inverse(scaling.transform(y)), y, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("scale", ["standard", "log", "none"])
def test_the_printed_program_gives_the_scores_of_the_run(tmp_path: Path, scale: Any, warm: WarmRunners) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"area": rng.normal(100, 30, 90).round(1), "rooms": rng.integers(1, 7, 90)})
    frame["price"] = (frame["area"] * 2000 + frame["rooms"] * 10_000 + rng.normal(0, 9000, 90)).abs().round(2)
    frame.to_csv(tmp_path / "homes.csv", index=False)
    table = inspect_table(TableChoice(source=str(tmp_path / "homes.csv"))).table
    settings = SizeSettings(
        data="homes.csv", table=table, neurons="3,6", cv=3, scoring="r2", network=SHORT, target_scale=scale
    )
    found = fold_scores(settings)
    ended = run_program(warm, python_code(settings, "one"))
    best = float(ended.stdout.splitlines()[0].removeprefix("best score: "))
    assert best == pytest.approx(found.mean(axis=1).max(), abs=1e-9)
    assert (best > 0.5) is (scale != "none")  # prices of hundred thousands are out of reach without a scaling


def test_a_logarithm_of_negative_targets_is_refused_and_standard_works(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": range(30), "gain": [(-1) ** n * n / 7 for n in range(30)]})
    frame.to_csv(tmp_path / "gains.csv", index=False)
    table = inspect_table(TableChoice(source=str(tmp_path / "gains.csv"))).table
    settings = SizeSettings(
        data="gains.csv", table=table, neurons="3", cv=3, scoring="r2", network=SHORT, target_scale="log"
    )
    with pytest.raises(DataError, match=r"the smallest target of gains\.csv is -4\.14286; use target-scale standard"):
        load_split(settings)
    assert np.isfinite(fold_scores(dataclasses.replace(settings, target_scale="standard"))).all()


def test_a_scaling_that_means_nothing_is_refused() -> None:
    with pytest.raises(SettingsError, match="breast_cancer has classes; leave it out"):
        SizeSettings(target_scale="standard")
    with pytest.raises(SettingsError, match="must be none, standard or log"):
        dataclasses.replace(SMALL, target_scale="robust")  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="use target-scale none"):
        dataclasses.replace(SMALL, network=NetworkParameters(loss="poisson"), target_scale="standard")
    dataclasses.replace(SMALL, network=NetworkParameters(loss="poisson"), target_scale="none")


def test_a_logarithm_is_suggested_for_skewed_targets_alone() -> None:
    rng = np.random.default_rng(0)

    def warned(y: np.ndarray[Any, Any]) -> list[str]:
        return skew_warnings(Target(task="regression", y=y, codes=np.zeros(0, np.int64)), "price")

    assert "--target-scale log may fit better" in warned(np.exp(rng.normal(8, 1.0, 500)))[0]
    assert not warned(rng.normal(100, 10, 500))
    assert not warned(-np.exp(rng.normal(8, 1.0, 500)))
    assert not warned(np.full(50, 3.0))
