"""Real runners of extended evolutions: bit for bit, they equal a run that had the larger limits from the start."""

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import RunError, SettingsError
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.results.records import LIVE_STATES, GenerationResult, NetworkName, StoredNetwork
from nnsize_engine.runner import evolution_worker
from nnsize_engine.runner.events import Event, EvolutionLeft, FlushRequest
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import CHECKPOINT_NAME, reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.reader import read_network
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_extension import EvolutionExtension
from support.views import evolution_view
from support.waiting import wait_until

# Everything that has a state: an archive, memories, mini-batches, restarts, held-out rows.
SHADE = EvolutionSettings(
    data="iris", layers="8", strategy="shade", fitness="log_loss", members=30, generations=60, init="glorot", tol=0,
    batch_size=40, batch_generations=7, restart_after=15, validation_fraction=0.2, early_stopping=True,
    n_iter_no_change=5000, jobs=2,
)  # fmt: skip
FAMILY = EvolutionSettings(
    data="iris", layers="8", fitness="log_loss", init="glorot", bounds="glorot:10", tol=0, strategy="lm-ma-es",
    evaluations=2_000, reference=False, jobs=2,
)  # fmt: skip
CLIMBER = replace(FAMILY, strategy="hill-climbing", batch_size=40, restart_after=9)
LONG = EvolutionSettings(
    data="breast_cancer", layers="16", strategy="hill-climbing", fitness="log_loss", init="glorot",
    bounds="glorot:10", tol=0, evaluations=2_000, reference=False, jobs=1,
)  # fmt: skip


def finish(folder: Path) -> EvolutionView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = evolution_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def facts(view: EvolutionView) -> list[GenerationResult]:
    """Everything about the generations but how long they took."""
    return [replace(generation, seconds=0.0, elapsed=0.0) for generation in view.generations]


def network(folder: Path, name: NetworkName) -> StoredNetwork | None:
    with reading(folder) as connection:
        return read_network(connection, name)


def assert_equal(grown: EvolutionView, fresh: EvolutionView) -> None:
    """Fail unless both runs have the same generations, networks and scores, bit for bit."""
    assert grown.settings == fresh.settings
    assert grown.header.total == fresh.header.total
    assert facts(grown) == facts(fresh)
    for name in ("evolved", "gradient"):
        assert network(grown.folder, name) == network(fresh.folder, name)
    assert grown.evolved is not None
    assert fresh.evolved is not None
    assert replace(grown.evolved, seconds=0.0) == replace(fresh.evolved, seconds=0.0)


def log_of(view: EvolutionView) -> list[str]:
    return [line.text for line in view.log]


@pytest.mark.parametrize(
    ("settings", "more"),
    [
        (SHADE, EvolutionExtension(generations=150)),
        (FAMILY, EvolutionExtension(evaluations=5_000)),
        (replace(FAMILY, strategy="simulated-annealing"), EvolutionExtension(evaluations=5_000)),
        (CLIMBER, EvolutionExtension(evaluations=5_000)),
    ],
    ids=["shade", "lm-ma-es", "simulated-annealing", "hill-climbing"],
)  # fmt: skip
def test_an_extended_evolution_equals_one_that_had_the_larger_limits_from_the_start(
    settings: EvolutionSettings, more: EvolutionExtension, run_home: Path
) -> None:
    folder = launch.start(settings, run_home)
    first = finish(folder)
    launch.extend(folder, more)
    grown = finish(folder)
    changes: dict[str, Any] = {"generations": more.generations or settings.generations, "evaluations": more.evaluations}
    assert_equal(grown, finish(launch.start(replace(settings, **changes, jobs=settings.jobs), run_home)))
    assert grown.generations[: len(first.generations)] == tuple(first.generations)  # with their times: none is repeated
    assert f"going on after generation {first.header.done:,}" in log_of(grown)


