"""A watched search gives the results of an unwatched one, and a run that has its scores."""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import FitFailedWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import Ridge
from sklearn.metrics import accuracy_score, make_scorer, mean_absolute_error
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    KFold,
    RandomizedSearchCV,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

import nnsize
from nnsize import _watched_fits, _watched_store
from nnsize_engine.answers.watched_answer import watched_answer
from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import StoreFullError, transaction
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import WatchedView
from support.waiting import wait_until

X, Y = load_iris(return_X_y=True)

pytestmark = pytest.mark.usefixtures("run_home")


class Picky(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """A classifier that fails for some of its parameters, on some rows, or only when it predicts."""

    def __init__(self, depth: int = 1, fails: str = "never", seconds: float = 0.0) -> None:
        self.depth, self.fails, self.seconds = depth, fails, seconds

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "Picky":
        time.sleep(self.seconds)
        if self.fails == "always" or (self.fails == "sometimes" and y[0] != 0):
            raise ValueError(f"no tree of depth {self.depth}\n  on these rows")
        self.tree_ = DecisionTreeClassifier(max_depth=self.depth, random_state=0).fit(X, y, sample_weight)
        self.classes_ = self.tree_.classes_
        return self

    def predict(self, X: Any) -> Any:
        if self.fails == "predicting":
            raise RuntimeError("it cannot predict")
        return self.tree_.predict(X)


def two_scores(estimator: Any, X: Any, y: Any) -> dict[str, float]:
    return {"second": float(np.mean(estimator.predict(X) == y)), "first": 0.5}


def one_score(estimator: Any, X: Any, y: Any) -> float:
    return float(np.mean(estimator.predict(X) == y))


@st.composite
def searches(draw: st.DrawFn) -> tuple[Callable[[], Any], dict[str, Any]]:
    """Return how a random search is made, and what its `fit` takes."""
    kind = draw(st.sampled_from(["grid", "grid", "random", "halving grid", "halving random"]))
    has_refit = draw(st.booleans()) or kind.startswith("halving")
    scoring, refit = draw(
        st.sampled_from([
            (None, has_refit), ("f1_macro", has_refit), (one_score, has_refit),
            (["accuracy", "f1_macro"], "f1_macro"), ({"b": "accuracy", "a": one_score}, False), (two_scores, "second"),
        ])
    )  # fmt: skip
    if kind.startswith("halving"):
        scoring, refit = (scoring if scoring is None or isinstance(scoring, str) else "accuracy"), True
    fails = draw(st.sampled_from([["never"], ["never"], ["never", "sometimes", "always", "predicting"]]))
    options = {
        "scoring": scoring,
        "refit": refit,
        "cv": draw(st.sampled_from([None, 3, KFold(2, shuffle=True, random_state=1)])),
        "return_train_score": draw(st.booleans()),
        "error_score": draw(st.sampled_from([np.nan, 0.25])),
        "n_jobs": draw(st.sampled_from([None, None, 2])),
    }
    depths = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True))
    grid = {"depth": depths, "fails": fails}
    takes: dict[str, Any] = {"sample_weight": np.linspace(0.5, 2, len(Y))} if draw(st.booleans()) else {}

    def make() -> Any:
        match kind:
            case "grid":
                return GridSearchCV(Picky(), grid, **options)
            case "random":
                return RandomizedSearchCV(Picky(), grid, n_iter=min(3, len(depths)), random_state=3, **options)
            case "halving grid":
                return HalvingGridSearchCV(Picky(), grid, random_state=4, min_resources=60, **options)
            case _:
                return HalvingRandomSearchCV(Picky(), grid, random_state=5, min_resources=60, n_candidates=2, **options)

    return make, takes


