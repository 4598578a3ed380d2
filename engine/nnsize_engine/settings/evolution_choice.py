"""The settings of an evolution from those that somebody gives: the others follow from the strategy and the data."""

from collections.abc import Mapping
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.auto_strategy import family_defaults, recommended
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss
from nnsize_engine.settings.mutation import parse_mutation
from nnsize_engine.settings.strategies import AUTO
from nnsize_engine.settings.strategy_comparison import compared_settings, strategy_names
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.typed_objective import with_objective


def evolution_settings(options: Mapping[str, Any], table: TableSettings | None = None) -> EvolutionSettings:
    """Return the settings: the given options replace the defaults, or those of strategy auto.

    Args:
        options: values of settings as a person writes them; one that is not given is missing, or None.
        table: the data, if it is not built-in.

    Raises:
        SettingsError: an option is refused.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if "popsize" in given and "members" in given:
        raise SettingsError(
            "popsize and members both say how many members there are; give one of them", field="members"
        )
    if isinstance(given.get("mutation"), str):
        given["mutation"] = parse_mutation(given["mutation"])
    known = table.known if table is not None else builtin_data(given["data"])
    given = with_objective(given, known)
    if "strategy" in given:
        names = strategy_names(str(given["strategy"]))
        if len(names) > 1:
            del given["strategy"]
            return compared_settings(names, {"table": table, **given})
        (given["strategy"],) = names
    if given.get("strategy") != AUTO:
        if known.task == "regression":
            given = {"fitness": default_loss("regression")} | given  # the article's is for classes
        given = family_defaults(given.get("strategy", EvolutionSettings().strategy), given) | given
        return EvolutionSettings(table=table, **given)
    del given["strategy"]
    return recommended(table=table, **(_replaced_recommendations(given) | given))


def _replaced_recommendations(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return replacements for recommended settings that contradict the given ones."""
    changed: dict[str, Any] = {}
    if given.get("validation_fraction") == 0:
        changed["early_stopping"] = False
    return changed
