"""A Python function of the user as fitness."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import get_scorer

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem, network_of
from nnsize_engine.evolution.python_function import PythonFitness
from nnsize_engine.network.stored import fitted_pipeline
from nnsize_engine.settings.evolution import EvolutionSettings

MODULE = '''
"""Functions of a user."""
import numpy as np
from sklearn.metrics import make_scorer, f1_score


def profit(y_true, outputs):
    return np.mean((outputs > 0.3) * np.where(y_true == 1, 3.0, -1.0))


def right(estimator, X, y):
    return np.mean(estimator.predict(X) == y)


f1 = make_scorer(f1_score)


def worst(y_true, outputs):
    return -np.inf


def endless(y_true, outputs):
    return np.inf


def nothing(y_true, outputs):
    return float("nan")


def text(y_true, outputs):
    return "good"


def fails(y_true, outputs):
    raise KeyError("a key\\nin two lines")


def one(y_true):
    return 1.0


number = 3
'''


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "own_metrics.py").write_text(MODULE)
    (tmp_path / "broken_metrics.py").write_text("import no_such_thing\n")
    yield tmp_path
    for name in ("own_metrics", "broken_metrics"):
        sys.modules.pop(name, None)


def problem_of(folder: Path, function: str, data: str = "breast_cancer") -> Problem:
    settings = EvolutionSettings(data=data, layers="3", fitness=f"{folder}/{function}", precision="float64")
    return make_problem(settings, load_split(settings))


def losses_of(problem: Problem, count: int = 3) -> tuple[NDArray[Any], NDArray[Any]]:
    members, losses = np.random.default_rng(0).normal(size=(count, problem.settings.weights)), np.empty(count)
    fill_losses(problem, problem.training, members, losses)
    return members, losses


@pytest.mark.parametrize("name", ["profit", "right", "f1"])
def test_a_function_of_labels_and_outputs_or_a_scorer_is_the_fitness(folder: Path, name: str) -> None:
    problem = problem_of(folder, f"own_metrics:{name}")
    members, losses = losses_of(problem)
    split = problem.split
    for weights, loss in zip(members, losses, strict=True):
        pipeline = fitted_pipeline(network_of(problem, "evolved", weights, steps=0))
        if name == "profit":
            chances = pipeline.predict_proba(split.X_train)[:, 1]
            expected = np.mean((chances > 0.3) * np.where(split.y_train == 1, 3.0, -1.0))
        else:
            scoring = "accuracy" if name == "right" else "f1"
            expected = get_scorer(scoring)(pipeline, split.X_train, split.y_train)
        assert loss == pytest.approx(-expected)


def test_the_outputs_of_a_regression_are_in_the_units_of_the_target(folder: Path) -> None:
    (folder / "own_metrics.py").write_text("def least(y_true, outputs):\n    return -abs(y_true - outputs).max()\n")
    problem = problem_of(folder, "own_metrics:least", "diabetes")
    members, losses = losses_of(problem)
    for weights, loss in zip(members, losses, strict=True):
        predicted = fitted_pipeline(network_of(problem, "evolved", weights, steps=0)).predict(problem.split.X_train)
        assert loss == pytest.approx(np.abs(problem.split.y_train - predicted).max())


def test_minus_infinity_is_the_worst_fitness(folder: Path) -> None:
    _, losses = losses_of(problem_of(folder, "own_metrics:worst"))
    assert (losses == np.inf).all()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("fails", "fitness own_metrics:fails raised KeyError: 'a key\\nin two lines'; correct the function"),
        ("nothing", "fitness own_metrics:nothing returned nan; it must return a number, and a larger one for"),
        ("endless", "fitness own_metrics:endless returned inf; it must return a number"),
        ("text", "fitness own_metrics:text returned 'good'; it must return a number"),
        ("one", "fitness own_metrics:one takes 1 arguments; it must take (y_true, outputs) or (estimator, X, y)"),
        ("number", "fitness own_metrics:number: module own_metrics has no function number"),
        ("absent", "fitness own_metrics:absent: module own_metrics has no function absent"),
    ],
)
def test_a_function_that_cannot_be_used_is_named_in_one_sentence(folder: Path, name: str, reason: str) -> None:
    with pytest.raises(DataError) as caught:
        losses_of(problem_of(folder, f"own_metrics:{name}"))
    assert str(caught.value).startswith(reason.replace("\\n", "\\n"))
    assert "\n" not in str(caught.value)
    assert caught.value.field == "fitness"


def test_a_module_that_cannot_be_imported_is_named(folder: Path) -> None:
    with pytest.raises(
        DataError, match=r"^fitness broken_metrics:f cannot be imported: ModuleNotFoundError: No module"
    ):
        PythonFitness(f"{folder}/broken_metrics:f")


def test_another_module_of_the_name_is_not_taken_for_it(folder: Path) -> None:
    (folder / "json.py").write_text("def loads(y_true, outputs):\n    return 1.0\n")
    with pytest.raises(DataError, match=r"another module called json is in use, .*; rename yours"):
        PythonFitness(f"{folder}/json:loads")


def test_the_folder_of_a_function_is_no_longer_looked_in_after_its_import(folder: Path) -> None:
    before = list(sys.path)
    assert PythonFitness(f"{folder}/own_metrics:right").takes_estimator
    assert sys.path == before
    assert not PythonFitness("sklearn.metrics:accuracy_score").takes_estimator