@settings(deadline=None, max_examples=15)
@given(search=searches())
def test_no_result_changes_and_the_run_has_every_score(search: tuple[Callable[[], Any], dict[str, Any]]) -> None:
    make, takes = search
    plain, seen = make(), make()
    watched = nnsize.watch(seen, "random", verbose=0)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        problem = _problem(lambda: plain.fit(X, Y, **takes))
        expected, before = _first_lines(heard), len(heard)
        assert _problem(lambda: watched.fit(X, Y, **takes)) == problem
        assert _first_lines(heard[before:]) == expected
    assert plain.__dict__.keys() == seen.__dict__.keys()
    view = _view(watched)
    assert examine(view.folder).condition == "whole"
    if problem:
        assert view.state == "failed"
        return
    _assert_same(plain.cv_results_, seen.cv_results_)
    assert getattr(plain, "best_index_", None) == getattr(seen, "best_index_", None)
    assert view.state == "finished"
    _assert_shows(view, seen)


def _first_lines(heard: list[warnings.WarningMessage]) -> list[str]:
    """Return warnings without the tracebacks in them."""
    return sorted(str(one.message).strip().splitlines()[0] for one in heard)


def _problem(fit: Callable[[], Any]) -> str:
    try:
        fit()
    except ValueError as error:
        return str(error).strip().splitlines()[0]
    return ""


def _view(watched: Any) -> WatchedView:
    assert watched.folder is not None
    view = RunFollower(watched.folder).look()
    assert isinstance(view, WatchedView)
    return view


def _assert_same(results: dict[str, Any], others: dict[str, Any]) -> None:
    assert list(results) == list(others)
    for name, values in results.items():
        if name == "params":
            assert values == others[name]
        elif "time" not in name and np.ma.isMaskedArray(values):
            assert (
                values.filled(None if values.dtype == object else -1).tolist()
                == others[name].filled(None if values.dtype == object else -1).tolist()
            )
        elif "time" not in name:
            np.testing.assert_array_equal(values, others[name], strict=True)


def _assert_shows(view: WatchedView, search: Any) -> None:
    """Check that a run has the candidates and scores of a search, but those that failed."""
    results, names = search.cv_results_, view.settings.score_names
    assert view.header.done == view.header.total == len(results["params"]) * search.n_splits_
    assert [dict(one.parameters) for one in view.candidates] == results["params"]
    if "iter" in results:
        assert [one.iteration for one in view.candidates] == results["iter"].tolist()
        assert [one.resources for one in view.candidates] == results["n_resources"].tolist()
    if hasattr(search, "best_index_"):
        assert view.best == search.best_index_
    for place, summary in enumerate(view.summaries):
        if not summary.has_failed:
            assert view.shared[place].mean == results[f"mean_test_{names[0]}"][place]
            assert view.shared[place].std == results[f"std_test_{names[0]}"][place]
            assert (view.shared[place].train_mean is None) is not search.return_train_score
        for split, fit in enumerate(summary.fits):
            assert fit is not None
            score = results[f"split{split}_test_{names[0]}"][place]
            assert fit.test_score == score or (fit.error is not None and fit.test_score is None)
            if fit.error is not None:
                assert "no tree of depth" in fit.error or "cannot predict" in fit.error
    for name, scoring in zip(names[1:], view.settings.further_scorings, strict=True):
        for place, statistics in enumerate(view.further[scoring].shared):
            if statistics.mean is not None:
                assert statistics.mean == results[f"mean_test_{name}"][place]


@pytest.mark.parametrize("search", [
    GridSearchCV(SVC(), {"C": [0.1, 1.0]}, n_jobs=2),
    RandomizedSearchCV(SVC(), {"C": [0.1, 1.0, 10.0]}, n_iter=2, random_state=0),
])  # fmt: skip
def test_the_search_stays_as_it_was(search: Any) -> None:
    callbacks = search.set_callbacks(Heard()).__dict__["_skl_callbacks"]
    before = search.get_params(deep=False)
    fitted = nnsize.watch(search, verbose=0).fit(X, Y)
    assert fitted is search
    assert all(value is before[name] for name, value in search.get_params(deep=False).items())
    assert not {"_run_search", "_get_scorers"} & search.__dict__.keys()
    assert search._skl_callbacks == callbacks
    assert callbacks[0].tasks > 0
    search.set_callbacks()
    assert pickle.loads(pickle.dumps(search)).best_params_ == search.best_params_
    assert type(clone(search)) is type(search)
    assert search.scorer_(search.best_estimator_, X, Y) == search.score(X, Y)


