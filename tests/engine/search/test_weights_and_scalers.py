"""Searches with weighed rows and other scalers: scores, networks and programs equal scikit-learn's."""

import dataclasses
import io
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
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, QuantileTransformer, RobustScaler, StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

from nnsize_engine.data.encode import TableRows, column_transformer, frame
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import Split, load_split
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.export.python_program import python_code
from nnsize_engine.network.stored import as_joblib, as_npz, as_skops
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.search.events import FinalNetwork
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.folds import make_folds
from nnsize_engine.search.references import ReferenceWork, fit_references
from nnsize_engine.search.search import plan
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.scaler import SCALERS
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import search_from_stored, settings_from_json, settings_to_json
from nnsize_engine.settings.table_choice import TableChoice
from support.fold_scores import fold_scores
from support.networks import quiet
from support.warm_processes import run_program
from support.warm_runners import WarmRunners

SHORT = NetworkParameters(max_iter=30, learning_rate_init=0.02)
THEIR_SCALERS: dict[str, Any] = {
    "standard": StandardScaler(),
    "robust": RobustScaler(),
    "quantile": QuantileTransformer(random_state=0),
    "minmax": MinMaxScaler(),
    "none": "passthrough",
}


def weighed_csv(folder: Path, *, numbers: bool = False) -> TableChoice:
    """A table with rare classes, categories, missing values and a column of weights, 0 in some rows."""
    random = np.random.default_rng(3)
    rows = 160
    table = pd.DataFrame(
        {
            "a": random.normal(50, 10, rows).round(2),
            "b": random.lognormal(3, 2, rows),
            "town": random.choice(["Rome", "Oslo", "Bern"], rows),
            "times": random.integers(0, 5, rows),
        }
    )
    signal = table["a"] / 10 + np.log(table["b"]) + random.normal(0, 1, rows)
    table.loc[random.random(rows) < 0.1, "a"] = np.nan
    table["y"] = (signal * 100).round(1) if numbers else np.where(signal > 9.5, "rare", "usual")
    table.to_csv(folder / "weighed.csv", index=False)
    return TableChoice(source=str(folder / "weighed.csv"), sample_weight="times")


def of_table(choice: TableChoice, **more: Any) -> SizeSettings:
    table = inspect_table(choice).table
    scoring = "r2" if table.task == "regression" else "roc_auc"
    usual: dict[str, Any] = {"neurons": "2,5", "cv": 3, "scoring": scoring, "network": SHORT}
    return SizeSettings(data=choice.name, table=table, **usual | more)


def inputs(X: Any) -> Any:
    return frame(X) if isinstance(X, TableRows) else X


def pipeline_of(settings: SizeSettings, split: Split) -> Pipeline:
    """The pipeline that a user of scikit-learn would write."""
    parameters = dataclasses.replace(settings.network, random_state=settings.seed).as_dict()
    if settings.task == "regression":
        network: Any = TransformedTargetRegressor(MLPRegressor(**parameters), transformer=StandardScaler())
    else:
        del parameters["loss"]
        network = MLPClassifier(**parameters)
    if isinstance(split.X_train, TableRows):
        first: Any = column_transformer(split.X_train, scaler=settings.scaler)
    else:
        first = THEIR_SCALERS[settings.scaler]
    return Pipeline([("scale", first), ("network", network)])


def given_weights(settings: SizeSettings, split: Split) -> Any:
    """The weights of the training rows, made without the engine's own code."""
    weights = None
    if settings.table is not None and settings.table.choice.sample_weight is not None:
        from sklearn.model_selection import train_test_split

        column = pd.read_csv(settings.table.choice.source)[settings.table.choice.sample_weight].to_numpy(float)
        weights, _ = train_test_split(column, test_size=settings.test_size, random_state=settings.split_seed)
    if settings.class_weight == "balanced":
        balanced = compute_sample_weight("balanced", split.y_train)
        weights = balanced if weights is None else weights * balanced
    return weights


