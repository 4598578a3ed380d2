"""An evolution of a regression computes its loss on the standardised target, so units change nothing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem, network_of
from nnsize_engine.evolution.scores import final_scores
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.table_choice import TableChoice


def problem(folder: Path, factor: float, **given: object) -> Problem:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(80, 3)), columns=["a", "b", "c"])
    frame["y"] = factor * (frame["a"] * 3 - frame["b"] + rng.normal(size=80) + 7)
    path = folder / f"table-{factor:g}.csv"
    frame.to_csv(path, index=False)
    table = inspect_table(TableChoice(source=str(path))).table
    settings = EvolutionSettings(
        data=path.name,
        table=table,
        layers="3",
        precision="float64",
        weight_decay=0.01,
        **given,  # type: ignore[arg-type]
    )
    return make_problem(settings, load_split(settings))


def losses(one: Problem, members: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    found = np.empty(len(members))
    fill_losses(one, one.training, members, found)
    return found.tolist()


def test_a_loss_with_weight_decay_is_the_same_in_every_unit(tmp_path: Path) -> None:
    first = problem(tmp_path, 1.0, fitness="squared_error")
    members = np.random.default_rng(1).normal(size=(6, first.settings.weights))
    expected = losses(first, members)
    for factor in (1000.0, 0.001):
        again = problem(tmp_path, factor, fitness="squared_error")
        assert losses(again, members) == pytest.approx(expected, rel=1e-9)


def test_a_scoring_as_fitness_and_the_final_scores_are_in_the_units_of_the_target(tmp_path: Path) -> None:
    plain, large = (
        problem(tmp_path, factor, fitness="neg_mean_absolute_error", scoring="neg_mean_squared_error")
        for factor in (1.0, 1000.0)
    )
    members = np.random.default_rng(1).normal(size=(4, plain.settings.weights))
    penalties = [
        0.005 * sum(float((m**2).sum()) for m in (row[:9], row[12:15])) for row in members
    ]  # 3 x 3 and 3 x 1 weights, with 3 biases after the first
    scores = [
        [loss - penalty for loss, penalty in zip(losses(one, members), penalties, strict=True)]
        for one in (plain, large)
    ]
    assert scores[1] == pytest.approx([1000 * score for score in scores[0]], rel=1e-9)
    finals = [final_scores(one, network_of(one, "evolved", members[0], steps=1), 0.0) for one in (plain, large)]
    assert finals[1].test_score == pytest.approx(1e6 * finals[0].test_score, rel=1e-9)  # type: ignore[operator]