def test_a_copy_that_was_pickled_during_the_search_can_be_fitted() -> None:
    copies: list[bytes] = []

    def pickling(estimator: Any, X: Any, y: Any) -> float:
        copies.append(pickle.dumps(search.set_params(scoring=None)))
        return one_score(estimator, X, y)

    search = GridSearchCV(Picky(), {"depth": [1, 2]}, cv=2, scoring=pickling)
    search.set_callbacks(Heard())
    nnsize.watch(search, verbose=0).fit(X, Y)
    copy = pickle.loads(copies[0])
    assert copy.fit(X, Y).best_params_ == {"depth": 2}


class Heard:
    """A callback of the user."""

    tasks = 0

    def setup(self, estimator: Any, context: Any) -> None: ...

    def teardown(self, estimator: Any, context: Any) -> None: ...

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        del estimator, context
        self.tasks += 1

    def on_fit_task_end(self, estimator: Any, context: Any) -> None: ...


def test_a_watched_search_behaves_as_the_search() -> None:
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [0.1, 1.0]}), "mine", verbose=0)
    assert repr(watched) == repr(watched.search)
    assert "best_params_" not in dir(watched)
    watched.fit(X, Y)
    assert watched.best_params_ == {"C": 1.0}
    np.testing.assert_array_equal(watched.predict(X), watched.search.predict(X))
    again = pickle.loads(pickle.dumps(watched))
    assert (again.name, again.folder, again.best_params_) == ("mine", watched.folder, {"C": 1.0})
    assert clone(watched).name == "mine"
    assert clone(watched).folder is None
    assert len(cross_val_score(watched, X, Y, cv=2)) == 2


def test_it_says_how_to_watch(capsys: pytest.CaptureFixture[str]) -> None:
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [1.0]}))
    watched.fit(X, Y)
    assert watched.folder is not None
    assert capsys.readouterr().out == f"watch it: nnsize-tui {watched.folder.name}\n"


def test_a_name_that_another_run_has_gets_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [1.0]}), "my search")
    watched.fit(X, Y)
    first = watched.folder
    watched.fit(X, Y)
    assert watched.folder is not None
    assert nnsize.open_run("my search").folder == first
    assert nnsize.open_run("my search-2").folder == watched.folder
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [
        "there is a run 'my search' already; this one is 'my search-2'",
        f"watch it: nnsize-tui {watched.folder.name}",
    ]


@pytest.mark.parametrize(("scoring", "name"), [
    ("roc_auc", "roc_auc"), (None, "accuracy"), (one_score, "one_score()"),
    (make_scorer(mean_absolute_error), "mean_absolute_error"),
    (make_scorer(mean_absolute_error, greater_is_better=False), "neg_mean_absolute_error"),
])  # fmt: skip
def test_scores_are_named_by_their_scorers(scoring: Any, name: str) -> None:
    rows, labels = load_breast_cancer(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), SVC())
    search = GridSearchCV(pipeline, {"svc__C": [1.0]}, scoring=scoring, cv=2)
    watched = nnsize.watch(search, verbose=0)
    watched.fit(rows, labels)
    known = _view(watched).settings
    assert (known.scorings, known.score_names, known.estimator) == ((name,), ("score",), "StandardScaler + SVC")
    assert (known.rows, known.inputs, known.task, known.classes) == (569, 30, "binary", 2)


def test_whole_numbers_that_a_regressor_learns_are_no_classes() -> None:
    watched = nnsize.watch(GridSearchCV(Ridge(), {"alpha": [1.0]}, cv=2), verbose=0)
    watched.fit(X, Y)
    known = _view(watched).settings
    assert (known.task, known.classes, known.scorings) == ("regression", 0, ("r2",))


