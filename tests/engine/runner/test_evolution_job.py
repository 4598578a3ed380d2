"""Real runners that evolve: killed, paused, stopped, resumed, with any number of threads."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.errors import DataError
from nnsize_engine.export.model_file import export_network
from nnsize_engine.export.python_program import program_of
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import CHECKPOINT_NAME
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from support.evolution_runners import finish, generations_done, kill, network, wait_for_end, wait_for_more
from support.networks import quiet
from support.views import evolution_view
from support.waiting import wait_until

# Everything that has a state: an archive, memories, mini-batches, restarts, held-out rows.
SETTINGS = EvolutionSettings(
    data="breast_cancer",
    layers="16",
    strategy="shade",
    fitness="log_loss",
    members=60,
    generations=800,
    init="glorot",
    tol=0,
    batch_size=200,
    batch_generations=5,
    restart_after=40,
    validation_fraction=0.2,
    early_stopping=True,
    n_iter_no_change=5000,
    jobs=2,
)


def facts(view: EvolutionView) -> list[GenerationResult]:
    """Everything about the generations but how long they took."""
    return [replace(generation, seconds=0.0, elapsed=0.0) for generation in view.generations]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> EvolutionView:
    return finish(launch.start(SETTINGS, tmp_path_factory.mktemp("uninterrupted")))


def assert_equal_runs(one: EvolutionView, other: EvolutionView) -> None:
    assert facts(one) == facts(other)
    assert one.evolved is not None
    assert other.evolved is not None
    assert replace(one.evolved, seconds=0.0) == replace(other.evolved, seconds=0.0)
    assert network(one.folder, "evolved") == network(other.folder, "evolved")
    assert network(one.folder, "gradient") == network(other.folder, "gradient")


def test_a_run_that_is_killed_stopped_and_paused_equals_an_uninterrupted_one(
    run_home: Path, uninterrupted: EvolutionView
) -> None:
    folder = launch.start(SETTINGS, run_home)
    chance = random.Random(0)
    wait_for_more(folder, chance.randrange(1, 150))
    launch.stop(folder)  # keeps a checkpoint
    wait_until(lambda: read_state(folder)[1] == "stopped")
    kept = generations_done(folder)
    assert (folder / CHECKPOINT_NAME).exists()
    launch.resume(folder)
    wait_for_more(folder, chance.randrange(1, 150))
    seen = facts(evolution_view(folder))
    kill(folder)
    assert facts(evolution_view(folder))[: len(seen)] == seen  # what was shown is on disk
    launch.resume(folder)
    wait_for_more(folder, 1)
    launch.pause(folder)
    wait_until(lambda: read_state(folder)[1] == "paused")
    kill(folder)
    launch.resume(folder)
    resumed = finish(folder)
    assert any("going on after generation" in line.text for line in resumed.log), kept
    assert_equal_runs(resumed, uninterrupted)
    wait_for_end(resumed)
    assert (folder / CHECKPOINT_NAME).exists()  # an extension goes on with it


EVALUATIONS = {"lm-ma-es": 60_000, "cma-es": 5_000, "pgpe": 60_000, "pso": 60_000, "hill-climbing": 60_000}
"""A family of each kind of state, and evaluations enough for it to be at work when it is stopped and killed.

The checkpoint of every family is tried without a process in ``engine/evolution/test_checkpoint.py``.
"""


@pytest.mark.parametrize("family", EVALUATIONS)
def test_a_family_that_is_killed_equals_an_uninterrupted_one_with_another_number_of_threads(
    family: str, run_home: Path
) -> None:
    settings = EvolutionSettings(
        data="breast_cancer",
        layers="16",
        strategy=family,
        fitness="log_loss",
        init="glorot",
        bounds="glorot:10",
        tol=0,
        batch_size=200,
        batch_generations=20,
        restart_after=60,
        reference=False,
        evaluations=EVALUATIONS[family],
        jobs=2,
    )
    whole = finish(launch.start(replace(settings, jobs=1), run_home))
    folder = launch.start(settings, run_home)
    wait_for_more(folder, 1)
    launch.stop(folder)  # keeps a checkpoint
    wait_until(lambda: read_state(folder)[1] == "stopped")
    launch.resume(folder)
    wait_for_more(folder, 1)
    kill(folder)
    launch.resume(folder)
    resumed = finish(folder)
    assert facts(whole) == facts(resumed)
    assert network(whole.folder, "evolved") == network(folder, "evolved")


def test_the_number_of_threads_changes_no_result(run_home: Path, uninterrupted: EvolutionView) -> None:
    assert_equal_runs(finish(launch.start(replace(SETTINGS, jobs=1), run_home)), uninterrupted)


def test_a_damaged_checkpoint_costs_time_but_changes_nothing(run_home: Path, uninterrupted: EvolutionView) -> None:
    folder = launch.start(SETTINGS, run_home)
    wait_for_more(folder, 20)
    launch.stop(folder)
    wait_until(lambda: read_state(folder)[1] == "stopped")
    checkpoint = folder / CHECKPOINT_NAME
    content = bytearray(checkpoint.read_bytes())
    content[len(content) // 4] ^= 0xFF  # in the members, which come first; not in what is of no meaning between arrays
    checkpoint.write_bytes(content)
    (folder / ".checkpoint-left").write_bytes(b"half of one")
    launch.resume(folder)
    resumed = finish(folder)
    assert any(line.level == "warning" and "checkpoint" in line.text for line in resumed.log)
    assert_equal_runs(resumed, uninterrupted)
    wait_for_end(resumed)
    assert sorted(path.name for path in folder.iterdir()) == [
        CHECKPOINT_NAME,
        "commits",
        "control",
        "lock",
        "run.sqlite",
        "runner.log",
    ]


def test_a_first_population_that_is_no_number_is_refused_before_anything_is_computed(
    run_home: Path, tmp_path: Path
) -> None:
    np.save(tmp_path / "first.npy", np.full((20, 4097), np.nan))
    folder = launch.start(EvolutionSettings(init=str(tmp_path / "first.npy")), run_home)
    wait_until(lambda: read_state(folder)[1] == "refused")
    with pytest.raises(DataError, match="holds something that is not a finite number"):
        launch.discard_refused(folder)
    assert not folder.exists()


def test_an_evolution_on_all_rows_claims_no_test_score(run_home: Path, tmp_path: Path) -> None:
    settings = EvolutionSettings(
        data="iris", layers="4", strategy="best1bin", fitness="log_loss", members=20, generations=6, tol=0, test_size=0
    )
    view = finish(launch.start(settings, run_home))
    assert view.header.data is not None
    assert (view.header.data.train_rows, view.header.data.test_rows) == (150, 0)
    X, y = load_iris(return_X_y=True)
    for name, scores in (("evolved", view.evolved), ("gradient", view.gradient)):
        assert scores is not None
        assert (scores.test_score, scores.test_loss, scores.error) == (None, None, None)
        export_network(view.folder, tmp_path / f"{name}.skops", name=name)  # type: ignore[arg-type]
        pipeline = skops.io.load(tmp_path / f"{name}.skops")
        assert scores.train_score == pytest.approx(pipeline.score(X, y), rel=0, abs=1e-9)
    with quiet():
        network = MLPClassifier(hidden_layer_sizes=(4,), random_state=0)
        again = Pipeline([("scale", StandardScaler()), ("network", network)]).fit(X, y)
    assert view.gradient is not None
    assert view.gradient.train_score == pytest.approx(again.score(X, y), rel=0, abs=1e-9)
    program = program_of(view)
    assert "X_train, y_train = X, y" in program
    assert "test score" not in program
    assert "train_test_split" not in program
