"""EvolutionClassifier and EvolutionRegressor evolve as ``nnsize evolve`` does."""

import json
import pickle
import threading
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.model_selection import cross_val_score, train_test_split

from nnsize import EvolutionClassifier, EvolutionRegressor
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.settings.evolution_choice import evolution_settings
from support.commands import nnsize_here

LOADERS = {"breast_cancer": load_breast_cancer, "iris": load_iris, "diabetes": load_diabetes}

SMALL: dict[str, Any] = {"layers": (4,), "members": 12, "generations": 5}


def _rows(data: str) -> tuple[Any, Any, Any, Any]:
    """Return the rows that ``nnsize evolve`` trains and tests on by default."""
    X, y = LOADERS[data](return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42)
    return X_train, X_test, y_train, y_test


@pytest.mark.parametrize(
    ("data", "given"),
    [
        ("breast_cancer", {}),
        ("breast_cancer", {"strategy": "shade", "fitness": "log_loss", "random_state": 7, "n_jobs": 2}),
        ("breast_cancer", {"fitness": "fbeta:2", "mutation": (0.4, 0.9), "bounds": (-2, 2)}),
        ("breast_cancer", {"cost": [[0, 1], [5, 0]], "weight_decay": 0.01}),
        ("iris", {"strategy": "auto", "members": None, "generations": None, "evaluations": 400}),
        ("iris", {"validation_fraction": 0.3, "early_stopping": True, "n_iter_no_change": 2, "fitness": "log_loss"}),
        ("iris", {"scale": False, "activation": "step", "bits": 4, "precision": "float64"}),
        ("diabetes", {"batch_size": 50, "restart_after": 2}),
        ("diabetes", {"target_scale": "log", "popsize": 1, "members": None}),
    ],
)
def test_the_numbers_are_those_of_nnsize_evolve(data: str, given: dict[str, Any]) -> None:
    X_train, X_test, y_train, _ = _rows(data)
    Estimator: Any = EvolutionRegressor if data == "diabetes" else EvolutionClassifier  # noqa: N806
    network = Estimator(**(SMALL | given)).fit(X_train, y_train)
    options = {"data": data, "seed": 0, "layers": "4", **{name: _typed(name, value) for name, value in given.items()}}
    options = {"members": 12, "generations": 5} | options
    for ours, theirs in (("random_state", "seed"), ("n_jobs", "jobs")):
        if ours in options:
            options[theirs] = options.pop(ours)
    settings = evolution_settings(options)
    evolution = Evolution(make_problem(settings, load_split(settings)), None, lambda _: None)
    records = []
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None:
            records.append(evolution.next_generation(pool, threading.Event()))
    weights, generation = evolution.chosen()
    assert network.fitness_curve_ == [record.best for record in records]
    assert network.n_iter_ == records[-1].number
    assert network.n_evaluations_ == records[-1].evaluations
    assert network.best_generation_ == generation
    assert network.stop_reason_ == evolution.reason_to_end
    if not given.get("bits"):
        flat = [part.ravel() for pair in zip(network.coefs_, network.intercepts_, strict=True) for part in pair]
        np.testing.assert_array_equal(np.concatenate(flat), weights.astype(np.float64))
    pipeline = network.to_sklearn()
    np.testing.assert_array_equal(pipeline.predict(X_test), network.predict(X_test))
    if data != "diabetes" and not given.get("bits"):
        np.testing.assert_array_equal(pipeline.predict_proba(X_test), network.predict_proba(X_test))


def _typed(name: str, value: Any) -> Any:
    """Return a value as a person types it after an option."""
    if name == "bounds":
        return "-2:2"
    return "0,1;5,0" if name == "cost" else value


@pytest.mark.usefixtures("run_home")
def test_the_scores_are_those_that_the_command_prints() -> None:
    X_train, X_test, y_train, y_test = _rows("breast_cancer")
    network = EvolutionClassifier((4,), members=12, generations=5).fit(X_train, y_train)
    command = "evolve breast_cancer --layers 4 --members 12 --generations 5 --no-reference --json"
    done = nnsize_here(*command.split())
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["test_score"] == network.score(X_test, y_test)
    assert found["best_fitness"] == network.fitness_
    assert found["evaluations"] == network.n_evaluations_


