"""A search of the user's own table gives the scores that scikit-learn gives for the documented pipeline.

What scikit-learn sees is read here by pandas, in the plainest way; nothing of it goes through the engine.
"""

import dataclasses
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nnsize_engine.data import encode, memory_mapped
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError
from nnsize_engine.export.model_file import export_network
from nnsize_engine.export.table_reader import TRUSTED_HELPER
from nnsize_engine.network import fitted
from nnsize_engine.network.stored import TRUSTED
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runner.job import change_of_data
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import create, reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.reader import read_header
from nnsize_engine.search import fold_rows
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.own_tables import Frame, labelled, mixed_frame, prepared, two_numbers, write
from support.views import size_view
from support.waiting import wait_until


@dataclass(frozen=True)
class Case:
    """A kind of table, of file and of target."""

    target: Callable[[Frame], Frame]
    scoring: str
    columns: tuple[str, ...] = ("age", "city", "member", "visits", "income", "when", "plan")
    suffix: str = ".csv"
    choice: dict[str, Any] = dataclasses.field(default_factory=dict)
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)


NUMBERS = ("age", "visits", "income")
CASES = {
    "mixed types and missing values": Case(labelled([1.0], [0, 1]), "roc_auc"),
    "parquet": Case(labelled([1.0], [0, 1]), "accuracy", suffix=".parquet"),
    "four string labels": Case(labelled([0, 1, 2], ["low", "mid", "high", "top"]), "f1_macro"),
    "four string labels, scored by scikit-learn": Case(
        labelled([0, 1, 2], ["low", "mid", "high", "top"]), "matthews_corrcoef", settings={"stratify": True}
    ),
    "two outputs": Case(two_numbers, "r2", choice={"target": ("y", "z")}),
    "two outputs, scored by scikit-learn": Case(two_numbers, "explained_variance", choice={"target": ("y", "z")}),
    "imbalanced": Case(labelled([2.6], [0, 1]), "average_precision", settings={"cv": 2}),
    "true and false": Case(labelled([1.0], [False, True]), "f1"),
    "whole numbers as labels": Case(labelled([0, 2], [3, -1, 20]), "balanced_accuracy"),
    "two string labels, one positive": Case(
        labelled([1.0], ["no", "yes"]), "precision", choice={"positive": "no"}, settings={"repeats": 1}
    ),
    "numbers alone": Case(labelled([1.0], ["a", "b"]), "roc_auc", columns=("visits", "member")),
    "missing numbers alone, lbfgs": Case(
        labelled([1.0], ["a", "b"]),
        "neg_log_loss",
        columns=NUMBERS,
        settings={"network": NetworkParameters(solver="lbfgs", max_iter=40)},
    ),
    "categories alone": Case(labelled([1.0], ["a", "b"]), "accuracy", columns=("city", "plan")),
    "one missing number": Case(two_numbers, "neg_mean_absolute_error", columns=("income",), choice={"target": ("y",)}),
}


def pipeline(frame: Frame, numbers: list[str], categories: list[str], network: Any) -> Pipeline:
    """Return the documented pipeline."""
    scaler = StandardScaler()
    if frame[numbers].isna().any(axis=None):
        scaler = make_pipeline(
            SimpleImputer(strategy="mean", add_indicator=True, keep_empty_features=True), StandardScaler()
        )
    one_hot = OneHotEncoder(
        min_frequency=0.01, max_categories=100, handle_unknown="infrequent_if_exist", sparse_output=False
    )
    steps = [("number", scaler, numbers), ("category", one_hot, categories)]
    return Pipeline([("encode", ColumnTransformer([step for step in steps if step[2]])), ("network", network)])


def searched(settings: SizeSettings, workers: int = 1) -> tuple[dict[tuple[int, int], Any], FinalTest]:
    """Return every fit and the final test of the best candidate, computed by the engine."""
    search = plan(settings, load_split(settings))
    halt, fits = threading.Event(), {}
    for fit in run_fits(search, (), {}, workers, halt, lambda _: None):
        assert isinstance(fit, FinishedFit)
        assert fit.result.error is None
        fits[fit.result.candidate, fit.result.fold] = fit.result
    means = [np.mean([fits[number, fold].test_score for fold in range(settings.cv)]) for number in range(2)]
    final = final_test(search, search.candidates[int(np.argmax(means))], None, halt, lambda _: None)
    assert isinstance(final, FinalTest)
    return fits, final


