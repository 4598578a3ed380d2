"""The networks of a size search, taken home: their scores are the run's, as scikit-learn's own fit would have them."""

import dataclasses
import shutil
import threading
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import skops.io
from sklearn.base import clone
from sklearn.metrics import get_scorer

from nnsize_engine.data.encode import TableRows, frame
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import Split, load_split
from nnsize_engine.errors import ExportError
from nnsize_engine.export.model_file import export_network, exports_of
from nnsize_engine.export.table_reader import TRUSTED_HELPER
from nnsize_engine.network.stored import TRUSTED
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_records import FinalTest, FitResult
from nnsize_engine.runner.events import Event
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.writer import add_fits, set_encoder, set_final_network, set_final_test, set_state
from nnsize_engine.search import fold_rows
from nnsize_engine.search.events import FinalNetwork
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.made_runs import made_fit, made_run
from support.networks import quiet
from support.own_tables import labelled, mixed_frame, two_numbers, write
from support.views import size_view

RUNS = Path(__file__).parents[2] / "saved_runs"
BUILTIN = {
    "binary": SizeSettings(neurons="4,7", network=NetworkParameters(max_iter=30)),
    "a grid, early stopping": SizeSettings(
        data="wine",
        neurons="3x2",
        scoring="accuracy",
        network=NetworkParameters(max_iter=30, early_stopping=True, solver="sgd"),
        grid=(("activation", ("tanh", "logistic")), ("alpha", (0.1, 0.2))),
    ),
    "lbfgs": SizeSettings(
        data="diabetes", neurons="3,4", scoring="r2", network=NetworkParameters(solver="lbfgs", max_iter=40)
    ),
    "poisson": SizeSettings(
        data="diabetes", neurons="3,4", scoring="r2", network=NetworkParameters(loss="poisson", max_iter=30)
    ),
}


def final_tested(folder: Path, settings: SizeSettings, candidate: int = 1) -> tuple[FinalTest, list[Event], Split]:
    """A run with the final test of one candidate, what was heard of it, and the rows."""
    split, heard = load_split(settings), list[Event]()
    search = plan(settings, split)
    with quiet():
        final = final_test(search, search.candidates[candidate], None, threading.Event(), heard.append)
    assert isinstance(final, FinalTest)
    create(folder, folder.name, settings)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        for event in heard:
            if isinstance(event, FinalNetwork):
                assert event.candidate == candidate
                set_final_network(connection, candidate, event.network)
                if event.encoder:
                    set_encoder(connection, event.encoder)
        set_final_test(connection, final)
        add_fits(connection, fits_for(settings, candidate))
    connection.close()
    return final, heard, split


def fits_for(settings: SizeSettings, best: int, recommended: int | None = None) -> list[FitResult]:
    """Fits by which one candidate is the best, and the same or another one is recommended."""
    means = {best: 0.9, recommended: 0.9 - 1e-6}
    return [
        made_fit(one.number, fold, score=means.get(one.number, 0.5) + 0.02 * (fold % 2))
        for one in list_candidates(settings)
        for fold in range(settings.splits)
    ]


def read_back(folder: Path, to: Path) -> tuple[Any, Any]:
    """The pipeline from both kinds of file."""
    export_network(folder, to.with_suffix(".skops"))
    export_network(folder, to.with_suffix(".joblib"))
    trusted = [*TRUSTED, TRUSTED_HELPER]
    return skops.io.load(to.with_suffix(".skops"), trusted=trusted), joblib.load(to.with_suffix(".joblib"))