def test_generations_are_told_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    X, y = load_iris(return_X_y=True)
    network = EvolutionClassifier(**SMALL, verbose=True).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(network.fitness_curve_) == 6
    assert lines[0] == f"Generation 0, accuracy = {network.fitness_curve_[0]:.6g}, 12 evaluations"
    assert network.generations_["number"].tolist() == list(range(6))
    assert np.isnan(network.generations_["held_out"]).all()
    np.testing.assert_array_equal(network.generations_["best"], network.fitness_curve_)


def test_several_numbers_and_labels_of_any_type_are_predicted() -> None:
    X, y = load_diabetes(return_X_y=True)
    regressor = EvolutionRegressor(**SMALL).fit(X, np.column_stack([y, -y]))
    assert regressor.predict(X).shape == (len(X), 2)
    assert regressor.n_outputs_ == 2
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"], dtype=object)
    classifier = EvolutionClassifier(**SMALL).fit(X, names[y])
    plain = EvolutionClassifier(**SMALL).fit(X, y)
    assert classifier.predict(X).tolist() == names[plain.predict(X)].tolist()
    np.testing.assert_array_equal(classifier.predict_proba(X), plain.predict_proba(X))
    assert classifier.to_sklearn().predict(X).tolist() == classifier.predict(X).tolist()


def test_pickles_clones_and_folds_work_as_with_any_estimator() -> None:
    X, y = load_iris(return_X_y=True)
    network = EvolutionClassifier(**SMALL, strategy="shade", fitness="log_loss", random_state=3).fit(X, y)
    again = pickle.loads(pickle.dumps(network))
    np.testing.assert_array_equal(again.predict_proba(X), network.predict_proba(X))
    np.testing.assert_array_equal(clone(network).fit(X, y).predict_proba(X), network.predict_proba(X))
    assert cross_val_score(network, X, y, cv=3).shape == (3,)
    assert "layers" in network._repr_html_()


def test_a_generator_gives_the_seed() -> None:
    X, y = load_iris(return_X_y=True)
    generator = np.random.RandomState(0)
    first, second = (EvolutionClassifier(**SMALL, random_state=generator).fit(X, y) for _ in range(2))
    same = EvolutionClassifier(**SMALL, random_state=np.random.RandomState(0)).fit(X, y)
    assert first.fitness_curve_ == same.fitness_curve_
    assert first.coefs_[0].tolist() != second.coefs_[0].tolist()


def test_an_interrupted_evolution_keeps_its_best(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = load_iris(return_X_y=True)
    following = Evolution.next_generation

    def interrupted(self: Evolution, *given: Any) -> Any:
        if self.state is not None and self.state.population.generation == 2:
            raise KeyboardInterrupt
        return following(self, *given)

    monkeypatch.setattr(Evolution, "next_generation", interrupted)
    with pytest.warns(UserWarning, match=r"Evolution interrupted by user\."):
        network = EvolutionClassifier(**SMALL).fit(X, y)
    assert network.n_iter_ == 2
    assert network.stop_reason_ == "interrupted"
    assert network.predict(X).shape == y.shape


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"members": 2}, "members is 2; it must be"),
        ({"strategy": "shade,jade"}, "strategy is 'shade,jade'; an estimator takes one strategy"),
        ({"strategy": "shde"}, "shade"),
        ({"early_stopping": True}, "validation-fraction"),
        ({"layers": 0}, "layers"),
        ({"layers": "many"}, "layers"),
        ({"bounds": (1, -1)}, "bounds"),
        ({"n_jobs": 0}, "n_jobs is 0; it must be a number of threads"),
        ({"fitness": "acuracy"}, "unknown fitness 'acuracy'"),
        ({"popsize": 3}, "popsize and members both say how many members there are"),
        ({"mutation": "much"}, "mutation 'much' is neither a number nor a range"),
        ({"cost": [[0, 1]]}, "cost"),
        ({"init": "nothing"}, "init"),
        ({"tol": "a"}, "tol"),
        ({"generations": 2.5}, "generations"),
        ({"scale": "yes"}, "scale"),
    ],
)
def test_a_parameter_that_is_refused_is_a_value_error(given: dict[str, Any], message: str) -> None:
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=message) as caught:
        EvolutionClassifier(**(SMALL | given)).fit(X, y)
    assert "\n" not in str(caught.value)


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="EvolutionClassifier needs two classes or more; y holds only the class 1"):
        EvolutionClassifier(**SMALL).fit(np.eye(4), np.ones(4, dtype=int))
