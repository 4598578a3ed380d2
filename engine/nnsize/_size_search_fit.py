"""The search of SizeSearchCV: fits in threads of this process, the choice, and the networks on all rows."""

import threading
import time
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import FitFailedWarning
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from nnsize._cv_results import cv_results
from nnsize._mlp_classifier import MLPClassifier
from nnsize._mlp_regressor import MLPRegressor
from nnsize._size_search_settings import Rows, plan_of
from nnsize_engine.data.scalers import new_scaler
from nnsize_engine.errors import NnsizeError
from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.processes.parallel import worker_count
from nnsize_engine.results.answer import Results, answer_sentences
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.search_choice import choose_of_search
from nnsize_engine.results.search_race import RaceView, SearchRace
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.results.statistics import shared_statistics, summarise_all
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.search import SizeSearch, run_fits, run_race


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Searched:
    """A finished search."""

    search: SizeSearch
    fits: tuple[FitResult, ...]
    candidates: tuple[Candidate, ...]
    """The candidates that have fits: of a search that finds its sizes, not all of those that it might try."""

    choice: Choice
    answer: str


def search_sizes(estimator: Any, rows: Rows) -> Searched:
    """Run the search of an estimator.

    Raises:
        ValueError: a parameter is refused, the data does not allow it, or all fits failed.
    """
    try:
        search = plan_of(estimator, rows)
        fits = _run(search)
    except NnsizeError as error:
        raise ValueError(str(error)) from error
    settings = search.settings
    race = _race_of(search, fits)
    summaries = summarise_all(search.candidates, fits, settings.splits)
    shared = shared_statistics(summaries, settings.repeats, None if race is None else frozenset(race.compared))
    choice = choose_of_search(summaries, shared, race)
    failed = [fit for fit in fits if fit.error is not None]
    if choice is None:
        raise ValueError(f"All the {len(fits)} fits failed: {failed[0].error}")
    if failed:
        warnings.warn(
            f"{len(failed)} fits failed out of a total of {len(fits)}; their scores are nan. The first one: "
            f"{failed[0].error}",
            FitFailedWarning,
            stacklevel=3,
        )
    results = Results(settings=settings, summaries=summaries, shared=shared, choice=choice)
    numbers = {fit.candidate for fit in fits}
    return Searched(
        search=search,
        fits=fits,
        candidates=tuple(one for one in search.candidates if one.number in numbers),
        choice=choice,
        answer=" ".join(answer_sentences(results)),
    )


def _run(search: SizeSearch) -> tuple[FitResult, ...]:
    """Return all fits; Ctrl-C ends those that are running within a moment."""
    settings, halt = search.settings, threading.Event()
    _prepare(settings.precision)
    run = run_race if settings.is_race else run_fits
    try:
        found = list(run(search, (), {}, worker_count(settings.jobs), halt, lambda _: None))
    except KeyboardInterrupt:
        halt.set()
        raise
    return tuple(fit.result for fit in found if isinstance(fit, FinishedFit))


def _race_of(search: SizeSearch, fits: tuple[FitResult, ...]) -> RaceView | None:
    if not search.settings.is_race:
        return None
    race = SearchRace(search.settings, search.candidates)
    race.take(fits)
    return race.view()


def columns_of(searched: Searched, *, has_training_scores: bool) -> dict[str, Any]:
    """Return ``cv_results_``."""
    settings = searched.search.settings
    return cv_results(
        searched.candidates,
        searched.fits,
        settings.splits,
        settings.scorings,
        has_training_scores=has_training_scores,
    )


def refitted(estimator: Any, searched: Searched, candidate: Candidate, rows: Rows) -> tuple[Any, float]:
    """Return the network of a candidate, trained on all rows behind its scaler, and the seconds it took."""
    pipeline = _pipeline(estimator, searched.search, candidate)
    given = {} if rows.sample_weight is None else {"network__sample_weight": rows.sample_weight}
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Stochastic Optimizer: Maximum iterations")  # the answer says it
        pipeline.fit(rows.X, rows.y, **given)
    return pipeline, time.perf_counter() - began


def _pipeline(estimator: Any, search: SizeSearch, candidate: Candidate) -> Any:
    settings = search.settings
    usual = MLPRegressor() if settings.task == "regression" else MLPClassifier()
    network = usual if estimator.estimator is None else clone(estimator.estimator)
    network.set_params(hidden_layer_sizes=candidate.hidden_layer_sizes, random_state=settings.seed)
    scaler = new_scaler(settings.scaler, search.split.facts.rows)
    steps = [] if scaler is None else [("scale", scaler)]
    pipeline = Pipeline([*steps, ("network", network)])
    match settings.scaling_of_target:
        case "none":
            return pipeline
        case "standard":
            return TransformedTargetRegressor(pipeline, transformer=StandardScaler())
        case "log":
            steps = [("log", FunctionTransformer(np.log1p, np.expm1)), ("standard", StandardScaler())]
            return TransformedTargetRegressor(pipeline, transformer=Pipeline(steps))
        case other:
            raise ValueError(f"target_scale is {other!r}; it must be none, standard or log")


@cache
def _prepare(precision: str) -> None:
    """Load compiled code once in a process; on a new machine this compiles it, which takes seconds."""
    prepare_compiled_code(precision)
