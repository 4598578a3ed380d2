"""Named splitters against ``GridSearchCV`` with scikit-learn's own splitters, and against the printed program."""

import io
import threading
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_wine
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
    train_test_split,
)
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.sampling import split_rows
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError, NnsizeError, SettingsError
from nnsize_engine.export.python_program import python_code
from nnsize_engine.results.choice import choose
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.results.statistics import shared_statistics, summarise_all
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.splitters import folds_of_choice
from nnsize_engine.settings.table_choice import TableChoice

SIZES = [3, 8]
EPOCHS = 30
SEED = 7


@dataclass(frozen=True)
class Case:
    """Folds as a user writes them, and scikit-learn's splitter."""

    text: str
    splitter: Any


FOR_CLASSES = [
    Case("kfold:4", KFold(4)),
    Case("kfold:4:shuffle", KFold(4, shuffle=True, random_state=SEED)),
    Case("stratified:4", StratifiedKFold(4)),
    Case("stratified:4:shuffle", StratifiedKFold(4, shuffle=True, random_state=SEED)),
    Case("repeated:3x2", RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=SEED)),
    Case("time:4", TimeSeriesSplit(4)),
]
FOR_NUMBERS = [
    Case("kfold:4", KFold(4)),
    Case("kfold:3:shuffle", KFold(3, shuffle=True, random_state=SEED)),
    Case("repeated:3x2", RepeatedKFold(n_splits=3, n_repeats=2, random_state=SEED)),
    Case("time:4", TimeSeriesSplit(4)),
]
FOR_GROUPS = [
    Case("group:4", GroupKFold(4)),
    Case("group:4:shuffle", GroupKFold(4, shuffle=True, random_state=SEED)),
    Case("stratified-group:4", StratifiedGroupKFold(4)),
    Case("stratified-group:4:shuffle", StratifiedGroupKFold(4, shuffle=True, random_state=SEED)),
]


def settings_of(text: str, scoring: str, table: TableChoice | None = None, **more: Any) -> SizeSettings:
    """Return a small search with these folds."""
    folds: dict[str, Any] = folds_of_choice(text, None)
    if table is not None:
        split = {"test_size": more.get("test_size", 0.33), "split_seed": SEED}
        found = inspect_table(table, **split, takes_last_rows=folds["splitter"] == "time").table
        more |= {"table": found, "data": table.name}
    return SizeSettings(
        neurons=",".join(map(str, SIZES)), scoring=scoring, split_seed=SEED, network=NetworkParameters(max_iter=EPOCHS),
        **folds, **more,
    )  # fmt: skip


def check(settings: SizeSettings, search: Any, X_test: Any, y_test: Any) -> None:
    """Compare a search, and its printed program, with a fitted ``GridSearchCV``."""
    split = load_split(settings)
    planned, halt = plan(settings, split), threading.Event()
    fits = [fit.result for fit in run_fits(planned, (), {}, 2, halt, lambda _: None)]  # type: ignore[union-attr]
    summaries = summarise_all(planned.candidates, fits, settings.splits)
    results = search.cv_results_
    assert settings.folds == search.n_splits_
    for fold in range(settings.folds):
        ours = np.array([summary.scores[fold] for summary in summaries], float)
        np.testing.assert_allclose(ours, results[f"split{fold}_test_score"], rtol=0, atol=1e-9)
    means = np.array([summary.mean for summary in summaries], float)
    np.testing.assert_allclose(means, results["mean_test_score"], rtol=0, atol=1e-9)
    choice = choose(summaries, shared_statistics(summaries))
    assert choice is not None
    assert choice.best.number == search.best_index_
    found = printed(python_code(settings, "bagote"))
    assert float(found["best score"]) == pytest.approx(search.best_score_, rel=0, abs=1e-9)
    if settings.test_size == 0:
        assert "test score" not in found
        assert len(split.y_test) == 0
        return
    final = final_test(planned, choice.best, None, halt, lambda _: None)
    assert isinstance(final, FinalTest)
    expected = search.score(X_test, y_test)
    assert final.test_score == pytest.approx(expected, rel=0, abs=1e-9)
    assert float(found["test score"]) == pytest.approx(expected, rel=0, abs=1e-9)


