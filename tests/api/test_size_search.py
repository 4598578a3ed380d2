"""SizeSearchCV gives the numbers of GridSearchCV, and the answer of ``nnsize size``."""

import json
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import config_context, neural_network
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import fbeta_score, make_scorer
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, ShuffleSplit, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

import nnsize
from nnsize import MLPClassifier, SizeSearchCV
from support.commands import nnsize_here

SCALERS = {"standard": StandardScaler, "robust": RobustScaler, "minmax": MinMaxScaler}
SCORINGS = {"classes": ["accuracy", "neg_log_loss", "f1_macro"], "numbers": ["r2", "neg_mean_absolute_error"]}
CVS: dict[str, Any] = {
    "number": 3,
    "shuffled": KFold(3, shuffle=True, random_state=1),
    "random": ShuffleSplit(4, test_size=0.3, random_state=2),
    "groups": GroupKFold(3),
}


def _forms(measures: list[str]) -> list[Any]:
    """Return the forms in which GridSearchCV takes names of scorings."""
    first, second = measures[:2]
    by_name = {"one": first, "two": second}
    return [
        None,
        first,
        [first],
        [first, second],
        (first, second),
        {first, second},
        by_name,
        {**by_name, "one more": first},
    ]


@st.composite
def searches(draw: st.DrawFn) -> dict[str, Any]:
    """Return random settings of a search."""
    task = draw(st.sampled_from(["classes", "classes", "numbers", "several numbers", "labels"]))
    measures = SCORINGS["numbers" if "numbers" in task else "classes"]
    return {
        "task": task,
        "neurons": draw(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True)),
        "scoring": draw(st.sampled_from(_forms(measures))) if task != "labels" else None,
        "refits_by_second": draw(st.booleans()),
        "cv": draw(st.sampled_from(sorted(CVS))),
        "scaler": draw(st.sampled_from(sorted(SCALERS))),
        "target_scale": draw(st.sampled_from(["none", "standard"])) if "numbers" in task else "none",
        "network": {
            "solver": draw(st.sampled_from(["adam", "sgd"])),
            "activation": draw(st.sampled_from(["relu", "tanh"])),
            "alpha": draw(st.sampled_from([1e-4, 0.1])),
            "early_stopping": draw(st.booleans()),
            "max_iter": draw(st.integers(2, 30)),
        },
        "is_weighted": draw(st.booleans()),
        "seed": draw(st.integers(0, 100)),
    }


