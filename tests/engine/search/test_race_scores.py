"""The scores of a race equal scikit-learn's pipeline; an auto search has a seed of its own on every fold."""

import threading

import pytest
from sklearn.metrics import get_scorer
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.split import load_split
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.search import SizeSearch, plan, run_fits, run_race
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.networks import quiet

AUTO = SizeSettings(
    data="wine", neurons="auto", max_neurons=32, cv=3, scoring="accuracy", seed=7,
    network=NetworkParameters(max_iter=40),
)  # fmt: skip

GRID = SizeSettings(
    data="breast_cancer", neurons="32,2,4,1,16,8", race=True, cv=4, network=NetworkParameters(max_iter=30)
)

AUTO_GRID = SizeSettings(
    data="wine", neurons="auto", max_neurons=16, cv=3, scoring="accuracy", seed=7, repeats=2,
    grid=(("activation", ("relu", "tanh")), ("solver", ("adam", "lbfgs"))), network=NetworkParameters(max_iter=20),
)  # fmt: skip

LAYERS = SizeSettings(
    data="breast_cancer", neurons="8,16x4,4x4,2x2,32x8,4,32", race=True, cv=4, repeats=2,
    grid=(("alpha", (1e-4, 1.0)),), network=NetworkParameters(max_iter=20),
)  # fmt: skip


def raced(search: SizeSearch, workers: int) -> list[FitResult]:
    events = run_race(search, (), {}, workers, threading.Event(), lambda _: None)
    return [event.result for event in events if isinstance(event, FinishedFit)]


def scores(fits: list[FitResult]) -> dict[tuple[int, int], float | None]:
    return {(fit.candidate, fit.fold): fit.test_score for fit in fits}


@pytest.mark.parametrize("settings", [AUTO, AUTO_GRID], ids=["sizes", "grid and repeats"])
def test_an_auto_search_equals_the_pipeline_with_a_seed_for_each_fold(settings: SizeSettings) -> None:
    search = plan(settings, load_split(settings))
    fits = raced(search, 2)
    X, y = search.split.X_train, search.split.y_train
    folds = list(StratifiedKFold(3).split(X, y))
    assert len({fit.candidate for fit in fits}) >= 4
    seeds = {}
    for fit in fits:
        candidate = search.candidates[fit.candidate]
        network = MLPClassifier(
            hidden_layer_sizes=candidate.hidden_layer_sizes,
            max_iter=settings.network.max_iter,
            random_state=7 + settings.seed_offset_of(fit.fold),
            **dict(candidate.parameters),
        )
        seeds[fit.fold] = settings.seed_offset_of(fit.fold)
        pipeline = make_pipeline(StandardScaler(), network)
        train, test = folds[fit.fold % 3]
        with quiet():
            pipeline.fit(X[train], y[train])  # type: ignore[index]
        expected = get_scorer("accuracy")(pipeline, X[test], y[test])  # type: ignore[index]
        assert fit.test_score == pytest.approx(expected, rel=0, abs=1e-9)
    assert sorted(seeds.values()) == [10_000 * repeat + fold for repeat in range(settings.repeats) for fold in range(3)]


@pytest.mark.parametrize("settings", [AUTO, GRID, AUTO_GRID, LAYERS])
def test_workers_change_nothing(settings: SizeSettings) -> None:
    search = plan(settings, load_split(settings))
    assert scores(raced(search, 1)) == scores(raced(search, 3))


@pytest.mark.parametrize("settings", [GRID, LAYERS])
def test_a_race_over_a_grid_has_the_scores_of_the_whole_grid(settings: SizeSettings) -> None:
    search = plan(settings, load_split(settings))
    found = scores(raced(search, 2))
    whole = [
        event.result
        for event in run_fits(search, (), {}, 2, threading.Event(), lambda _: None)
        if isinstance(event, FinishedFit)
    ]
    assert found.items() <= scores(whole).items()
    assert len(found) < len(whole)


@pytest.mark.parametrize("settings", [AUTO, AUTO_GRID], ids=["sizes", "grid and repeats"])
def test_a_halted_race_goes_on_where_it_was(settings: SizeSettings) -> None:
    search = plan(settings, load_split(settings))
    expected = scores(raced(search, 1))
    ended: list[FitResult] = []
    rounds = 0
    while True:
        halt = threading.Event()
        before = len(ended)
        for event in run_race(search, ended, {}, 2, halt, lambda _: None):
            if isinstance(event, FinishedFit):
                ended.append(event.result)
                if len(ended) >= before + 2:
                    halt.set()
        rounds += 1
        if len(ended) == before:
            break
    assert rounds > 2  # fits under way end after a halt
    assert scores(ended) == expected