def printed(program: str) -> dict[str, str]:
    """Return the output of a program, by the text before the colon."""
    output = io.StringIO()
    with redirect_stdout(output), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(program.replace("n_jobs=-1", "n_jobs=None"), "program", "exec"), {"__name__": "program"})
    return dict(line.split(": ", 1) for line in output.getvalue().splitlines())


def grid_search(pipeline: Pipeline, case: Case, scoring: str, X: Any, y: Any, groups: Any = None) -> Any:
    """Return scikit-learn's search with a splitter."""
    step = "net__regressor" if isinstance(pipeline["net"], TransformedTargetRegressor) else "net"
    grid = {f"{step}__hidden_layer_sizes": SIZES}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return GridSearchCV(pipeline, grid, cv=case.splitter, scoring=scoring).fit(X, y, groups=groups)


def classifier(first: Any) -> Pipeline:
    return Pipeline([("first", first), ("net", MLPClassifier(max_iter=EPOCHS, random_state=0))])


def regressor(first: Any) -> Pipeline:
    network = TransformedTargetRegressor(MLPRegressor(max_iter=EPOCHS, random_state=0), transformer=StandardScaler())
    return Pipeline([("first", first), ("net", network)])


def held_out(case: Case, X: Any, y: Any, test_size: float | int = 0.33) -> Any:
    """Return the rows as scikit-learn splits them."""
    if isinstance(case.splitter, TimeSeriesSplit):
        return train_test_split(X, y, test_size=test_size, shuffle=False)
    return train_test_split(X, y, test_size=test_size, random_state=SEED)


@pytest.mark.parametrize("case", FOR_CLASSES, ids=lambda case: case.text)
def test_classes_of_built_in_data_get_the_scores_of_grid_search(case: Case) -> None:
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = held_out(case, X, y)
    search = grid_search(classifier(StandardScaler()), case, "accuracy", X_train, y_train)
    check(settings_of(case.text, "accuracy", data="wine"), search, X_test, y_test)


@pytest.mark.parametrize("case", FOR_NUMBERS, ids=lambda case: case.text)
def test_numbers_of_built_in_data_get_the_scores_of_grid_search(case: Case) -> None:
    X, y = load_diabetes(return_X_y=True)
    X_train, X_test, y_train, y_test = held_out(case, X, y)
    search = grid_search(regressor(StandardScaler()), case, "r2", X_train, y_train)
    check(settings_of(case.text, "r2", data="diabetes"), search, X_test, y_test)


def patients(path: Path, *, rows: int = 20, people: int = 30) -> pd.DataFrame:
    """Patients with a profile of their own, and a sickness that has nothing to do with it."""
    random = np.random.default_rng(0)
    who = np.repeat(np.arange(people), rows)
    sick = random.permutation(np.arange(people) % 2)
    X = random.normal(size=(people, 5))[who] * 3 + random.normal(0, 0.2, (len(who), 5))
    table = pd.DataFrame(X, columns=list("abcde"))
    table["ward"] = random.choice(["north", "south"], len(who))
    table["patient"] = [f"P{number:03d}" for number in who]
    table["sick"] = np.where(sick[who] == 1, "yes", "no")
    table = table.sample(frac=1, random_state=1).reset_index(drop=True)
    table.to_csv(path, index=False)
    return table


ENCODE = ColumnTransformer(
    [
        ("number", StandardScaler(), list("abcde")),
        (
            "category",
            OneHotEncoder(
                min_frequency=0.01, max_categories=100, handle_unknown="infrequent_if_exist", sparse_output=False
            ),
            ["ward"],
        ),
    ]
)


