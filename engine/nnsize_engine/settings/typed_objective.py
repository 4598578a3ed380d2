"""A fitness and a cost matrix as a user types them, made into settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnsize_engine.settings.cost_matrix import read_costs
from nnsize_engine.settings.datasets import DatasetFacts
from nnsize_engine.settings.fitness import COST, parse_fitness
from nnsize_engine.settings.python_function import located


def with_objective(given: Mapping[str, Any], known: DatasetFacts) -> dict[str, Any]:
    """Return settings with the cost matrix read and the module of a Python function found; no code is run.

    A cost matrix alone makes its mean cost the fitness.

    Raises:
        SettingsError: the matrix cannot be read, or there is no such module.
    """
    found = dict(given)
    if found.get("cost") is not None:
        found["cost"] = read_costs(str(found["cost"]), known)
        found.setdefault("fitness", COST)
    fitness = found.get("fitness")
    if isinstance(fitness, str) and parse_fitness(fitness).kind == "function":
        found["fitness"] = located(fitness, Path().absolute())
    return found