def test_an_extended_run_that_is_killed_and_one_extended_after_a_stop_equal_it(run_home: Path) -> None:
    whole = finish(launch.start(replace(LONG, evaluations=300_000), run_home))
    folder = launch.start(LONG, run_home)
    finish(folder)
    launch.extend(folder, EvolutionExtension(evaluations=100_000))
    launch.stop(folder)
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES)
    launch.extend(folder, EvolutionExtension(evaluations=300_000))
    done = read_state(folder)[0].done
    wait_until(lambda: read_state(folder)[0].done > done)
    runner = read_state(folder)[0].runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: read_state(folder)[1] == "interrupted")
    launch.resume(folder)
    assert_equal(finish(folder), whole)


def test_without_a_kept_population_the_generations_are_computed_again(run_home: Path) -> None:
    folder = launch.start(FAMILY, run_home)
    first = finish(folder)
    wait_until(lambda: (folder / CHECKPOINT_NAME).exists())
    (folder / CHECKPOINT_NAME).unlink()  # as a run of an earlier version, or one with a large population
    launch.extend(folder, EvolutionExtension(evaluations=4_000))
    grown = finish(folder)
    assert_equal(grown, finish(launch.start(replace(FAMILY, evaluations=4_000), run_home)))
    assert grown.generations[: len(first.generations)] == tuple(first.generations)
    assert "no population was kept; the generations that are there are computed again, with the same numbers" in log_of(
        grown
    )


def test_lshade_gets_more_seconds_but_no_more_generations_or_evaluations(run_home: Path) -> None:
    settings = replace(SHADE, strategy="lshade", restart_after=None, generations=None, evaluations=4_000)
    folder = launch.start(replace(settings, seconds=1e-6), run_home)
    assert finish(folder).header.done == 0
    for more in (EvolutionExtension(evaluations=9_000), EvolutionExtension(evaluations=9_000, seconds=5.0)):
        with pytest.raises(SettingsError) as refused:
            launch.extend(folder, more)
        limits = "9,000 evaluations and " + ("1e-06 seconds" if more.seconds is None else "5 seconds")
        assert str(refused.value) == (
            "strategy lshade shrinks its population along its generations and evaluations, so that a run of it cannot "
            f"get more of them; start a new run with {limits}"
        )
    launch.extend(folder, EvolutionExtension(seconds=900.0))
    grown = finish(folder)
    assert_equal(grown, finish(launch.start(replace(settings, seconds=900.0), run_home)))
    assert grown.generations[-1].members < 30


def test_a_run_that_early_stopping_ended_is_not_extended(run_home: Path) -> None:
    folder = launch.start(replace(SHADE, generations=5_000, n_iter_no_change=3), run_home)
    done = finish(folder).header.done
    assert done < 5_000
    wait_until(lambda: not (folder / CHECKPOINT_NAME).exists())
    with pytest.raises(RunError) as refused:
        launch.extend(folder, EvolutionExtension(generations=9_000))
    assert str(refused.value) == (
        f"run {folder.name} ended because the fitness on the held-out rows did not improve for 3 generations, and "
        "larger limits do not change that; start a new run with a larger --n-iter-no-change"
    )
    assert finish(launch.start(replace(SHADE, generations=done + 1, n_iter_no_change=99), run_home)).header.done > done


@pytest.mark.parametrize(("most", "is_kept"), [(10**6, True), (1_000, False)])
def test_only_a_population_that_is_not_large_stays_in_a_finished_run(
    most: int, is_kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evolution_worker, "MAX_KEPT_BYTES", most)
    settings = replace(SHADE, generations=2)
    worker = evolution_worker.Worker(make_problem(settings, load_split(settings)), None, tmp_path, 1)
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, FlushRequest):
            event.is_passed.set()

    worker.work(threading.Event(), emit)
    assert events[-1] == EvolutionLeft("all 2 generations are done", keeps_checkpoint=is_kept)
    assert (tmp_path / CHECKPOINT_NAME).exists() == is_kept
