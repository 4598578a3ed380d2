"""Run, open_run and list_runs: what they tell of runs of every kind, and what they say of damaged ones."""

import copy
import html
import pickle
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import NotFittedError

import nnsize
from nnsize import MLPClassifier, Run, SizeSearchCV, list_runs, open_run
from nnsize_engine.runs import launch
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings
from support.commands import nnsize_here
from support.made_runs import made_run

SAVED_RUN = Path(__file__).parents[1] / "saved_runs" / "version-3-kept"

pytestmark = pytest.mark.usefixtures("run_home", "warm")


def test_a_run_of_a_command_is_a_run(run_home: Path) -> None:
    settings = SizeSettings(neurons="3,4", cv=2, grid=(("alpha", (0.1, 0.2)),), repeats=2, further_scorings=("f1",))
    run = Run(launch.start(settings, run_home)).wait(300)
    assert (run.kind, run.state) == ("size", "finished")
    results = run.results()
    assert results["params"][0] == {"alpha": 0.1, "hidden_layer_sizes": (3,)}
    assert sorted(results["param_alpha"]) == [0.1, 0.1, 0.2, 0.2]
    assert {"split3_test_roc_auc", "mean_test_f1", "rank_test_roc_auc"} <= set(results)
    assert len(run.fits()) == 16
    losses = run.loss_curves()
    epochs = losses.groupby(["candidate", "split"])["epoch"].max()
    assert sorted(epochs) == sorted(run.fits()["n_iter"])
    assert losses["loss"].gt(0).all()
    X, y = load_breast_cancer(return_X_y=True)
    assert run.best_estimator().score(X, y) > 0.9
    assert run.recommended_estimator().predict(X).shape == (569,)
    assert run.settings["neurons"] == "3,4"
    assert "recommended" in run.answer
    assert f"{run.answer}\n".splitlines()[0][:40] in nnsize_here("show", run.name).stdout
    with pytest.raises(ValueError, match="which has no table 'generations'"):
        run.generations()
    with pytest.raises(RuntimeError, match="is finished; there is nothing left to do"):
        run.resume()
    with pytest.raises(ValueError, match="repeats"):
        run.extend(repeats=1)


def test_an_evolution_is_a_run(run_home: Path) -> None:
    run = Run(launch.start(EvolutionSettings(data="iris", layers="4", generations=3, popsize=2, tol=0), run_home)).wait(
        300
    )
    assert run.kind == "evolution"
    assert run.generations()["number"].tolist() == [0, 1, 2, 3]
    assert run.results().index[0] == "evolved"
    assert run.best_estimator().predict(load_iris().data).shape == (150,)
    assert run.answer.startswith("Evolved 4-4-3")
    for method in (run.fits, run.loss_curves, run.recommended_estimator):
        with pytest.raises(ValueError, match="evolution"):
            method()
    run.extend(generations=4)
    assert run.wait(300).generations()["number"].tolist() == [0, 1, 2, 3, 4]


def test_a_run_that_has_just_begun_has_no_network_yet() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    network = MLPClassifier(max_iter=100_000, tol=0, n_iter_no_change=100_000)
    run = SizeSearchCV(network, neurons=[2], cv=2, detach=True, verbose=0).fit(X, y).run_
    with pytest.raises(NotFittedError, match="has no"):
        run.best_estimator()
    with pytest.raises(RuntimeError, match="stop it before deleting it"):
        run.delete()
    assert run.results().empty
    shown = run._repr_html_()
    assert f"watch it: nnsize-tui {run.name}" in shown
    assert "<progress" in shown
    run.stop()


def test_a_run_is_found_by_name_beginning_and_path(run_home: Path) -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(MLPClassifier(max_iter=3), neurons=[2], cv=2, verbose=0, name="flowers 1").fit(X, y)
    run = search.run_
    for name in ("flowers 1", "flow", "last", run.folder, str(run.folder)):
        assert open_run(name) == run
    assert copy.deepcopy(run) == pickle.loads(pickle.dumps(run)) == run
    assert len({run, open_run("last")}) == 1
    assert repr(run) == "<Run 'flowers 1': size, finished, 2 of 2>"
    with pytest.raises(FileNotFoundError, match="there is no run 'x'; 'nnsize runs' lists them"):
        open_run("x")
    with pytest.raises(FileNotFoundError, match=r"run\.sqlite is missing"):
        open_run(run_home / "nothing")
    pd.testing.assert_frame_equal(
        run.results()[list(search.cv_results_)[:4]], pd.DataFrame(search.cv_results_).iloc[:, :4]
    )


