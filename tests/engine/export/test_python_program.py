"""The program of a run, run: its numbers are those of the run."""

import ast
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import ExportError
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.evolution.scores import final_scores, train_by_gradient
from nnsize_engine.export.kinds import make_table
from nnsize_engine.export.python_program import program_of, python_code
from nnsize_engine.results.candidates import candidate_words
from nnsize_engine.results.choice import choose
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.results.statistics import shared_statistics, summarise_all
from nnsize_engine.runs import launch
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text
from support.views import size_view

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

ROWS = 150


def mixed_csv(path: Path) -> TableChoice:
    """Numbers, labels, truth values and dates, with missing values in all of them and in the target."""
    random = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "age": random.normal(40, 10, ROWS).round(1),
            "income, €": random.lognormal(10, 1, ROWS),
            "it's\x1b[31m": random.choice(["Rome", "Oslo", "Kyiv; UA", "1 000"], ROWS),
            "member": random.choice(["True", "False"], ROWS),
            "id": range(ROWS),
            "when": (pd.Timestamp("2021-03-01") + pd.to_timedelta(random.integers(0, 700, ROWS), "D")).strftime(
                "%d/%m/%Y"
            ),
        }
    )
    table["bought"] = np.where(table["age"] + random.normal(0, 10, ROWS) > 38, "yes", "no")
    for name in ("age", "it's\x1b[31m", "member", "when", "bought"):
        table[name] = table[name].astype(object)
        table.loc[random.random(ROWS) < 0.06, name] = "?"
    table.to_csv(path / "mixed.csv", index=False, sep=";", decimal=",", encoding="cp1252")
    return TableChoice(
        source=str(path / "mixed.csv"), decimal=",", missing=("?",), ignore=("id",), positive="yes", encoding="cp1252"
    )


def parquet(path: Path) -> TableChoice:
    """A column of each type that Parquet has and a network can see."""
    random = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "x": random.normal(size=ROWS),
            "count": pd.array(random.integers(0, 9, ROWS), dtype="Int64"),
            "flag": random.random(ROWS) < 0.4,
            "kind": pd.Categorical(random.choice(["a", "b", "c"], ROWS)),
            "code": random.integers(1, 4, ROWS),
            "at": pd.Timestamp("2024-02-29T12:30") + pd.to_timedelta(random.integers(0, 9000, ROWS), "h"),
        }
    )
    table["y"] = table["x"] * 2 + table["flag"] + random.normal(0, 0.1, ROWS)
    table.loc[random.random(ROWS) < 0.1, "count"] = pd.NA
    table.to_parquet(path / "table.parquet")
    return TableChoice(source=str(path / "table.parquet"), categorical=("code",))


def four_labels(path: Path) -> TableChoice:
    """Strings as classes, and a sample of the rows."""
    random = np.random.default_rng(2)
    X = random.normal(size=(ROWS * 2, 3))
    names = np.array(["north", "east", "south", "west"])[(X[:, 0] > 0) * 2 + (X[:, 1] > 0)]
    pd.DataFrame(X, columns=["a", "b", "c"]).assign(side=names).to_csv(path / "labels.csv", index=False)
    return TableChoice(source=str(path / "labels.csv"), sample=ROWS)


def two_targets(path: Path) -> TableChoice:
    """Numbers in an archive of NumPy's."""
    random = np.random.default_rng(3)
    X = random.normal(size=(ROWS, 4))
    np.savez(path / "two.npz", X=X, y=X[:, :2] ** 2 + random.normal(0, 0.1, (ROWS, 2)))
    return TableChoice(source=str(path / "two.npz"))


def imbalanced(path: Path) -> TableChoice:
    """One in eight."""
    random = np.random.default_rng(4)
    X = random.normal(size=(ROWS, 3))
    rare = (X[:, 0] + random.normal(0, 0.5, ROWS) > 1.2).astype(int)
    pd.DataFrame(X, columns=["a", "b", "c"]).assign(rare=rare).to_csv(path / "rare.tsv", index=False, sep="\t")
    return TableChoice(source=str(path / "rare.tsv"))


