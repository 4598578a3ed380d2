"""The recommended settings of an evolution: ``--strategy auto``."""

from typing import Any

from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss


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
        "generations": 2000,
        "init": "glorot",
        "bounds": "glorot:10",
        "weight_decay": 1e-2,
        "tol": 0.0,
    }
    return EvolutionSettings(**(chosen | given))
