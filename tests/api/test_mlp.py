"""MLPClassifier and MLPRegressor equal scikit-learn's, whatever is called in whatever order."""

import contextlib
import io
import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn import config_context, neural_network
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris, make_regression
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import LabelBinarizer, StandardScaler

import nnsize
from nnsize import MLPClassifier, MLPRegressor
from nnsize._mlp_rows import binarizer_of
from nnsize_engine.network import train
from support.mlp_pairs import Story, assert_alike, call, new_pair, rows_of, stories

ESTIMATORS = [MLPClassifier, MLPRegressor]


@settings(deadline=None, max_examples=150)
@given(story=stories())
def test_any_calls_give_what_scikit_learn_gives(story: Story) -> None:
    ours, theirs = new_pair(story)
    rows = rows_of(story)
    for name in story.calls:
        outcomes, texts = [], []
        for network in (ours, theirs):
            with contextlib.redirect_stdout(io.StringIO()) as text:
                outcomes.append(call(network, name, rows))
            texts.append(text.getvalue())
        assert outcomes[0] == outcomes[1]
        if outcomes[0][0] is not None:
            return
        assert texts[0] == texts[1]
        assert_alike(ours, theirs)
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(ours.predict(rows[0]), theirs.predict(rows[0]))
            if hasattr(theirs, "predict_proba"):
                np.testing.assert_array_equal(ours.predict_proba(rows[0]), theirs.predict_proba(rows[0]))


@settings(deadline=None, max_examples=60)
@given(story=stories())
def test_a_copy_for_scikit_learn_continues_as_ours_does(story: Story) -> None:
    assume(story.parameters["warm_start"] or "partial_fit" in story.calls)
    ours, _ = new_pair(story)
    rows = rows_of(story)
    assume(call(ours, story.calls[0], rows)[0] is None)
    theirs = ours.to_sklearn()
    assert type(theirs) is getattr(neural_network, type(ours).__name__)
    assert_alike(ours, theirs)
    for name in story.calls:
        assert call(ours, name, rows) == call(theirs, name, rows)
    assert_alike(ours, theirs)