@pytest.mark.parametrize("test_size", [0.33, 7, 0])
@pytest.mark.parametrize("case", FOR_GROUPS, ids=lambda case: case.text)
def test_groups_get_the_scores_of_grid_search(tmp_path: Path, case: Case, test_size: float | int) -> None:
    table = patients(tmp_path / "patients.csv", rows=6)
    choice = TableChoice(source=str(tmp_path / "patients.csv"), groups="patient")
    X, y, groups = table[[*"abcde", "ward"]], table["sick"].to_numpy(), table["patient"].to_numpy()
    train, test = np.arange(len(y)), np.arange(0)
    if test_size:
        ((train, test),) = GroupShuffleSplit(1, test_size=test_size, random_state=SEED).split(X, y, groups)
    search = grid_search(classifier(ENCODE), case, "roc_auc", X.iloc[train], y[train], groups[train])
    settings = settings_of(case.text, "roc_auc", choice, test_size=test_size)
    check(settings, search, X.iloc[test], y[test])


def test_numbers_with_numbered_groups_get_the_scores_of_grid_search(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    table = pd.DataFrame(random.normal(size=(200, 3)), columns=["a", "b", "c"])
    table["site"] = random.integers(-3, 9, 200) / 2
    table["y"] = table["a"] * 2 + table["site"] + random.normal(0, 0.1, 200)
    table.loc[:7, "y"] = np.nan
    table.to_parquet(tmp_path / "sites.parquet")
    kept = table.dropna(subset=["y"]).reset_index(drop=True)
    X, y, groups = kept[["a", "b", "c"]], kept["y"].to_numpy(), kept["site"].to_numpy()
    ((train, test),) = GroupShuffleSplit(1, test_size=0.33, random_state=SEED).split(X, y, groups)
    case = Case("group:3", GroupKFold(3))
    first = ColumnTransformer([("number", StandardScaler(), ["a", "b", "c"])])
    search = grid_search(regressor(first), case, "r2", X.iloc[train], y[train], groups[train])
    choice = TableChoice(source=str(tmp_path / "sites.parquet"), groups="site")
    check(settings_of(case.text, "r2", choice), search, X.iloc[test], y[test])


def walk(path: Path) -> pd.DataFrame:
    """A random walk that follows nothing, its rows in no order, some of one day."""
    random = np.random.default_rng(5)
    days = np.sort(random.integers(0, 200, 240))
    table = pd.DataFrame({"day": pd.Timestamp("2021-01-30") + pd.to_timedelta(days, "D")})
    table["height"] = random.normal(size=240).cumsum()
    table["before"] = table["height"].shift(1, fill_value=0.0)
    table["noise"] = random.normal(size=240)
    table = table[["day", "before", "noise", "height"]].sample(frac=1, random_state=2).reset_index(drop=True)
    table.assign(day=table["day"].dt.strftime("%Y-%m-%d")).to_csv(path, index=False)
    return table


@pytest.mark.parametrize("order_by", [None, "day", "noise"])
@pytest.mark.parametrize("test_size", [0.33, 50, 0])
def test_rows_in_time_get_the_scores_of_grid_search(
    tmp_path: Path, order_by: str | None, test_size: float | int
) -> None:
    table, names = walk(tmp_path / "walk.csv"), ["before", "noise"]
    ignore = () if order_by == "day" else ("day",)
    choice = TableChoice(source=str(tmp_path / "walk.csv"), order_by=order_by, ignore=ignore)
    if order_by is not None:
        table = table.sort_values(order_by, kind="stable")
    names = [name for name in names if name != order_by]
    X, y = table[names], table["height"].to_numpy()
    X_train, X_test, y_train, y_test = held_out(Case("", TimeSeriesSplit(4)), X, y, test_size) if test_size else (
        X, X, y, y
    )  # fmt: skip
    case = Case("time:4", TimeSeriesSplit(4))
    first = ColumnTransformer([("number", StandardScaler(), names)])
    search = grid_search(regressor(first), case, "r2", X_train, y_train)
    settings = settings_of("time:4", "r2", choice, test_size=test_size)
    assert settings.table is not None
    assert settings.table.inputs == len(names)
    check(settings, search, X_test, y_test)


@pytest.mark.parametrize("case", [*FOR_CLASSES[1:], FOR_GROUPS[2]], ids=lambda case: case.text)
def test_a_sample_of_a_table_with_a_text_order_prints_its_scores(tmp_path: Path, case: Case) -> None:
    table = patients(tmp_path / "patients.csv", rows=8)
    has_groups, is_time = "group" in case.text, case.text.startswith("time")
    choice = TableChoice(
        source=str(tmp_path / "patients.csv"), sample=150, order_by="patient" if is_time else None,
        groups="patient" if has_groups else None, ignore=() if is_time or has_groups else ("patient",),
    )  # fmt: skip
    rows, _ = train_test_split(np.arange(len(table)), train_size=150, random_state=SEED, stratify=table["sick"])
    kept = table.iloc[np.sort(rows)]
    if is_time:
        kept = kept.sort_values("patient", kind="stable")
    X, y, groups = kept[[*"abcde", "ward"]], kept["sick"].to_numpy(), kept["patient"].to_numpy()
    if has_groups:
        ((train, test),) = GroupShuffleSplit(1, test_size=0.33, random_state=SEED).split(X, y, groups)
        X_train, X_test, y_train, y_test, of_train = X.iloc[train], X.iloc[test], y[train], y[test], groups[train]
    else:
        (X_train, X_test, y_train, y_test), of_train = held_out(case, X, y), None
    search = grid_search(classifier(ENCODE), case, "roc_auc", X_train, y_train, of_train)
    check(settings_of(case.text, "roc_auc", choice), search, X_test, y_test)


def test_patients_are_not_known_again_by_their_other_rows(tmp_path: Path) -> None:
    patients(tmp_path / "patients.csv")
    source = str(tmp_path / "patients.csv")
    more: dict[str, Any] = {"references": False}
    plain = settings_of("5", "roc_auc", TableChoice(source=source, ignore=("patient",)), **more)
    grouped = settings_of("stratified-group:5", "roc_auc", TableChoice(source=source, groups="patient"), **more)
    means = []
    for settings in (plain, grouped):
        settings = replace(settings, neurons="32", network=NetworkParameters(max_iter=200))
        planned = plan(settings, load_split(settings))
        fits = run_fits(planned, (), {}, 2, threading.Event(), lambda _: None)
        scores = [fit.result.test_score for fit in fits]  # type: ignore[union-attr]
        means.append(np.mean(np.array(scores, float)))
    assert means[0] > 0.97
    assert means[1] < 0.75


@given(
    groups=st.lists(st.integers(0, 9), min_size=4, max_size=80),
    test_size=st.one_of(st.floats(0.01, 0.99), st.integers(1, 9)),
    seed=st.integers(0, 2**32 - 1),
)
@hypothesis_settings(deadline=None)
def test_whole_groups_are_drawn_as_scikit_learn_draws_them(
    groups: list[int], test_size: float | int, seed: int
) -> None:
    _, codes = np.unique(groups, return_inverse=True)
    try:
        ((train, test),) = GroupShuffleSplit(1, test_size=test_size, random_state=seed).split(groups, None, groups)
    except ValueError:
        with pytest.raises(DataError, match="it must leave groups on both sides"):
            split_rows(len(groups), test_size=test_size, split_seed=seed, groups=codes.astype(np.int32))
        return
    found = split_rows(len(groups), test_size=test_size, split_seed=seed, groups=codes.astype(np.int32))
    assert found[0].tolist() == train.tolist()
    assert found[1].tolist() == test.tolist()


def _of_groups(**more: Any) -> Callable[[Path], SizeSettings]:
    def make(folder: Path) -> SizeSettings:
        patients(folder / "patients.csv", rows=3)
        given = {"text": "group:5", "groups": "patient", **more}
        choice = {name: given.pop(name) for name in ("groups", "order_by", "ignore", "target") if name in given}
        table = TableChoice(source=str(folder / "patients.csv"), **choice)
        return settings_of(given.pop("text"), "roc_auc", table, **given)

    return make


REFUSED: dict[str, tuple[Callable[[Path], SizeSettings], str, str]] = {
    "no groups": (_of_groups(groups=None), "cv", "name the column that tells them, such as a patient's id, with "),
    "built-in data": (lambda _: settings_of("group:5", "accuracy", data="iris"), "cv", "built-in data has none"),
    "the target": (
        _of_groups(groups="sick", target=("sick",)), "groups", "column 'sick' is the target and cannot be groups too"
    ),
    "an ignored column": (_of_groups(ignore=("patient",)), "groups", "is ignored and cannot be groups too"),
    "no such column": (_of_groups(groups="pateint"), "groups", "did you mean 'patient'?"),
    "both": (_of_groups(order_by="a"), "order_by", "use one of them"),
    "a wrong order": (
        _of_groups(groups=None, text="time:5", order_by="dey"), "order_by", "has no column 'dey' for --order-by"
    ),
    "more folds than groups": (
        _of_groups(text="group:21"), "cv",
        "cv group:21 has 21 folds, but patients.csv has only 20 groups of training rows; 10 of its 30 groups are test "
        "rows; use at most 20 folds",
    ),
    "more folds than groups at all": (
        _of_groups(text="group:31", test_size=0), "cv", "has only 30 groups of training rows; use at most 30 folds"
    ),
    "all groups tested": (_of_groups(test_size=30), "test_size", "it must leave groups on both sides"),
    "plain folds with groups": (_of_groups(text="5"), "cv", "use cv group:5 or stratified-group:5, or leave"),
    "time with groups": (_of_groups(text="time:5"), "cv", "use cv group:5 or stratified-group:5"),
    "plain folds with an order": (
        _of_groups(groups=None, text="5", order_by="a"), "cv", "use cv time:5, or leave order-by out"
    ),
    "stratify with groups": (_of_groups(stratify=True), "stratify", "the test rows are whole groups of 'patient'"),
    "stratify with time": (
        lambda _: settings_of("time:5", "accuracy", data="iris", stratify=True), "stratify",
        "the test rows are the last ones; leave it out",
    ),
    "shares of numbers": (
        lambda _: settings_of("stratified:5", "r2", data="diabetes"), "cv", "has numbers to predict; use cv kfold:5"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "field", "words"), REFUSED.values(), ids=REFUSED)
def test_folds_that_do_not_fit_are_refused_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], SizeSettings], field: str, words: str
) -> None:
    with pytest.raises((SettingsError, DataError)) as refused:
        make(tmp_path)
    error: Any = refused.value
    assert words in str(error)
    assert error.field == field


