"""The settings that follow from a strategy: those of ``--strategy auto``, and those of the other families."""

from collections.abc import Mapping
from typing import Any

from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss
from nnsize_engine.settings.strategies import FAMILIES

LIMITS = ("generations", "evaluations", "seconds")
"""Settings of which each ends an evolution; a default of one is left out if another is given."""

USUAL_EVALUATIONS = 20_000
"""Evaluations of a family that is given no limit; its generations have from one to thousands of members."""


def recommended(**given: Any) -> EvolutionSettings:
    """Return the settings of ``--strategy auto``, replaced by the given ones.

    ``engine/benchmarks/evolution_settings_study.py`` compared settings on held-out training rows of six data sets.
    SHADE with weight decay had a lower loss than other strategies and than early stopping; decays above 5e-3 did not
    differ.

    Raises:
        SettingsError: a given setting is refused.
    """
    table = given.get("table")
    known = table.known if table is not None else builtin_data(given.get("data", EvolutionSettings().data))
    chosen: dict[str, Any] = {
        "strategy": "shade",
        "fitness": default_loss(known.task),
        "members": 100,
        "generations": None if any(given.get(name) is not None for name in LIMITS) else 2000,
        "init": "glorot",
        "bounds": "glorot:10",
        "weight_decay": 1e-2,
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
