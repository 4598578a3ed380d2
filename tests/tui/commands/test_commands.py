"""``nnsize`` without a screen."""

import contextlib
import io
import json
import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.runs.database import create
from nnsize_engine.runs.folders import list_runs, read_state
from nnsize_engine.settings.search import SizeSettings
from support.commands import NNSIZE, nnsize, nnsize_here
from support.grid_search import grid_search, held_out_score
from support.networks import quiet
from support.signed_runs import sign
from support.waiting import wait_until

QUICK = ("iris", "--neurons", "2,4", "--cv", "3")
LONG = ("digits", "--neurons", "30:90:2", "--cv", "5")


@pytest.mark.new_processes  # a forked one is so fast that it takes 0 seconds
def test_the_result_as_json_is_all_of_standard_output_and_equals_grid_search(run_home: Path) -> None:
    done = nnsize("size", "wine", "--neurons", "4:20:4", "--cv", "3", "--seed", "1", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    settings = SizeSettings(data="wine", neurons="4:20:4", cv=3, scoring="accuracy", seed=1)
    expected = grid_search(settings)
    assert result["run"] == list_runs(run_home)[0].name
    assert (result["state"], result["fits"]) == ("finished", 12)
    assert result["seconds"] > 0
    best = result["best"]
    assert best["hidden_layer_sizes"] == expected.best_params_["mlp__hidden_layer_sizes"]
    assert best["mean_test_score"] == pytest.approx(expected.best_score_, rel=0, abs=1e-9)
    assert best["std_test_score"] == pytest.approx(
        expected.cv_results_["std_test_score"][expected.best_index_], rel=0, abs=1e-9
    )
    assert result["test_score"] == pytest.approx(held_out_score(expected, settings), rel=0, abs=1e-9)

    table = pd.read_csv(io.StringIO(nnsize_here("export", "last").stdout))
    np.testing.assert_allclose(table["mean_test_score"], expected.cv_results_["mean_test_score"], rtol=0, atol=1e-9)


@pytest.mark.usefixtures("run_home")
def test_in_a_pipe_progress_is_plain_lines_of_errors_and_the_output_is_the_table_and_the_answer() -> None:
    done = nnsize("size", *QUICK, "--test-size", "40", "--split-seed", "1", "--jobs", "1", "--scoring", "f1_macro")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "110 training rows, 40 test rows" in done.stderr
    assert "fold 3 of 3 finished" in done.stderr
    assert done.stdout.startswith("neurons  folds    mean     std   train  fit time  rank")
    assert "110 training rows" not in done.stdout
    assert re.search(
        r"^[24] neurons are recommended: f1_macro 0\.\d{4}, standard error 0\.\d{4}, ", done.stdout, re.MULTILINE
    )
    listed = nnsize_here("runs").stdout
    assert re.search(r"finished\s+6/6\s+iris\s+2,4\s+f1_macro", listed)
    shown = nnsize_here("show", "last").stdout
    assert re.search(r"split-seed +1$", shown, re.MULTILINE)
    assert "fold 3 of 3 finished" in shown


@pytest.mark.usefixtures("run_home")
def test_on_all_rows_no_test_score_is_claimed_anywhere() -> None:
    done = nnsize("size", *QUICK, "--test-size", "0")
    assert done.returncode == 0, done.stderr
    assert "150 training rows, no test rows" in done.stderr
    result = json.loads(nnsize_here("show", "last", "--json").stdout)
    assert (result["test_score"], result["recommended"]["test_score"]) == (None, None)
    X, y = load_iris(return_X_y=True)
    network = MLPClassifier(random_state=0)
    pipeline = Pipeline([("scale", StandardScaler()), ("network", network)])
    search = GridSearchCV(pipeline, {"network__hidden_layer_sizes": [2, 4]}, cv=3, scoring=result["scoring"])
    with quiet():
        search.fit(X, y)
    table = pd.read_csv(io.StringIO(nnsize_here("export", "last").stdout))
    np.testing.assert_allclose(table["mean_test_score"], search.cv_results_["mean_test_score"], rtol=0, atol=1e-9)
    program = nnsize_here("show", "last", "--python").stdout
    assert "X_train, y_train = X, y" in program
    for text in (done.stdout, done.stderr, program):
        assert "test score" not in text


def test_a_detached_search_is_steered_by_its_id(run_home: Path) -> None:
    name = nnsize("size", *LONG, "--detach").stdout.strip()
    assert [path.name for path in list_runs(run_home)] == [name]
    assert nnsize("pause", name[:3]).stdout == f"run {name} is paused\n"
    assert json.loads(nnsize_here("show", "last", "--json").stdout)["state"] == "paused"
    assert nnsize("resume", name).stdout == f"run {name} is running\n"
    assert nnsize("stop", name).stdout == f"run {name} is stopped\n"
    details = json.loads(nnsize_here("show", name, "--json").stdout)
    assert (details["state"], details["pid"], details["settings"]["neurons"]) == ("stopped", None, "30:90:2")
    assert [run["run"] for run in json.loads(nnsize_here("runs", "--json").stdout)] == [name]
    refused = nnsize_here("delete", name)
    assert (refused.returncode, refused.stderr) == (
        2,
        f"nnsize: deleting run {name} needs a confirmation; add --yes\n",
    )
    assert nnsize("delete", name, "--yes").stdout == f"run {name} is deleted\n"
    assert "no runs yet" in nnsize_here("runs").stdout


def test_ctrl_c_stops_cleanly_keeps_everything_and_says_how_to_go_on(run_home: Path) -> None:
    with subprocess.Popen(
        [NNSIZE, "size", "digits", "--neurons", "50:150:20", "--cv", "3", "--json"],
        # As a terminal starts it; tests that run in the background pass on that they ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(lambda: any(read_state(folder)[0].done for folder in list_runs(run_home)))
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=300)
    (folder,) = list_runs(run_home)
    assert process.returncode == 130
    assert json.loads(output)["state"] == "stopped"
    assert f"go on with: nnsize resume {folder.name} --follow" in errors
    assert "Traceback" not in errors
    assert read_state(folder)[0].done >= 1
    resumed = nnsize("resume", folder.name, "--follow", "--json")
    assert json.loads(resumed.stdout)["fits"] == 15


def test_a_killed_command_leaves_the_run_at_work(run_home: Path) -> None:
    with subprocess.Popen([NNSIZE, "size", *QUICK], stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: any(read_state(folder)[0].runner for folder in list_runs(run_home)))
        process.kill()
    (folder,) = list_runs(run_home)
    wait_until(lambda: read_state(folder)[1] == "finished")


def test_a_reader_that_goes_away_leaves_no_traceback(run_home: Path) -> None:
    done = subprocess.run(
        f"'{NNSIZE}' size {' '.join(QUICK)} | true", shell=True, capture_output=True, text=True, timeout=300
    )
    assert done.stderr.endswith("finished\n")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    (folder,) = list_runs(run_home)
    wait_until(lambda: read_state(folder)[1] == "finished")


@pytest.mark.usefixtures("run_home")
def test_in_a_terminal_the_table_is_live() -> None:
    leader, follower = pty.openpty()
    with subprocess.Popen([NNSIZE, "size", *QUICK], stdin=follower, stdout=follower, stderr=follower) as process:
        os.close(follower)
        output, deadline = b"", time.monotonic() + 300
        while time.monotonic() < deadline:
            if not select.select([leader], [], [], 0.1)[0]:
                continue
            try:
                output += os.read(leader, 65536)
            except OSError:  # the other side is closed
                break
    os.close(leader)
    text = output.decode()
    assert process.returncode == 0
    assert "\x1b[" in text
    assert "Ctrl-C stops it" in text
    assert "4 neurons are recommended: accuracy" in text


BAD_INPUT = [
    (
        ("size", "irs"),
        "unknown data 'irs'; did you mean 'iris'? Choose one of breast_cancer, wine, iris, digits, d",
    ),
    (("size", "--scoring", "acc"), "unknown scoring 'acc'; choose one of accuracy, average_precision, "),
    (("size", "wine", "--scoring", "roc_auc"), "scoring 'roc_auc' does not fit more than two classes; choose one of "),
    (("size", "diabetes", "--scoring", "accuracy"), "scoring 'accuracy' does not fit regression; choose one of "),
    (("size", "--neurons", "5:5"), "neurons '5:5': '5:5' names no size"),
    (("size", "--neurons", "0:10"), "neurons '0:10': a hidden layer of 0 neurons cannot be"),
    (("size", "--neurons", "a,b"), "neurons 'a,b': 'a' is neither a whole number nor a range"),
    (("size", "--neurons", "0:9 x 4"), "neurons '0:9 x 4': '0:9 x 4' begins with a layer of 0 neurons; the first "),
    (("size", "--activation", "relu,foo"), "activation 'relu,foo': activation is 'foo'; it must be one of identity, "),
    (("size", "--repeats", "0"), "repeats is 0; it must be a whole number, between 1 and 1000"),
    (("size", "--cv", "1"), "cv is 1; it must be a whole number, between 2 and 569 folds"),
    (("size", "--cv", "x"), "cv is 'x'; it must be a number of folds, or one of kfold:5, stratified:5, repeated:5x3, "),
    (("size", "--cv", "1.5"), "cv is '1.5'; it must be a number of folds, or one of kfold:5, "),
    (("size", "--cv", "grp:5"), "cv is 'grp:5'; did you mean 'group:5'? It must be a number of folds, or one of "),
    (("size", "--cv", "StratifiedKFold:5"), "cv is 'StratifiedKFold:5'; did you mean 'stratified:5'?"),
    (("size", "--cv", "kfold"), "cv kfold names no number of folds; write for example kfold:5"),
    (("size", "--cv", "kfold:1"), "cv is 'kfold:1'; its number of folds is '1', and must be a whole number from 2 up"),
    (("size", "--cv", "kfold:600"), "cv is 600; it must be a whole number, between 2 and 569 folds"),
    (("size", "--cv", "kfold:5:shufle"), "cv is 'kfold:5:shufle'; after the number of folds only :shuffle may follow"),
    (("size", "--cv", "time:5:shuffle"), "cv time keeps the order of the rows; leave out :shuffle"),
    (("size", "--cv", "repeated:5x3:shuffle"), "cv repeated always shuffles; leave out :shuffle"),
    (
        ("size", "--cv", "repeated:5"),
        "cv repeated:5 names no rounds; write for example repeated:5x3 for 3 rounds of 5 ",
    ),
    (
        ("size", "--cv", "repeated:5x0"),
        "cv is 'repeated:5x0'; the rounds after the x must be a whole number between 1 ",
    ),
    (
        ("size", "--cv", "repeated:5x3", "--fold-rounds", "2"),
        "fold-rounds is 2, which is for a plain number of folds, ",
    ),
    (("size", "--cv", "group:5"), "cv group:5 keeps groups of rows together, and built-in data has none; use another "),
    (("size", "--groups", "a"), "groups is for a table of your own; the data breast_cancer is built in"),
    (("size", "--order-by", "a"), "order-by is for a table of your own; the data breast_cancer is built in"),
    (("size", "--cv", "time:5", "--stratify"), "stratify keeps the shares of classes in a random split, but the test "),
    (
        ("size", "diabetes", "--cv", "stratified:5"),
        "cv stratified keeps the shares of classes, and diabetes has numbers ",
    ),
    (("size", "iris", "--cv", "40"), "cv is 40, but no class of iris has more than 35 training rows"),
    (("size", "iris", "--cv", "40", "--json"), "cv is 40, but no class of iris has more than 35 training rows"),
    (("size", "iris", "--cv", "40", "--detach"), "cv is 40, but no class of iris has more than 35 training rows"),
    (("size", "iris", "--test-size", "1.5"), "test-size is 1.5; it must be a fraction between 0 and 1"),
    (("size", "iris", "--test-size", "-1"), "test-size is -1; it must be a fraction between 0 and 1, a number of rows"),
    (("size", "iris", "--test-size", "150"), "test-size 150 cannot be taken from the 150 rows of iris"),
    (("size", "--jobs", "0"), "jobs is 0; it must be a whole number, between 1 and 1024"),
    (("size", "--what"), "No such option '--what'"),
    (("sizes",), "No such command 'sizes'; did you mean 'nnsize size'?"),
    (("kill", "last"), "No such command 'kill'; did you mean 'nnsize stop'?"),
    (("rnus",), "No such command 'rnus'; did you mean 'nnsize runs'?"),
    (("xyzzy",), "No such command 'xyzzy'; nnsize --help lists them all"),
    (("size", "--jbos", "2"), "No such option '--jbos'; did you mean --jobs?"),
    (("size", "--hidden_layer_size", "2"), "No such option '--hidden-layer-size'; did you mean --hidden-layer-"),
    (("size", "--epochs", "2"), "No such option '--epochs'; did you mean --max-iter?"),
    (("size", "--strategy", "auto"), "No such option '--strategy'; it is an option of nnsize evolve"),
    (("evolve", "--neurons", "5"), "No such option '--neurons'; it is an option of nnsize size"),
    (("evolve", "--max-iter", "5"), "No such option '--max-iter'; did you mean --generations?"),
    (("export", "bagote", "--ouptut", "x"), "No such option '--ouptut'; did you mean --to?"),
    (("size", "-x"), "No such option '-x'; nnsize size --help lists them all"),
    (
        ("size", "--jobs", "-1025"),
        "jobs is -1025; it must be a whole number, between 1 and 1024 fits at a time, or -1",
    ),
    (("evolve", "--jobs", "0"), "jobs is 0; it must be a whole number, between 1 and 1024 threads, or -1 for all "),
    (("show", "nix"), "there is no run 'nix'"),
    (("show", "~nosuch/x"), "there is no run in ~nosuch/x"),
    (("show", "x" * 5000 + "/x"), "there is no run in xxx"),
    (("export", "bagote", "--to", "x" * 300 + ".csv"), "[Errno 36] File name too long"),
    (("export", "bagote", "--to", "/dev/null", "--format", "csv", "--force"), "/dev/null is not a regular file"),
    (("show", "bagot"), "run 'bagot' is ambiguous, it could be "),
    (("export", "nix"), "there is no run 'nix'"),
    (("export", "bagote", "--to", "none/sizes.csv"), "the folder none does not exist"),
    (("export", "bagote", "--to", "there.csv"), "there.csv exists already; choose another name, or replace it with "),
    (("export", "bagote", "--to", "sizes.xls"), "the ending of 'sizes.xls' names no format; choose one of csv, tsv, "),
    (("pause", "bagote"), "run bagote is interrupted; only a running one can be paused"),
    (("delete", "bagote"), "deleting run bagote needs a confirmation; add --yes"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD_INPUT, ids=lambda value: " ".join(value)[:40])
def test_bad_input_gets_one_sentence_and_exit_code_2(
    run_home: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    for name in ("bagote", "bagoti"):
        create(run_home / name, name, SizeSettings())
    for name in ("bagote", "bagoti"):  # their runners should have come long ago
        _age(run_home / name)
    (tmp_path / "there.csv").write_text("mine")
    done = nnsize_here(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"nnsize: {sentence}")
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in run_home.iterdir()) == ["bagote", "bagoti"]
    assert (tmp_path / "there.csv").read_text() == "mine"


def _age(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / "run.sqlite")) as connection, connection:
        connection.execute("UPDATE run SET created = created - 1000")
        sign(connection)


@pytest.mark.usefixtures("run_home")
def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path / "file"))
    done = nnsize("size", *QUICK)
    assert done.returncode == 2
    assert "cannot be created: " in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_damaged_run_is_reported_and_the_others_are_listed(run_home: Path) -> None:
    create(run_home / "bagote", "bagote", SizeSettings())
    (run_home / "kaputt").mkdir()
    (run_home / "kaputt" / "run.sqlite").write_bytes(b"junk" * 500)
    done = nnsize_here("runs")
    assert done.returncode == 0
    assert "bagote" in done.stdout
    assert "unreadable" in done.stdout
    assert "run kaputt cannot be read: file is not a database" in done.stderr


def test_help_names_every_command() -> None:
    done = nnsize_here("--help")
    for name in ("size", "evolve", "runs", "show", "export", "pause", "resume", "stop", "delete"):
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)