@settings(deadline=None, max_examples=15)
@given(search=searches())
def test_cv_results_are_those_of_grid_search_cv(search: dict[str, Any]) -> None:
    random = np.random.default_rng(search["seed"])
    X = random.normal(size=(60, 4)) * [1, 5, 0.1, 1] + 2
    y: Any = {
        "classes": np.array(["a", "b", "c"])[np.argmax(X[:, [0, 3, 2]] - 2, axis=1)],
        "numbers": 3 * X[:, 0] + random.normal(size=60),
        "several numbers": X[:, :2] * 2,
        "labels": (X[:, [0, 3]] > 2).astype(int),
    }[search["task"]]
    groups = np.arange(60) % 7
    weights = random.uniform(0.5, 2, size=60) if search["is_weighted"] else None
    name = "MLPRegressor" if "numbers" in search["task"] else "MLPClassifier"
    takes_seed_of_network = search["is_weighted"]
    seed = search["seed"] if takes_seed_of_network else search["seed"] + 1
    estimator = getattr(nnsize, name)(**search["network"], random_state=seed)
    ours = SizeSearchCV(
        estimator,
        neurons=search["neurons"],
        scoring=search["scoring"],
        cv=CVS[search["cv"]],
        scaler=search["scaler"],
        target_scale=search["target_scale"] if "numbers" in search["task"] else None,
        random_state=None if takes_seed_of_network else search["seed"],
        return_train_score=True,
        store=False,
        verbose=0,
    )
    network = getattr(neural_network, name)(**search["network"], random_state=search["seed"])
    pipeline: Any = Pipeline([("scale", SCALERS[search["scaler"]]()), ("network", network)])
    prefix = "network__"
    if search["target_scale"] == "standard":
        pipeline, prefix = TransformedTargetRegressor(pipeline, transformer=StandardScaler()), "regressor__network__"
    chosen = search["scoring"]
    refit: Any = True if isinstance(chosen, str | None) else list(chosen)[-search["refits_by_second"]]
    if search["refits_by_second"] or isinstance(chosen, set):
        ours.set_params(refit=refit)
    theirs = GridSearchCV(
        pipeline,
        {f"{prefix}hidden_layer_sizes": [(size,) for size in search["neurons"]]},
        scoring=sorted(chosen) if isinstance(chosen, set) else chosen,  # it takes no sets
        cv=CVS[search["cv"]],
        refit=refit,
        return_train_score=True,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours.fit(X, y, groups=groups, sample_weight=weights)
        given = {} if weights is None else {"network__sample_weight": weights}
        theirs.fit(X, y, groups=groups, **given)
    assert_same_results(ours, theirs)
    assert ours.best_params_["hidden_layer_sizes"] == theirs.best_params_[f"{prefix}hidden_layer_sizes"]
    np.testing.assert_allclose(ours.best_score_, theirs.best_score_, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    assert ours.score(X, y) == theirs.score(X, y)
    assert ours.n_splits_ == theirs.n_splits_
    assert ours.multimetric_ == theirs.multimetric_


def assert_same_results(ours: SizeSearchCV, theirs: GridSearchCV) -> None:
    """Compare all columns of scores and ranks; the names of searched parameters differ."""
    columns = {name for name in theirs.cv_results_ if "hidden_layer_sizes" not in name}
    assert columns | {"param_hidden_layer_sizes"} == set(ours.cv_results_)
    for name in columns:
        if "score" in name and "time" not in name:
            np.testing.assert_allclose(ours.cv_results_[name], theirs.cv_results_[name], rtol=0, atol=1e-9)
    for mine, other in zip(ours.cv_results_["params"], theirs.cv_results_["params"], strict=True):
        assert list(mine.values()) == list(other.values())
    assert ours.best_index_ == theirs.best_index_


@pytest.mark.usefixtures("run_home")
def test_the_answer_is_that_of_the_command() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    X_train, _, y_train, _ = train_test_split(X, y, test_size=0.33, random_state=42)
    search = SizeSearchCV(store=False, verbose=0, neurons="5,9,17,33", scoring="roc_auc", cv=3).fit(X_train, y_train)
    done = nnsize_here("size", "breast_cancer", "--neurons", "5,9,17,33", "--cv", "3", "--no-references", "--json")
    found = json.loads(done.stdout)
    assert found["best"]["mean_test_score"] == search.best_score_
    assert found["recommended"]["mean_test_score"] == search.recommended_score_
    (size,) = search.recommended_params_["hidden_layer_sizes"]
    assert search.answer_.startswith(f"{size} neurons are recommended: roc_auc {search.recommended_score_:.4f}")


@pytest.mark.parametrize(
    ("neurons", "sizes"),
    [
        ("4:10:2", [(4,), (6,), (8,)]),
        (range(4, 9, 2), [(4,), (6,), (8,)]),
        (np.arange(4, 9, 2), [(4,), (6,), (8,)]),
        ([(4, 2), 3], [(4, 2), (3,)]),
        (6, [(6,)]),
    ],
)
def test_sizes_are_taken_in_every_form(neurons: Any, sizes: list[tuple[int, ...]]) -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(MLPClassifier(max_iter=3), store=False, verbose=0, neurons=neurons, cv=2).fit(X, y)
    assert [one["hidden_layer_sizes"] for one in search.cv_results_["params"]] == sizes


def test_auto_finds_the_sizes_and_names_one() -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(store=False, verbose=0, neurons="auto", max_neurons=16).fit(X, y)
    sizes = [one["hidden_layer_sizes"] for one in search.cv_results_["params"]]
    assert search.best_params_["hidden_layer_sizes"] in sizes
    assert search.recommended_params_["hidden_layer_sizes"] in sizes
    assert max(sizes) <= (16,)
    assert search.recommended_estimator_[-1].hidden_layer_sizes == search.recommended_params_["hidden_layer_sizes"]
    assert "recommended" in search.answer_


def test_a_search_is_an_estimator_like_any_other() -> None:
    frame, y = load_iris(return_X_y=True, as_frame=True)
    search = SizeSearchCV(MLPClassifier(max_iter=20), neurons=[3, 6], cv=2, store=False, verbose=0).fit(frame, y)
    assert search.feature_names_in_.tolist() == frame.columns.tolist()
    again = pickle.loads(pickle.dumps(search))
    np.testing.assert_array_equal(again.predict_proba(frame), search.predict_proba(frame))
    assert search.classes_.tolist() == [0, 1, 2]
    assert clone(search).get_params()["neurons"] == [3, 6]
    assert not hasattr(SizeSearchCV(refit=False), "predict")
    assert not hasattr(SizeSearchCV(nnsize.MLPRegressor()), "predict_proba")
    without = SizeSearchCV(MLPClassifier(max_iter=20), neurons=[3, 6], cv=2, refit=False, store=False, verbose=0).fit(
        frame, y
    )
    assert without.best_index_ == search.best_index_
    with pytest.raises(AttributeError, match="give refit=True"):
        without.score(frame, y)


def _ended() -> Iterator[Any]:
    yield from ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"neurons": []}, "neurons"),
        ({"neurons": [0]}, "neurons"),
        ({"neurons": "many"}, "many"),
        ({"cv": _ended()}, "No fits were performed"),
        ({"cv": 1}, "k-fold cross-validation requires at least one train/test split"),
        ({"cv": 500}, "Cannot have number of splits n_splits=500 greater"),
        ({"scoring": "acuracy"}, "accuracy"),
        ({"scoring": lambda *_: 0.0}, "takes names of scikit-learn scorings, not functions; search by GridSearchCV"),
        ({"scoring": {"mine": make_scorer(fbeta_score, beta=2)}}, "not functions; search by GridSearchCV"),
        ({"scoring": {}}, "it must be the name of a scikit-learn scoring, a list of names, or a dict"),
        ({"scoring": {3: "accuracy"}}, "scoring is {3: 'accuracy'}; it must be the name"),
        ({"scoring": ["accuracy", "accuracy"]}, "scoring accuracy is named twice; name it once"),
        ({"scoring": {"accuracy", "f1_macro"}}, "name the one that chooses in refit: accuracy, f1_macro"),
        ({"scoring": {"hits": "accuracy"}, "refit": "accuracy"}, "or the scoring that chooses: hits"),
        ({"scaler": "no"}, "scaler"),
        ({"refit": "f1"}, "refit is 'f1'; it must be True, False, or the scoring that chooses: accuracy"),
        ({"refit": lambda _: 0}, "it must be True, False, or the scoring that chooses"),
        ({"estimator": MLPClassifier(alpha=-1)}, "alpha is -1"),
        ({"n_jobs": 0}, "n_jobs is 0"),
        ({"n_jobs": "2"}, "n_jobs is '2'; it must be a number of threads"),
        ({"target_scale": "standard"}, "target-scale"),
    ],
)
def test_bad_parameters_are_refused_in_a_sentence(given: dict[str, Any], message: str) -> None:
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=message) as caught:
        SizeSearchCV(**{"neurons": [2], "cv": 2, "store": False, **given}).fit(X, y)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"estimator": LogisticRegression()}, r"estimator is LogisticRegression\(\); it must be an MLPClassifier"),
        ({"name": 3}, "name is 3; it must be a text"),
        ({"max_store": "1 GB"}, "max_store is '1 GB'; it must be a number of bytes"),
        (
            {"estimator": Pipeline([("scale", StandardScaler()), ("network", MLPClassifier())])},
            r"^estimator is Pipeline\(steps=[^\n]*; it must be an MLPClassifier or MLPRegressor, or None$",
        ),
    ],
)
def test_parameters_of_another_type_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        SizeSearchCV(neurons=[2], **given).fit(np.eye(4), [0, 1, 0, 1])