def test_more_folds_than_rows_are_refused_by_the_data() -> None:
    settings = replace(settings_of("time:5", "accuracy", data="iris"), cv=100)
    with pytest.raises(DataError, match="has 100 folds, but iris has only 100 training rows; use at most 99"):
        plan(settings, load_split(settings))


@pytest.mark.parametrize(("field", "option"), [("groups", "groups"), ("order_by", "order-by")])
def test_a_missing_value_of_a_column_of_rows_is_refused(tmp_path: Path, field: str, option: str) -> None:
    table = pd.DataFrame({"who": ["a", None, "b", None, "c"] * 4, "x": range(20), "y": [0, 1] * 10})
    table.to_csv(tmp_path / "gaps.csv", index=False)
    choice = TableChoice(source=str(tmp_path / "gaps.csv"), **{field: "who"})  # type: ignore[arg-type]
    words = f"column 'who' for --{option} has no value in 8 rows .the first is row 2 .*; fill them in"
    with pytest.raises(NnsizeError, match=words):
        inspect_table(choice)
    table.assign(who=np.nan).to_csv(tmp_path / "gaps.csv", index=False)
    with pytest.raises(NnsizeError, match="has no value in any row; name another column"):
        inspect_table(choice)


def test_thousands_of_groups_are_no_reason_to_refuse_a_column(tmp_path: Path) -> None:
    table = pd.DataFrame({"who": [f"id {number // 2}" for number in range(3000)], "x": range(3000)})
    table["y"] = [number / 7 for number in range(3000)]
    table.to_csv(tmp_path / "many.csv", index=False)
    summary = inspect_table(TableChoice(source=str(tmp_path / "many.csv"), groups="who"))
    assert summary.table.group_count == 1500
    assert summary.table.inputs == 1
    assert [column.role for column in summary.columns] == ["groups", "input", "target"]
    assert "groups: 1,500 values of 'who', 2 rows each; each is tested whole" in summary.notes


