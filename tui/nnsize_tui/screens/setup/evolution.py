"""The draft of an evolution: read its fields, make its settings."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.runs.first_network import absolute_init, check_first_network
from nnsize_engine.settings.auto_strategy import auto_strategy, auto_weight_decay
from nnsize_engine.settings.budget import MAX_GENERATIONS
from nnsize_engine.settings.datasets import DatasetFacts
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_checks import MAX_EVALUATIONS, MAX_MEMBERS, MAX_MEMORY
from nnsize_engine.settings.first_population import check_init_name
from nnsize_engine.settings.fitness import COST, check_fitness, default_loss, fitnesses_for, parse_fitness
from nnsize_engine.settings.init_file import check_init
from nnsize_engine.settings.layer_sizes import parse_layers
from nnsize_engine.settings.mutation import parse_mutation
from nnsize_engine.settings.population_memory import check_memory
from nnsize_engine.settings.scoring_words import offered_scorings
from nnsize_engine.settings.scorings import estimator_scoring, is_scoring, scorings_for
from nnsize_engine.settings.series import MAX_REPEATS, first_repeats
from nnsize_engine.settings.strategies import (
    ADAPTIVE_STRATEGIES,
    AUTO,
    FAMILIES,
    PBEST_STRATEGIES,
    check_strategy,
    strategy_named,
)
from nnsize_engine.settings.strategy_comparison import OWN, compared_settings, strategy_names
from nnsize_engine.settings.typed_objective import with_objective
from nnsize_engine.settings.validate import MAX_SEED
from nnsize_engine.settings.weight_bits import check_bits
from nnsize_tui.screens.setup.fields import idle_of_cluster
from nnsize_tui.screens.setup.parse import jobs_of, number, whole

Take = Callable[[str, Callable[[str], Any]], Any]
"""A function that reads a field from its text; it returns None and keeps the problem if the text is wrong."""

_SWITCHES = ("stratify", "early_stopping", "scale", "reference")
_INTEGERS = {
    "popsize": (1, MAX_MEMBERS),
    "repeats": (1, MAX_REPEATS),
    "seed": (0, MAX_SEED),
    "split_seed": (0, MAX_SEED),
    "batch_generations": (1, MAX_GENERATIONS),
    "n_iter_no_change": (1, MAX_GENERATIONS),
    "memory": (1, MAX_MEMORY),
}
_OPTIONAL = {
    "members": (1, MAX_MEMBERS),
    "generations": (0, MAX_GENERATIONS),
    "evaluations": (1, MAX_EVALUATIONS),
    "batch_size": (1, None),
    "restart_after": (1, MAX_GENERATIONS),
}
_NUMBERS = ("tol", "atol", "validation_fraction", "archive")
_OPTIONAL_NUMBERS = ("p_best", "step", "seconds")


def idle_keys(texts: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that have no meaning with these texts of all fields."""
    idle = idle_of_cluster(texts["cluster"])
    if texts["members"].strip() or texts["init"].strip().endswith(".npy"):
        idle |= {"popsize"}
    if texts["early_stopping"] != "yes":
        idle |= {"n_iter_no_change"}
    if not texts["batch_size"].strip():
        idle |= {"batch_generations"}
    names = [strategy_of(name, texts["fitness"]) for name in texts["strategy"].split(",")]
    return idle | frozenset.intersection(*map(_idle_keys_of, names))


def _idle_keys_of(strategy: str) -> frozenset[str]:
    """Return the fields that have no meaning with a strategy."""
    idle: set[str] = set()
    if strategy in FAMILIES:
        idle |= {"popsize", "mutation", "recombination"}
    if strategy not in FAMILIES or not FAMILIES[strategy].has_step:
        idle.add("step")
    if strategy in FAMILIES and FAMILIES[strategy].changes_one_weight:
        idle |= {"tol", "atol"}
    if strategy in ADAPTIVE_STRATEGIES:
        idle |= {"mutation", "recombination"}
    if strategy not in PBEST_STRATEGIES:
        idle |= {"p_best", "archive"}
    if strategy not in ("shade", "lshade"):
        idle.add("memory")
    return frozenset(idle)


def strategy_of(text: str, fitness: str) -> str:
    """Return the strategy that a text names, also by its name in another package."""
    name = strategy_named(text.strip())
    return auto_strategy(fitness) if name == AUTO else name


def read_evolution(texts: Mapping[str, str], take: Take) -> dict[str, object]:
    """Return the evolution's own settings by their names, without those that cannot be read."""
    found: dict[str, object] = {
        "layers": take("layers", _layers),
        "strategy": take("strategy", _strategy),
        "bounds": take("bounds", _bounds),
        "init": take("init", _init),
        "activation": texts["activation"],
        "precision": texts["precision"],
    }
    for key, (least, most) in _INTEGERS.items():
        found[key] = take(key, partial(_whole, key, least, most))
    for key in _NUMBERS:
        found[key] = take(key, partial(_number, key))
    found["weight_decay"] = take("weight_decay", partial(_weight_decay, strategy_named(texts["strategy"].strip())))
    found = {key: value for key, value in found.items() if value is not None}
    for key, (least, upper) in _OPTIONAL.items():
        found[key] = take(key, partial(_whole_or_none, key, least, upper))
    for key in _OPTIONAL_NUMBERS:
        found[key] = take(key, partial(_number_or_none, key))
    found["jobs"] = take("jobs", jobs_of)
    found["mutation"] = take("mutation", lambda text: parse_mutation(text) if text else None)
    found["cost"] = take("cost", lambda text: text or None)
    found["bits"] = take("bits", _bits)
    found["recombination"] = take("recombination", lambda text: number("recombination", text, 0, 1) if text else None)
    return found | {key: texts[key] == "yes" for key in _SWITCHES}


