"""One fit: scale on the training rows, train a network, score it. The only place that knows who trains."""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np

from nnsize_engine.builtin import Task
from nnsize_engine.data import Floats, Targets
from nnsize_engine.errors import FitError
from nnsize_engine.neurons import HiddenLayers
from nnsize_engine.settings import SizeSettings

Scorer = Callable[[object, Floats, Targets], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The outcome of one fit."""

    test_score: float
    train_score: float
    fit_seconds: float
    score_seconds: float
    iterations: int
    has_converged: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Inputs, shape (rows, inputs), and targets, shape (rows,)."""

    X: Floats
    y: Targets


def make_pipeline(task: Task, layers: HiddenLayers, seed: int) -> object:
    """Article 1's pipeline: ``StandardScaler``, then scikit-learn's MLP for the task."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    network = MLPRegressor if task == "regression" else MLPClassifier
    return Pipeline([("scale", StandardScaler()), ("mlp", network(hidden_layer_sizes=layers, random_state=seed))])


def train_and_score(train: Rows, test: Rows, *, settings: SizeSettings, layers: HiddenLayers) -> Trained:
    """Train on some rows, score on those and on others.

    Raises:
        FitError: training or scoring gave no finite number; the text is scikit-learn's reason.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import get_scorer

    pipeline = cast("_Pipeline", make_pipeline(settings.task, layers, settings.seed))
    scorer = cast(Scorer, get_scorer(settings.scoring))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            started = time.perf_counter()
            pipeline.fit(train.X, train.y)
            fitted = time.perf_counter()
            test_score = float(scorer(pipeline, test.X, test.y))
            scored = time.perf_counter()
            train_score = float(scorer(pipeline, train.X, train.y))
        except (ValueError, ArithmeticError) as error:
            raise FitError(" ".join(str(error).split())) from error
    if not np.isfinite(test_score):
        reasons = [str(w.message) for w in caught if not issubclass(w.category, ConvergenceWarning)]
        raise FitError(" ".join((reasons or [f"{settings.scoring} gave {test_score}"])[0].split()))
    return Trained(
        test_score=test_score,
        train_score=train_score,
        fit_seconds=fitted - started,
        score_seconds=scored - fitted,
        iterations=int(pipeline.named_steps["mlp"].n_iter_),
        has_converged=not any(issubclass(w.category, ConvergenceWarning) for w in caught),
    )


class _Network(Protocol):
    n_iter_: int


class _Pipeline(Protocol):
    """What is used here of scikit-learn's untyped pipeline."""

    named_steps: dict[str, _Network]

    def fit(self, X: Floats, y: Targets) -> object: ...