def test_weights_reach_the_networks_where_metadata_is_routed() -> None:
    X, y = load_iris(return_X_y=True)
    weights = np.random.default_rng(0).uniform(0.5, 2, len(y))
    search = SizeSearchCV(MLPClassifier(max_iter=3), neurons=[2, 3], cv=2, store=False, verbose=0)
    plain = clone(search).fit(X, y, sample_weight=weights)
    with config_context(enable_metadata_routing=True):
        routed = clone(search).fit(X, y, sample_weight=weights)
        request = clone(search).set_fit_request(sample_weight=True)
        scores = cross_val_score(request, X, y, cv=2, params={"sample_weight": weights}, error_score="raise")
    np.testing.assert_array_equal(routed.predict_proba(X), plain.predict_proba(X))
    unrouted = cross_val_score(search, X, y, cv=2, params={"sample_weight": weights})
    np.testing.assert_array_equal(scores, unrouted)


def test_the_curve_of_one_scoring_is_drawn_whatever_refit_names() -> None:
    X, y = load_iris(return_X_y=True)
    search = SizeSearchCV(
        MLPClassifier(max_iter=2), neurons=[2, 3], cv=2, scoring="accuracy", refit="accuracy", store=False, verbose=0
    ).fit(X, y)
    assert nnsize.ScoreCurveDisplay.from_estimator(search).score_name == "accuracy"


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.eye(6), [0, 0, 0, 0, 0, 0], "needs two classes or more; y holds only the class 0"),
        (np.eye(6), [0, 1, 0, 1, 0, np.nan], "Input y contains NaN"),
        (np.eye(6), [0, 1], "inconsistent numbers of samples"),
        (np.full((6, 2), np.nan), [0, 1] * 3, "Input X contains NaN"),
    ],
)
def test_bad_data_is_refused_in_a_sentence(X: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SizeSearchCV(store=False, verbose=0, neurons=[2], cv=2).fit(X, y)