def test_neighbours_are_scored_by_their_accuracy() -> None:
    watched = nnsize.watch(GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1]}, cv=2), verbose=0)
    watched.fit(X, Y)
    assert _view(watched).settings.scorings == ("accuracy",)


@pytest.mark.parametrize(("options", "words"), [
    ({"refit": False}, "The best of 2 candidates is depth 2: mean accuracy 0."),
    ({"scoring": lambda *_: float("nan")}, "scikit-learn chose depth 1: it has no score. 2 candidates failed."),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:One or more of the test scores")
def test_the_answer_fits_what_was_chosen(options: dict[str, Any], words: str) -> None:
    watched = nnsize.watch(GridSearchCV(Picky(), {"depth": [1, 2]}, cv=2, **options), verbose=0)
    # With one score scikit-learn chooses without refitting; with several it does not.
    if not options.get("refit", True):
        watched.search.scoring = ["accuracy", "f1_macro"]
    watched.fit(X, Y)
    assert watched_answer(_view(watched)).startswith(words)


def test_the_answer_says_why_every_fit_failed() -> None:
    watched = nnsize.watch(GridSearchCV(Picky(fails="always"), {"depth": [4]}, cv=2), verbose=0)
    with pytest.raises(ValueError, match="All the 2 fits failed"):
        watched.fit(X, Y)
    assert watched_answer(_view(watched)) == (
        "No answer: every candidate failed, the first with ValueError: no tree of depth 4 on these rows."
    )


class Interrupted(Picky):
    """A classifier at whose third fit the user presses Ctrl-C."""

    fits = 0

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "Picky":
        type(self).fits += 1
        if type(self).fits == 3:
            raise KeyboardInterrupt
        return super().fit(X, y, sample_weight)


def test_a_fit_that_is_interrupted_has_not_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Interrupted, "fits", 0)
    watched = nnsize.watch(GridSearchCV(Interrupted(), {"depth": [1, 2]}, cv=2), verbose=0)
    with pytest.raises(KeyboardInterrupt):
        watched.fit(X, Y)
    view = _view(watched)
    assert (view.state, view.header.done, view.header.reason) == ("stopped", 2, "the search was interrupted")
    assert not any(one.has_failed for one in view.summaries)


def test_a_search_in_an_except_of_the_user_has_its_own_errors() -> None:
    watched = nnsize.watch(GridSearchCV(Picky(), {"fails": ["never", "always"]}, cv=2), verbose=0)
    try:
        raise KeyboardInterrupt("of the user")
    except KeyboardInterrupt:
        with pytest.warns(FitFailedWarning), pytest.warns(UserWarning, match="One or more of the test scores"):
            watched.fit(X, Y)
    view = _view(watched)
    assert [fit.error for fit in view.summaries[1].fits if fit] == ["ValueError: no tree of depth 1 on these rows"] * 2


def test_values_of_any_kind_have_a_text_and_scores_of_any_size_are_kept() -> None:
    grid = {"svc__C": np.array([1.0]), "svc": [SVC(), SVC(kernel="linear")], "standardscaler__with_mean": [True]}
    search = GridSearchCV(
        make_pipeline(StandardScaler(), SVC()), grid, scoring={"accuracy": _percent}, refit="accuracy"
    )
    watched = nnsize.watch(search, verbose=0)
    watched.fit(X, Y)
    view = _view(watched)
    assert dict(view.candidates[1].parameters) == {
        "standardscaler__with_mean": True, "svc": "SVC(kernel='linear')", "svc__C": 1.0
    }  # fmt: skip
    assert view.shared[0].mean is not None
    assert view.shared[0].mean > 90
    assert not view.broken


def _percent(estimator: Any, X: Any, y: Any) -> float:
    return 100 * float(estimator.score(X, y))


def test_other_tables_than_arrays_are_fitted_too() -> None:
    import pandas as pd
    from scipy import sparse

    for rows in (pd.DataFrame(X, columns=list("abcd")), sparse.csr_array(X), X.tolist()):
        watched = nnsize.watch(GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [2]}), verbose=0)
        watched.fit(rows, Y)
        assert (_view(watched).settings.rows, _view(watched).settings.inputs) == (150, 4)
    numbers = nnsize.watch(GridSearchCV(Ridge(), {"alpha": [1.0]}), verbose=0)
    numbers.fit(X, X[:, 0])
    assert (_view(numbers).settings.task, _view(numbers).settings.measure) == ("regression", "r2")