def _whole(field: str, least: int, most: int | None, text: str) -> int:
    return whole(field, text, least, most)


def _whole_or_none(field: str, least: int, most: int | None, text: str) -> int | None:
    return whole(field, text, least, most) if text else None


def _number(field: str, text: str) -> float:
    return number(field, text, 0)


def _number_or_none(field: str, text: str) -> float | None:
    return number(field, text, 0) if text else None


def _weight_decay(strategy: str, text: str) -> float | None:
    """Return the weight decay; None, that of the fitness, for an empty text with strategy auto."""
    return None if strategy == AUTO and not text else number("weight_decay", text, 0)


def _layers(text: str) -> str:
    parse_layers(text)
    return text


def _strategy(text: str) -> str:
    """Return the name of a strategy, several joined by commas, or auto, which depends on the fitness."""
    if "," in text:
        return ",".join(strategy_names(text))
    name = strategy_named(text)
    if name != AUTO:
        check_strategy(name)
    return name


def _bits(text: str) -> int | None:
    if not text:
        return None
    bits = whole("bits", text, 1, None)
    check_bits(bits)
    return bits


def _bounds(text: str) -> str:
    if not text:
        raise SettingsError(
            "name the limits of the weights: -1:1, one a layer -2:2,-1:1,-1:1, or glorot:3", field="bounds"
        )
    return text


def _init(text: str) -> str:
    """Return the name of a drawing method, or an absolute path: the runner has another working folder."""
    resolved = absolute_init(text)
    check_init_name(resolved)
    return resolved


def fitnesses(known: DatasetFacts) -> tuple[str, ...]:
    """Return the losses, then the scorings that are offered, that fit a task; others are typed."""
    scorings = offered_scorings(known.task, known.targets)
    losses = [name for name in fitnesses_for(known.task, known.targets) if not is_scoring(name)]
    return (*losses, *scorings)


def is_typed_fitness(text: str) -> bool:
    """Return whether a typed text is a fitness that no list holds: ``fbeta:3``, ``quantile:0.8``, a function."""
    try:
        return ":" in text and parse_fitness(text).kind != "scoring"
    except SettingsError:
        return False


def fitness_of(texts: Mapping[str, str], *, is_chosen: bool, known: DatasetFacts) -> str:
    """Return the fitness of a draft: the chosen one if it fits the data, else the usual one."""
    if is_chosen and _fits(texts["fitness"], known):
        return texts["fitness"]
    if texts["cost"].strip() and not is_chosen and known.task != "regression":
        return COST
    if texts["strategy"] == AUTO or "," in texts["strategy"] or known.task == "regression":
        return default_loss(known.task)
    return EvolutionSettings().fitness


def _fits(fitness: str, known: DatasetFacts) -> bool:
    try:
        check_fitness(fitness, known.task, known.targets)
    except SettingsError:
        return False
    return True


def scoring_of(chosen: str, known: DatasetFacts) -> str:
    """Return the scoring of the final test: the chosen one if it fits the data, else scikit-learn's own."""
    return chosen if chosen in scorings_for(known.task, known.targets) else estimator_scoring(known.task)


def make_settings(
    fields: Mapping[str, object], *, fitness: str, scoring: str | None, known: DatasetFacts, summary: DataSummary | None
) -> EvolutionSettings:
    """Make the settings of an evolution, and check that its population fits into memory.

    Raises:
        SettingsError: a setting is refused, or the population does not fit into memory.
    """
    given: dict[str, Any] = {**fields, "fitness": fitness, "scoring": scoring, "data": known.name}
    if given.get("strategy") == AUTO:
        given = {"weight_decay": auto_weight_decay(fitness)} | given | {"strategy": auto_strategy(fitness)}
    if summary is not None:
        given["table"] = summary.table
    given = with_objective(given, known)
    settings = _compared(given) if "," in str(given.get("strategy", "")) else EvolutionSettings(**given)
    for one in first_repeats(settings):
        check_init(one)
        check_first_network(one)
        check_memory(one)
    return settings


def _compared(given: Mapping[str, Any]) -> EvolutionSettings:
    """Return the settings of a comparison; a field of some strategies alone counts if it is not as usual."""
    usual = EvolutionSettings()
    chosen = {
        key: value
        for key, value in given.items()
        if value is not None and (key not in OWN or value != getattr(usual, key))
    }
    return compared_settings(chosen.pop("strategy").split(","), chosen)