QUICK: dict[str, Any] = {"neurons": "2,5", "cv": 3}

CASES: list[tuple[Callable[[Path], TableChoice], dict[str, Any]]] = [
    (mixed_csv, {"scoring": "f1", "stratify": True}),
    (parquet, {"scoring": "r2", "repeats": 2, "seed": 3}),
    (four_labels, {"scoring": "roc_auc_ovr", "grid": (("activation", ("tanh", "relu")), ("alpha", (0.1, 1e-5)))}),
    (two_targets, {"scoring": "neg_root_mean_squared_error", "neurons": "4x3,2"}),
    (imbalanced, {"scoring": "average_precision", "test_size": 50}),
    (parquet, {"scoring": "r2", "repeats": 2, "fold_rounds": 2}),
    (four_labels, {"scoring": "accuracy", "fold_rounds": 3}),
]


def settings_for(choice: TableChoice, said: dict[str, Any]) -> SizeSettings:
    split = {name: said[name] for name in ("test_size", "split_seed", "stratify") if name in said}
    table = inspect_table(choice, **split).table
    settings = SizeSettings(data=choice.name, table=table, **(QUICK | said))
    return replace(settings, network=replace(settings.network, max_iter=25))


def numbers_of_run(settings: SizeSettings) -> tuple[float, float]:
    """Mean score of the best candidate, and its score on the test rows."""
    search = plan(settings, load_split(settings))
    halt = threading.Event()
    fits = [fit.result for fit in run_fits(search, (), {}, 2, halt, lambda _: None)]  # type: ignore[union-attr]
    summaries = summarise_all(search.candidates, fits, settings.splits)
    choice = choose(summaries, shared_statistics(summaries))
    assert choice is not None
    final = final_test(search, choice.best, None, halt, lambda _: None)
    assert isinstance(final, FinalTest)
    assert final.test_score is not None
    return choice.best_mean, final.test_score


def printed(program: str) -> dict[str, str]:
    """Return the output of a program, by the text before the colon."""
    output = io.StringIO()
    with redirect_stdout(output):
        exec(compile(program.replace("n_jobs=-1", "n_jobs=None"), "program", "exec"), {"__name__": "program"})
    return dict(line.split(": ", 1) for line in output.getvalue().splitlines())


