"""What is compiled ahead of an evolution: its own strategy and fitness, on small data."""

from typing import Any

import pytest

from nnsize_engine.evolution.warm_up import small_settings
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import STRATEGIES

VARIETIES: list[dict[str, Any]] = [
    {"data": "digits", "strategy": strategy, "layers": "8"} for strategy in STRATEGIES
] + [
    {"data": "iris", "fitness": "cost", "cost": "0,1,2;1,0,1;2,1,0", "strategy": "snes"},
    {"fitness": "fbeta:2", "bits": 2},
    {"fitness": "math:fsum"},
    {"data": "diabetes", "fitness": "quantile:0.9", "batch_size": 32, "init": "random"},
    {"data": "wine", "fitness": "roc_auc_ovr", "activation": "step", "precision": "float64"},
    {"init": "network.npz", "strategy": "hill-climbing", "generations": 3},
]  # fmt: skip


@pytest.mark.parametrize("given", VARIETIES, ids=lambda given: "-".join(str(value)[:12] for value in given.values()))
def test_a_small_evolution_has_the_strategy_and_the_objective_of_the_whole_one(given: dict[str, Any]) -> None:
    settings = EvolutionSettings(**given)
    small = small_settings(settings)
    assert (small.task, small.strategy, small.precision, small.bits) == (
        settings.task, settings.strategy, settings.precision, settings.bits,
    )  # fmt: skip
    assert small.weights < 100
    assert small_settings(small) == small