@settings(deadline=None, max_examples=60)
@given(
    labels=st.lists(st.integers(-3, 6), min_size=1, max_size=40),
    dtype=st.sampled_from(["int8", "uint16", "int64", "float64", "str"]),
)
def test_labels_are_learned_as_scikit_learn_learns_them(labels: list[int], dtype: str) -> None:
    y = np.abs(labels).astype(dtype)
    ours: list[Any] = []
    theirs: list[Any] = []
    for learned, learn in ((ours, binarizer_of), (theirs, LabelBinarizer().fit)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = vars(learn(y))
        learned += [str(warning.message) for warning in caught]
        classes = found.pop("classes_")
        learned += [classes.tolist(), str(classes.dtype), found]
    assert ours == theirs


@pytest.mark.parametrize("random_state", [None, "instance", "other generator"])
def test_a_generator_is_drawn_from_as_scikit_learn_does(random_state: str | None) -> None:
    """Two trainings that share a generator differ, and leave the generator at the same place."""
    X, y = load_iris(return_X_y=True)
    found = []
    for package in (nnsize, neural_network):
        generator: Any = None
        if random_state is None:
            np.random.seed(7)
        else:
            bits = np.random.MT19937 if random_state == "instance" else np.random.PCG64
            generator = np.random.RandomState(bits(7))
            generator.normal()  # leaves a normal number in reserve, which shuffling does not touch
        network = package.MLPClassifier(random_state=generator, max_iter=3, early_stopping=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            curves = [network.fit(X, y).loss_curve_ for _ in range(2)]
        after = np.random if generator is None else generator
        found.append((curves, after.uniform(), after.normal()))
    assert found[0] == found[1]
    assert found[0][0][0] != found[0][0][1]


@pytest.mark.parametrize("perceptron", ESTIMATORS)
def test_float32_follows_scikit_learn(perceptron: Any) -> None:
    X, y = load_iris(return_X_y=True)
    X, y = X.astype(np.float32), y.astype(np.float32)
    theirs = getattr(neural_network, perceptron.__name__)
    given: dict[str, Any] = {"random_state": 0, "max_iter": 20, "n_iter_no_change": np.inf}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mine, other = perceptron(**given).fit(X, y), theirs(**given).fit(X, y)
    for one, two in zip(mine.coefs_ + mine.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        np.testing.assert_array_equal(one, two)
        assert one.dtype == np.float32
    np.testing.assert_allclose(mine.loss_curve_, other.loss_curve_, rtol=1e-5)


def test_numbers_of_mixed_precision_equal_those_of_scikit_learn() -> None:
    X, y = make_regression(60, 4, random_state=0)
    ours, theirs = (
        package.MLPRegressor(random_state=0, max_iter=5, tol=0).fit(X.astype(np.float32), y)
        for package in (_quiet(nnsize), _quiet(neural_network))
    )
    assert_alike(ours, theirs)


def _quiet(package: Any) -> Any:
    warnings.filterwarnings("ignore", message="Stochastic Optimizer")
    return package


def test_a_changed_parameter_after_the_first_part_does_what_it_does_in_scikit_learn() -> None:
    X, y = load_iris(return_X_y=True)
    pair = [package.MLPClassifier(solver="sgd", random_state=0) for package in (nnsize, neural_network)]
    for changes in ({}, {"learning_rate_init": 0.5, "alpha": 0.3}, {"solver": "adam"}, {"activation": "tanh"}):
        for network in pair:
            network.set_params(**changes).partial_fit(X, y, classes=[0, 1, 2])
        assert_alike(*pair)


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize(
    "changes", [{"hidden_layer_sizes": (4, 4)}, {"early_stopping": True}, {"solver": "lbfgs"}, {"max_iter": 9}]
)
def test_a_warm_start_after_a_change_does_what_it_does_in_scikit_learn(changes: dict[str, Any]) -> None:
    X, y = load_iris(return_X_y=True)
    found: list[tuple[type, str]] = []
    for package in (nnsize, neural_network):
        network = package.MLPClassifier((4,), random_state=0, max_iter=3, warm_start=True).fit(X, y)
        try:
            network.set_params(**changes).fit(X, y)
        except Exception as error:
            found.append((type(error), str(error)))
        else:
            found.append((type(None), str(network.predict_proba(X).tolist())))
    assert found[0] == found[1]


@pytest.mark.parametrize("perceptron", ESTIMATORS)
def test_a_pickle_a_clone_and_the_display_know_all_that_is_needed(perceptron: Any) -> None:
    X, y = load_iris(return_X_y=True)
    network = perceptron(hidden_layer_sizes=(5,), random_state=0, tol=0.01).fit(X, y)
    again = pickle.loads(pickle.dumps(network))
    assert_alike(again, network)
    again.partial_fit(X, y)
    network.partial_fit(X, y)
    assert_alike(again, network)
    fresh = clone(network)
    assert fresh.get_params() == network.get_params()
    assert not hasattr(fresh, "coefs_")
    assert "hidden_layer_sizes" in network._repr_html_()
    assert repr(network) == f"{perceptron.__name__}(hidden_layer_sizes=(5,), random_state=0, tol=0.01)"


@pytest.mark.parametrize("perceptron", ESTIMATORS)
def test_an_unpickled_plain_estimator_does_not_need_nnsize(perceptron: Any) -> None:
    X, y = load_iris(return_X_y=True)
    content = pickle.dumps(perceptron(hidden_layer_sizes=(5,), random_state=0, tol=0.01).fit(X, y).to_sklearn())
    assert b"nnsize" not in content


def test_sample_weights_are_routed_and_frames_pass_through_a_pipeline() -> None:
    pandas = pytest.importorskip("pandas")
    X, y = load_iris(return_X_y=True, as_frame=True)
    weights = pandas.Series(np.linspace(0.5, 1.5, len(y)))
    scores = []
    with config_context(enable_metadata_routing=True):
        for package in (nnsize, neural_network):
            network = package.MLPClassifier((4,), random_state=0, tol=0.01, max_iter=50)
            network.set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
            pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), network).set_output(
                transform="pandas"
            )
            scores.append(cross_val_score(pipeline, X, y, params={"sample_weight": weights}))
            assert pipeline.fit(X, y, sample_weight=weights)[-1].feature_names_in_.tolist() == X.columns.tolist()
    np.testing.assert_array_equal(scores[0], scores[1])


def test_a_search_by_scikit_learn_over_our_network_gives_the_numbers_of_the_first_article() -> None:
    """Not all sizes, which take long: the published best one, and one more."""
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.33, random_state=42)
    pipeline = Pipeline([("scale", StandardScaler()), ("net", MLPClassifier(random_state=0))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = GridSearchCV(pipeline, {"net__hidden_layer_sizes": [5, 75]}, scoring="roc_auc").fit(X_train, y_train)
    assert search.best_params_ == {"net__hidden_layer_sizes": 75}
    assert search.best_score_ == 0.9947175348495965
    assert search.score(X_test, y_test) == 0.9982730973233008


@pytest.mark.parametrize("perceptron", ESTIMATORS)
def test_an_interrupted_training_keeps_its_last_epochs(perceptron: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = load_iris(return_X_y=True)
    advance, calls = train.advance, []

    def interrupted(*given: Any, **named: Any) -> Any:
        calls.append(named)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return advance(*given, **{**named, "epochs": 2})

    monkeypatch.setattr("nnsize._mlp_fit.advance", interrupted)
    network = perceptron(hidden_layer_sizes=(5,), random_state=0)
    with pytest.warns(UserWarning, match=r"Training interrupted by user\."):
        network.fit(X, y)
    assert network.n_iter_ == len(network.loss_curve_) == 4
    assert network.predict(X).shape == y.shape


@pytest.mark.parametrize(
    ("changes", "weights", "y"),
    [
        ({"alpha": -1}, None, None),
        ({"hidden_layer_sizes": (3, -1)}, None, None),
        ({"hidden_layer_sizes": (3.5,)}, None, None),
        ({"batch_size": 0}, None, None),
        ({"solver": "newton"}, None, None),
        ({}, np.zeros(150), None),
        ({}, np.ones(3), None),
        ({}, None, np.full(150, np.nan)),
        ({}, None, np.zeros(3)),
        ({"early_stopping": True, "validation_fraction": 0.001}, None, None),
        ({"early_stopping": True, "validation_fraction": 0.0}, None, None),
    ],
)
def test_bad_input_is_refused_in_the_words_of_scikit_learn(changes: dict[str, Any], weights: Any, y: Any) -> None:
    X, labels = load_iris(return_X_y=True)
    found = []
    for package in (nnsize, neural_network):
        with pytest.raises((ValueError, TypeError)) as caught:
            package.MLPClassifier(**changes).fit(X, labels if y is None else y, sample_weight=weights)
        found.append((caught.type, str(caught.value)))
    assert found[0] == found[1]


@pytest.mark.parametrize("perceptron", ESTIMATORS)
def test_an_estimator_that_is_not_trained_says_so(perceptron: Any) -> None:
    with pytest.raises(NotFittedError, match=f"This {perceptron.__name__} instance is not fitted yet"):
        perceptron().predict([[1.0]])
