"""Real runs with several scorings and several labels, against ``GridSearchCV`` and their own programs."""

import io
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV, cross_validate, train_test_split
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.export.kinds import make_table
from nnsize_engine.export.python_program import program_of
from nnsize_engine.network.stored import fitted_pipeline
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.scores import find_score
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.reader import read_encoder
from nnsize_engine.runs.search_reader import read_final_network
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.extension import Extension
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.grid_search import grid_search
from support.views import size_view
from support.waiting import wait_until

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning"),
]

TIMES = ("mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time")

FURTHER = ("f1", "neg_log_loss", "accuracy", "average_precision")

TUMOURS = SizeSettings(
    data="breast_cancer", neurons="3,6", cv=3, scoring="roc_auc", further_scorings=FURTHER,
    network=NetworkParameters(max_iter=30),
)  # fmt: skip

LABELS = ("red", "round", "heavy")


def finished(folder: Path) -> SizeView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def assert_equals_grid_search(view: SizeView, search: Any) -> None:
    """Fail unless the exported table is that of ``GridSearchCV``: its columns in its order, its scores."""
    table, found = make_table(view, "candidates"), search.cv_results_
    step = next(name for name in found if name.startswith("param_")).removesuffix("hidden_layer_sizes")
    assert [name for name in table if name != "smoothed_score"] == [name.replace(step, "param_") for name in found]
    for name, column in table.items():
        if name.startswith(("split", "mean_", "std_")) and name not in TIMES:
            values = np.array(column, dtype=float)  # None becomes NaN
            np.testing.assert_allclose(values, found[name], rtol=0, atol=1e-9, err_msg=name)
        elif name.startswith("rank"):
            assert column == found[name].tolist(), name


def final_scores(final: FinalTest | None, scoring: str, further: Sequence[str]) -> dict[str, float | None]:
    assert final is not None
    return {scoring: final.test_score} | {name: find_score(final.further, name).test for name in further}


def printed(program: str) -> Mapping[str, str]:
    output = io.StringIO()
    with redirect_stdout(output):
        exec(compile(program.replace("n_jobs=-1", "n_jobs=None"), "program", "exec"), {"__name__": "program"})
    return dict(line.split(": ", 1) for line in output.getvalue().splitlines())


def assert_program_prints(view: SizeView, network: Any = None) -> None:
    """Fail unless the program of a run prints the best mean, the means by further scorings, and all test scores."""
    found, choice, further = printed(program_of(view, network)), view.choice, view.settings.further_scorings
    assert choice is not None
    assert float(found["best score"]) == pytest.approx(choice.best_mean, rel=0, abs=1e-9)
    for name in further:
        mean = view.further[name].shared[choice.best.number].mean
        assert float(found[f"its {name}"]) == pytest.approx(mean, rel=0, abs=1e-9)
    final = view.final_of_recommended if network == "recommended" else view.final_of_best
    expected = final_scores(final, view.settings.scoring, further)
    assert float(found["test score"]) == pytest.approx(expected.pop(view.settings.scoring), rel=0, abs=1e-9)
    for name, score in expected.items():
        assert float(found[f"test {name}"]) == pytest.approx(score, rel=0, abs=1e-9)


