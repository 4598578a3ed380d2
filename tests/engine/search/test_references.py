"""Every score of a reference equals scikit-learn's ``cross_val_score`` of the pipeline that a user would write."""

import dataclasses
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import cross_validate
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from nnsize_engine.data.encode import TableRows, column_transformer, frame
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import Split, load_split
from nnsize_engine.results.references import REFERENCES, ReferenceName, ReferenceResult
from nnsize_engine.search import references
from nnsize_engine.search.folds import make_folds
from nnsize_engine.search.references import ReferenceWork, fit_references, reason_to_leave_out
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.own_tables import Frame, labelled, mixed_frame, signal, two_numbers, write


def above_zero(frame: Frame) -> Frame:
    """Return numbers above zero, most of them small."""
    return pd.DataFrame({"y": np.exp(2 * signal(frame))})


BUILT_IN = {
    "two classes": SizeSettings(cv=3),
    "two classes, probabilities": SizeSettings(cv=3, scoring="neg_log_loss", seed=7),
    "several classes": SizeSettings(data="wine", cv=4, scoring="accuracy"),
    "several classes, all pairs": SizeSettings(data="iris", cv=3, scoring="roc_auc_ovo"),
    "numbers": SizeSettings(data="diabetes", cv=3, scoring="r2", seed=3),
    "numbers, scored by scikit-learn": SizeSettings(data="synthetic", cv=3, scoring="explained_variance"),
    "several seeds": SizeSettings(data="iris", cv=3, scoring="f1_macro", repeats=4, seed=2),
}

