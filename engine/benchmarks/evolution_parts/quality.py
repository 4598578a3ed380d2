"""The networks of article 2 after the same number of evaluations, by ours, SciPy, mlrose and gradient training."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from benchmarks.evolution_parts import evolvers
from benchmarks.evolution_parts.part import Part, Run, Runs, spread, table
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.evolution import EvolutionSettings

EVALUATIONS = 225_335
"""Evaluations of article 2's evolution: 20,485 members, and ten generations after the first population."""

MLROSE_SECONDS = 120.0
"""Limit of each run of mlrose."""


def _quality(
    run: Callable[[Problem], dict[str, Any]],
    settings: Callable[..., EvolutionSettings] = EvolutionSettings,
    **given: Any,
) -> Run:
    return lambda seed: run(evolvers.problem_for(settings(seed=seed, **given)))


def _mlrose(algorithm: str) -> Run:
    return _quality(lambda problem: evolvers.mlrose(problem, algorithm, EVALUATIONS, MLROSE_SECONDS))


ROWS: Mapping[str, Run] = MappingProxyType(
    {
        "gradient training": _quality(evolvers.gradient),
        "ours, auto": _quality(evolvers.ours, recommended, evaluations=EVALUATIONS),
        "ours, article's setting": _quality(evolvers.ours),
        "SciPy, article's setting": _quality(lambda problem: evolvers.scipy(problem, EVALUATIONS)),
        "mlrose, hill climbing": _mlrose("random_hill_climb"),
        "mlrose, annealing": _mlrose("simulated_annealing"),
        "mlrose, genetic": _mlrose("genetic_alg"),
    }
)


def _lines(found: Runs) -> list[str]:
    """Return a table of the scores of the networks, and of their cost."""
    rows = []
    for subject, runs in found.items():
        scores = [spread(runs, name, 3) for name in ("train_score", "test_score", "test_loss")]
        rows.append([subject, str(len(runs)), *scores, spread(runs, "evaluations", 0), spread(runs, "seconds", 1)])
    return [
        *table("|seeds|training accuracy|test accuracy|test log loss|evaluations|seconds", rows),
        "",
        f"Medians (ranges); at most {EVALUATIONS:,} evaluations, for mlrose at most {MLROSE_SECONDS:g} s too. "
        "Fitness: accuracy with article 2's setting, log loss otherwise.",
    ]


PART = Part(rows=ROWS, seeds=2, lines=_lines, packages={"mlrose": "mlrose_hiive"}, is_usual=False)
