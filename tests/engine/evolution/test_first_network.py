"""An evolution that begins with a network: an exported one, or that of a run."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.family_evolution import FamilyPopulation
from nnsize_engine.evolution.first_members import given_members
from nnsize_engine.evolution.local_evolution import LocalPopulation
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem
from nnsize_engine.export.model_file import export_network
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.runs.first_network import absolute_init, check_first_network
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import FAMILIES
from support.made_runs import EVOLUTION, made_network, made_run, make_evolution
from support.networks import quiet

USUAL: dict[str, Any] = {
    "data": "iris",
    "layers": EVOLUTION.layers,
    "bounds": "-50:50",
    "precision": "float64",
}


@pytest.fixture
def run(run_home: Path) -> Path:
    return make_evolution(run_home, "zibiro")


def settings_of(init: Path | str, **given: Any) -> EvolutionSettings:
    usual: dict[str, Any] = {
        "data": "iris",
        "layers": EVOLUTION.layers,
        "bounds": "-50:50",
        "members": 6,
        "precision": "float64",
    }
    return EvolutionSettings(**(usual | given), init=str(init))


def first_of(settings: EvolutionSettings) -> tuple[Problem, Evolution]:
    problem = make_problem(settings, load_split(settings))
    evolution = Evolution(problem, None, lambda _: None)
    with ThreadPool(2) as pool:
        evolution.next_generation(pool, threading.Event())
    return problem, evolution


WEIGHTS = np.frombuffer(made_network("evolved", EVOLUTION.generations_allowed).weights)


@pytest.mark.parametrize("ending", ["", "npz", "skops"])
@pytest.mark.parametrize("strategy", ["best1bin", "shade", *FAMILIES])
def test_the_network_is_the_first_member_and_the_others_are_glorots(ending: str, strategy: str, run: Path) -> None:
    init = run
    if ending:
        init = run.parent / f"net.{ending}"
        export_network(run, init)
    given = {"members": None} if strategy in FAMILIES else {}
    settings = settings_of(init, strategy=strategy, **given)
    check_first_network(settings)
    problem, evolution = first_of(settings)
    assert evolution.state is not None
    population = evolution.state.population
    if isinstance(population, FamilyPopulation | LocalPopulation):
        losses = np.empty(1)
        fill_losses(problem, problem.training, WEIGHTS[np.newaxis], losses)
        assert population.losses[0] == losses[0]
        return
    np.testing.assert_array_equal(population.members[0], WEIGHTS)
    space = bounds_of(EvolutionSettings(**USUAL, init="glorot"))
    others = population.members[1:]
    assert ((others >= space.first_low) & (others <= space.first_high)).all()
    assert len(others) == 5


def test_the_order_of_weights_is_scikit_learns_layer_by_layer(tmp_path: Path) -> None:
    X, y = load_iris(return_X_y=True)
    with quiet():
        pipeline = make_pipeline(StandardScaler(), MLPClassifier((5, 4), max_iter=20, random_state=0)).fit(X, y)
    (tmp_path / "net.skops").write_bytes(skops.io.dumps(pipeline))
    settings = settings_of(tmp_path / "net.skops", data="iris", layers="5,4")
    found = given_members(settings, bounds_of(settings))
    network = pipeline[-1]
    parts = [part.ravel() for pair in zip(network.coefs_, network.intercepts_, strict=True) for part in pair]
    np.testing.assert_array_equal(found, [np.concatenate(parts)])
    coefs, intercepts = NetworkShape(units=(4, 5, 4, 3)).split(found[0])
    assert all((one == other).all() for one, other in zip(coefs, network.coefs_, strict=True))
    assert all((one == other).all() for one, other in zip(intercepts, network.intercepts_, strict=True))


def test_a_run_is_found_by_its_name_and_by_its_path(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert absolute_init("zibiro") == absolute_init("zib") == absolute_init("last") == str(run)
    assert absolute_init(str(run)) == str(run)
    monkeypatch.chdir(run.parent)
    assert absolute_init("net.npz") == str(run.parent / "net.npz")
    assert absolute_init("glorot") == "glorot"
    assert absolute_init("gauss") == "gauss"


def sentence(settings: EvolutionSettings) -> str:
    """Return the refusal before a run is created or, for what only the runner reads, by the runner."""

    def check() -> None:
        check_first_network(settings)
        given_members(settings, bounds_of(settings))

    with pytest.raises((SettingsError, DataError)) as caught:
        check()
    assert getattr(caught.value, "field", None) == "init"
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("ending", ["", "npz", "skops"])
def test_a_network_that_does_not_fit_is_refused_in_one_sentence(ending: str, run: Path) -> None:
    init = run
    if ending:
        init = run.parent / f"net.{ending}"
        export_network(run, init)
    units, name = "-".join(map(str, EVOLUTION.units)), init.name
    assert sentence(settings_of(init, layers="7")) == (
        f"init {name} is a network {units}, and this one is 4-7-3; evolve the same with --layers {EVOLUTION.layers}"
    )
    assert "it was trained on data with other inputs or outputs" in sentence(settings_of(init, data="wine"))
    assert sentence(settings_of(init, activation="tanh")).endswith(
        "with activation relu, and this one has tanh; evolve the same with --activation relu"
    )
    largest = f"{np.abs(WEIGHTS).max():.3g}"
    assert sentence(settings_of(init, bounds="-1e-3:1e-3")) == (
        f"init {name} has weights up to {largest}, outside the bounds -1e-3:1e-3; give wider bounds"
    )


def test_what_is_no_network_is_refused_in_one_sentence(run_home: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", a=np.ones(3))
    (tmp_path / "broken.npz").write_bytes(b"PK nothing")
    (tmp_path / "pickle.npz").write_bytes(b"garbage")
    (tmp_path / "broken.skops").write_bytes(b"PK nothing")
    (tmp_path / "tree.skops").write_bytes(skops.io.dumps(StandardScaler()))
    (tmp_path / "empty").mkdir()
    unready = make_evolution(run_home, "unready", generations=-1)
    search = made_run(run_home, "search", fits=0)
    for name, words in {
        "other.npz": "init other.npz cannot be read as a network that nnsize exported: 'units",
        "broken.npz": "init broken.npz cannot be read as a network that nnsize exported: ",
        "pickle.npz": "init pickle.npz cannot be read as a network that nnsize exported: it is no archive of arrays",
        "none.npz": "init none.npz cannot be read as a network that nnsize exported: No such file or directory",
        "broken.skops": "init broken.skops cannot be read as a network that scikit-learn fitted: ",
        "tree.skops": "init tree.skops cannot be read as a network that scikit-learn fitted: ",
        "none.skops": "cannot be read: there is no such file",
        "empty": "is no run: run.sqlite is missing",
    }.items():
        assert words in sentence(settings_of(tmp_path / name))
    for folder in (unready, search):
        assert sentence(settings_of(folder)) == f"init {folder.name}: this run has no network yet; choose another one"
