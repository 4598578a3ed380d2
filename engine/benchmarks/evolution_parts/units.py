"""``--strategy auto`` on diabetes, with its target in three units."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from benchmarks.evolution_parts import evolvers
from benchmarks.evolution_parts.part import Part, Run, Runs, spread, table
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.evolution.warm_up import prepare_evolution
from nnsize_engine.settings.auto_strategy import recommended

FACTORS: Mapping[str, float] = MappingProxyType({"as it is": 1.0, "a thousandth": 0.001, "a thousand times": 1000.0})

MIN_R2 = 0.48
"""Target of each unit."""


def _diabetes(factor: float) -> Run:
    def run(seed: int) -> dict[str, Any]:
        settings = recommended(data="diabetes", seed=seed)
        prepare_evolution(settings)
        split = load_split(settings)
        scaled = replace(split, y_train=split.y_train * factor, y_test=split.y_test * factor)
        found: dict[str, Any] = evolvers.ours(make_problem(settings, scaled))
        return found

    return run


def _lines(found: Runs) -> list[str]:
    """Return a table of the r2."""
    rows = [
        [subject, *(spread(runs, name, 3) for name in ("train_score", "test_score", "objective"))]
        for subject, runs in found.items()
    ]
    return [
        f"Diabetes, network and evaluations of auto. Medians (ranges). Target: a test r2 of at least {MIN_R2} each.",
        "",
        *table("target|training r2|test r2|objective", rows),
    ]


PART = Part(rows={name: _diabetes(factor) for name, factor in FACTORS.items()}, seeds=5, lines=_lines)
