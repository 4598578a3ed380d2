"""One fit: train a network in steps, score it. The only place that knows who trains."""

import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from nnsize_engine.errors import FitError
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.train import TrainingState, advance, finish, start, train_rows
from nnsize_engine.scoring.score import score
from nnsize_engine.search.fold_rows import FitRows
from nnsize_engine.settings.network import NetworkParameters

_scoring_turn = threading.Lock()
"""Scores of many rows are computed for one fit at a time: each takes far more memory than a training."""

STEP_SECONDS = 0.05
"""Trained between two looks at whether to go on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """The outcome of one fit."""

    network: FittedNetwork
    test_score: float
    train_score: float
    fit_seconds: float
    score_seconds: float


def train_in_steps(
    rows: FitRows, parameters: NetworkParameters, scoring: str, state: TrainingState | None, seconds: float
) -> Iterator[TrainingState | Trained]:
    """Yield the training's state about every 50 ms, then the outcome; leave the loop to stop.

    Args:
        rows: what to train and score on.
        parameters: of the network.
        scoring: a scikit-learn scoring.
        state: where an earlier training of this fit was left.
        seconds: what that one took so far.

    Raises:
        FitError: the weights overflowed, or the score is not a number; scikit-learn's reason.
    """
    began = time.perf_counter()
    if parameters.solver == "lbfgs":
        network = train_rows(rows.train_as_scikit_learn, parameters)
    else:
        if state is None:
            state = start(rows.train, parameters)
        while not state.has_ended:
            state = advance(state, rows.train, seconds=STEP_SECONDS)
            seconds += time.perf_counter() - began
            if not state.has_ended:
                yield state
            began = time.perf_counter()  # what happens at the yield is not training
        network = finish(state, rows.train)
    seconds += time.perf_counter() - began
    with _scoring_turn if rows.are_many else nullcontext():
        began = time.perf_counter()
        test_score = score(network, rows.X_test, rows.y_test, scoring)
        scored = time.perf_counter()
        train_score = score(network, rows.train.inputs, rows.y_train, scoring)
    yield Trained(
        network=network,
        test_score=test_score,
        train_score=train_score,
        fit_seconds=seconds,
        score_seconds=scored - began,
    )


def train_to_the_end(rows: FitRows, parameters: NetworkParameters, scoring: str) -> Trained:
    """One whole fit.

    Raises:
        FitError: see :func:`train_in_steps`.
    """
    for outcome in train_in_steps(rows, parameters, scoring, None, 0.0):
        if isinstance(outcome, Trained):
            return outcome
    raise FitError("training ended without a network")
