"""Runs with folds by name: races, references, extensions, tables, comparisons, settings as a file."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.comparison.compare import compare
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.export.tables import fit_table
from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json
from nnsize_engine.settings.table_choice import TableChoice
from support.views import size_view

SMALL = SizeSettings(
    data="wine", scoring="accuracy", neurons="3,8", cv=3, splitter="repeated", fold_rounds=2,
    network=NetworkParameters(max_iter=20),
)  # fmt: skip


def finish(folder: Path) -> SizeView:
    assert launch.wait_for(folder, lambda state: state == "finished", 300) == "finished"
    return size_view(folder)


def patients(folder: Path) -> Path:
    """Write a table of 24 patients with 10 rows each."""
    random = np.random.default_rng(0)
    who = np.repeat(np.arange(24), 10)
    table = pd.DataFrame(random.normal(size=(240, 3)), columns=["a", "b", "c"])
    table["a"] += who % 2
    table.assign(patient=who, sick=who % 2).sample(frac=1, random_state=0).to_csv(folder / "patients.csv", index=False)
    return folder / "patients.csv"


def search_of(path: Path, splitter: str, **more: Any) -> SizeSettings:
    choice = TableChoice(source=str(path), groups="patient", target=("sick",))
    table = inspect_table(choice).table
    return replace(SMALL, data=path.name, table=table, splitter=splitter, fold_rounds=1, scoring="roc_auc", **more)


@pytest.mark.references
def test_a_run_with_repeated_folds_is_extended_by_the_next_round_of_scikit_learn(run_home: Path) -> None:
    folder = launch.start(SMALL, run_home)
    before = finish(folder)
    launch.extend(folder, Extension(fold_rounds=3))
    after = finish(folder)
    assert after.settings.folds_text == "repeated:3x3"
    for old, new in zip(before.summaries, after.summaries, strict=True):
        assert new.scores[:6] == old.scores
    fresh = finish(launch.start(after.settings, run_home))
    assert [one.scores for one in fresh.summaries] == [one.scores for one in after.summaries]
    split = load_split(SMALL)
    folds = RepeatedStratifiedKFold(n_splits=3, n_repeats=3, random_state=42)
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=10_000))
    expected = cross_val_score(linear, split.X_train, split.y_train, cv=folds)
    assert after.references[1].scores == pytest.approx(expected, abs=1e-9)
    table = fit_table(after)
    assert table["fold"][:9] == [0, 1, 2] * 3
    assert table["fold_round"][:9] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert "fold 2 of 3, round 3 of 3 finished" in " ".join(line.text for line in after.log)


def test_only_repeated_folds_get_further_rounds() -> None:
    settings = replace(SMALL, splitter="stratified:shuffle", fold_rounds=1)
    with pytest.raises(Exception, match="fold-rounds is 2, which is for a plain number of folds") as refused:
        extended(settings, Extension(fold_rounds=2))
    assert "and cv is stratified:3:shuffle" in str(refused.value)
    assert extended(SMALL, Extension(repeats=2)).splits == 12


@pytest.mark.references
def test_a_race_by_group_and_its_references_have_scikit_learns_scores(run_home: Path, tmp_path: Path) -> None:
    settings = search_of(patients(tmp_path), "stratified-group", neurons="auto", max_neurons=8)
    view = finish(launch.start(settings, run_home))
    assert view.choice is not None
    split = load_split(settings)
    assert split.groups is not None
    X = np.column_stack([column.values for column in split.X_train.columns])[split.X_train.rows]  # type: ignore[union-attr]
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=10_000))
    expected = cross_val_score(
        linear, X, split.y_train, groups=split.groups, cv=StratifiedGroupKFold(3), scoring="roc_auc"
    )
    assert view.references[1].scores == pytest.approx(expected, abs=1e-9)
    assert view.log[-1].level == "info"
    assert any("on 3 stratified folds by group" in line.text for line in view.log)


def test_folds_of_one_class_are_warned_of(run_home: Path, tmp_path: Path) -> None:
    table = pd.DataFrame({"x": np.arange(120.0) % 7, "site": np.arange(120) // 20, "y": (np.arange(120) // 20) % 2})
    table.to_csv(tmp_path / "sites.csv", index=False)
    found = inspect_table(TableChoice(source=str(tmp_path / "sites.csv"), groups="site"), test_size=0).table
    settings = replace(
        SMALL, data="sites.csv", table=found, splitter="group", cv=6, fold_rounds=1, test_size=0, references=False
    )
    view = finish(launch.start(settings, run_home))
    (warning,) = [line.text for line in view.log if line.level == "warning"]
    assert warning == (
        "folds 1, 2, 3, 4, 5, 6 have training or test rows of one class only, where scorings such as roc_auc cannot be "
        "computed; use fewer folds, or cv stratified-group:6"
    )


def test_runs_whose_folds_test_unlike_rows_are_not_comparable(run_home: Path, tmp_path: Path) -> None:
    path = patients(tmp_path)
    grouped = search_of(path, "group", references=False)
    table = inspect_table(TableChoice(source=str(path), ignore=("patient",), target=("sick",))).table
    plain = replace(grouped, table=table, splitter="")
    folders = [launch.start(settings, run_home) for settings in (grouped, plain)]
    views = [finish(folder) for folder in folders]
    found = compare(views)
    one, other = found.names
    assert found.unlike_curves == (
        f"Scores of unlike folds are not comparable, they test {one}: whole groups of patient; {other}: single rows."
    )
    assert "by split-seed 42, whole groups of patient" in found.unlike_tests
    different = dict(found.settings.different)
    assert different["cv"] == ("group:3", 3)
    assert different["groups"] == ("patient", None)
    again = compare([views[0], RunFollower(folders[0]).look()])
    assert again.unlike_curves == again.unlike_tests == ""


def test_settings_of_earlier_versions_have_plain_folds() -> None:
    plain = SizeSettings()
    fields = json.loads(settings_to_json(plain))
    del fields["splitter"]
    fields["target_scale"] = None
    assert settings_from_json(json.dumps(fields), "size") == plain


@pytest.mark.parametrize("by", ["groups", "order_by"])
def test_an_evolution_tests_and_holds_out_whole_groups_or_the_last_rows(tmp_path: Path, by: str) -> None:
    path = patients(tmp_path)
    choice = TableChoice(source=str(path), target=("sick",), **{by: "patient"})  # type: ignore[arg-type]
    settings = EvolutionSettings(
        data=path.name, table=inspect_table(choice, test_size=0.25).table, test_size=0.25, validation_fraction=0.25,
        layers="3", members=8, reference=False,
    )  # fmt: skip
    split = load_split(settings)
    raw = pd.read_csv(path)
    if by == "order_by":
        raw = raw.sort_values("patient", kind="stable")
    ids = raw["patient"].to_numpy()
    train, test = (ids[part.rows] for part in (split.X_train, split.X_test))  # type: ignore[union-attr]
    problem = make_problem(settings, split)
    assert problem.held_out is not None
    counts = len(problem.training.rows.inputs), len(problem.held_out.rows.inputs)
    if by == "groups":
        assert not set(train) & set(test)
        assert len(set(test)) == 6
        assert counts == (130, 50)  # 13 and 5 of 18 patients
    else:
        assert test.tolist() == ids[180:].tolist()
        assert train.max() < test.min()
        assert counts == (135, 45)