@pytest.mark.parametrize(("make", "said"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_program_of_a_search_of_a_table_prints_its_numbers(
    tmp_path: Path, make: Callable[[Path], TableChoice], said: dict[str, Any]
) -> None:
    settings = settings_for(make(tmp_path), said)
    found = printed(python_code(settings, "bagote"))
    best, test = numbers_of_run(settings)
    assert float(found["best score"]) == pytest.approx(best, rel=0, abs=1e-9)
    assert float(found["test score"]) == pytest.approx(test, rel=0, abs=1e-9)


def test_the_program_of_built_in_data_prints_its_numbers() -> None:
    for data, scoring in (("iris", "accuracy"), ("synthetic", "r2")):
        settings = SizeSettings(data=data, scoring=scoring, **QUICK)
        found = printed(python_code(settings, "bagote"))
        best, test = numbers_of_run(settings)
        assert float(found["best score"]) == pytest.approx(best, rel=0, abs=1e-9)
        assert float(found["test score"]) == pytest.approx(test, rel=0, abs=1e-9)


@pytest.mark.parametrize("rounds", [1, 2])
def test_the_program_of_a_search_that_found_its_sizes_prints_its_scores(run_home: Path, rounds: int) -> None:
    settings = SizeSettings(
        data="wine", scoring="accuracy", neurons="auto", max_neurons=16, cv=3, seed=5, fold_rounds=rounds,
        network=NetworkParameters(max_iter=40), references=False,
    )  # fmt: skip
    folder = launch.start(settings, run_home)
    assert launch.wait_for(folder, lambda state: state == "finished", 300) == "finished"
    view = size_view(folder)
    assert view.choice is not None
    assert view.final_of_best is not None
    assert view.final_of_best.test_score is not None
    found = printed(program_of(view))
    assert view.final_of_recommended is not None
    of_recommended = printed(program_of(view, "recommended"))
    expected = view.final_of_recommended.test_score
    assert float(of_recommended["test score"]) == pytest.approx(expected, rel=0, abs=1e-9)
    for number in view.tried:
        summary = view.summaries[number]
        scores = [score for score in summary.scores if score is not None]
        words = found[f"{summary.candidate.hidden_layer_sizes[0]} neurons"]
        assert json.loads(words) == pytest.approx(scores, rel=0, abs=1e-9)
    assert float(found["best score"]) == pytest.approx(view.choice.best_mean, rel=0, abs=1e-9)
    assert float(found["test score"]) == pytest.approx(view.final_of_best.test_score, rel=0, abs=1e-9)


@pytest.mark.parametrize("repeats", [1, 2])
@pytest.mark.parametrize("test_size", [0.33, 0])
def test_the_program_trains_the_recommended_candidate_if_it_is_asked_for(
    run_home: Path, repeats: int, test_size: float
) -> None:
    settings = SizeSettings(
        neurons="4,6,8,12,16,24", cv=3, repeats=repeats, test_size=test_size, network=NetworkParameters(max_iter=20)
    )
    folder = launch.start(settings, run_home)
    assert launch.wait_for(folder, lambda state: state == "finished", 300) == "finished"
    view = size_view(folder)
    assert view.choice is not None
    for name, chosen in (("best", view.choice.best), ("recommended", view.choice.recommended)):
        program = program_of(view, name)  # type: ignore[arg-type]
        assert ("train_test_split" in program) is bool(test_size)
        found = printed(program)
        parameters = ast.literal_eval(found[f"{name} parameters"])
        assert parameters == {"network__hidden_layer_sizes": chosen.hidden_layer_sizes[0]}
        assert float(found["best score"]) == pytest.approx(view.choice.best_mean, rel=0, abs=1e-9)
        final = view.finals[chosen.number]
        if final.test_score is None:
            assert "test score" not in found
        else:
            assert float(found["test score"]) == pytest.approx(final.test_score, rel=0, abs=1e-9)
    assert program_of(view) == program_of(view, "best")
    with pytest.raises(ExportError, match="which has no network 'evolved', but best and recommended"):
        program_of(view, "evolved")


def test_the_program_of_an_auto_search_with_a_grid_and_repeats_prints_its_scores(run_home: Path) -> None:
    settings = SizeSettings(
        data="diabetes", scoring="r2", neurons="auto", max_neurons=11, cv=3, seed=5, repeats=2,
        grid=(("alpha", (0.1, 1e4)), ("activation", ("relu", "identity"))),
        network=NetworkParameters(max_iter=40, learning_rate_init=0.02),
    )  # fmt: skip
    folder = launch.start(settings, run_home)
    assert launch.wait_for(folder, lambda state: state == "finished", 300) == "finished"
    view = size_view(folder)
    assert view.choice is not None
    assert view.final_of_best is not None
    assert view.race is not None
    assert view.race.dropped
    found = printed(program_of(view))
    assert sum("neuron" in words for words in found) == len(view.tried)
    for number in view.tried:
        summary = view.summaries[number]
        scores = [score for score in summary.scores if score is not None]
        assert json.loads(found[candidate_words(summary.candidate)]) == pytest.approx(scores, rel=0, abs=1e-9)
    assert float(found["best score"]) == pytest.approx(view.choice.best_mean, rel=0, abs=1e-9)
    assert float(found["test score"]) == pytest.approx(view.final_of_best.test_score, rel=0, abs=1e-9)
    # What is out has neither a mean nor the later folds, in any repeat.
    table = make_table(view, "candidates")
    for place, folds in enumerate(table["dropped_after"]):
        known = [table[f"split{split}_test_score"][place] is not None for split in range(6)]
        if folds is None:
            assert all(known)
            assert table["mean_test_score"][place] is not None
        else:
            assert known == [split % 3 < folds for split in range(6)]  # type: ignore[operator]
            assert table["mean_test_score"][place] is None
            assert table["std_over_folds"][place] is None
    fits = make_table(view, "fits")
    assert fits["random_state"] == [
        5 + 10_000 * repeat + fold  # type: ignore[operator]
        for repeat, fold in zip(fits["repeat"], fits["fold"], strict=True)
    ]


def test_the_program_of_an_evolution_trains_the_same_network_by_gradient(tmp_path: Path) -> None:
    table = inspect_table(parquet(tmp_path), test_size=0.3).table
    settings = EvolutionSettings(data="table.parquet", table=table, layers="4,3", fitness="squared_error", scale=False)
    split = load_split(settings)
    problem = make_problem(settings, split)
    found = train_by_gradient(problem, threading.Event())
    assert found is not None
    scores = final_scores(problem, found[0], 0.0)
    program = python_code(settings, "bagote")
    assert "Evolution itself has no counterpart there" in program
    shown = printed(program)
    assert float(shown["training score"]) == pytest.approx(scores.train_score, rel=0, abs=1e-9)
    assert float(shown["test score"]) == pytest.approx(scores.test_score, rel=0, abs=1e-9)


def test_a_program_runs_as_it_is_without_nnsize(tmp_path: Path) -> None:
    program = python_code(SizeSettings(data="iris", scoring="accuracy", **QUICK), "bagote")
    (tmp_path / "program.py").write_text(program)
    one = os.environ | {"LOKY_MAX_CPU_COUNT": "1"}  # processes would take seconds to start
    command = [sys.executable, "-W", "ignore", "program.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=one)
    assert done.returncode == 0, done.stderr
    assert "nnsize_" not in program
    assert done.stdout.startswith("best score: 0.")


NASTY = st.text(min_size=1, max_size=12)


@settings_of_hypothesis(deadline=None)
@given(
    names=st.lists(NASTY.map(escape_text), min_size=2, max_size=4, unique=True),
    source=NASTY.filter(lambda text: "\0" not in text),
    texts=st.tuples(NASTY),
    ending=st.sampled_from(["", ".npz", ".parquet", ".arrows"]),
)
def test_names_and_paths_of_all_kinds_make_programs_that_parse(
    names: list[str], source: str, texts: tuple[str, ...], ending: str
) -> None:
    kinds = ["number", "category", "date", "boolean"]
    table = TableSettings(
        choice=TableChoice(
            source="/" + source + ending, target=(names[-1],), missing=texts, separator=None if ending else ";"
        ),
        task="binary",
        rows=50,
        inputs=3,
        classes=2,
        labels=("a", "b"),
        sha256="",
        columns=tuple((name, kinds[place]) for place, name in enumerate(names)),
    )
    ast.parse(python_code(SizeSettings(data=table.choice.name, table=table), "bagote"))


def test_the_program_of_every_network_parameter_makes_the_same_estimator() -> None:
    network = NetworkParameters(n_iter_no_change=float("inf"), solver="sgd", batch_size=7, shuffle=False, alpha=0.5)
    grid = (("max_iter", (3, 5)), ("early_stopping", (True, False)))
    settings = SizeSettings(data="iris", scoring="accuracy", network=network, grid=grid, **QUICK)
    names: dict[str, Any] = {}
    program = python_code(settings, "bagote").partition("search = ")[0]
    exec(compile(program, "program", "exec"), names)
    shown = names["pipeline"].get_params()
    for name, value in network.as_dict().items():
        if name not in ("random_state", "hidden_layer_sizes", "loss"):
            assert shown[f"network__{name}"] == value
    assert names["grid"] == {
        "network__hidden_layer_sizes": [2, 5], "network__max_iter": [3, 5], "network__early_stopping": [True, False]
    }  # fmt: skip
