"""Random settings and calls of a multi-layer perceptron, made on ours and on scikit-learn's alike."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn import neural_network

import nnsize

Rows = tuple[Any, Any, NDArray[np.float64] | None]
"""Inputs, targets and sample weights of a call."""

KINDS = ("binary", "multiclass", "multilabel", "one class", "number", "numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Parameters, data and calls."""

    kind: str
    parameters: dict[str, Any]
    calls: tuple[str, ...]
    """``fit`` and ``partial_fit``, one after the other on the same estimator."""
    form: str
    """The form of the inputs."""
    is_weighted: bool
    seed: int


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Return random stories; some of them end with an error."""
    solver = draw(st.sampled_from(["adam", "adam", "sgd", "sgd", "lbfgs"]))
    parameters = {
        "hidden_layer_sizes": draw(st.sampled_from([(3,), 4, [3, 2], np.array([5])])),
        "activation": draw(st.sampled_from(["identity", "logistic", "tanh", "relu"])),
        "solver": solver,
        "alpha": draw(st.sampled_from([0.0, 1e-4, 0.5])),
        "batch_size": draw(st.sampled_from(["auto", 1, 7, 60])),
        "learning_rate": draw(st.sampled_from(["constant", "invscaling", "adaptive"])),
        "learning_rate_init": draw(st.sampled_from([0.001, 0.05, 0.3])),
        "max_iter": draw(st.integers(1, 12)),
        "shuffle": draw(st.booleans()),
        "tol": draw(st.sampled_from([0.0, 1e-4, 0.05])),
        "verbose": draw(st.sampled_from([False, False, True])),
        "warm_start": draw(st.booleans()),
        "momentum": draw(st.sampled_from([0.0, 0.9])),
        "nesterovs_momentum": draw(st.booleans()),
        "early_stopping": draw(st.sampled_from([False, False, True])),
        "validation_fraction": draw(st.sampled_from([0.1, 0.3])),
        "n_iter_no_change": draw(st.sampled_from([1, 2, 10, np.inf])),
    }
    names = ["fit", "partial_fit"] if solver != "lbfgs" else ["fit"]
    return Story(
        kind=draw(st.sampled_from(KINDS)),
        parameters=parameters,
        calls=tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=4))),
        form=draw(st.sampled_from(["C", "C", "C", "F", "sparse", "list", "read-only"])),
        is_weighted=draw(st.booleans()),
        seed=draw(st.integers(0, 1000)),
    )


def rows_of(story: Story) -> Rows:
    """Return the data of a story."""
    random = np.random.default_rng(story.seed)
    X: Any = random.normal(size=(40, 4))
    makers: dict[str, Callable[[], Any]] = {
        "binary": lambda: np.array(["no", "yes"])[(X[:, 0] > 0).astype(int)],
        "multiclass": lambda: np.argmax(X[:, :3], axis=1) + 5,
        "multilabel": lambda: (X[:, :3] > 0.1).astype(int),
        "one class": lambda: np.ones(len(X), dtype=int),
        "number": lambda: 3 * X[:, 0] + random.normal(size=len(X)),
        "numbers": lambda: X[:, :2] * 2 + 1,
    }
    y = makers[story.kind]()
    weights = random.uniform(0.1, 2, size=len(X)) if story.is_weighted else None
    match story.form:
        case "C":
            pass
        case "F":
            X = np.asfortranarray(X)
        case "sparse":
            X = csr_matrix(np.where(np.abs(X) > 0.5, X, 0))
        case "list":
            X = X.tolist()
        case "read-only":
            X.flags.writeable = False
        case _:
            raise ValueError(story.form)
    return X, y, weights


def new_pair(story: Story, random_state: Any = 0) -> tuple[Any, Any]:
    """Return an estimator of ours and scikit-learn's with the same parameters."""
    name = "MLPRegressor" if story.kind.startswith("number") else "MLPClassifier"
    ours, theirs = (
        getattr(package, name)(**story.parameters, random_state=random_state) for package in (nnsize, neural_network)
    )
    return ours, theirs


def call(estimator: Any, name: str, rows: Rows) -> tuple[str | None, list[str]]:
    """Call a method; return the text of its error, None without, and of its warnings that are not NumPy's."""
    X, y, weights = rows
    given: dict[str, Any] = {"sample_weight": weights}
    if name == "partial_fit" and hasattr(estimator, "predict_proba"):
        given["classes"] = np.arange(y.shape[1]) if y.ndim == 2 else np.unique(y)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            getattr(estimator, name)(X, y, **given)
        except (ValueError, TypeError, ZeroDivisionError) as error:
            return str(error), []
    return None, [str(one.message) for one in caught if one.category is not RuntimeWarning]


LEARNED = (
    "coefs_",
    "intercepts_",
    "loss_",
    "best_loss_",
    "loss_curve_",
    "validation_scores_",
    "best_validation_score_",
    "t_",
    "n_iter_",
    "n_layers_",
    "n_outputs_",
    "out_activation_",
    "classes_",
    "n_features_in_",
    "_no_improvement_count",
)


def assert_alike(ours: Any, theirs: Any) -> None:
    """Compare all that two estimators have learned, to the last bit."""
    for name in LEARNED:
        assert hasattr(ours, name) == hasattr(theirs, name), name
        mine: Any = getattr(ours, name, None)
        other: Any = getattr(theirs, name, None)
        if name in ("coefs_", "intercepts_"):
            for one, two in zip(mine, other, strict=True):
                np.testing.assert_array_equal(one, two, err_msg=name)
                assert one.dtype == two.dtype
        else:
            np.testing.assert_array_equal(mine, other, err_msg=name)