def searched(settings: SizeSettings, split: Split) -> Any:
    """The fitted ``GridSearchCV`` of the same pipeline, folds and weights."""
    prefix = "network__regressor__" if settings.task == "regression" else "network__"
    grid = {f"{prefix}hidden_layer_sizes": list(settings.candidates)}
    weights = given_weights(settings, split)
    given = {} if weights is None else {"network__sample_weight": weights}
    search = GridSearchCV(
        pipeline_of(settings, split), grid, cv=settings.cv, scoring=settings.scoring, error_score="raise"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return search.fit(inputs(split.X_train), split.y_train, **given)


def assert_same_scores(settings: SizeSettings) -> None:
    theirs = searched(settings, load_split(settings))
    expected = np.column_stack([theirs.cv_results_[f"split{fold}_test_score"] for fold in range(settings.cv)])
    found = fold_scores(settings)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.mean(axis=1), theirs.cv_results_["mean_test_score"], rtol=1e-9, atol=1e-9)


networks = st.builds(
    NetworkParameters,
    max_iter=st.integers(5, 20),
    solver=st.sampled_from(["adam", "sgd", "lbfgs"]),
    batch_size=st.sampled_from(["auto", 20, 64]),
    early_stopping=st.booleans(),
)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.sampled_from(["breast_cancer", "wine", "iris", "diabetes"]),
    scaler=st.sampled_from(SCALERS),
    class_weight=st.sampled_from(["none", "balanced"]),
    network=networks,
    seed=st.integers(0, 99),
)
def test_scores_of_built_in_data_equal_grid_search(
    data: str, scaler: Any, class_weight: Any, network: NetworkParameters, seed: int
) -> None:
    if network.solver == "lbfgs":
        network = dataclasses.replace(network, early_stopping=False)
    scoring = {"breast_cancer": "roc_auc", "diabetes": "r2"}.get(data, "accuracy")
    settings = SizeSettings(
        data=data, neurons="2,5", cv=3, scoring=scoring, seed=seed, network=network, scaler=scaler,
        class_weight="none" if data == "diabetes" else class_weight,
    )  # fmt: skip
    assert_same_scores(settings)


@pytest.mark.parametrize("scaler", SCALERS)
@pytest.mark.parametrize("target", ["classes", "balanced classes", "numbers"])
def test_scores_of_a_table_equal_grid_search(target: str, scaler: Any, tmp_path: Path) -> None:
    choice = weighed_csv(tmp_path, numbers=target == "numbers")
    class_weight: Any = "balanced" if target == "balanced classes" else "none"
    network = NetworkParameters(max_iter=12, early_stopping=scaler == "robust", batch_size=40)
    assert_same_scores(of_table(choice, scaler=scaler, class_weight=class_weight, network=network))


@pytest.mark.parametrize("scaler", SCALERS)
def test_the_encoder_of_a_table_is_what_a_user_would_write(scaler: Any, tmp_path: Path) -> None:
    """As the printed program writes it: 1,000 quantiles, of which scikit-learn takes as many as there are rows."""
    split = load_split(of_table(weighed_csv(tmp_path), scaler=scaler))
    assert isinstance(split.X_train, TableRows)
    found = column_transformer(split.X_train, scaler=scaler).fit_transform(frame(split.X_train))
    written = column_transformer(split.X_train, scaler=scaler)
    if scaler == "quantile":
        written.set_params(number__quantiletransformer__n_quantiles=1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.testing.assert_array_equal(found, written.fit_transform(frame(split.X_train)))


def program_scores(warm: WarmRunners, settings: SizeSettings) -> tuple[float, float]:
    """The best score and the test score that the printed program prints, without a warning on the way."""
    done = run_program(warm, python_code(settings, "a"))
    assert "n_quantiles" not in done.stderr
    values = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    return float(values["best score"]), float(values["test score"])


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("built in", {"scaler": "quantile", "class_weight": "balanced"}),
        ("built in", {"scaler": "none", "class_weight": "none"}),
        ("classes", {"scaler": "quantile", "class_weight": "balanced"}),
        ("classes", {"scaler": "minmax", "class_weight": "none"}),
        ("numbers", {"scaler": "robust"}),
        ("numbers", {"scaler": "none"}),
    ],
)
def test_the_printed_program_prints_the_scores_of_the_run(
    kind: str, more: dict[str, Any], tmp_path: Path, warm: WarmRunners
) -> None:
    if kind == "built in":
        settings = SizeSettings(neurons="2,5", cv=3, network=SHORT, **more)
    else:
        settings = of_table(weighed_csv(tmp_path, numbers=kind == "numbers"), **more)
    best, test = program_scores(warm, settings)
    means = fold_scores(settings).mean(axis=1)
    assert best == pytest.approx(means.max(), abs=1e-9)
    search = plan(settings, load_split(settings))
    with quiet():
        final = final_test(search, search.candidates[int(means.argmax())], None, threading.Event(), lambda _: None)
    assert isinstance(final, FinalTest)
    assert test == pytest.approx(final.test_score, abs=1e-9)