@pytest.mark.parametrize("wrong", [SVC(), nnsize.SizeSearchCV(), "search"])
def test_what_is_no_search_of_scikit_learn_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="it takes a GridSearchCV, RandomizedSearchCV, HalvingGridSearchCV or"):
        nnsize.watch(wrong)
    with pytest.raises(TypeError, match="the name of a watched search is 3; it must be a text"):
        nnsize.watch(GridSearchCV(SVC(), {}), 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"is watched already; watch its \.search"):
        nnsize.watch(nnsize.watch(GridSearchCV(SVC(), {})))


def test_input_that_scikit_learn_refuses_makes_no_run(run_home: Path) -> None:
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [1.0]}), verbose=0)
    with pytest.raises(ValueError, match="Found input variables with inconsistent numbers of samples"):
        watched.fit(X, Y[:10])
    assert watched.folder is None
    assert not run_home.exists()


def test_an_error_that_is_raised_ends_the_run_with_its_reason() -> None:
    grid = {"fails": ["never", "always"]}
    watched = nnsize.watch(GridSearchCV(Picky(), grid, error_score="raise", cv=2), verbose=0)
    with pytest.raises(ValueError, match="no tree of depth 1"):
        watched.fit(X, Y)
    view = _view(watched)
    assert (view.state, view.header.reason) == ("failed", "ValueError: no tree of depth 1 on these rows")
    assert view.header.done == 3
    assert view.summaries[1].has_failed


def test_a_home_that_cannot_be_written_leaves_the_search_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path / "file" / "home"))
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [1.0]}), verbose=0)
    with pytest.warns(UserWarning, match="the search is not watched: run .* cannot be created"):
        watched.fit(X, Y)
    assert watched.folder is None
    assert watched.best_params_ == {"C": 1.0}


SLOW = """
import sys
sys.path.insert(0, {tests!r})
from api_watch_slow import Slow
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
import nnsize
nnsize.watch(GridSearchCV(Slow(), {{"depth": list(range(1, 200))}}, n_jobs=2), "slow").fit(*load_iris(return_X_y=True))
"""

SLOW_MODULE = """
import time
from sklearn.tree import DecisionTreeClassifier
class Slow(DecisionTreeClassifier):
    def __init__(self, depth=1):
        super().__init__(max_depth=depth)
        self.depth = depth
    def fit(self, X, y):
        time.sleep(0.1)
        return super().fit(X, y)
"""