def grid_search(settings: SizeSettings, path: Path, columns: tuple[str, ...]) -> tuple[Any, float]:
    """Return scikit-learn's fitted search, and the score of its best estimator on the held-out rows."""
    assert settings.table is not None
    whole = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    X, numbers, categories = prepared(whole[list(columns)])
    targets = list(settings.table.choice.target)
    y = whole[targets[0]] if len(targets) == 1 else whole[targets]
    if settings.table.choice.positive is not None:
        y = (y == settings.table.choice.positive).astype(int)
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=settings.test_size, random_state=42, stratify=y if settings.stratify else None
    )
    kind = MLPRegressor if settings.task == "regression" else MLPClassifier
    given = settings.network
    network = kind(random_state=settings.seed, max_iter=given.max_iter, solver=given.solver)
    sizes = "network__hidden_layer_sizes"
    if settings.task == "regression":
        network = TransformedTargetRegressor(network, transformer=StandardScaler())
        sizes = "network__regressor__hidden_layer_sizes"
    search = GridSearchCV(
        pipeline(X, numbers, categories, network),
        {sizes: settings.candidates},
        cv=settings.cv,
        scoring=settings.scoring,
        return_train_score=True,
        error_score="raise",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search.fit(X_train, y_train)
    return search.cv_results_, float(search.score(X_test, y_test))


def made(case: Case, tmp_path: Path) -> tuple[SizeSettings, Path]:
    """Return the settings of a small search of a case's table, and write its file."""
    inputs, target = mixed_frame()[list(case.columns)], case.target(mixed_frame())
    path = write(pd.concat([inputs, target], axis=1), tmp_path / f"table{case.suffix}")
    choice = TableChoice(**({"source": str(path), "target": ("y",)} | case.choice))
    choice = dataclasses.replace(choice, ignore=tuple(name for name in target if name not in choice.target))
    table = inspect_table(choice, stratify=bool(case.settings.get("stratify"))).table
    given: dict[str, Any] = {"neurons": "3,6", "cv": 3, "network": NetworkParameters(max_iter=20)} | case.settings
    return SizeSettings(data=table.known.name, table=table, scoring=case.scoring, **given), path


@pytest.mark.parametrize("name", CASES)
def test_every_score_equals_scikit_learns(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    settings, path = made(case, tmp_path)
    fits, final = searched(settings)
    expected, held_out = grid_search(settings, path, case.columns)
    for (number, fold), fit in fits.items():
        assert fit.test_score == pytest.approx(expected[f"split{fold}_test_score"][number], abs=1e-9, rel=0)
        assert fit.train_score == pytest.approx(expected[f"split{fold}_train_score"][number], abs=1e-9, rel=0)
    assert final.test_score == pytest.approx(held_out, abs=1e-9, rel=0)
    assert settings.table is not None
    assert load_split(settings).facts.inputs == settings.table.inputs


@pytest.mark.usefixtures("forked_processes")
def test_a_runner_stores_the_scores_that_scikit_learn_gives(tmp_path: Path) -> None:
    case = CASES["four string labels"]
    settings, path = made(case, tmp_path)
    folder = launch.start(dataclasses.replace(settings, jobs=2), tmp_path / "runs")
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    expected, held_out = grid_search(settings, path, case.columns)
    for number, summary in enumerate(view.summaries):
        splits = [expected[f"split{fold}_test_score"][number] for fold in range(settings.cv)]
        np.testing.assert_allclose(np.array(summary.scores, dtype=float), splits, rtol=0, atol=1e-9)
    assert view.final_of_best is not None
    assert view.final_of_best.test_score == pytest.approx(held_out, abs=1e-9, rel=0)
    export_network(folder, tmp_path / "best.skops")
    split = load_split(settings)
    best = skops.io.load(tmp_path / "best.skops", trusted=[*TRUSTED, TRUSTED_HELPER])
    assert isinstance(split.X_test, encode.TableRows)
    score = get_scorer(settings.scoring)(best, encode.frame(split.X_test), split.y_test)
    assert score == pytest.approx(held_out, abs=1e-9, rel=0)


def test_a_big_table_is_encoded_fold_by_fold_in_blocks_with_the_same_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = made(CASES["mixed types and missing values"], tmp_path)
    small, final = searched(settings)
    monkeypatch.setattr(memory_mapped, "MIN_MAPPED_BYTES", 0)
    monkeypatch.setattr(fold_rows, "MAX_SHARED_BYTES", 0)
    monkeypatch.setattr(encode, "MAX_BLOCK_VALUES", 500)
    monkeypatch.setattr(fitted, "MAX_PREDICTED_VALUES", 500)
    big, big_final = searched(settings, workers=3)
    assert {key: fit.test_score for key, fit in big.items()} == {key: fit.test_score for key, fit in small.items()}
    assert big_final.test_score == final.test_score


def test_float32_comes_near(tmp_path: Path) -> None:
    settings, _ = made(CASES["mixed types and missing values"], tmp_path)
    exact, _ = searched(settings)
    near, _ = searched(dataclasses.replace(settings, precision="float32"))
    for key, fit in exact.items():
        assert near[key].test_score == pytest.approx(fit.test_score, abs=1e-3)


def test_a_file_that_changed_before_a_run_began_is_refused_and_afterwards_stops_it(tmp_path: Path) -> None:
    settings, path = made(CASES["numbers alone"], tmp_path)
    create(tmp_path / "kedopa", "kedopa", settings)
    with reading(tmp_path / "kedopa") as connection:
        header = read_header(connection)
    before = load_split(settings).facts
    assert change_of_data(header, before) is None
    path.write_text(path.read_text().replace("15", "16"))
    after = load_split(settings).facts
    assert change_of_data(header, after) == (
        "refused",
        f"{path} has changed since it was looked at; look at it again, and start with what you see",
    )
    begun = dataclasses.replace(header, data=before)
    assert change_of_data(begun, before) is None
    change = change_of_data(begun, after)
    assert change is not None
    assert change[0] == "failed"
    assert change[1].startswith(f"{path} has changed since this run began; put it back as it was and resume")


def test_a_file_that_no_longer_fits_is_said_to_have_changed(tmp_path: Path) -> None:
    settings, path = made(CASES["numbers alone"], tmp_path)
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(DataError, match=r"table.csv has changed since it was looked at, and no longer fits: .*'y'"):
        load_split(settings)
    path.unlink()
    with pytest.raises(DataError, match="there is no file"):
        load_split(settings)


def test_class_shares_are_kept_of_classes_only(tmp_path: Path) -> None:
    settings, _ = made(CASES["one missing number"], tmp_path)
    with pytest.raises(DataError, match=r"stratify keeps the shares of classes, and table.csv has numbers to predict"):
        load_split(dataclasses.replace(settings, stratify=True))
    split = load_split(SizeSettings(data="iris", scoring="accuracy", test_size=30, stratify=True))
    assert np.bincount(split.y_test).tolist() == [10, 10, 10]
