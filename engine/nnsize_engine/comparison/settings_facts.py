"""The settings of a run by field, with defaults filled in, so that equal meanings have equal values."""

import dataclasses

from nnsize_engine.settings.cluster import NO_CLUSTER, cluster_words
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array
from nnsize_engine.settings.parameter_grid import values_text
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.series import strategies_of
from nnsize_engine.settings.strategies import FAMILIES
from nnsize_engine.settings.strategy_comparison import OWN, own_settings
from nnsize_engine.settings.watched import WatchedSettings


def facts_of_search(settings: SizeSettings) -> dict[str, object]:
    """Return the settings of a search and of its networks by field."""
    facts: dict[str, object] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    network, grid = settings.network.as_dict(), settings.grid
    facts["target_scale"] = settings.scaling_of_target
    facts["cluster"] = cluster_words(settings.cluster) or NO_CLUSTER
    facts["cv"] = settings.folds_text if settings.splitter else settings.cv
    facts["scoring"] = ",".join(settings.scorings)
    del facts["network"], facts["grid"], facts["splitter"], facts["further_scorings"]
    known = {name: value for name, value in network.items() if name not in ("hidden_layer_sizes", "random_state")}
    return {**facts, **known} | {name: values_text(values) for name, values in grid}


def facts_of_evolution(settings: EvolutionSettings) -> dict[str, object]:
    """Return the settings of an evolution by field."""
    facts: dict[str, object] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    facts |= variation_facts(settings) | {"scoring": settings.final_scoring}
    facts["strategy"] = ",".join(one.name for one in strategies_of(settings))
    facts["target_scale"] = settings.scaling_of_target
    facts["cluster"] = cluster_words(settings.cluster) or NO_CLUSTER
    is_of_array = names_array(settings.init) and settings.strategy not in FAMILIES
    facts["members"] = f"as in {settings.init}" if is_of_array else settings.member_count
    del facts["popsize"], facts["compared"]  # other ways to say the members, the strategies
    if settings.compared:
        facts |= {name: None for name in OWN if name in facts} | own_settings(settings)
    return facts


def facts_of_watched(settings: WatchedSettings) -> dict[str, object]:
    """Return what is known of a watched search by field."""
    facts: dict[str, object] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    del facts["score_names"], facts["scorings"], facts["splits"]
    return facts | {
        "data": settings.data, "table": None, "scoring": ",".join(settings.scorings), "cv": settings.splits,
    }  # fmt: skip


def variation_facts(settings: EvolutionSettings) -> dict[str, float | str | None]:
    """Return the settings of differential evolution alone, with their defaults filled in.

    Those that an adaptive strategy finds by itself are ``adapts``. A family has none of them.
    """
    if settings.strategy in FAMILIES:
        return dict.fromkeys(("mutation", "recombination", "p_best", "archive", "memory"))
    return {"p_best": "drawn" if settings.draws_p_best else settings.p_best_share} | _scale_and_rate(settings)


def _scale_and_rate(settings: EvolutionSettings) -> dict[str, float | str | None]:
    if settings.is_adaptive:
        return {"mutation": "adapts", "recombination": "adapts"}
    low, high = settings.mutation_range
    mutation = f"{low:g}" if low == high else f"{low:g}:{high:g}"
    return {"mutation": mutation, "recombination": settings.crossover_rate}
