"""Real runners that compare strategies: killed, stopped, resumed, each series as if it were a run of its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.results.records import GenerationResult, NetworkName
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import CHECKPOINT_NAME
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.series import series_of
from nnsize_engine.settings.strategy_comparison import compared_settings
from support.evolution_runners import finish, generations_done, kill, network, wait_for_end, wait_for_more
from support.waiting import wait_until

SETTINGS = compared_settings(
    ("shade", "sep-cma-es"),
    {
        "data": "breast_cancer",
        "layers": "8",
        "evaluations": 60_000,
        "repeats": 2,
        "batch_size": 200,
        "batch_generations": 3,
        "validation_fraction": 0.2,
        "jobs": 2,
    },
)

FAMILIES = compared_settings(
    ("hill-climbing", "lm-ma-es"),
    {"data": "digits", "layers": "16", "evaluations": 12_000, "members": 20, "repeats": 2, "bits": 8, "jobs": 2},
)
"""Families beside differential evolution, of which one changes one weight at a time."""


def facts(view: EvolutionView) -> list[list[GenerationResult]]:
    """Everything about the generations of each series but how long they took."""
    return [[replace(one, seconds=0.0, elapsed=0.0) for one in series.generations] for series in view.series]


def assert_equal_comparisons(one: EvolutionView, other: EvolutionView) -> None:
    assert facts(one) == facts(other)
    for mine, theirs in zip(one.series, other.series, strict=True):
        assert mine.result is not None
        assert theirs.result is not None
        assert replace(mine.result.scores, seconds=0.0) == replace(theirs.result.scores, seconds=0.0)
        assert (mine.result.reason, mine.result.value) == (theirs.result.reason, theirs.result.value)
    assert one.best_series == other.best_series
    names: tuple[NetworkName, ...] = ("evolved", "gradient", "quantized") if one.quantized else ("evolved", "gradient")
    for name in names:
        assert network(one.folder, name) == network(other.folder, name)


@pytest.mark.parametrize("settings", [SETTINGS, FAMILIES], ids=["differential", "families"])
def test_a_comparison_that_is_killed_and_stopped_equals_an_uninterrupted_one(
    run_home: Path, tmp_path: Path, settings: EvolutionSettings
) -> None:
    uninterrupted = finish(launch.start(settings, tmp_path))
    folder = launch.start(replace(settings, jobs=1), run_home)
    total = read_state(folder)[0].total
    for part in (0.05, 0.35, 0.6):
        wait_until(lambda part=part: generations_done(folder) >= part * total)  # type: ignore[misc]
        launch.pause(folder)
        wait_until(lambda: read_state(folder)[1] == "paused")
        launch.resume(folder)
        wait_for_more(folder, 2)
        launch.stop(folder)  # keeps a checkpoint
        wait_until(lambda: read_state(folder)[1] == "stopped")
        launch.resume(folder)
        wait_for_more(folder, 5)
        kill(folder)
        launch.resume(folder)
    resumed = finish(folder)
    assert any("going on after generation" in line.text for line in resumed.log)
    assert not any("checkpoint" in line.text for line in resumed.log)
    assert_equal_comparisons(resumed, uninterrupted)
    wait_for_end(resumed)
    assert not (folder / CHECKPOINT_NAME).exists()


def test_each_series_is_what_a_run_of_its_own_would_be(run_home: Path) -> None:
    given = {"data": "iris", "layers": "6", "evaluations": 600, "repeats": 2, "reference": False, "seed": 5}
    settings = compared_settings(("rand1bin", "sep-cma-es"), given)
    view = finish(launch.start(settings, run_home))
    assert [(one.series.name, one.series.settings.seed) for one in view.series] == [
        ("rand1bin", 5),
        ("sep-cma-es", 5),
        ("rand1bin", 6),
        ("sep-cma-es", 6),
    ]
    for one in view.series:
        alone = finish(launch.start(one.series.settings, run_home))
        assert facts(view)[one.series.number] == [
            replace(generation, seconds=0.0, elapsed=0.0) for generation in alone.generations
        ]
        assert one.scores is not None
        assert alone.evolved is not None
        assert one.scores.test_score == alone.evolved.test_score
    best = view.best_series
    assert best is not None
    assert view.evolved == view.series[best].scores
    values = [one.result.value for one in view.series if one.result is not None]
    assert view.series[best].result.value == min(values)  # type: ignore[union-attr, type-var]


def test_one_strategy_with_several_seeds_is_a_comparison_too(run_home: Path) -> None:
    settings = EvolutionSettings(
        data="iris", layers="4", strategy="best1bin", members=20, generations=5, tol=0, repeats=3, reference=False
    )
    view = finish(launch.start(settings, run_home))
    assert [len(one.generations) for one in view.series] == [6, 6, 6]
    assert view.header.done == view.header.total == 15
    assert [one.settings.seed for one in series_of(settings)] == [0, 1, 2]