@pytest.mark.parametrize("form", [{"neurons": "auto", "max_neurons": 4}, {"repeats": 2}, {"fold_rounds": 2}])
def test_every_form_of_the_program_passes_the_weights(form: dict[str, Any], tmp_path: Path, warm: WarmRunners) -> None:
    settings = of_table(weighed_csv(tmp_path, numbers=True), **({"network": NetworkParameters(max_iter=3)} | form))
    code = python_code(settings, "a")
    fits = code.count(".fit(X_train") + code.count("cross_val_score(pipeline")
    assert code.count("network__sample_weight") == fits > 0
    run_program(warm, code)


@pytest.mark.parametrize("scaler", SCALERS)
@pytest.mark.parametrize("kind", ["built in", "table"])
def test_the_exported_pipeline_is_the_one_of_grid_search(kind: str, scaler: Any, tmp_path: Path) -> None:
    if kind == "built in":
        settings = SizeSettings(neurons="4", cv=2, network=SHORT, scaler=scaler, class_weight="balanced")
    else:
        settings = of_table(weighed_csv(tmp_path), neurons="4", cv=2, scaler=scaler)
    split, heard = load_split(settings), list[Any]()
    search = plan(settings, split)
    with quiet():
        final = final_test(search, search.candidates[0], None, threading.Event(), heard.append)
    theirs = searched(settings, split)
    assert isinstance(final, FinalTest)
    X_test = inputs(split.X_test)
    assert final.test_score == pytest.approx(theirs.score(X_test, split.y_test), abs=1e-9)
    found = next(event for event in heard if isinstance(event, FinalNetwork))
    facts: dict[str, Any] = {"rows": len(split.y_train), "encoder": found.encoder, "parameters": SHORT}
    (tmp_path / "a.skops").write_bytes(as_skops(found.network, **facts))
    (tmp_path / "a.joblib").write_bytes(as_joblib(found.network, **facts))
    loaded = [skops.io.load(tmp_path / "a.skops", trusted=["numpy.dtype"]), joblib.load(tmp_path / "a.joblib")]
    for pipeline in loaded:
        np.testing.assert_array_equal(pipeline.predict_proba(X_test), theirs.predict_proba(X_test))
    if kind == "table":
        assert list(loaded[0].named_steps) == ["encode", "network"]
        return
    assert list(loaded[0].named_steps) == (["network"] if scaler == "none" else ["scale", "network"])
    arrays = np.load(io.BytesIO(as_npz(found.network, encoder=found.encoder, parameters=SHORT)))
    scaled = (X_test - arrays["mean"]) / arrays["scale"]
    if scaler == "quantile":
        scaled = theirs.best_estimator_.named_steps["scale"].transform(X_test)
        np.testing.assert_array_equal(arrays["quantiles"], theirs.best_estimator_.named_steps["scale"].quantiles_)
    hidden = np.maximum(scaled @ arrays["coefs_0"] + arrays["intercepts_0"], 0)
    outputs = 1 / (1 + np.exp(-(hidden @ arrays["coefs_1"] + arrays["intercepts_1"])))
    np.testing.assert_allclose(outputs[:, 0], theirs.predict_proba(X_test)[:, 1], atol=1e-12)
    assert len(arrays["inputs"]) == 0


