"""Real runners of extended searches: all of their results equal those of a run that began with these settings."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError
from nnsize_engine.export.kinds import make_table
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.search_reader import read_final_network, read_fits
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.extension import Extension
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.grid_search import grid_search
from support.networks import quiet
from support.views import size_view
from support.waiting import wait_until

GRID = SizeSettings(
    data="iris", scoring="accuracy", neurons="4,9", cv=3, grid=(("alpha", (0.1, 1e-4)),),
    network=NetworkParameters(max_iter=40, learning_rate_init=0.05),
)  # fmt: skip
AUTO = SizeSettings(
    data="wine", scoring="accuracy", neurons="auto", max_neurons=8, cv=3, network=NetworkParameters(max_iter=40)
)
RACE = SizeSettings(
    data="wine", scoring="accuracy", neurons="2,4,8,16", race=True, network=NetworkParameters(max_iter=30)
)
LONG = SizeSettings(
    data="digits", scoring="accuracy", neurons="8,16", cv=2, network=NetworkParameters(max_iter=150, tol=0)
)
TIMES = ("mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time")


def finish(folder: Path) -> SizeView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def without_times(view: SizeView) -> dict[str, Any]:
    return {name: column for name, column in make_table(view, "candidates").items() if name not in TIMES}


def fits_by_number(folder: Path) -> dict[int, tuple[float | None, float]]:
    """Return score and time of each fit, in the order in which they ended: a fit that is repeated has another time."""
    with reading(folder) as connection:
        return {place: (fit.test_score, fit.fit_seconds) for place, fit in enumerate(read_fits(connection)[0])}


def final_candidate(view: SizeView) -> tuple[object, ...]:
    """Return the candidate of the final test, whatever its number."""
    assert view.final_of_best is not None
    candidate = view.summaries[view.final_of_best.candidate].candidate
    return candidate.hidden_layer_sizes, candidate.parameters


def final_seconds(view: SizeView) -> float:
    assert view.final_of_best is not None
    return view.final_of_best.fit_seconds


def assert_equal(grown: Path, fresh: Path) -> None:
    """Fail unless both runs have the same scores, decisions, final test and network, bit for bit."""
    one, other = finish(grown), finish(fresh)
    assert one.settings == other.settings
    assert without_times(one) == without_times(other)
    assert one.choice == other.choice
    assert one.choice is not None
    finalists = [candidate.number for candidate in one.choice.finalists]
    for number in finalists:
        assert replace(one.finals[number], fit_seconds=0) == replace(other.finals[number], fit_seconds=0)
    with reading(grown) as first, reading(fresh) as second:
        for number in finalists:
            networks = [read_final_network(run, number, "best") for run in (first, second)]
            assert None not in networks
            assert networks[0].weights == networks[1].weights  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("settings", "extensions"),
    [
        (
            GRID,
            [Extension(neurons="1"), Extension(neurons="2,20x4", fold_rounds=2), Extension(neurons="30", repeats=2)],
        ),
        (AUTO, [Extension(max_neurons=32), Extension(fold_rounds=2)]),
    ],
    ids=["grid", "auto"],
)
def test_an_extended_run_equals_one_that_began_with_its_settings(
    settings: SizeSettings, extensions: list[Extension], run_home: Path
) -> None:
    folder, kept = launch.start(settings, run_home), []
    for extension in extensions:
        before = finish(folder)
        fits = fits_by_number(folder)
        launch.extend(folder, extension)
        after = finish(folder)
        assert after.header.done > before.header.done
        assert fits_by_number(folder).items() >= fits.items()
        kept.append(final_candidate(after) == final_candidate(before))
        assert kept[-1] == (final_seconds(after) == final_seconds(before))
    assert kept[0] or settings is AUTO
    assert_equal(folder, launch.start(size_view(folder).settings, run_home))


def test_a_race_that_is_extended_recommends_what_it_would_have_recommended(run_home: Path) -> None:
    folder = launch.start(RACE, run_home)
    finish(folder)
    launch.extend(folder, Extension(neurons="3,32", fold_rounds=2))
    grown = finish(folder)
    fresh = finish(launch.start(grown.settings, run_home))
    # Fits on folds after a size is out stay in the run, and decide nothing.
    assert grown.choice == fresh.choice
    assert without_times(grown) == without_times(fresh)
    assert grown.header.done == grown.header.total >= fresh.header.done


def test_stopped_and_killed_before_and_after_its_extension_a_run_loses_and_repeats_nothing(run_home: Path) -> None:
    folder = launch.start(replace(LONG, jobs=1), run_home)
    kill_after(folder, 1)
    assert read_state(folder)[1] == "interrupted"
    launch.extend(folder, Extension(neurons="4", repeats=2))
    kill_after(folder, 4)
    fits = fits_by_number(folder)
    launch.extend(folder, Extension(fold_rounds=2))
    wait_until(lambda: read_state(folder)[0].done >= 6)
    launch.stop(folder)
    wait_until(lambda: read_state(folder)[1] == "stopped")
    launch.extend(folder, Extension(neurons="6"))
    grown = finish(folder)
    assert fits_by_number(folder).items() >= fits.items()
    assert [line.text for line in grown.log if line.text.startswith("extended")] == [
        "extended: + 1 size, + 1 repeat", "extended: + 1 round of folds", "extended: + 1 size",
    ]  # fmt: skip
    assert_equal(folder, launch.start(grown.settings, run_home))


def kill_after(folder: Path, fits: int) -> None:
    wait_until(lambda: read_state(folder)[0].done >= fits)
    runner = read_state(folder)[0].runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: is_alive(runner) is False)


def test_a_run_whose_table_has_changed_is_not_extended(run_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    random = np.random.default_rng(0)
    pd.DataFrame({"a": random.normal(size=60), "b": random.choice(["x", "y"], 60)}).to_csv(path, index=False)
    table = inspect_table(TableChoice(source=str(path))).table
    network = NetworkParameters(max_iter=5)
    folder = launch.start(SizeSettings(data="table.csv", table=table, neurons="2", cv=2, network=network), run_home)
    before = finish(folder)
    path.write_text(path.read_text().replace("x", "z"))
    with pytest.raises(DataError, match="has changed since this run began"):
        launch.extend(folder, Extension(repeats=2))
    assert size_view(folder) == before


@pytest.mark.parametrize(("data", "scoring"), [("iris", "accuracy"), ("diabetes", "r2")])
def test_all_scores_of_several_rounds_are_those_of_grid_search(data: str, scoring: str, run_home: Path) -> None:
    settings = SizeSettings(
        data=data, scoring=scoring, neurons="3,6", cv=3, fold_rounds=3, network=NetworkParameters(max_iter=30)
    )
    view = finish(launch.start(settings, run_home))
    table = make_table(view, "candidates")
    splitter = StratifiedKFold if data == "iris" else KFold
    X, y = (split := load_split(settings)).X_train, split.y_train
    folds = [*splitter(3).split(X, y)]
    for number in (1, 2):
        folds += splitter(3, shuffle=True, random_state=number).split(X, y)
    usual = grid_search(replace(settings, fold_rounds=1))
    with quiet():
        search = GridSearchCV(
            usual.estimator, usual.param_grid, cv=folds, scoring=scoring, return_train_score=True
        ).fit(X, y)
    names = [f"split{split}_{kind}_score" for split in range(9) for kind in ("test", "train")]
    for name in (*names, "mean_test_score", "std_test_score", "rank_test_score", "mean_train_score"):
        found = np.array(table[name], dtype=float)
        np.testing.assert_allclose(found, search.cv_results_[name], rtol=0, atol=1e-9)
    errors = [one.standard_error for one in view.shared]
    scores = np.array([search.cv_results_[f"split{split}_test_score"] for split in range(9)])
    np.testing.assert_allclose(np.array(errors, dtype=float), scores.std(axis=0, ddof=1) / 3, rtol=0, atol=1e-9)
    fits = make_table(view, "fits")
    assert fits["fold"][:9] == [0, 1, 2] * 3
    assert fits["fold_round"][:9] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
