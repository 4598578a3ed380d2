"""One fit: train a network in steps and score it. Only this module chooses between our trainer and scikit-learn's."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from nnsize_engine.errors import FitError
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.train import TrainingState, advance, finish, start, train_rows
from nnsize_engine.results.scores import Score, score_of
from nnsize_engine.scoring.score import scores
from nnsize_engine.search.fold_rows import FitRows
from nnsize_engine.settings.network import NetworkParameters

_scoring_lock = threading.Lock()
"""Scores of many rows are computed for one fit at a time, because scoring takes far more memory than training."""

STEP_SECONDS = 0.05
"""Seconds of training between two checks whether to halt."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitOutcome:
    """A trained network and its scores."""

    network: FittedNetwork
    test_score: float | None
    """None without test rows."""

    train_score: float | None
    """None where only the training rows cannot be scored, for example because they are all of one class."""

    fit_seconds: float
    score_seconds: float
    further: tuple[Score, ...]
    """Scores by the further scorings."""


def train_in_steps(
    rows: FitRows, parameters: NetworkParameters, scorings: Sequence[str], state: TrainingState | None, seconds: float
) -> Iterator[TrainingState | FitOutcome]:
    """Yield the state of the training about every 50 ms, then the outcome; the caller may leave the loop.

    Args:
        rows: the rows to train and score on.
        parameters: parameters of the network.
        scorings: scikit-learn scorings; the fit fails if there is no score by the first one.
        state: state of an unfinished training to continue; None to start.
        seconds: seconds of that training.

    Raises:
        FitError: the weights overflowed, or the score is not a number.
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
            began = time.perf_counter()  # time in the caller is not training
        network = finish(state, rows.train)
    seconds += time.perf_counter() - began
    with _scoring_lock if rows.is_large else nullcontext():
        began = time.perf_counter()
        test = scores(network, rows.X_test, rows.y_test, scorings) if len(rows.y_test) else None
        scored = time.perf_counter()
        if test is not None and isinstance(test[0], str):
            raise FitError(test[0])
        train = scores(network, rows.train.inputs, rows.y_train, scorings)
    tests = [None] * len(scorings) if test is None else test
    chosen, *further = (score_of(*one) for one in zip(scorings, tests, train, strict=True))
    yield FitOutcome(
        network=network,
        test_score=chosen.test,
        train_score=chosen.train,
        fit_seconds=seconds,
        score_seconds=scored - began,
        further=tuple(further),
    )


def train_to_the_end(rows: FitRows, parameters: NetworkParameters, scorings: Sequence[str]) -> FitOutcome:
    """Train and score a network without a pause.

    Raises:
        FitError: see :func:`train_in_steps`.
    """
    for outcome in train_in_steps(rows, parameters, scorings, None, 0.0):
        if isinstance(outcome, FitOutcome):
            return outcome
    raise FitError("training ended without a network")