@pytest.mark.parametrize(("sent", "state"), [(signal.SIGINT, "stopped"), (signal.SIGKILL, "interrupted")])
def test_a_search_that_is_ended_keeps_what_was_finished(
    sent: signal.Signals, state: str, tmp_path: Path, run_home: Path
) -> None:
    (tmp_path / "api_watch_slow.py").write_text(SLOW_MODULE)
    program = [sys.executable, "-c", SLOW.format(tests=str(tmp_path))]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}  # for the workers
    with subprocess.Popen(
        program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        folder = run_home / process.stdout.readline().split()[-1]
        follower = RunFollower(folder)
        wait_until(lambda: follower.look().header.done >= 5 and _under_way(follower) > 0)
        assert follower.look().state == "running"
        with pytest.raises(RunError, match="scikit-learn runs it"):
            launch.stop(folder)
        with pytest.raises(RunError, match="let it end, or interrupt it"):
            launch.delete(folder)
        process.send_signal(sent)
    view = RunFollower(folder).look()
    assert view.state == state
    assert 5 <= view.header.done < view.header.total
    assert examine(folder).condition == "whole"
    with pytest.raises(RunError, match="start the search again where it was started"):
        launch.resume(folder)
    assert launch.delete(folder) == ()
    assert not folder.exists()


def _under_way(follower: RunFollower) -> int:
    view = follower.look()
    assert isinstance(view, WatchedView)
    return len(view.under_way)


def test_a_finished_search_is_deleted_while_its_process_goes_on() -> None:
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [1.0]}), verbose=0)
    watched.fit(X, Y)
    assert watched.folder is not None
    assert [path.name for path in watched.folder.glob("told-*")] == []
    begun = time.monotonic()
    assert launch.delete(watched.folder) == ()
    assert time.monotonic() - begun < 10


def test_a_full_disk_delays_the_run_and_not_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[Path] = []

    @contextlib.contextmanager
    def refusing(connection: Any, folder: Path) -> Iterator[None]:
        if len(refused) < 2:
            refused.append(folder)
            raise StoreFullError("there is no room", "full")
        with transaction(connection, folder):
            yield

    monkeypatch.setattr(_watched_store, "transaction", refusing)
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [0.1, 1.0]}), verbose=0)
    watched.fit(X, Y)
    view = _view(watched)
    assert (len(refused), view.state, view.header.done, view.stall) == (2, "finished", 10, None)


def test_a_run_that_is_lost_leaves_the_search_alone() -> None:
    class Deleting(Picky):
        def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "Picky":
            for path in watched.folder.iterdir():
                path.unlink(missing_ok=True)
            return super().fit(X, y, sample_weight)

    watched: Any = nnsize.watch(GridSearchCV(Deleting(), {"depth": [1, 2]}, cv=2), verbose=0)
    with pytest.warns(UserWarning, match="the run of the watched search is not whole"):
        watched.fit(X, Y)
    assert watched.best_params_ == {"depth": 2}


def test_metadata_is_routed_as_without_watching() -> None:
    weights = np.linspace(0.5, 2, len(Y))
    with config_context(enable_metadata_routing=True):
        scorer = make_scorer(mean_absolute_error).set_score_request(sample_weight=True)
        right = make_scorer(accuracy_score).set_score_request(sample_weight=False)
        tree = Picky().set_fit_request(sample_weight=True)

        def make(scoring: Any, refit: Any) -> Any:
            return GridSearchCV(tree, {"depth": [1, 2]}, scoring=scoring, refit=refit, cv=2)

        for scoring, refit in ((scorer, True), ({"error": scorer, "right": right}, "error")):
            plain = make(scoring, refit).fit(X, Y, sample_weight=weights)
            seen = nnsize.watch(make(scoring, refit), verbose=0).fit(X, Y, sample_weight=weights)
            _assert_same(plain.cv_results_, seen.cv_results_)


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_any_backend_of_joblib_tells_its_scores(backend: str) -> None:
    watched = nnsize.watch(GridSearchCV(SVC(), {"C": [0.1, 1.0]}, n_jobs=2), verbose=0)
    with joblib.parallel_backend(backend):
        search = watched.fit(X, Y)
    _assert_shows(_view(watched), search)


def test_scores_that_workers_cannot_tell_come_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_watched_fits.FitCallback, "_tell", lambda *_: None)
    watched = nnsize.watch(GridSearchCV(Picky(), {"fails": ["never", "always"]}), verbose=0)
    with pytest.warns(FitFailedWarning), pytest.warns(UserWarning, match="One or more of the test scores"):
        search = watched.fit(X, Y)
    view = _view(watched)
    assert view.shared[0].mean == search.cv_results_["mean_test_score"][0]
    assert view.summaries[1].has_failed
    assert view.header.done == 10