def weighed_csv(folder: Path) -> Path:
    """Write rows of groups in a shuffled order, with weights."""
    r = np.random.default_rng(5)
    X = r.normal(size=(160, 3))
    table = pd.DataFrame(X, columns=["a", "b", "c"])
    table["who"] = [f"p{number}" for number in r.integers(0, 24, 160)]
    table["day"] = r.permutation(160)
    table["w"] = r.uniform(0, 4, 160).round(2)
    table["y"] = np.where(X[:, 0] + r.normal(size=160) > 0, "yes", "no")
    table.to_csv(folder / "weighed.csv", index=False)
    return folder / "weighed.csv"


@pytest.mark.parametrize("is_in_time", [False, True])
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"class_weight": "balanced"},
        {"further_scorings": ("f1_macro",)},
        {"repeats": 2},
        {"repeats": 2, "further_scorings": ("f1_macro",)},
        {"neurons": "auto", "max_neurons": 4},
        {"neurons": "auto", "max_neurons": 4, "further_scorings": ("f1_macro",)},
        {"test_size": 0},
    ],
)
def test_weights_follow_their_rows_through_groups_and_order(
    is_in_time: bool, form: dict[str, Any], tmp_path: Path
) -> None:
    path = weighed_csv(tmp_path)
    other = "who" if is_in_time else "day"
    of_rows: dict[str, Any] = {"order_by": "day"} if is_in_time else {"groups": "who"}
    choice = TableChoice(source=str(path), target=("y",), ignore=(other,), sample_weight="w", **of_rows)
    settings = settings_of(
        "time:3" if is_in_time else "group:3", "accuracy", choice, test_size=form.get("test_size", 0.3)
    )
    settings = replace(settings, **form)
    table = pd.read_csv(path)
    table = table.sort_values("day") if is_in_time else table
    numbers = np.arange(len(table))
    if not settings.test_size:
        train = numbers
    elif is_in_time:
        train, _ = train_test_split(numbers, test_size=0.3, shuffle=False)
    else:
        ((train, _),) = GroupShuffleSplit(1, test_size=0.3, random_state=SEED).split(table, groups=table["who"])
    expected = table["w"].to_numpy()[train]
    if form.get("class_weight"):
        expected = expected * compute_sample_weight("balanced", table["y"].to_numpy()[train])
    split = load_split(settings)
    assert split.sample_weight is not None
    np.testing.assert_array_equal(split.sample_weight, expected)

    planned, halt = plan(settings, split), threading.Event()
    fits = [fit.result for fit in run_fits(planned, (), {}, 2, halt, lambda _: None)]  # type: ignore[union-attr]
    summaries = summarise_all(planned.candidates, fits, settings.splits)
    choice_of_best = choose(summaries, shared_statistics(summaries))
    assert choice_of_best is not None
    found = printed(python_code(settings, "bagote"))
    best = max(summary.mean for summary in summaries if summary.mean is not None)
    assert float(found["best score"]) == pytest.approx(best, rel=0, abs=1e-9)
    assert ("test score" in found) == bool(settings.test_size)


