"""What SizeSearchCV finds: the fits of a search, the choice among its candidates, and the networks on all rows."""

import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import FitFailedWarning
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from nnsize._cv_results import cv_results
from nnsize._frames import reader_of
from nnsize._mlp_classifier import MLPClassifier
from nnsize._mlp_regressor import MLPRegressor
from nnsize._size_search_rows import Rows
from nnsize._size_search_scorings import NamedScorings
from nnsize._size_search_settings import Plan
from nnsize_engine.data.encode import TableRows, column_transformer
from nnsize_engine.data.kept_rows import KeptRows
from nnsize_engine.data.kept_split import split_of_rows
from nnsize_engine.data.scalers import new_scaler
from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.processes.parallel import worker_count
from nnsize_engine.results.answer import Results, answer_sentences
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.search_choice import choose_of_search
from nnsize_engine.results.search_race import RaceView, SearchRace
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.results.statistics import shared_statistics, summarise_all
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.search import run_fits, run_race
from nnsize_engine.settings.search import SizeSettings

Fits = tuple[FitResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Searched:
    """A finished search."""

    settings: SizeSettings
    fits: Fits
    candidates: tuple[Candidate, ...]
    """The candidates that have fits: of a search that finds its sizes, not all of those that it might try."""

    choice: Choice
    answer: str


def fits_in_process(plan: Plan, show: Callable[[int, int], None]) -> Fits:
    """Return all fits of a search, run in threads of this process; Ctrl-C ends those that are running within a moment.

    ``show`` is called with the number of finished fits and of all.

    Raises:
        NnsizeError: the data does not allow the search.
    """
    search, halt = plan.search(), threading.Event()
    settings = search.settings
    _prepare(settings.precision)
    run = run_race if settings.is_race else run_fits
    found: list[FitResult] = []
    try:
        for fit in run(search, (), {}, worker_count(settings.jobs), halt, lambda _: None):
            if isinstance(fit, FinishedFit):
                found.append(fit.result)
                show(len(found), settings.total_steps)
    except KeyboardInterrupt:
        halt.set()
        raise
    return tuple(found)


def searched_of(settings: SizeSettings, fits: Fits) -> Searched:
    """Return what the fits of a search tell.

    Raises:
        ValueError: all of them failed.
    """
    candidates = list_candidates(settings)
    race = _race_of(settings, candidates, fits)
    summaries = summarise_all(candidates, fits, settings.splits)
    shared = shared_statistics(summaries, settings.repeats, None if race is None else frozenset(race.compared))
    choice = choose_of_search(summaries, shared, race)
    failed = [fit for fit in fits if fit.error is not None]
    if choice is None:
        raise ValueError(f"All the {len(fits)} fits failed: {failed[0].error if failed else 'there are none'}")
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
        settings=settings,
        fits=fits,
        candidates=tuple(one for one in candidates if one.number in numbers),
        choice=choice,
        answer=" ".join(answer_sentences(results)),
    )


def _race_of(settings: SizeSettings, candidates: tuple[Candidate, ...], fits: Fits) -> RaceView | None:
    if not settings.is_race:
        return None
    race = SearchRace(settings, candidates)
    race.take(fits)
    return race.view()


def columns_of(searched: Searched, scorings: NamedScorings, *, has_training_scores: bool) -> dict[str, Any]:
    """Return ``cv_results_``."""
    settings = searched.settings
    return cv_results(
        searched.candidates,
        searched.fits,
        settings.splits,
        settings.scorings,
        names=scorings.by_name if scorings.is_multimetric else None,
        has_training_scores=has_training_scores,
    )


class FinalNetworks:
    """Networks that are trained on all rows, each behind the scaler or the encoder of its inputs."""

    def __init__(self, estimator: Any, settings: SizeSettings, rows: Rows, kept: KeptRows) -> None:
        self._estimator = estimator
        self._settings = settings
        self._rows = rows
        self._steps = _first_steps(settings, kept, len(rows.y))

    def train(self, candidate: Candidate) -> tuple[Any, float]:
        """Return the network of a candidate, and the seconds that its training took."""
        rows, pipeline = self._rows, self._pipeline(candidate)
        given = {} if rows.sample_weight is None else {"network__sample_weight": rows.sample_weight}
        began = time.perf_counter()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Stochastic Optimizer: Maximum iterations")  # the answer says it
            with config_context(enable_metadata_routing=False):  # else no step takes what it has not requested
                pipeline.fit(rows.X, rows.y, **given)
        return pipeline, time.perf_counter() - began

    def _pipeline(self, candidate: Candidate) -> Any:
        settings = self._settings
        usual = MLPRegressor() if settings.task == "regression" else MLPClassifier()
        network = usual if self._estimator is None else clone(self._estimator)
        network.set_params(hidden_layer_sizes=candidate.hidden_layer_sizes, random_state=settings.seed)
        pipeline = Pipeline([*((name, clone(step)) for name, step in self._steps), ("network", network)])
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


def _first_steps(settings: SizeSettings, kept: KeptRows, rows: int) -> list[tuple[str, Any]]:
    """Return the steps before a network: a scaler, or the reading and the encoding of a frame."""
    table = settings.table
    assert table is not None
    if table.kept_as == "table":
        inputs = split_of_rows(kept, table).X_train
        assert isinstance(inputs, TableRows)
        return [("columns", reader_of(table)), ("encode", column_transformer(inputs, scaler=settings.scaler))]
    scaler = new_scaler(settings.scaler, rows)
    return [] if scaler is None else [("scale", scaler)]


@cache
def _prepare(precision: str) -> None:
    """Load compiled code once in a process; on a new machine this compiles it, which takes seconds."""
    prepare_compiled_code(precision)