@pytest.mark.parametrize("scaler", ["robust", "none"])
def test_references_are_weighed_and_scaled_as_the_networks_are(scaler: Any, tmp_path: Path) -> None:
    settings = of_table(weighed_csv(tmp_path), scaler=scaler, class_weight="balanced")
    split = load_split(settings)
    weights = given_weights(settings, split)
    folds = make_folds(split, settings.cv)
    work = ReferenceWork(
        settings=settings, X=split.X_train, y=split.y_train, folds=folds, sample_weight=split.sample_weight,
        outstanding=tuple((name, fold) for fold in range(3) for name in ("dummy", "linear", "trees")),
    )  # fmt: skip
    found = {(one.name, one.fold): one.test_score for one in fit_references(work)}
    assert isinstance(split.X_train, TableRows)
    model = make_pipeline(
        column_transformer(split.X_train, scaler=scaler), LogisticRegression(max_iter=10_000)
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = cross_validate(
            model, frame(split.X_train), split.y_train, cv=3, scoring="roc_auc",
            params={"logisticregression__sample_weight": weights},
        )["test_score"]  # fmt: skip
    assert None not in found.values()
    np.testing.assert_allclose(np.array([found["linear", fold] for fold in range(3)], float), expected, atol=1e-9)


def test_weights_change_scores_and_none_of_them_changes_nothing(tmp_path: Path) -> None:
    choice = weighed_csv(tmp_path)
    weighed = of_table(choice)
    unweighed = of_table(dataclasses.replace(choice, sample_weight=None, ignore=("times",)))
    assert weighed.known.inputs == unweighed.known.inputs
    assert (fold_scores(weighed) != fold_scores(unweighed)).any()


def test_settings_of_earlier_versions_scale_and_weigh_as_they_did(tmp_path: Path) -> None:
    settings = of_table(weighed_csv(tmp_path), scaler="minmax", class_weight="balanced")
    assert settings_from_json(settings_to_json(settings), "size") == settings
    earlier = search_from_stored({"data": "iris", "scoring": "accuracy"})
    assert (earlier.scaler, earlier.class_weight) == ("standard", "none")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["1", "2", "-0.5"], "is negative in"),
        (["1", "", "2"], "has no value in"),
        (["0", "0", "0"], "is 0 in every row"),
        (["a", "b", "a"], "holds texts"),
    ],
)
def test_columns_that_cannot_weigh_are_refused_in_one_sentence(values: list[str], reason: str, tmp_path: Path) -> None:
    rows = [f"{number},{values[number % 3]},{number % 2}" for number in range(30)]
    (tmp_path / "a.csv").write_text("\n".join(["x,w,y", *rows]))
    with pytest.raises(DataError, match=f"the column of weights 'w' {reason}.*--sample-weight") as refused:
        inspect_table(TableChoice(source=str(tmp_path / "a.csv"), sample_weight="w"))
    assert refused.value.field == "sample_weight"


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        ({"sample_weight": "y"}, "is the target and holds the sample weights"),
        ({"sample_weight": "times", "ignore": ("times",)}, "is ignored and holds the sample weights"),
        ({"sample_weight": "tims"}, "no column 'tims' for --sample-weight; did you mean 'times'"),
    ],
)
def test_a_column_of_weights_has_no_other_role(choice: dict[str, Any], reason: str, tmp_path: Path) -> None:
    source = weighed_csv(tmp_path).source
    with pytest.raises((DataError, SettingsError), match=reason):
        inspect_table(TableChoice(source=source, target=("y",), **choice))


def test_the_last_column_left_is_the_target_if_the_last_one_weighs(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join(["x,y,w", *(f"{n},{n % 2},{n % 3}" for n in range(30))]))
    summary = inspect_table(TableChoice(source=str(tmp_path / "a.csv"), sample_weight="w"))
    assert summary.table.choice.target == ("y",)
    assert [column.role for column in summary.columns] == ["input", "target", "weight"]
    assert summary.table.inputs == 1


def test_class_weight_is_for_classes_and_weights_are_for_searches(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="class-weight is for classes"):
        SizeSettings(data="diabetes", scoring="r2", class_weight="balanced")
    with pytest.raises(SettingsError, match="scaler is 'big'"):
        SizeSettings(scaler="big")  # type: ignore[arg-type]
    table = inspect_table(weighed_csv(tmp_path)).table
    with pytest.raises(SettingsError, match="sample-weight is for a search"):
        EvolutionSettings(data="weighed.csv", table=table)
