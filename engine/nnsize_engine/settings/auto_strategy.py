"""The settings of ``--strategy auto``: how to evolve a network when nothing else is known of it."""

from typing import Any

from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss


def recommended(**given: Any) -> EvolutionSettings:
    """Return the settings of ``--strategy auto``; what is given replaces them.

    Chosen by ``engine/benchmarks/evolution_settings_study.py``, on rows held back from the training rows of six data
    sets: there SHADE with decay lost less than other strategies, and than stopping early; decays above 5e-3 are alike.

    Raises:
        SettingsError: something given is refused.
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
