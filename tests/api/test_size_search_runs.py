"""A SizeSearchCV is a run like any other: same scores as in memory, seen by commands, stopped, resumed, extended."""

import contextlib
import io
import json
import os
import pickle
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, ShuffleSplit

import nnsize
from nnsize import MLPClassifier, MLPRegressor, Run, SizeSearchCV, list_runs, open_run
from nnsize._size_search_run import stop_run
from nnsize_engine.export.import_archive import import_archive
from nnsize_engine.export.run_archive import export_archive
from support.commands import nnsize_here
from support.waiting import wait_until

pytestmark = pytest.mark.usefixtures("run_home", "warm")

SHORT = MLPClassifier(max_iter=8)
LONG = MLPClassifier(max_iter=5_000, tol=0, n_iter_no_change=5_000)


def _with_gaps(values: Any, every: int) -> list[Any]:
    return [None if row % every == 0 else value for row, value in enumerate(values.tolist())]


def table(rows: int = 90) -> tuple[pd.DataFrame, pd.Series]:
    """Return a frame with columns of every type, and labels."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "number": random.normal(size=rows),
            "missing": pd.array([None if row % 7 == 0 else row % 5 for row in range(rows)], dtype="Int64"),
            "text": _with_gaps(random.choice(["NA", "a b", "ü"], rows), 11),
            "truth": random.random(rows) < 0.5,
            "when": pd.date_range("2020-01-03", periods=rows, freq="3D", tz="Europe/Berlin"),
            "kind": pd.Categorical(random.choice([1, 2, 30], rows)),
            "doubt": _with_gaps(random.random(rows) < 0.3, 9),
            "written": [f"{row * 1.5:.1f}" for row in range(rows)],
        }
    )
    return frame, pd.Series(np.where((frame["text"] == "ü") | (frame["number"] > 0.6), "yes", "no"), name="buys")


def assert_equal(one: SizeSearchCV, other: SizeSearchCV) -> None:
    """Compare all that does not tell how long something took, bit for bit."""
    assert one.cv_results_.keys() == other.cv_results_.keys()
    for name, column in one.cv_results_.items():
        if not name.endswith("_time"):
            np.testing.assert_array_equal(np.asarray(column, dtype=object), np.asarray(other.cv_results_[name], object))
    assert one.best_params_ == other.best_params_
    assert one.recommended_params_ == other.recommended_params_
    assert one.answer_ == other.answer_
    assert one.n_features_in_ == other.n_features_in_


TASKS = ["two classes", "three classes", "numbers", "several numbers", "labels", "booleans"]


def targets(task: str, X: Any) -> Any:
    """Return a target of a task."""
    return {
        "two classes": np.where(X[:, 0] > 0, "b", "a"),
        "three classes": np.argmax(X[:, :3], axis=1) + 4,
        "numbers": 3 * X[:, 0] + X[:, 1],
        "several numbers": X[:, :2] * 2,
        "labels": (X[:, [0, 3]] > 0).astype(int),
        "booleans": X[:, 0] > 0,
    }[task]


@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    task=st.sampled_from(TASKS),
    cv=st.sampled_from(["number", "random", "groups", "pairs"]),
    form=st.sampled_from(["array", "frame", "sparse", "polars"]),
    scaler=st.sampled_from(["standard", "minmax", "none"]),
    is_weighted=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_a_run_gives_what_the_search_in_memory_gives(
    task: str, cv: str, form: str, scaler: str, is_weighted: bool, seed: int
) -> None:
    random = np.random.default_rng(seed)
    X = random.normal(size=(60, 4))
    y = targets(task, X)
    inputs: Any = {
        "array": X,
        "frame": pd.DataFrame(X, columns=list("abcd")),
        "sparse": csr_matrix(X),
        "polars": polars.DataFrame(X, schema=list("abcd")),
    }[form]
    pairs = [(np.arange(40), np.arange(40, 60)), (np.arange(10, 60), np.arange(10)), (np.arange(50), np.arange(50, 60))]
    splits = {"number": 2, "random": ShuffleSplit(3, random_state=seed), "groups": GroupKFold(2), "pairs": pairs}[cv]
    estimator = MLPRegressor(max_iter=5) if "numbers" in task else SHORT
    weights = random.uniform(0.5, 2, size=60) if is_weighted else None
    searches = [
        SizeSearchCV(
            estimator, neurons=[2, (3, 2)], cv=splits, scaler=scaler, random_state=seed, store=store, verbose=0,
            return_train_score=True,
            scoring={"first": "r2", "second": "neg_mean_absolute_error"} if "numbers" in task else None,
        ).fit(inputs, y, groups=np.arange(60) % 7 if cv == "groups" else None, sample_weight=weights)
        for store in (True, False)
    ]  # fmt: skip
    assert_equal(*searches)
    stored = searches[0]
    np.testing.assert_array_equal(stored.predict(inputs), searches[1].predict(inputs))
    network = stored.run_.best_estimator()
    if y.dtype.kind == "f":
        np.testing.assert_allclose(network.predict(X), stored.predict(inputs), rtol=0, atol=1e-12)
    else:
        np.testing.assert_array_equal(network.predict(X), stored.predict(inputs))
    # A run knows its scorings, not the keys of a dict.
    names = [name.replace("first", "r2").replace("second", "neg_mean_absolute_error") for name in stored.cv_results_]
    assert stored.run_.results().columns.tolist() == names
    stored.run_.delete()


@pytest.mark.parametrize("form", ["pandas", "polars"])
def test_columns_of_a_frame_are_encoded_as_those_of_a_file(form: str, tmp_path: Path) -> None:
    frame, y = table()
    inputs: Any = frame
    if form == "polars":
        columns = {name: frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame.columns}
        columns["when"] = frame["when"].dt.tz_convert("UTC").dt.tz_localize(None).dt.to_pydatetime().tolist()
        columns["kind"] = [str(value) for value in frame["kind"]]
        inputs = polars.DataFrame(columns, schema_overrides={"kind": polars.Categorical, "missing": polars.Int64})
    found = [
        SizeSearchCV(SHORT, neurons=[3, 5], cv=3, scoring="roc_auc", store=store, verbose=0).fit(inputs, y)
        for store in (True, False)
    ]
    assert_equal(*found)
    stored, in_memory = found
    np.testing.assert_array_equal(stored.predict_proba(inputs), in_memory.predict_proba(inputs))
    np.testing.assert_allclose(
        stored.run_.best_estimator().predict_proba(inputs), stored.predict_proba(inputs), rtol=0, atol=1e-12
    )
    file = frame.assign(
        when=frame["when"].dt.tz_convert("UTC").dt.tz_localize(None), kind=frame["kind"].astype(str), buys=y
    )
    file.to_parquet(tmp_path / "t.parquet")
    command = (
        *("size", str(tmp_path / "t.parquet"), "--neurons", "3,5", "--cv", "3", "--scoring", "roc_auc", "--json"),
        *("--max-iter", "8", "--test-size", "0", "--no-references", "--keep-na", "--categorical", "kind"),
    )
    best = json.loads(nnsize_here(*command).stdout)["best"]
    assert best["mean_test_score"] == stored.best_score_


def test_a_run_is_seen_by_the_commands_and_keeps_its_data_private(run_home: Path, capsys: Any) -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(SHORT, neurons=range(2, 7, 2), cv=2, name="my search").fit(X, y)
    said = capsys.readouterr().err
    assert re.fullmatch(r"watch it: nnsize-tui 'my search' \(\d\.\d+ kB of data are kept in its folder\)\n", said)
    assert "my search" in nnsize_here("runs").stdout
    assert "2:7:2" in nnsize_here("show", "my search").stdout
    data = run_home / "my search" / "data.npz"
    assert stat.S_IMODE(data.stat().st_mode) == 0o600
    assert stat.S_IMODE(data.parent.stat().st_mode) == 0o700
    assert nnsize_here("verify", "my search").returncode == 0
    assert search.run_ == open_run("my search") == list_runs()[0] == open_run(run_home / "my search")
    search.run_.delete()
    assert list(run_home.iterdir()) == []
    assert list_runs() == []


def test_a_cell_that_runs_again_makes_a_run_with_a_number(capsys: Any) -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(SHORT, neurons=[2], cv=2, name="my search")
    runs = [search.fit(X, y).run_ for _ in range(3)]
    assert [run.name for run in runs] == ["my search", "my search-2", "my search-3"]
    assert [run.state for run in runs] == ["finished"] * 3
    assert open_run("my search") == runs[0]
    said = capsys.readouterr().err.splitlines()
    assert said[1] == "there is a run 'my search' already; this one is 'my search-2'"
    assert said[2].startswith("watch it: nnsize-tui 'my search-2'")


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b", "last", "ü", "x" * 65, "a\nb", "end "])
def test_a_name_that_is_a_path_or_cannot_be_typed_is_refused(name: str) -> None:
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="the name of a run is") as caught:
        SizeSearchCV(SHORT, neurons=[2], cv=2, name=name, verbose=0).fit(X, y)
    assert "\n" not in str(caught.value)


def test_a_run_that_was_moved_goes_on_with_its_data(run_home: Path, tmp_path: Path) -> None:
    frame, y = table()
    search = SizeSearchCV(SHORT, neurons=[2, 3], cv=2, verbose=0).fit(frame, y)
    archive = tmp_path / "taken.zip"
    export_archive(search.run_.folder, archive)
    search.run_.delete()
    again = Run(import_archive(archive, run_home).folder)
    before = again.results()
    again.extend(neurons=[4])
    assert again.wait(300).state == "finished"
    after = again.results()
    assert after["param_hidden_layer_sizes"].tolist() == [(2,), (3,), (4,)]
    pd.testing.assert_frame_equal(
        after.iloc[:2].drop(columns="rank_test_score"), before.drop(columns="rank_test_score")
    )
    search.run_ = again
    assert search.wait().cv_results_["params"][2] == {"hidden_layer_sizes": (4,)}
    assert search.best_estimator_.predict(frame).shape == (90,)


def test_a_detached_search_goes_on_and_its_results_are_taken_later(capsys: Any) -> None:
    X, y = load_breast_cancer(return_X_y=True)
    search = SizeSearchCV(LONG, neurons=[3, 4], cv=2, detach=True).fit(X, y)
    assert "watch it: nnsize-tui" in capsys.readouterr().err
    assert not hasattr(search, "cv_results_")
    with pytest.raises(NotFittedError):
        search.predict(X)
    assert open_run(search.run_.name).state in ("running", "starting")
    with pytest.raises(TimeoutError, match=r"after 0\.1 seconds, and goes on"):
        search.wait(0.1)
    search.run_.pause()
    assert search.run_.state == "paused"
    search.run_.resume()
    search.run_.stop()
    with pytest.raises(RuntimeError, match=r"is stopped, and its finished fits are kept; go on with .run_.resume"):
        search.wait()
    with pytest.raises(RuntimeError, match="only a running or paused one can be stopped"):
        search.run_.stop()
    again = pickle.loads(pickle.dumps(search))
    assert again.run_ == search.run_
    search.run_.delete()


def test_ctrl_c_stops_the_run_and_keeps_it(run_home: Path) -> None:
    program = (
        "import sys; from sklearn.datasets import load_breast_cancer as load; from nnsize import *\n"
        "network = MLPClassifier(max_iter=100_000, tol=0, n_iter_no_change=100_000)\n"
        "SizeSearchCV(network, neurons=[2, 3], cv=2, name='stopped').fit(*load(return_X_y=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, env=os.environ)
    wait_until(lambda: (run_home / "stopped").exists() and open_run("stopped").state == "running")
    process.send_signal(2)
    _, said = process.communicate(timeout=300)
    assert "run stopped is stopped, and its finished fits are kept; go on with .run_.resume() and .wait()" in said
    assert "KeyboardInterrupt" in said
    assert open_run("stopped").state == "stopped"


def test_a_run_that_just_ended_is_left_as_it_is_by_ctrl_c() -> None:
    X, y = load_iris(return_X_y=True)
    run = SizeSearchCV(SHORT, neurons=[2], cv=2, verbose=0).fit(X, y).run_
    stop_run(run)
    assert run.state == "finished"


def test_data_above_the_limit_is_refused_with_the_way_out(run_home: Path) -> None:
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="of 6 kB, and max_store allows 5 kB; give a larger max_store, or store=False"):
        SizeSearchCV(SHORT, neurons=[2], cv=2, max_store=5000).fit(X, y)
    assert not run_home.exists()
    SizeSearchCV(SHORT, neurons=[2], cv=2, store=False, max_store=0, verbose=0).fit(X, y)
    assert not run_home.exists()


def test_sparse_data_is_kept_sparse() -> None:
    X = random_array((400, 50), density=0.02, format="coo", random_state=0)
    y = np.arange(400) % 2
    search = SizeSearchCV(MLPClassifier(max_iter=2), neurons=[2], cv=2, verbose=0).fit(X, y)
    assert (search.run_.folder / "data.npz").stat().st_size < 20_000
    assert search.predict(X).shape == (400,)


def _ends_early() -> Iterator[Any]:
    yield np.arange(100), np.arange(100, 150)


@pytest.mark.parametrize(
    ("given_values", "error", "message"),
    [
        ({"X": [[1, 2], [3, 4]]}, ValueError, "inconsistent numbers of samples"),
        ({"y": [0.0, np.nan] * 75}, ValueError, "Input y contains NaN"),
        ({"y": [1] * 150}, ValueError, "needs two classes or more; y holds only the class 1"),
        ({"cv": _ends_early()}, ValueError, "cv is 1"),
        ({"cv": iter([])}, ValueError, "No fits were performed"),
        ({"cv": [([0, 1], [200]), ([0], [1])]}, ValueError, "cv names row 200, but X has only 150 rows"),
        ({"cv": [([0, 1], []), ([0], [1])]}, ValueError, "no list of row numbers"),
        ({"groups": [1], "cv": GroupKFold(2)}, ValueError, "inconsistent numbers of samples"),
        ({"X": pd.DataFrame(np.full((150, 2), "a"), columns=["a", "a"])}, ValueError, "two columns are called 'a'"),
        ({"X": pd.DataFrame({"a": [1, "x"] * 75})}, TypeError, "column 'a' holds values of type int and str"),
        (
            {"X": pd.DataFrame({"a": ["same"] * 150})},
            ValueError,
            "no column to predict 'y' from: column 'a' is the same",
        ),
        ({"scoring": "acuracy"}, ValueError, "accuracy"),
        ({"cluster": 4}, ValueError, "cluster is 4"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_leaves_no_run(
    given_values: dict[str, Any], error: type[Exception], message: str, run_home: Path
) -> None:
    X, y = load_iris(return_X_y=True)
    values = {"X": X, "y": y, "groups": None} | given_values
    parameters: dict[str, Any] = {"neurons": [2], "verbose": 0, "cv": 2}
    parameters |= {name: value for name, value in given_values.items() if name not in ("X", "y", "groups")}
    with pytest.raises(error, match=message) as caught:
        SizeSearchCV(**parameters).fit(values["X"], values["y"], groups=values["groups"])
    assert "\n" not in str(caught.value)
    assert not run_home.exists()


def test_a_search_whose_fits_all_fail_says_so_as_scikit_learn_does() -> None:
    X, y = np.full((30, 2), 1e308), np.arange(30) % 2
    with pytest.raises(ValueError, match="All the 2 fits failed"), np.errstate(all="ignore"):
        SizeSearchCV(SHORT, neurons=[2], cv=2, verbose=0, scaler="none", scoring="neg_log_loss").fit(X, y)


def test_damaged_data_is_named_and_not_used(run_home: Path) -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(SHORT, neurons=[2], cv=2, verbose=0, name="harmed").fit(X, y)
    data = run_home / "harmed" / "data.npz"
    content = data.read_bytes()
    data.write_bytes(content[:-200])
    with pytest.raises(ValueError, match=r"harmed/data\.npz has changed since this run began"):
        search.run_.extend(neurons=[3])
    with pytest.raises(ValueError, match=r"data\.npz of the run in .* cannot be read as the data that nnsize keeps"):
        search.wait()
    data.unlink()
    data.symlink_to("/etc/passwd")
    with pytest.raises(ValueError, match="is a link"):
        search.run_.extend(neurons=[3])
    with pytest.raises(ValueError, match="cannot be read"):
        search.wait()
    data.unlink()
    with pytest.raises(ValueError, match="is not there any more"):
        search.run_.extend(neurons=[3])
    assert search.run_.best_estimator().predict(X).shape == (150,)


def test_numpy_opens_the_kept_data_and_it_holds_no_pickle() -> None:
    frame, y = table()
    for X in (frame, frame[["number"]]):
        run = SizeSearchCV(SHORT, neurons=[2], cv=2, verbose=0).fit(X, y).run_
        with (
            np.load(run.folder / "data.npz", allow_pickle=False) as arrays,
            zipfile.ZipFile(run.folder / "data.npz") as zipped,
        ):
            assert all(arrays[name] is not None for name in arrays.files)
            assert {one.compress_type for one in zipped.infolist()} == {zipfile.ZIP_STORED}
        assert nnsize.open_run(run.name).settings["table"]["kept_as"] == ("table" if X is frame else "matrix")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("form", ["matrix", "weights and splits", "sparse", "frame", "frame and weights", "auto"])
def test_the_program_of_a_run_gives_its_scores_by_scikit_learn_alone(form: str) -> None:
    frame, y = table(60)
    X: Any = frame
    if "frame" not in form:
        X = np.random.default_rng(0).normal(size=(60, 3))
        y = pd.Series(X[:, 0] > 0).astype(int)
    X = csr_matrix(X) if form == "sparse" else X
    weights = np.linspace(0.5, 2, 60) if "weights" in form else None
    cv = ShuffleSplit(3, random_state=0) if "splits" in form else 3
    neurons = "auto" if form == "auto" else [2, 3]
    search = SizeSearchCV(SHORT, neurons=neurons, max_neurons=8 if form == "auto" else None, cv=cv, verbose=0)
    search.fit(X, y, sample_weight=weights)
    program = nnsize_here("show", search.run_.name, "--python").stdout
    assert "nnsize." not in program.split('"""')[2].replace("nnsize.json", "")
    found: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(program, "program", "exec"), found)
    if form == "auto":
        assert f"best score: {search.best_score_:.12f}"[:-1] in printed.getvalue()
    else:
        mean = found["search"].cv_results_["mean_test_score"]
        np.testing.assert_allclose(mean, search.cv_results_["mean_test_score"], rtol=0, atol=1e-9)
