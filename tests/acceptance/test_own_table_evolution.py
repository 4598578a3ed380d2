"""Evolution on the user's own table: the same encoding everywhere, and an exported pipeline that takes a frame."""

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.metrics import get_scorer, mean_squared_error
from sklearn.model_selection import train_test_split

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError, StoreError
from nnsize_engine.evolution.problem import fill_losses, make_problem, network_of
from nnsize_engine.evolution.scores import final_scores
from nnsize_engine.export.model_file import export_network
from nnsize_engine.export.table_reader import TRUSTED_HELPER
from nnsize_engine.network.stored import TRUSTED, as_joblib, as_npz, as_skops, encoder_from_bytes
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import create, reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.reader import read_encoder
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.own_tables import Frame, labelled, mixed_frame, prepared, two_numbers, write
from support.views import evolution_view
from support.waiting import wait_until

TARGETS = {
    "two classes": labelled([1.0], [0, 1]),
    "four labels": labelled([0, 1, 2], ["low", "mid", "high", "top"]),
    "true and false": labelled([1.0], [False, True]),
    "one number": lambda frame: two_numbers(frame)[["y"]],
    "two numbers": two_numbers,
}


@dataclass(frozen=True)
class Given:
    """The settings of a run, and its table as pandas reads it."""

    settings: EvolutionSettings
    X_train: Frame
    X_test: Frame
    y_train: Frame
    y_test: Frame


def make(tmp_path: Path, kind: str, **given: Any) -> Given:
    inputs = mixed_frame(200)
    target = TARGETS[kind](inputs)
    path = write(pd.concat([inputs, target], axis=1), tmp_path / "visits.csv")
    names = tuple(target)
    table = inspect_table(TableChoice(source=str(path), target=names), test_size=0.3).table
    fitness = "squared_error" if table.task == "regression" else "log_loss"
    small: dict[str, Any] = {"layers": "3", "members": 12, "generations": 3, "fitness": fitness, "tol": 0.0, "jobs": 1}
    settings = EvolutionSettings(data=table.known.name, table=table, **small | given)
    whole = pd.read_csv(path)
    X, _, _ = prepared(whole[list(inputs)])
    y = whole[list(names)] if len(names) > 1 else whole[names[0]]
    return Given(settings, *train_test_split(X, y, test_size=0.3, random_state=42))


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("kind", TARGETS)
def test_final_scores_are_those_of_the_exported_pipeline_on_frames(kind: str, scale: bool, tmp_path: Path) -> None:
    given = make(tmp_path, kind, scale=scale)
    settings = given.settings
    problem = make_problem(settings, load_split(settings))
    weights = np.random.default_rng(0).normal(size=settings.weights) / (1 if scale else 1e4)
    stored = network_of(problem, "evolved", weights, steps=1)
    shown = final_scores(problem, stored, seconds=1.0)
    pipeline = skops.io.loads(
        as_skops(stored, rows=len(given.X_train), encoder=problem.encoder_content), trusted=TRUSTED
    )
    scorer = get_scorer(settings.final_scoring)
    assert [name for name, _ in pipeline.steps] == ["encode", "network"]
    assert shown.error is None
    assert scorer(pipeline, given.X_test, given.y_test) == pytest.approx(shown.test_score, abs=1e-12)
    assert scorer(pipeline, given.X_train, given.y_train) == pytest.approx(shown.train_score, abs=1e-12)
    copied = joblib.load(io.BytesIO(as_joblib(stored, encoder=problem.encoder_content)))
    np.testing.assert_array_equal(copied.predict(given.X_test), pipeline.predict(given.X_test))


def test_the_fitness_of_several_numbers_is_their_mean_squared_error(tmp_path: Path) -> None:
    given = make(tmp_path, "two numbers", precision="float64")
    problem = make_problem(given.settings, load_split(given.settings))
    members = np.random.default_rng(1).normal(size=(4, given.settings.weights))
    losses = np.empty(4)
    fill_losses(problem, problem.training, members, losses)
    for loss, weights in zip(losses, members, strict=True):
        stored = network_of(problem, "evolved", weights, steps=0)
        pipeline = skops.io.loads(as_skops(stored, encoder=problem.encoder_content), trusted=TRUSTED)
        errors = mean_squared_error(given.y_train, pipeline.predict(given.X_train), multioutput="raw_values")
        variances = np.var(np.asarray(given.y_train, float), axis=0)  # a loss is that of the standardised targets
        assert loss == pytest.approx(np.mean(errors / variances), rel=1e-12)


def test_plain_arrays_say_what_their_inputs_are_called(tmp_path: Path) -> None:
    given = make(tmp_path, "two classes")
    problem = make_problem(given.settings, load_split(given.settings))
    stored = network_of(problem, "evolved", np.zeros(given.settings.weights), steps=0)
    with np.load(io.BytesIO(as_npz(stored, encoder=problem.encoder_content)), allow_pickle=False) as arrays:
        names = arrays["inputs"].tolist()
        assert len(names) == arrays["coefs_0"].shape[0] == given.settings.units[0]
    assert names[0] == "number__age"
    assert "number__missingindicator_income" in names
    assert "category__city_Łódź" in names
    with np.load(io.BytesIO(as_npz(stored)), allow_pickle=False) as arrays:
        assert arrays["inputs"].size == 0


def test_another_split_than_the_one_looked_at_is_refused_where_it_changes_the_network(tmp_path: Path) -> None:
    given = make(tmp_path, "two classes")
    table = replace(given.settings.table, inputs=given.settings.units[0] + 1)  # type: ignore[type-var]
    settings = replace(given.settings, table=table)
    with pytest.raises(DataError, match=r"visits.csv are encoded as \d+ inputs, and \d+ were expected"):
        make_problem(settings, load_split(settings))


@pytest.mark.usefixtures("forked_processes")
def test_a_run_scores_and_exports_what_its_table_needs(tmp_path: Path) -> None:
    given = make(tmp_path, "four labels", validation_fraction=0.2)
    folder = launch.start(given.settings, tmp_path / "runs")
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = evolution_view(folder)
    assert view.state == "finished", view.header.reason
    for name, shown in (("evolved", view.evolved), ("gradient", view.gradient)):
        assert shown is not None
        export_network(folder, tmp_path / f"{name}.skops", name=shown.name)
        pipeline = skops.io.load(tmp_path / f"{name}.skops", trusted=[*TRUSTED, TRUSTED_HELPER])
        assert pipeline.score(given.X_test, given.y_test) == pytest.approx(shown.test_score, abs=1e-12)
        assert pipeline.score(given.X_train, given.y_train) == pytest.approx(shown.train_score, abs=1e-12)


def test_an_encoding_that_is_damaged_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the encoding of the table is damaged"):
        encoder_from_bytes(b"junk")
    create(tmp_path / "kedopa", "kedopa", EvolutionSettings())
    with reading(tmp_path / "kedopa") as connection:
        assert read_encoder(connection) == b""
