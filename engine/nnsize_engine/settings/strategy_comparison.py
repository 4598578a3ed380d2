"""The settings of a run that compares strategies: the same task, start and budget for all, and what is each one's own.

All strategies minimise the objective of ``--strategy auto``, from its first networks, in its bounds. Each has its own
members, and only those settings that it takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.auto_strategy import LIMITS, recommended
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.series import ComparedStrategy, changes_between, first_repeats, strategies_of
from nnsize_engine.settings.strategies import (
    ADAPTIVE_STRATEGIES,
    AUTO,
    FAMILIES,
    PBEST_STRATEGIES,
    check_strategy,
    strategy_named,
)

DIFFERENTIAL_MEMBERS = 100
"""Members of differential evolution in a comparison; five per weight would use up the budget at once."""

_SHARED = ("fitness", "weight_decay", "init", "bounds", "tol", "validation_fraction", "early_stopping")
"""Settings of auto that all strategies have."""

OWN = ("members", "popsize", "step", "mutation", "recombination", "p_best", "archive", "memory")
"""Settings that only some strategies take."""


def strategy_names(text: str) -> tuple[str, ...]:
    """Return the strategies that a text names, joined by commas.

    Raises:
        SettingsError: one has no name, is unknown or is named twice.
    """
    names = [strategy_named(part.strip()) for part in text.split(",")]
    for name in names:
        if not name:
            raise SettingsError(f"strategy {text!r} has a comma without a name; leave it out", field="strategy")
        if name != AUTO:
            check_strategy(name)
        if names.count(name) > 1:
            raise SettingsError(
                f"strategy {name} is named twice; name it once, and give repeats for several seeds", field="strategy"
            )
    return tuple(names)


def takes(strategy: str, name: str, value: Any = None) -> bool:
    """Return whether a strategy takes a setting, with this value."""
    is_family = strategy in FAMILIES
    match name:
        case "step":
            return is_family and FAMILIES[strategy].has_step
        case "popsize":
            return not is_family
        case "mutation" | "recombination":
            return not is_family and strategy not in ADAPTIVE_STRATEGIES
        case "p_best" | "archive":
            return strategy in PBEST_STRATEGIES
        case "memory":
            return strategy in ("shade", "lshade")
        case "members":
            return not is_family or FAMILIES[strategy].max_members is None or _is_small(strategy, value)
        case _:
            return True


def _is_small(strategy: str, members: Any) -> bool:
    most = FAMILIES[strategy].max_members
    return most is not None and members is not None and members <= most


def compared_settings(names: Sequence[str], given: Mapping[str, Any]) -> EvolutionSettings:
    """Return the settings of a run that compares strategies; ``given`` are settings besides the strategy.

    Every strategy has the same budget: the evaluations that are given, or those of auto.

    Raises:
        SettingsError: a setting is refused, or no strategy takes it.
    """
    repeats = given.get("repeats", 1)
    common = {name: value for name, value in given.items() if name != "repeats"}
    own = {name: common.pop(name) for name in OWN if name in common}
    auto = recommended(**{name: value for name, value in common.items() if name not in LIMITS})
    if common.get("evaluations") is None and common.get("seconds") is None:
        planned = recommended(**common)
        common |= {"evaluations": planned.plan(planned.member_count).evaluations, "generations": None}
    _check_taken(names, auto.strategy, own)
    each = [_settings_of(name, auto, common, own) for name in names]
    base = each[0]
    compared = tuple(
        ComparedStrategy(name=name, changes=changes_between(base, one)) for name, one in zip(names, each, strict=True)
    )
    return replace(base, compared=compared, repeats=repeats)


def _settings_of(
    name: str, auto: EvolutionSettings, common: Mapping[str, Any], own: Mapping[str, Any]
) -> EvolutionSettings:
    """Return the settings of one strategy."""
    strategy = auto.strategy if name == AUTO else name
    try:
        return _own_settings_of(name, strategy, auto, common, own)
    except SettingsError as error:
        words = str(error)
        if strategy in words:
            raise
        raise SettingsError(f"strategy {name}: {words}", field=error.field) from error


def _own_settings_of(
    name: str, strategy: str, auto: EvolutionSettings, common: Mapping[str, Any], own: Mapping[str, Any]
) -> EvolutionSettings:
    taken = {field: value for field, value in own.items() if takes(strategy, field, value)}
    if name == AUTO:
        return recommended(**{**common, **_without_members(taken)})
    chosen: dict[str, Any] = {field: getattr(auto, field) for field in _SHARED}
    if strategy not in FAMILIES:
        chosen["members"] = DIFFERENTIAL_MEMBERS
    return EvolutionSettings(**{**chosen, **common, **_without_members(taken), "strategy": strategy})


def _without_members(taken: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings in which popsize replaces the members that would otherwise count."""
    return {"members": None, **taken} if "popsize" in taken else dict(taken)


def _check_taken(names: Sequence[str], auto: str, own: Mapping[str, Any]) -> None:
    strategies = [auto if name == AUTO else name for name in names]
    for field, value in own.items():
        if not any(takes(strategy, field, value) for strategy in strategies):
            option = field.replace("_", "-")
            raise SettingsError(
                f"none of the strategies {', '.join(names)} has {option} {value}; leave it out", field=field
            )


def own_settings(settings: EvolutionSettings) -> dict[str, Any]:
    """Return the settings of :data:`OWN` that were given: those in which all strategies that take them agree."""
    usual, found = EvolutionSettings(), {}
    each = first_repeats(settings)
    for field in OWN:
        values = {value for one in each if takes(one.strategy, field, value := getattr(one, field))}
        if len(values) == 1 and values != {getattr(usual, field)}:
            found[field] = values.pop()
    return found


def notes_of_comparison(settings: EvolutionSettings) -> list[str]:
    """Return a sentence for each given setting that only some of the strategies take."""
    named = list(zip(strategies_of(settings), first_repeats(settings), strict=True))
    if not settings.compared:
        return []
    budget = "" if settings.evaluations is None else f" of at most {settings.evaluations:,} evaluations"
    notes = [f"{len(settings.compared) * settings.repeats:,} evolutions{budget}", *_equal_strategies(named)]
    for field, value in own_settings(settings).items():
        others = [one.name for one, own in named if not takes(own.strategy, field, value)]
        if others:
            takers = ", ".join(one.name for one, own in named if takes(own.strategy, field, value))
            option = field.replace("_", "-")
            verb = "has" if len(others) == 1 else "have"
            notes.append(f"{option} {_text(value)} is for {takers}; {', '.join(others)} {verb} no such setting")
    return notes


def _equal_strategies(named: Sequence[tuple[ComparedStrategy, EvolutionSettings]]) -> list[str]:
    """Return a sentence if auto is one of the other strategies, with the same settings: both get the same results."""
    by_name = {one.name: settings for one, settings in named}
    auto = by_name.pop(AUTO, None)
    same = [name for name, settings in by_name.items() if settings == auto]
    return [f"auto is {name} here, with the same settings: both get the same results" for name in same]


def _text(value: Any) -> str:
    return ":".join(f"{end:g}" for end in value) if isinstance(value, tuple) else f"{value:g}"
