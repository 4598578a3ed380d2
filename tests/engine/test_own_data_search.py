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
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nnsize_engine.data import load_split
from nnsize_engine.dataset.look import look
from nnsize_engine.events import FinishedFit
from nnsize_engine.network.parameters import NetworkParameters
from nnsize_engine.records import FinalTest
from nnsize_engine.search import final_test, plan, run_fits
from nnsize_engine.settings import SizeSettings
from nnsize_engine.table_settings import TableChoice
from support.own_tables import Frame, labelled, mixed_frame, prepared, two_numbers, write


@dataclass(frozen=True)
class Case:
    """One kind of table, file and target."""

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
    """The documented one."""
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


def searched(settings: SizeSettings) -> tuple[dict[tuple[int, int], Any], FinalTest]:
    """Every fit and the final test of the best, by the engine."""
    search = plan(settings, load_split(settings))
    halt, fits = threading.Event(), {}
    for fit in run_fits(search, (), {}, 1, halt, lambda _: None):
        assert isinstance(fit, FinishedFit)
        assert fit.result.error is None
        fits[fit.result.candidate, fit.result.fold] = fit.result
    means = [np.mean([fits[number, fold].test_score for fold in range(settings.cv)]) for number in range(2)]
    final = final_test(search, search.candidates[int(np.argmax(means))], None, halt, lambda _: None)
    assert isinstance(final, FinalTest)
    return fits, final


def grid_search(settings: SizeSettings, path: Path, columns: tuple[str, ...]) -> tuple[Any, float]:
    """The fitted search by scikit-learn, and its best estimator's score on the held-out rows."""
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
    search = GridSearchCV(
        pipeline(X, numbers, categories, network),
        {"network__hidden_layer_sizes": settings.candidates},
        cv=settings.cv,
        scoring=settings.scoring,
        return_train_score=True,
        error_score="raise",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search.fit(X_train, y_train)
    return search.cv_results_, float(search.score(X_test, y_test))


@pytest.mark.parametrize("name", CASES)
def test_every_score_equals_scikit_learns(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    inputs = mixed_frame()[list(case.columns)]
    path = write(pd.concat([inputs, case.target(mixed_frame())], axis=1), tmp_path / f"table{case.suffix}")
    choice = TableChoice(**({"source": str(path), "target": ("y",)} | case.choice))
    if "z" in case.target(mixed_frame()) and "z" not in choice.target:
        choice = dataclasses.replace(choice, ignore=("z",))
    stratify = bool(case.settings.get("stratify"))
    table = look(choice, stratify=stratify).table
    given: dict[str, Any] = {"neurons": "3,6", "cv": 3, "network": NetworkParameters(max_iter=20)} | case.settings
    settings = SizeSettings(data=table.known.name, table=table, scoring=case.scoring, **given)
    fits, final = searched(settings)
    expected, held_out = grid_search(settings, path, case.columns)
    worst = 0.0
    for (number, fold), fit in fits.items():
        worst = max(worst, abs(fit.test_score - expected[f"split{fold}_test_score"][number]))
        worst = max(worst, abs(fit.train_score - expected[f"split{fold}_train_score"][number]))
    assert final.test_score is not None
    worst = max(worst, abs(final.test_score - held_out))
    assert worst < 1e-9
    assert load_split(settings).facts.inputs == table.inputs
