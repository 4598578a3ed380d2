"""Random tables, parameters and scikit-learn's own fit, for the tests of the trainer."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsize_engine.network.estimator import new_estimator
from nnsize_engine.network.training_rows import TargetKind
from nnsize_engine.settings.network import NetworkParameters

KINDS = ("binary", "multiclass", "multilabel", "one output", "two outputs", "poisson")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A table, a network and parameters to train."""

    X: NDArray[Any]
    y: NDArray[Any]
    task: str
    parameters: NetworkParameters

    def __repr__(self) -> str:
        return f"Case({self.task}, X{self.X.shape}, y{self.y.shape}, {self.parameters})"


def make_table(kind: str, rows: int, columns: int, seed: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a table with a signal in it."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, columns))
    signal = X[:, 0] + 0.5 * random.normal(size=rows)
    if kind == "binary":
        return X, np.array(["no", "yes"])[_both(signal > 0)]
    if kind == "multiclass":
        return X, np.digitize(signal, [-0.5, 0.5]) * 3 - 1
    if kind == "multilabel":
        return X, np.column_stack([signal > 0, signal < 1, X[:, -1] > 0]).astype(int)
    if kind == "two outputs":
        return X, np.column_stack([2 * signal, np.sin(signal)])
    if kind == "poisson":
        return X, random.poisson(np.exp(np.clip(signal, -2, 2))).astype(float)
    return X, 3 * signal


def _both(is_one: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return numbers 0 and 1, at least one of each."""
    numbers = is_one.astype(np.intp)
    numbers[:2] = 0, 1
    return numbers


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw tasks, shapes, layers and every parameter of the two compiled solvers."""
    kind = draw(st.sampled_from(KINDS))
    rows = draw(st.integers(20, 90))
    X, y = make_table(kind, rows, draw(st.integers(1, 12)), draw(st.integers(0, 2**32 - 1)))
    parameters = NetworkParameters(
        hidden_layer_sizes=tuple(draw(st.lists(st.integers(1, 24), max_size=3))),
        activation=draw(st.sampled_from(["identity", "logistic", "tanh", "relu"])),
        solver=draw(st.sampled_from(["adam", "sgd"])),
        alpha=draw(st.sampled_from([0.0, 1e-4, 0.01, 3.0])),
        batch_size=draw(st.one_of(st.just("auto"), st.integers(1, 120))),
        learning_rate=draw(st.sampled_from(["constant", "invscaling", "adaptive"])),
        learning_rate_init=draw(st.sampled_from([1e-4, 1e-3, 0.01, 0.1])),
        power_t=draw(st.floats(0, 1)),
        max_iter=draw(st.integers(1, 25)),
        shuffle=draw(st.booleans()),
        random_state=draw(st.integers(0, 2**32 - 1)),
        tol=draw(st.sampled_from([0.0, 1e-4, 0.01, 0.5])),
        momentum=draw(st.floats(0, 1)),
        nesterovs_momentum=draw(st.booleans()),
        early_stopping=draw(st.booleans()),
        validation_fraction=draw(st.floats(0.15, 0.5)),
        beta_1=draw(st.floats(0, 0.99)),
        beta_2=draw(st.floats(0, 0.9999)),
        epsilon=draw(st.sampled_from([1e-8, 1e-4])),
        n_iter_no_change=draw(st.one_of(st.integers(1, 6), st.just(np.inf))),
        loss="poisson" if kind == "poisson" else "squared_error",
    )
    task = "classification" if kind in ("binary", "multiclass", "multilabel") else "regression"
    return Case(X=X, y=y, task=task, parameters=parameters)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence scikit-learn's warnings about convergence, batches and overflow."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def fit_with_scikit_learn(case: Case, precision: str = "float64") -> Any:
    """Return the estimator that scikit-learn trains; raise its `ValueError`."""
    y = case.y.astype(precision) if case.task == "regression" else case.y
    with quiet():
        kind: TargetKind = "regression" if case.task == "regression" else "multiclass"
        return new_estimator(case.parameters, kind).fit(case.X.astype(precision), y)
