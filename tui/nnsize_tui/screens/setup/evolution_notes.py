"""Notes on the draft of an evolution: its members, its evaluations, its memory."""

from collections.abc import Mapping

from nnsize_engine.processes.memory import amount_text
from nnsize_engine.settings.auto_strategy import auto_strategy
from nnsize_engine.settings.budget import MAX_GENERATIONS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import fitness_words, is_minimised, parse_fitness
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.settings.population_memory import first_members, needed_bytes
from nnsize_engine.settings.series import series_of
from nnsize_engine.settings.strategies import (
    ADAPTIVE_STRATEGIES,
    AUTO,
    FAMILIES,
    SCIPY_STRATEGIES,
    STRATEGIES,
    strategy_named,
)


def _strategy_note(strategy: str) -> str:
    if strategy in FAMILIES:
        return FAMILIES[strategy].words
    if strategy in ADAPTIVE_STRATEGIES:
        return "adapts itself"
    return "as SciPy means it" if strategy in SCIPY_STRATEGIES else "towards one of the best members"


def notes_of(settings: EvolutionSettings | None, texts: Mapping[str, str], fitness: str) -> dict[str, str]:
    """Return notes on the values of an evolution's fields, by their keys."""
    notes: dict[str, str] = {}
    if fitness:
        notes["fitness"] = "minimised" if is_minimised(fitness) else "maximised"
        if parse_fitness(fitness).kind == "function":
            notes["fitness"] = f"maximised; it runs the code of {fitness_words(fitness)}"
    if "," in texts["strategy"]:
        notes["strategy"] = f"{texts['strategy'].count(',') + 1} strategies to compare"
    elif texts["strategy"] == AUTO:
        notes["strategy"] = f"{auto_strategy(fitness)}, with recommended settings"
    elif (strategy := strategy_named(texts["strategy"].strip())) in STRATEGIES:
        notes["strategy"] = _strategy_note(strategy)
    if settings is None:
        return notes
    members = first_members(settings)
    notes["layers"] = f"{units_text(settings.units)}: {settings.weights:,} weights"
    if members is not None:
        notes["members"] = f"{members:,} networks"
        notes["generations"] = _limit_words(settings, members)
    if settings.validation_fraction:
        rows = settings.known.rows
        held = settings.test_size if isinstance(settings.test_size, int) else settings.test_size * rows
        notes["validation_fraction"] = f"about {round((rows - held) * settings.validation_fraction):,} training rows"
    return notes


def evaluations_words(settings: EvolutionSettings) -> str:
    """Return words such as ``20,485 members x 11 = 225,335 evaluations, 979 MB``."""
    if settings.is_comparison:
        series = len(series_of(settings))
        limit = f"{settings.evaluations:,} evaluations" if settings.evaluations is not None else "each its own budget"
        return f"{series:,} evolutions x {limit}"
    members, needed = first_members(settings), needed_bytes(settings)
    if members is None or needed is None:
        return f"{settings.generations_allowed:,} generations"
    plan = settings.plan(members)
    if plan.generations >= MAX_GENERATIONS:
        return f"{members:,} members, {_limit_words(settings, members)}, {amount_text(needed)}"
    times = f" x {plan.generations + 1:,}" if settings.strategy != "lshade" else ", fewer and fewer"
    return f"{members:,} members{times} = {plan.evaluations:,} evaluations, {amount_text(needed)}"


def _limit_words(settings: EvolutionSettings, members: int) -> str:
    """Return the evaluations in words, or the seconds if they alone end the evolution."""
    plan = settings.plan(members)
    if plan.generations >= MAX_GENERATIONS and settings.seconds is not None:
        return f"{settings.seconds:g} seconds of computing"
    return f"{plan.evaluations:,} evaluations in all"
