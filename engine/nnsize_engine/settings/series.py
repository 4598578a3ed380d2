"""The series of a run that compares strategies: each strategy is repeated with other seeds.

All strategies have their first repeat before any has its second, so that an unfinished run compares what it has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.strategies import is_shareable
from nnsize_engine.settings.validate import MAX_SEED, check_integer

if TYPE_CHECKING:  # the settings call these functions
    from nnsize_engine.settings.evolution import EvolutionSettings

MAX_REPEATS = 1000  # seeds of a strategy

MAX_SERIES = 10_000  # strategies times repeats; more rows than a screen or a reader takes


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedStrategy:
    """A strategy of a run that compares several."""

    name: str
    """Its name in tables and charts: that of the strategy, or auto."""

    changes: tuple[tuple[str, Any], ...] = ()
    """Settings that differ from those of the run, by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One evolution of a run that compares strategies."""

    number: int
    """Its place in the order of computing, from 0."""

    name: str
    """The name of its strategy."""

    repeat: int
    """From 0."""

    settings: "EvolutionSettings"
    """Settings of this evolution alone."""


def strategies_of(settings: "EvolutionSettings") -> tuple[ComparedStrategy, ...]:
    """Return the strategies of a run, which may be one."""
    return settings.compared or (ComparedStrategy(name=settings.strategy),)


def series_of(settings: "EvolutionSettings") -> tuple[Series, ...]:
    """Return the series of a run in the order of computing; one if it compares nothing."""
    first = [(one.name, _settings_of(settings, one)) for one in strategies_of(settings)]
    pairs = [(name, own, repeat) for repeat in range(settings.repeats) for name, own in first]
    return tuple(
        Series(
            number=number, name=name, repeat=repeat, settings=replace(own, seed=own.seed + repeat) if repeat else own
        )
        for number, (name, own, repeat) in enumerate(pairs)
    )


def strategy_words(settings: "EvolutionSettings") -> str:
    """Return the strategies of a run in words: ``shade``, ``auto, shade (5 seeds)``."""
    names = ", ".join(one.name for one in strategies_of(settings))
    return f"{names} ({settings.repeats} seeds)" if settings.repeats > 1 else names


def first_repeats(settings: "EvolutionSettings") -> "tuple[EvolutionSettings, ...]":
    """Return the settings of each strategy, with the first seed."""
    return tuple(_settings_of(settings, one) for one in strategies_of(settings))


def _settings_of(settings: "EvolutionSettings", one: ComparedStrategy) -> "EvolutionSettings":
    given: dict[str, Any] = {"compared": (), "repeats": 1, **dict(one.changes)}
    if not is_shareable(given.get("strategy", settings.strategy)):
        given["cluster"] = None  # this machine evaluates it
    return replace(settings, **given)


def changes_between(base: "EvolutionSettings", other: "EvolutionSettings") -> tuple[tuple[str, Any], ...]:
    """Return the settings of a strategy that differ from those of the run."""
    names = [field.name for field in fields(other) if field.name not in ("compared", "repeats")]
    return tuple((name, getattr(other, name)) for name in names if getattr(other, name) != getattr(base, name))


def stored_strategy(stored: Mapping[str, Any]) -> ComparedStrategy:
    """Return a strategy from its JSON object, which has lists for tuples."""
    changes = [(name, tuple(value) if isinstance(value, list) else value) for name, value in stored["changes"]]
    return ComparedStrategy(name=stored["name"], changes=tuple(changes))


def check_series(settings: "EvolutionSettings") -> None:
    """Check the strategies that are compared, and the number of their repeats.

    Raises:
        SettingsError: a strategy is named twice, a setting of one is refused, or there are too many repeats.
    """
    check_integer("repeats", settings.repeats, 1, MAX_REPEATS, "seeds of each strategy")
    names = [one.name for one in settings.compared]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(
                f"strategy {name} is named twice; name it once, and give repeats for several seeds", field="strategy"
            )
    if max(1, len(names)) * settings.repeats > MAX_SERIES:
        raise SettingsError(
            f"{len(names)} strategies with {settings.repeats:,} repeats are more than {MAX_SERIES:,} evolutions; give "
            "fewer repeats",
            field="repeats",
        )
    if settings.seed + settings.repeats - 1 > MAX_SEED:
        raise SettingsError(
            f"seed {settings.seed} leaves no room for {settings.repeats} repeats, each with the next seed; the largest "
            f"is {MAX_SEED}",
            field="seed",
        )
    if settings.compared:
        first_repeats(settings)  # each is checked when it is made