def test_labels_are_split_without_their_shares(tmp_path: Path) -> None:
    r = np.random.default_rng(2)
    X = r.normal(size=(90, 3))
    table = pd.DataFrame(X, columns=["a", "b", "c"])
    table["who"] = r.integers(0, 15, 90)
    table["red"], table["round"] = (X[:, 0] > 0).astype(int), (X[:, 1] > 0).astype(int)
    path = tmp_path / "labels.csv"
    table.to_csv(path, index=False)
    single = TableChoice(source=str(path), target=("red", "round"), ignore=("who",))
    grouped = TableChoice(source=str(path), target=("red", "round"), groups="who")
    for choice, case in (
        (single, Case("kfold:3:shuffle", KFold(3, shuffle=True, random_state=SEED))),
        (single, Case("repeated:3x2", RepeatedKFold(n_splits=3, n_repeats=2, random_state=SEED))),
        (single, Case("time:3", TimeSeriesSplit(3))),
        (grouped, Case("group:3", GroupKFold(3))),
    ):
        settings = settings_of(case.text, "accuracy", choice)
        split = load_split(settings)
        expected = list(case.splitter.split(np.zeros(len(split.y_train)), split.y_train, split.groups))
        folds = plan(settings, split).folds
        assert len(folds) == len(expected)
        for fold, (train, test) in zip(folds, expected, strict=True):
            np.testing.assert_array_equal(fold.train, train)
            np.testing.assert_array_equal(fold.test, test)
        assert "best score" in printed(python_code(settings, "bagote"))
    for text, choice, way_out in (("stratified:3", single, "kfold:3"), ("stratified-group:3", grouped, "group:3")):
        with pytest.raises(SettingsError, match=f"has several labels to predict; use cv {way_out}"):
            settings_of(text, "accuracy", choice)