TABLES: dict[str, tuple[Callable[[Frame], Frame], str, dict[str, Any]]] = {
    "classes of a table": (labelled([1.0], [0, 1]), "average_precision", {}),
    "texts as classes": (labelled([0, 1, 2], ["low", "mid", "high", "top"]), "balanced_accuracy", {}),
    "numbers of a table": (two_numbers, "neg_mean_absolute_error", {"target": ("y",), "ignore": ("z",)}),
    "several numbers": (two_numbers, "r2", {"target": ("y", "z")}),
    "numbers above zero": (above_zero, "neg_mean_gamma_deviance", {}),
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Let trees use one thread, as the process of the references does: several wait for each other."""
    with threadpool_limits(limits=1):
        yield


def table_settings(tmp_path: Path, name: str) -> SizeSettings:
    """Return the settings of a search of a table with missing values and categories."""
    target, scoring, choice = TABLES[name]
    path = write(pd.concat([mixed_frame(), target(mixed_frame())], axis=1), tmp_path / "table.csv")
    table = inspect_table(TableChoice(**({"source": str(path), "target": ("y",)} | choice))).table
    return SizeSettings(data=table.known.name, table=table, scoring=scoring, cv=3)


def fitted(settings: SizeSettings, split: Split, names: Sequence[ReferenceName] = REFERENCES) -> list[ReferenceResult]:
    """Return every reference on every fold, by name and fold."""
    outstanding = tuple((name, fold) for fold in range(settings.cv) for name in names)
    work = ReferenceWork(
        settings=settings, X=split.X_train, y=split.y_train, folds=make_folds(split, settings.cv),
        outstanding=outstanding,
    )  # fmt: skip
    found = list(fit_references(work))
    assert tuple((result.name, result.fold) for result in found) == outstanding
    return found


def user_models(settings: SizeSettings) -> dict[ReferenceName, Any]:
    """Return the models as a user writes them."""
    if settings.task == "regression":
        trees = HistGradientBoostingRegressor(random_state=settings.seed)
        return {
            "dummy": DummyRegressor(),
            "linear": Ridge(),
            "trees": MultiOutputRegressor(trees) if settings.known.targets > 1 else trees,
        }
    return {
        "dummy": DummyClassifier(strategy="prior"),
        "linear": LogisticRegression(max_iter=10_000),
        "trees": HistGradientBoostingClassifier(random_state=settings.seed),
    }


def assert_equal_to_scikit_learn(settings: SizeSettings) -> None:
    split = load_split(settings)
    found = fitted(settings, split)
    X: Any = split.X_train
    encoder: Any = StandardScaler()
    if isinstance(X, TableRows):
        X, encoder = frame(X), column_transformer(X)
    for name, model in user_models(settings).items():
        expected = cross_validate(
            make_pipeline(encoder, model), X, split.y_train, cv=settings.cv, scoring=settings.scoring,
            return_train_score=True, error_score="raise",
        )  # fmt: skip
        results = [result for result in found if result.name == name]
        assert [result.error for result in results] == [None] * settings.cv
        scores = np.array([result.test_score for result in results], dtype=float)
        np.testing.assert_allclose(scores, expected["test_score"], rtol=0, atol=1e-9)
        scores = np.array([result.train_score for result in results], dtype=float)
        np.testing.assert_allclose(scores, expected["train_score"], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", BUILT_IN)
def test_references_of_built_in_data_equal_scikit_learns(name: str) -> None:
    assert_equal_to_scikit_learn(BUILT_IN[name])


@pytest.mark.parametrize("name", [name for name in TABLES if name != "numbers above zero"])
def test_references_of_a_table_equal_scikit_learns(name: str, tmp_path: Path) -> None:
    assert_equal_to_scikit_learn(table_settings(tmp_path, name))


def test_a_search_in_float32_has_the_same_references() -> None:
    settings = SizeSettings(data="wine", cv=3, scoring="neg_log_loss")
    near = dataclasses.replace(settings, precision="float32")
    scores = [result.test_score for result in fitted(settings, load_split(settings))]
    assert [result.test_score for result in fitted(near, load_split(near))] == scores


def test_a_scoring_that_a_model_cannot_do_is_stored_with_scikit_learns_reason(tmp_path: Path) -> None:
    # A linear model predicts numbers below zero here, which this scoring refuses; a mean and trees do not.
    settings = dataclasses.replace(table_settings(tmp_path, "numbers above zero"), cv=2)
    found = fitted(settings, load_split(settings), ("dummy", "linear"))
    dummy, linear = found[0], found[1]
    assert dummy.error is None
    assert linear.error is not None
    assert "strictly positive" in linear.error
    assert (linear.test_score, linear.train_score) == (None, None)


def test_a_score_that_is_no_number_is_a_failure_with_its_reason() -> None:
    # Eight training rows and as many folds: one row to score.
    settings = SizeSettings(data="diabetes", scoring="r2", test_size=434, cv=8)
    (first, *_) = fitted(settings, load_split(settings), ("dummy",))
    assert first.test_score is None
    assert first.error is not None
    assert "less than two samples" in first.error


def test_any_error_of_a_model_becomes_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def fit(self, *_: object) -> None:
            raise MemoryError

    monkeypatch.setattr(references, "make_reference", lambda *_: Broken())
    settings = SizeSettings(data="iris", cv=2, scoring="accuracy")
    found = fitted(settings, load_split(settings))
    assert {result.error for result in found} == {"out of memory"}


def test_warnings_of_a_model_are_no_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        settings = SizeSettings(data="iris", cv=2, scoring="precision_macro")
        assert all(result.error is None for result in fitted(settings, load_split(settings)))


def test_a_large_table_has_no_references() -> None:
    settings = SizeSettings(data="iris", scoring="accuracy")
    split = load_split(settings)
    assert reason_to_leave_out(split) is None
    large = dataclasses.replace(split, facts=dataclasses.replace(split.facts, train_rows=1_000_000, inputs=10))
    assert reason_to_leave_out(large) == "the table is large, and they would need another 80 MB of memory or more"


def test_what_the_runner_loads_of_references_is_light() -> None:
    program = "import sys, nnsize_engine.search.references, nnsize_engine.runner.references; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert {"numba", "sklearn", "scipy", "pandas"}.isdisjoint(done.stdout.split())
