"""The displays draw the numbers of searches, evolutions and runs, as scikit-learn's displays do."""

import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import nnsize
from nnsize import ConvergenceDisplay, EvolutionClassifier, ScoreCurveDisplay, SizeSearchCV
from nnsize_engine.errors import RunError
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import EvolutionView, SizeView
from support.made_runs import GRID, made_run, make_evolution
from support.made_watched import CURVE, HALVING, made_watched

X, Y = load_iris(return_X_y=True)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def sizes() -> Any:
    return SizeSearchCV(neurons="2,4,8", return_train_score=True).fit(X, Y)


def test_a_size_search_is_drawn_with_its_choices(sizes: Any) -> None:
    display = ScoreCurveDisplay.from_estimator(sizes, score_type="both")
    results = sizes.cv_results_
    np.testing.assert_array_equal(display.line_.get_xdata(), [2, 4, 8])
    np.testing.assert_array_equal(display.line_.get_ydata(), results["mean_test_score"])
    np.testing.assert_array_equal(display.standard_errors, results["std_test_score"] / math.sqrt(4))
    np.testing.assert_array_equal(display.train_line_.get_ydata(), results["mean_train_score"])
    assert display.best_.get_xdata() == [sizes.best_params_["hidden_layer_sizes"]]
    assert (display.ax_.get_xlabel(), display.figure_) == ("neurons", display.ax_.figure)
    assert display.errorbar_ is None
    assert display.fill_between_ is not None


@pytest.mark.parametrize("style", ["fill_between", "errorbar", None])
def test_any_axes_and_styles_are_taken(sizes: Any, style: str | None) -> None:
    _, axes = plt.subplots()
    display = ScoreCurveDisplay.from_estimator(sizes, ax=axes, std_display_style=style, line_kw={"lw": 3})
    assert display.ax_ is axes
    assert (display.errorbar_ is None, display.fill_between_ is None) == (style != "errorbar", style != "fill_between")
    again = display.plot(std_display_style=style)
    assert again is display
    assert display.ax_ is not axes


def test_a_search_of_scikit_learn_is_drawn_along_its_number() -> None:
    pipeline = make_pipeline(StandardScaler(), SVC())
    search = GridSearchCV(pipeline, {"svc__C": [100.0, 0.1, 1.0], "svc__kernel": ["rbf", "linear"]})
    search.fit(X, Y)
    display = ScoreCurveDisplay.from_estimator(search)
    means = search.cv_results_["mean_test_score"].reshape(3, 2).max(axis=1)
    np.testing.assert_array_equal(display.line_.get_ydata(), means[[1, 2, 0]])
    assert display.best_.get_xdata() == [search.best_params_["svc__C"]]
    assert (display.ax_.get_xscale(), display.ax_.get_xlabel()) == ("log", "C")
    frame = ScoreCurveDisplay.from_cv_results(pd.DataFrame(search.cv_results_))
    np.testing.assert_array_equal(frame.line_.get_ydata(), display.line_.get_ydata())
    assert frame.best_.get_xdata() == display.best_.get_xdata()


def test_layers_of_one_number_are_numbers_of_neurons() -> None:
    network = MLPClassifier(max_iter=5, random_state=0, solver="lbfgs")
    search = GridSearchCV(network, {"hidden_layer_sizes": [(2,), (3,)]}, cv=2)
    with pytest.warns(UserWarning, match="lbfgs failed to converge"):
        search.fit(X, Y)
    display = ScoreCurveDisplay.from_estimator(search)
    assert display.line_.get_xdata().tolist() == [2, 3]
    assert display.ax_.get_xlabel() == "neurons"


def test_a_score_is_chosen_by_its_name() -> None:
    search = GridSearchCV(Ridge(), {"alpha": [1.0, 2.0]}, scoring=["r2", "neg_max_error"], refit="neg_max_error")
    search.fit(X, Y)
    for scoring, name in ((None, "neg_max_error"), ("r2", "r2")):
        display = ScoreCurveDisplay.from_estimator(search, scoring=scoring)
        np.testing.assert_array_equal(display.mean_scores, search.cv_results_[f"mean_test_{name}"])
        assert display.ax_.get_ylabel() == name


def test_what_cannot_be_drawn_is_said_in_a_sentence(sizes: Any) -> None:
    results = {"mean_test_score": [1.0, 2.0], "std_test_score": [0.0, 0.0], "param_a": [1, 2], "param_b": [3, 4]}
    for wrong, given, words in (
        (results, {}, "a, b have several values; say which one is along x, as parameter='a'"),
        (results, {"param_name": "c"}, "there is no parameter 'c'; choose one of a, b"),
        (results, {"scoring": "f1"}, "there is no score 'f1'; choose one of score"),
        (results | {"param_a": ["x", "y"]}, {"param_name": "a"}, "the values of a are no numbers"),
        ({"a": [1]}, {}, "these are no cv_results_"),
    ):
        with pytest.raises(ValueError, match=words):
            ScoreCurveDisplay.from_cv_results(wrong, **given)
    with pytest.raises(NotFittedError):
        ScoreCurveDisplay.from_estimator(SizeSearchCV())
    with pytest.raises(ValueError, match="std_display_style is 'bar'; it must be"):
        ScoreCurveDisplay.from_estimator(sizes, std_display_style="bar")
    with pytest.raises(ValueError, match="score_type is 'train'; it must be"):
        ScoreCurveDisplay.from_estimator(sizes, score_type="train")


