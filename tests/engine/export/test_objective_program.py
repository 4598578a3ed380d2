"""The program of an evolution prints the fitness that its gradient-trained network has in the run."""

import contextlib
import io
import re
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.evolution.scores import final_scores, quantized, train_by_gradient
from nnsize_engine.export.python_program import python_code
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.table_choice import TableChoice


def printed(settings: EvolutionSettings) -> dict[str, float]:
    """Run the program of an evolution, and return the numbers that it prints."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(python_code(settings, "test"), "program.py", "exec"), {})
    return {name: float(value) for name, value in re.findall(r"^(.+): (\S+)$", output.getvalue(), re.MULTILINE)}


@pytest.mark.parametrize(
    "given",
    [
        {"fitness": "roc_auc"},
        {"fitness": "fbeta:2"},
        {"data": "iris", "cost": "0,1,2;3,0,4;5,6,0", "fitness": "cost"},
        {"fitness": "sklearn.metrics:brier_score_loss"},
        {"data": "diabetes", "fitness": "quantile:0.9"},
        {"fitness": "roc_auc", "test_size": 0},
    ],
    ids=lambda given: given["fitness"],
)
def test_the_program_prints_the_fitness_of_the_gradient_trained_network(given: dict[str, Any]) -> None:
    settings = EvolutionSettings(**{"layers": "4", "precision": "float64", **given})
    problem = make_problem(settings, load_split(settings))
    trained = train_by_gradient(problem, threading.Event())
    assert trained is not None
    scores, found = final_scores(problem, trained[0], 0.0), printed(settings)
    assert scores.fitness is not None
    in_own_units = float(problem.split.y_train.std()) if settings.task == "regression" else 1.0
    assert found[f"training {settings.measure}"] == pytest.approx(scores.fitness * in_own_units, rel=1e-9)
    if settings.test_size:
        assert scores.test_fitness is not None
        assert found[f"test {settings.measure}"] == pytest.approx(scores.test_fitness * in_own_units, rel=1e-9)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"bits": 4}, "rounded"),
        ({"bits": 1, "data": "diabetes", "fitness": "squared_error"}, "rounded"),
        ({"activation": "step", "bits": 2, "data": "iris"}, "rounded and with steps"),
        ({"activation": "step"}, "with steps"),
    ],
    ids=str,
)
def test_the_program_rounds_the_network_as_the_run_does(given: dict[str, Any], words: str) -> None:
    settings = EvolutionSettings(**{"layers": "4", "precision": "float64", **given})
    problem = make_problem(settings, load_split(settings))
    trained = train_by_gradient(problem, threading.Event())
    assert trained is not None
    rounded = quantized(problem, trained)
    assert rounded is not None
    expected = final_scores(problem, rounded[0], 0.0).train_score
    assert printed(settings)[f"training score, {words}"] == pytest.approx(expected, rel=1e-9)


def test_the_program_averages_over_groups(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(90, 2)), columns=["a", "b"])
    frame["hospital"] = random.choice(["x", "y", "z"], 90, p=[0.7, 0.2, 0.1])
    frame["ill"] = (frame["a"] + random.normal(size=90) > 0).astype(int)
    path = tmp_path / "patients.csv"
    frame.to_csv(path, index=False)
    table = inspect_table(TableChoice(source=str(path), target=("ill",), fitness_groups="hospital")).table
    settings = EvolutionSettings(data=path.name, table=table, layers="4", fitness="accuracy", precision="float64")
    problem = make_problem(settings, load_split(settings))
    trained = train_by_gradient(problem, threading.Event())
    assert trained is not None
    scores, found = final_scores(problem, trained[0], 0.0), printed(settings)
    assert found["training accuracy"] == pytest.approx(scores.fitness, rel=1e-9)
    assert found["test accuracy"] == pytest.approx(scores.test_fitness, rel=1e-9)


def test_the_program_imports_a_function_of_the_user_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "program_metrics.py").write_text(
        "def share(y_true, outputs):\n    return float((outputs > 0.5).mean())\n"
    )
    settings = EvolutionSettings(layers="4", fitness=f"{tmp_path}/program_metrics:share")
    before = list(sys.path)
    try:
        found = printed(settings)
    finally:
        sys.path[:] = before
        sys.modules.pop("program_metrics", None)
    assert 0 < found["test program_metrics:share"] < 1