def test_a_column_of_groups_weighs_no_rows(tmp_path: Path) -> None:
    path = weighed_csv(tmp_path)
    with pytest.raises(SettingsError, match=r"column 'w' is the one of groups or order and holds the sample weights"):
        TableChoice(source=str(path), target=("y",), groups="w", sample_weight="w")
    with pytest.raises(DataError) as caught:
        inspect_table(TableChoice(source=str(path), target=("y",), groups=" w", sample_weight="w"))
    assert str(caught.value).count("holds the sample weights") == 1


def test_empty_groups_are_refused_once(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    table = pd.DataFrame({"a": np.arange(30.0) % 7, "who": [None] * 30, "y": ["no", "yes"] * 15})
    table.to_csv(path, index=False)
    with pytest.raises(DataError) as caught:
        inspect_table(TableChoice(source=str(path), groups="who"))
    assert str(caught.value) == "column 'who' for --groups has no value in any row; name another column"


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ([f"{1 + row % 28:02}/{1 + row % 12:02}/{1990 + row % 9}" for row in range(120)], {"day_first": True}),
        ([f"2020-{1 + row % 12:02}-{1 + row % 28:02}" for row in range(120)], {}),
        ([f"{row % 24:02}:{row * 7 % 60:02}" for row in range(120)], {}),
        ([f"${1000 + row * 37 % 5000:,}" for row in range(120)], {}),
        ([f"visit {row * 7 % 40}" for row in range(120)], {}),
        ([row * 7 % 40 for row in range(120)], {"categorical": ("of_rows",)}),
    ],
    ids=["day first", "date", "time", "money", "text", "labels"],
)
@pytest.mark.parametrize("field", ["groups", "order_by"])
def test_columns_in_any_notation_group_and_order_rows(
    field: str, values: list[Any], more: dict[str, Any], tmp_path: Path
) -> None:
    r = np.random.default_rng(4)
    table = pd.DataFrame(r.normal(size=(120, 2)), columns=["a", "b"])
    table["of_rows"] = r.permutation(np.array(values, dtype=object))
    table["y"] = np.where(table["a"] + r.normal(size=120) > 0, "yes", "no")
    path = tmp_path / "notation.csv"
    table.to_csv(path, index=False)
    of_rows: dict[str, Any] = {field: "of_rows"}
    choice = TableChoice(source=str(path), target=("y",), **of_rows, **more)
    settings = settings_of("group:3" if field == "groups" else "time:3", "accuracy", choice)
    planned, halt = plan(settings, load_split(settings)), threading.Event()
    fits = [fit.result for fit in run_fits(planned, (), {}, 2, halt, lambda _: None)]  # type: ignore[union-attr]
    summaries = summarise_all(planned.candidates, fits, settings.splits)
    best = max(summary.mean for summary in summaries if summary.mean is not None)
    assert float(printed(python_code(settings, "bagote"))["best score"]) == pytest.approx(best, rel=0, abs=1e-9)