def several_labels(path: Path, labels: Sequence[str] = LABELS) -> TableChoice:
    """Return a table of numbers, a category and labels of several types."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(160, 3)), columns=["a", "b", "c"]).round(4)
    frame["kind"] = random.choice(["x", "y", "z"], len(frame))
    noise = random.normal(0, 0.4, (len(frame), 3))
    frame["red"] = (frame["a"] + noise[:, 0] > 0).astype(int)
    frame["round"] = np.where(frame["b"] * frame["c"] + noise[:, 1] > 0, "yes", "no")
    frame["heavy"] = frame["c"] + noise[:, 2] > 0.3
    frame.to_csv(path / "labels.csv", index=False)
    return TableChoice(source=str(path / "labels.csv"), target=tuple(labels), task="classification")


def search_of_labels(choice: TableChoice, scorings: tuple[str, ...], **more: Any) -> SizeSettings:
    table = inspect_table(choice).table
    assert table.task == "multilabel"
    return SizeSettings(
        data=table.known.name, table=table, neurons="3,6", cv=3, scoring=scorings[0], further_scorings=scorings[1:],
        network=NetworkParameters(max_iter=40, learning_rate_init=0.01), **more,
    )  # fmt: skip


def test_several_scorings_equal_those_of_grid_search(run_home: Path) -> None:
    view = finished(launch.start(TUMOURS, run_home))
    search = grid_search(TUMOURS)
    assert_equals_grid_search(view, search)
    split = load_split(TUMOURS)
    expected = {name: get_scorer(name)(search, split.X_test, split.y_test) for name in TUMOURS.scorings}
    assert final_scores(view.final_of_best, "roc_auc", FURTHER) == pytest.approx(expected, rel=0, abs=1e-9)
    assert_program_prints(view)
    assert_program_prints(view, "recommended")


def test_references_are_scored_by_every_scoring(run_home: Path) -> None:
    view = finished(launch.start(TUMOURS, run_home))
    split = load_split(TUMOURS)
    models = {
        "dummy": DummyClassifier(strategy="prior"),
        "linear": LogisticRegression(max_iter=10_000),
        "trees": HistGradientBoostingClassifier(random_state=0),
    }
    table = make_table(view, "references")
    for place, reference in enumerate(view.references):
        pipeline = Pipeline([("scale", StandardScaler()), ("model", models[reference.name])])
        found = cross_validate(
            pipeline, split.X_train, split.y_train, cv=3, scoring=list(TUMOURS.scorings), return_train_score=True
        )
        for name in TUMOURS.scorings:
            for part in ("test", "train"):
                ours = [table[f"split{fold}_{part}_{name}"][place] for fold in range(3)]
                np.testing.assert_allclose(np.array(ours, dtype=float), found[f"{part}_{name}"], rtol=0, atol=1e-9)
            assert table[f"mean_test_{name}"][place] == pytest.approx(found[f"test_{name}"].mean(), abs=1e-9)
        assert reference.further_means["f1"] == pytest.approx(found["test_f1"].mean(), abs=1e-9)


def test_the_first_scoring_alone_decides(run_home: Path) -> None:
    several = finished(launch.start(TUMOURS, run_home))
    one = finished(launch.start(replace(TUMOURS, further_scorings=()), run_home))
    assert several.choice == one.choice
    assert (several.ranks, several.shared) == (one.ranks, one.shared)
    table = make_table(one, "candidates")
    assert "mean_test_score" in table
    assert not any(name.endswith("roc_auc") for name in table)


def test_a_killed_and_an_extended_run_keep_all_scores(run_home: Path) -> None:
    settings = SizeSettings(
        data="digits", neurons="5,9", cv=3, scoring="accuracy", further_scorings=("f1_macro", "neg_log_loss"),
        network=NetworkParameters(max_iter=240, tol=0),
    )  # fmt: skip
    folder = launch.start(settings, run_home)
    wait_until(lambda: size_view(folder).header.done >= 1, 300)  # of six: the rest takes seconds
    runner = size_view(folder).header.runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(runner), 60)
    launch.resume(folder)
    assert_equals_grid_search(finished(folder), grid_search(settings))
    launch.extend(folder, Extension(neurons="2", fold_rounds=2))
    grown = finished(folder)
    fresh = finished(launch.start(grown.settings, run_home))
    assert _without_times(grown) == _without_times(fresh)
    assert grown.choice is not None
    for number in (candidate.number for candidate in grown.choice.finalists):
        assert grown.finals[number].further == fresh.finals[number].further
        assert len(grown.finals[number].further) == 2


def _without_times(view: SizeView) -> dict[str, Any]:
    return {name: column for name, column in make_table(view, "candidates").items() if name not in TIMES}


@pytest.mark.parametrize(
    "said",
    [{"repeats": 2}, {"neurons": "auto", "max_neurons": 4}, {"fold_rounds": 2}, {"scoring": "r2"}],
    ids=["repeats", "auto", "rounds", "regression"],
)
def test_the_program_of_every_kind_of_search_prints_all_scores(said: dict[str, Any], run_home: Path) -> None:
    data = {"data": "diabetes", "further_scorings": ("neg_median_absolute_error", "neg_max_error")}
    usual = data if "scoring" in said else {"data": "iris", "scoring": "accuracy", "further_scorings": ("f1_macro",)}
    settings = SizeSettings(**{**usual, "neurons": "3,5", "cv": 3, "network": NetworkParameters(max_iter=25), **said})
    view = finished(launch.start(settings, run_home))
    assert_program_prints(view)
    assert_program_prints(view, "recommended")


@pytest.mark.filterwarnings("ignore:Scoring failed", "ignore:One or more of the")
def test_a_further_scoring_that_fails_fails_no_fit(run_home: Path) -> None:
    settings = SizeSettings(
        data="diabetes", neurons="3,5", cv=3, target_scale="none",
        scoring="r2", further_scorings=("neg_mean_squared_log_error", "neg_max_error"),
        network=NetworkParameters(max_iter=3, activation="identity", learning_rate_init=0.5),
    )  # fmt: skip
    view = finished(launch.start(settings, run_home))
    assert all(fit is not None and fit.error is None for summary in view.summaries for fit in summary.fits)
    fits = make_table(view, "fits")
    failed = [reason for reason in fits["error_neg_mean_squared_log_error"] if reason is not None]
    assert failed
    assert "cannot be used" in str(failed[0])
    assert any("no neg_mean_squared_log_error" in line.text for line in view.log)
    assert_equals_grid_search(view, grid_search(settings))


SCORINGS_OF_LABELS = ("accuracy", "f1_macro", "f1_samples", "jaccard_weighted", "precision_micro")


@pytest.mark.parametrize(
    ("labels", "scorings"),
    [
        (LABELS, ("roc_auc", *SCORINGS_OF_LABELS, "average_precision")),
        (("red", "round"), SCORINGS_OF_LABELS),
    ],
    ids=["three", "two"],
)
def test_several_labels_equal_grid_search_over_the_users_own_frame(
    labels: tuple[str, ...], scorings: tuple[str, ...], run_home: Path, tmp_path: Path
) -> None:
    settings = search_of_labels(several_labels(tmp_path, labels), scorings)
    folder = launch.start(settings, run_home)
    view = finished(folder)
    frame = pd.read_csv(tmp_path / "labels.csv")
    y = np.column_stack([np.asarray(frame[name].isin([1, True, "yes"])).astype(int) for name in labels])
    X = pd.get_dummies(frame.drop(columns=list(labels)), dtype=float)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.33, random_state=42)
    numbers = [name for name in X if name in ("a", "b", "c", "red", "heavy")]
    pipeline = Pipeline([("scale", _scaler(numbers)), ("mlp", MLPClassifier(**_given(settings)))])
    search = GridSearchCV(
        pipeline, {"mlp__hidden_layer_sizes": [3, 6]}, cv=3, scoring=list(scorings), refit=scorings[0],
        return_train_score=True,
    ).fit(X_train, y_train)  # fmt: skip
    assert_equals_grid_search(view, search)
    expected = {name: get_scorer(name)(search, X_test, y_test) for name in scorings}
    assert final_scores(view.final_of_best, scorings[0], scorings[1:]) == pytest.approx(expected, rel=0, abs=1e-9)
    assert_program_prints(view)
    assert_program_prints(view, "recommended")
    with reading(folder) as connection:
        assert view.choice is not None
        network = read_final_network(connection, view.choice.best.number, "best")
        encoder = read_encoder(connection)
    assert network is not None
    exported = fitted_pipeline(network, encoder=encoder, parameters=settings.network)
    inputs = frame.drop(columns=list(labels))
    assert (exported.predict(inputs.loc[X_test.index]) == search.predict(X_test)).all()


def _scaler(numbers: Sequence[str]) -> Any:
    from sklearn.compose import ColumnTransformer

    return ColumnTransformer([("numbers", StandardScaler(), list(numbers))], remainder="passthrough")


def _given(settings: SizeSettings) -> dict[str, Any]:
    return {"max_iter": settings.network.max_iter, "learning_rate_init": 0.01, "random_state": settings.seed}


@pytest.mark.references
def test_references_predict_several_labels(run_home: Path, tmp_path: Path) -> None:
    settings = search_of_labels(several_labels(tmp_path), ("accuracy", "roc_auc"))
    view = finished(launch.start(settings, run_home))
    split = load_split(settings)
    assert [one.error for one in view.references] == [None, None, None]
    from nnsize_engine.data.encode import TableRows, column_transformer, frame

    assert isinstance(split.X_train, TableRows)
    model = MultiOutputClassifier(LogisticRegression(max_iter=10_000))
    pipeline = Pipeline([("encode", column_transformer(split.X_train)), ("model", model)])
    found = cross_validate(pipeline, frame(split.X_train), split.y_train, cv=3, scoring=["accuracy", "roc_auc"])
    linear = view.references[1]
    np.testing.assert_allclose(np.array(linear.scores, dtype=float), found["test_accuracy"], rtol=0, atol=1e-9)
    assert linear.further_means["roc_auc"] == pytest.approx(found["test_roc_auc"].mean(), abs=1e-9)


@pytest.mark.parametrize(
    "said", [{"stratify": True}, {"repeats": 2}, {"fold_rounds": 2}], ids=lambda one: next(iter(one))
)
def test_the_program_of_several_labels_prints_its_numbers(said: dict[str, Any], run_home: Path, tmp_path: Path) -> None:
    settings = search_of_labels(several_labels(tmp_path), ("f1_samples", "accuracy"), **said)
    assert_program_prints(finished(launch.start(settings, run_home)))
