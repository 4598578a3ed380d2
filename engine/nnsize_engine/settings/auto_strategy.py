"""The settings that follow from a strategy: those of ``--strategy auto``, and those of the other families."""

from collections.abc import Mapping
from typing import Any

from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import LOSSES, default_loss
from nnsize_engine.settings.strategies import FAMILIES

LIMITS = ("generations", "evaluations", "seconds")
"""Settings of which each ends an evolution; a default of one is left out if another is given."""

USUAL_EVALUATIONS = 20_000
"""Evaluations of a family that is given no limit; its generations have from one to thousands of members."""


AUTO_EVALUATIONS = 100_000
"""Evaluations of ``--strategy auto`` without a limit."""


def auto_strategy(fitness: str) -> str:
    """Return the strategy of ``--strategy auto`` for a fitness.

    A change of one weight seldom moves a fitness that counts or ranks rows, and then hill climbing learns nothing.
    """
    return "hill-climbing" if fitness in LOSSES else "lm-ma-es"


def auto_weight_decay(fitness: str) -> float:
    """Return the weight decay of ``--strategy auto``, which is larger for squared errors."""
    return 0.03 if fitness == "squared_error" else 0.01


def recommended(**given: Any) -> EvolutionSettings:
    """Return the settings of ``--strategy auto``, replaced by the given ones.

    ``engine/benchmarks/strategy_study.py`` compared strategies, steps, decays and stopping on held-out training rows of
    twelve tasks. Early stopping was worse than weight decay where the two differed much.

    Raises:
        SettingsError: a given setting is refused.
    """
    table = given.get("table")
    known = table.known if table is not None else builtin_data(given.get("data", EvolutionSettings().data))
    fitness = given.get("fitness", default_loss(known.task))
    chosen: dict[str, Any] = {
        "strategy": auto_strategy(fitness),
        "fitness": fitness,
        "evaluations": None if any(given.get(name) is not None for name in LIMITS) else AUTO_EVALUATIONS,
        "init": "glorot",
        "bounds": "glorot:10",
        "weight_decay": auto_weight_decay(fitness),
        "tol": 0.0,
    }
    return EvolutionSettings(**(chosen | given))


def family_defaults(strategy: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults of a family that differ from those of article 2, for settings that are not given.

    A family steps in units of the Glorot limits, so it begins with Glorot's initial weights, in bounds that trained
    weights do not reach. It does not stop because the losses of a few trials are alike. Other strategies have the
    defaults of :class:`EvolutionSettings`.
    """
    if strategy not in FAMILIES:
        return {}
    usual: dict[str, Any] = {"init": "glorot", "bounds": "glorot:10", "tol": 0.0}
    if not any(given.get(name) is not None for name in LIMITS):
        usual["evaluations"] = USUAL_EVALUATIONS
    return {name: value for name, value in usual.items() if name not in given}