def test_a_missing_matplotlib_is_said_with_how_to_install_it(sizes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(
        ImportError,
        match=re.escape(f"ScoreCurveDisplay.plot needs matplotlib, which is missing; {install_hint('pictures')}"),
    ):
        ScoreCurveDisplay.from_estimator(sizes)


def test_runs_are_drawn_by_name_folder_or_object(run_home: Path) -> None:
    folder = made_run(run_home, "zibiro")
    view = RunFollower(folder).look()
    assert isinstance(view, SizeView)
    for run in ("zibiro", folder, str(folder), SimpleNamespace(folder=folder)):
        display = ScoreCurveDisplay.from_run(run)
        np.testing.assert_array_equal(display.mean_scores, [shared.mean for shared in view.shared])
        assert view.choice is not None
        assert display.best_.get_xdata() == [view.choice.best.hidden_layer_sizes[0]]
    assert ScoreCurveDisplay.from_run(made_run(run_home, "grid", GRID)).ax_.get_xlabel() == "neurons"
    with pytest.raises(RunError, match="there is no run 'bagote'"):
        ScoreCurveDisplay.from_run("bagote")
    with pytest.raises(TypeError, match="the run is 3; it must be a name such as 'last', a folder"):
        ScoreCurveDisplay.from_run(3)
    with pytest.raises(ValueError, match="has no scores to draw yet"):
        ScoreCurveDisplay.from_run(made_run(run_home, "empty", state="stopped", fits=0))


def test_watched_searches_are_drawn(run_home: Path) -> None:
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [0.1, 1.0, 10.0]}), verbose=0)
    search = watched.fit(X, Y)
    for display in (ScoreCurveDisplay.from_run(watched), ScoreCurveDisplay.from_estimator(watched)):
        np.testing.assert_array_equal(display.mean_scores, search.cv_results_["mean_test_score"])
        assert display.best_.get_xdata() == [search.best_params_["C"]]
    assert ScoreCurveDisplay.from_run(made_watched(run_home, "halving", HALVING)).ax_.get_xlabel() == "C"
    assert ScoreCurveDisplay.from_run(made_watched(run_home, "curve", CURVE)).param_range.tolist() == [0.1, 1, 10, 100]
    with pytest.raises(ValueError, match="varies several parameters"):
        ScoreCurveDisplay.from_run(made_watched(run_home, "grid"))


@pytest.mark.parametrize(("x", "column"), [("generation", "number"), ("evaluations", "evaluations")])
def test_an_evolution_is_drawn_by_generation_or_evaluations(x: str, column: str) -> None:
    network = EvolutionClassifier((3,), generations=4, members=12, random_state=0, validation_fraction=0.2).fit(X, Y)
    display = ConvergenceDisplay.from_estimator(network, x=x, with_mean=True)
    np.testing.assert_array_equal(display.line_.get_xdata(), network.generations_[column])
    np.testing.assert_array_equal(display.line_.get_ydata(), network.fitness_curve_)
    np.testing.assert_array_equal(display.held_out_line_.get_ydata(), network.generations_["held_out"])
    np.testing.assert_array_equal(display.mean_line_.get_ydata(), network.generations_["mean"])
    assert display.ax_.get_xlabel() == x


def test_the_run_of_an_evolution_is_drawn(run_home: Path) -> None:
    folder = make_evolution(run_home, "zibiro")
    view = RunFollower(folder).look()
    assert isinstance(view, EvolutionView)
    display = ConvergenceDisplay.from_run("zibiro", x="seconds", line_kw={"color": "k"})
    np.testing.assert_array_equal(display.line_.get_ydata(), view.generations.column("best"))
    assert display.mean_line_ is None
    assert (display.ax_.get_ylabel(), display.ax_.get_yscale()) == ("log_loss", "log")


def test_a_loss_curve_is_a_convergence_too() -> None:
    network = nnsize.MLPClassifier((4,), random_state=0, tol=0.01).fit(X, Y)
    display = ConvergenceDisplay.from_estimator(network)
    np.testing.assert_array_equal(display.line_.get_ydata(), network.loss_curve_)
    assert display.ax_.get_xlabel() == "epoch"


def test_what_has_no_convergence_is_refused(run_home: Path) -> None:
    with pytest.raises(NotFittedError):
        ConvergenceDisplay.from_estimator(EvolutionClassifier())
    with pytest.raises(ValueError, match="a SVC has neither generations nor a loss curve"):
        ConvergenceDisplay.from_estimator(SVC().fit(X, Y))
    with pytest.raises(ValueError, match="x is 'hours'; it must be 'generation', 'evaluations', 'seconds'"):
        ConvergenceDisplay.from_run(make_evolution(run_home, "evolution"), x="hours")
    with pytest.raises(ValueError, match="is no evolution; draw it by ScoreCurveDisplay"):
        ConvergenceDisplay.from_run(made_run(run_home, "search"))
    with pytest.raises(ValueError, match="is an evolution; draw it by ConvergenceDisplay"):
        ScoreCurveDisplay.from_run("evolution")
    with pytest.raises(ValueError, match="has no generation to draw yet"):
        ConvergenceDisplay.from_run(make_evolution(run_home, "empty", state="stopped", generations=-1))