def test_a_damaged_run_says_so_in_a_sentence(run_home: Path) -> None:
    folder = run_home / "<b>bad"
    folder.mkdir(parents=True)
    (folder / "run.sqlite").write_bytes(b"no database" * 1000)
    (run,) = list_runs()
    assert "file is not a database" in repr(run)
    assert html.escape("<b>bad") in run._repr_html_()
    assert "<b>bad" not in run._repr_html_()
    with pytest.raises(OSError, match="cannot be read") as caught:
        open_run(folder)
    assert "\n" not in str(caught.value)
    for method in (run.results, run.fits, run.pause, run.stop, run.resume, run.best_estimator, run.wait):
        with pytest.raises(OSError, match="cannot be read"):
            method()
    with pytest.raises(OSError, match="cannot be read"):
        _ = run.answer
    run.delete()
    assert list_runs() == []
    with pytest.raises(FileNotFoundError, match="there is no run in"):
        run.delete()
    with pytest.raises(FileNotFoundError, match="there is no run in"):
        run.name = "other"


def test_a_report_or_a_table_that_cannot_be_made_is_no_missing_training(run_home: Path, tmp_path: Path) -> None:
    run = Run(made_run(run_home, "made"))
    for make in (lambda: run.report(tmp_path / "none" / "x.html"), lambda: run.report(tmp_path), run.generations):
        with pytest.raises(ValueError, match=r"does not exist|names no format|has no table") as caught:
            make()
        assert type(caught.value) is ValueError


def test_a_search_whose_target_is_true_or_false_keeps_its_network() -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(MLPClassifier(max_iter=5), neurons=[2], cv=2, verbose=0).fit(X, y == 1)
    np.testing.assert_array_equal(search.run_.best_estimator().predict(X), search.predict(X))
    assert search.run_.best_estimator().predict(X).dtype == bool


def test_a_picture_and_a_report_come_from_their_modules() -> None:
    assert "Run" in nnsize.__all__
    assert Run.plot.__doc__ is not None
    assert Run.report.__doc__ is not None


def test_a_saved_run_with_kept_data_opens_predicts_and_goes_on(run_home: Path) -> None:
    shutil.copytree(SAVED_RUN, run_home / "saved")
    run = open_run("saved")
    frame = pd.DataFrame({"number": [0.9, -1], "text": ["b", None], "when": ["2024-03-01"] * 2, "truth": [True, False]})
    frame["when"] = pd.to_datetime(frame["when"])
    assert set(run.best_estimator().predict(frame)) <= {"yes", "no"}
    before = run.results()
    run.extend(neurons=[4])
    after = run.wait(300).results()
    assert after["param_hidden_layer_sizes"].tolist() == [(2,), (3,), (4,)]
    pd.testing.assert_series_equal(after["mean_test_score"][:2], before["mean_test_score"])


def test_a_run_is_named_noted_and_tagged_in_python(run_home: Path) -> None:
    folder, other = made_run(run_home, "zibiro"), made_run(run_home, "bagote", age=1)
    run = Run(folder)
    assert (run.id, run.name, run.note, run.tags) == ("zibiro", "zibiro", "", ())
    run.name, run.note, run.tags = "wide layers", "as in\nthe article", ["wide", "relu"]
    assert (run.id, run.name, run.note, run.tags) == ("zibiro", "wide layers", "as in the article", ("wide", "relu"))
    assert open_run("wide layers") == run
    run.tags = "one"
    assert run.tags == ("one",)
    with pytest.raises(FileExistsError, match="there is a run 'wide layers' already, which is zibiro"):
        Run(other).name = "wide layers"
    with pytest.raises(ValueError, match="the note has 501 characters"):
        run.note = "x" * 501
    with pytest.raises(TypeError, match="the name of a run is 3; it must be a text"):
        run.name = 3  # type: ignore[assignment]
    run.name = ""
    assert run.name == "zibiro"