@pytest.mark.parametrize("name", BUILTIN)
def test_its_score_on_the_test_rows_is_the_runs_and_its_facts_are_those_of_scikit_learns_fit(
    name: str, tmp_path: Path
) -> None:
    settings = BUILTIN[name]
    final, _, split = final_tested(tmp_path / "zibiro", settings)
    scorer = get_scorer(settings.scoring)
    for pipeline in read_back(tmp_path / "zibiro", tmp_path / "best"):
        assert scorer(pipeline, split.X_test, split.y_test) == pytest.approx(final.test_score, abs=1e-12, rel=0)
        assert scorer(pipeline, split.X_train, split.y_train) == pytest.approx(final.train_score, abs=1e-12, rel=0)
        with quiet():
            again = clone(pipeline["network"]).fit(pipeline["scale"].transform(split.X_train), split.y_train)
        network, again = (getattr(one, "regressor_", one) for one in (pipeline["network"], again))
        for fact in ("n_iter_", "t_", "loss_", "best_loss_", "out_activation_", "n_outputs_"):
            assert getattr(network, fact, None) == pytest.approx(getattr(again, fact, None), rel=1e-9), fact
        curve = getattr(again, "loss_curve_", None)
        assert getattr(network, "loss_curve_", None) == (None if curve is None else pytest.approx(curve, rel=1e-9))
        for ours, theirs in zip(network.coefs_, again.coefs_, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)


def test_arrays_say_what_the_last_layer_does(tmp_path: Path) -> None:
    final_tested(tmp_path / "zibiro", BUILTIN["poisson"])
    export_network(tmp_path / "zibiro", tmp_path / "best.npz", name="best")
    with np.load(tmp_path / "best.npz", allow_pickle=False) as arrays:
        assert str(arrays["out_activation"]) == "exp"
        assert arrays["units"].tolist() == [10, 4, 1]


TABLES = {
    "mixed": (labelled([0, 1], ["low", "mid", "high"]), ("y",), "accuracy"),
    "two outputs": (two_numbers, ("y", "z"), "r2"),
}


def own(name: str, tmp_path: Path, **given: Any) -> SizeSettings:
    target, columns, scoring = TABLES[name]
    rows = mixed_frame()
    path = write(rows.assign(**{column: target(rows)[column] for column in columns}), tmp_path / "table.csv")
    table = inspect_table(TableChoice(source=str(path), target=columns)).table
    network = given.pop("network", NetworkParameters(max_iter=20))
    return SizeSettings(data="table.csv", table=table, neurons="3,5", scoring=scoring, network=network, **given)


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.parametrize("name", TABLES)
def test_of_the_users_own_table_it_takes_frames(name: str, solver: str, tmp_path: Path) -> None:
    settings = own(name, tmp_path, network=NetworkParameters(max_iter=20, solver=solver))
    final, _, split = final_tested(tmp_path / "zibiro", settings)
    assert isinstance(split.X_test, TableRows)
    scorer = get_scorer(settings.scoring)
    for pipeline in read_back(tmp_path / "zibiro", tmp_path / "best"):
        assert [step for step, _ in pipeline.steps] == ["read", "encode", "network"]
        found = scorer(pipeline, frame(split.X_test), split.y_test)
        assert found == pytest.approx(final.test_score, abs=1e-9, rel=0)


def test_float32_is_written_as_float64_and_comes_near(tmp_path: Path) -> None:
    final, _, split = final_tested(tmp_path / "zibiro", dataclasses.replace(BUILTIN["binary"], precision="float32"))
    pipeline, _ = read_back(tmp_path / "zibiro", tmp_path / "best")
    assert get_scorer("roc_auc")(pipeline, split.X_test, split.y_test) == pytest.approx(final.test_score, abs=1e-4)


def test_a_very_large_tables_network_is_not_kept_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = own("mixed", tmp_path)
    monkeypatch.setattr(fold_rows, "MAX_SHARED_BYTES", 0)
    _, heard, _ = final_tested(tmp_path / "zibiro", settings)
    assert "the network of 5 neurons is not stored" in str(heard[-1])
    assert exports_of(tmp_path / "zibiro") == ("candidates", "fits")
    with pytest.raises(ExportError, match="run zibiro keeps no network, as runs of earlier versions and of very large"):
        export_network(tmp_path / "zibiro", tmp_path / "best.skops")


@pytest.mark.parametrize("saved", ["version-1", "version-2-size"])
def test_a_run_of_an_earlier_version_says_that_it_keeps_none(saved: str, tmp_path: Path) -> None:
    folder = next(path.parent for path in (RUNS / saved).rglob("run.sqlite"))
    assert exports_of(folder) == ("candidates", "fits")
    with pytest.raises(
        ExportError, match=r"keeps no network, as runs of earlier versions .* --python prints a program"
    ):
        export_network(folder, tmp_path / "best.skops")


def test_a_search_that_goes_on_or_whose_final_test_failed_says_why_there_is_none(tmp_path: Path) -> None:
    going = made_run(tmp_path, "going", state="running", fits=5)
    with pytest.raises(ExportError, match="run going has no network yet; the best is trained on all training rows"):
        export_network(going, tmp_path / "best.skops")
    with pytest.raises(ExportError, match="is a size search, which has no network 'evolved', but best and recommended"):
        export_network(going, tmp_path / "best.skops", name="evolved")
    choice = size_view(going).choice
    assert choice is not None
    best = choice.best.number
    final = FinalTest(
        candidate=best, test_score=None, train_score=None, fit_seconds=0.0, iterations=None, error="too big"
    )
    connection = open_for_writing(going)
    with transaction(connection, going):
        set_final_test(connection, final)
    connection.close()
    with pytest.raises(ExportError, match="run going has no best network, since its final test failed: too big"):
        export_network(going, tmp_path / "best.skops")


def test_both_networks_are_offered_where_they_differ_and_each_is_written_by_its_name(tmp_path: Path) -> None:
    settings = dataclasses.replace(BUILTIN["binary"], neurons="4,7,16,32")
    folder = tmp_path / "zibiro"
    final, _, split = final_tested(folder, settings)
    assert exports_of(folder) == ("candidates", "fits", "best")  # the best is recommended as well
    assert export_network(folder, tmp_path / "one.skops", name="recommended") == ""
    assert (tmp_path / "one.skops").exists()

    heard: list[Event] = []
    search = plan(settings, split)
    smaller = final_test(search, search.candidates[0], None, threading.Event(), heard.append)
    assert isinstance(smaller, FinalTest)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        connection.execute("DELETE FROM fit")
        add_fits(connection, fits_for(settings, best=1, recommended=0))
    connection.close()
    assert exports_of(folder) == ("candidates", "fits", "best")
    with pytest.raises(ExportError, match="run zibiro has no network yet; the recommended is trained on all"):
        export_network(folder, tmp_path / "none.skops", name="recommended")
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_state(connection, "finished")
    with pytest.raises(ExportError, match=r"trained its best candidate alone, .* --python --network recommended"):
        export_network(folder, tmp_path / "none.skops", name="recommended")
    with transaction(connection, folder):
        (network,) = (event for event in heard if isinstance(event, FinalNetwork))
        set_final_network(connection, 0, network.network)
        set_final_test(connection, smaller)
    connection.close()
    assert exports_of(folder) == ("candidates", "fits", "best", "recommended")
    scorer = get_scorer("roc_auc")
    for name, expected, units in (("best", final, 7), ("recommended", smaller, 4)):
        note = export_network(folder, tmp_path / f"{name}.skops", name=name)  # type: ignore[arg-type]
        assert note.startswith(f"it holds the {name} network ({units} neurons); --network ")
        pipeline = skops.io.load(tmp_path / f"{name}.skops")
        assert pipeline["network"].hidden_layer_sizes == (units,)
        assert scorer(pipeline, split.X_test, split.y_test) == pytest.approx(expected.test_score, abs=1e-12, rel=0)
    assert export_network(folder, tmp_path / "usual.skops") == (
        "it holds the best network (7 neurons); --network recommended writes the recommended one (4 neurons)"
    )


def test_the_network_of_an_earlier_version_is_that_of_the_best_before_and_after_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "burumo"
    shutil.copytree(RUNS / "version-2-best", folder)
    before = size_view(folder)
    assert before.choice is not None
    assert before.final_of_best is not None
    assert before.choice.best == before.choice.recommended
    settings = before.settings
    split = load_split(settings)
    for name in ("first", "again"):
        assert exports_of(folder) == ("candidates", "fits", "best")
        export_network(folder, tmp_path / f"{name}.skops")
        pipeline = skops.io.load(tmp_path / f"{name}.skops")
        found = get_scorer(settings.scoring)(pipeline, split.X_test, split.y_test)
        assert found == pytest.approx(before.final_of_best.test_score, abs=1e-12, rel=0)
        connection = open_for_writing(folder)  # which makes it a run of this release's version
        connection.close()
    assert size_view(folder).final_of_best == before.final_of_best
