"""Checks of an evolution's settings that depend on each other: those of a family, and its limits."""

import math
from typing import TYPE_CHECKING

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.strategies import FAMILIES
from nnsize_engine.settings.validate import check_integer, check_real

if TYPE_CHECKING:  # the settings call these checks
    from nnsize_engine.settings.evolution import EvolutionSettings

MAX_EVALUATIONS = 10**15  # evaluations; more take years on any machine

MAX_STEP = 1000.0  # Glorot limits; a larger step leaves any sensible bounds at once

_DIFFERENTIAL = {"mutation": None, "recombination": None, "popsize": 5, "p_best": None, "archive": 1.0, "memory": 5}
"""Settings of differential evolution alone, and their defaults."""


def check_family(settings: "EvolutionSettings") -> None:
    """Check what a family of optimizers takes, and that other strategies have no step.

    Raises:
        SettingsError: a setting is given that the strategy ignores, or it cannot take as many weights or members.
    """
    strategy = settings.strategy
    if strategy not in FAMILIES:
        if settings.step is not None:
            raise SettingsError(
                f"strategy {strategy} has no step; it is for {', '.join(FAMILIES)}. Leave it out", field="step"
            )
        return
    for field, usual in _DIFFERENTIAL.items():
        if getattr(settings, field) != usual:
            name = field.replace("_", "-")
            raise SettingsError(f"strategy {strategy} has no {name}; leave it out", field=field)
    if settings.step is not None:
        check_real("step", settings.step, 0, MAX_STEP, above=True)
    facts = FAMILIES[strategy]
    if facts.max_weights is not None and settings.weights > facts.max_weights:
        raise SettingsError(
            f"strategy {strategy} takes at most {facts.max_weights:,} weights, and this network has "
            f"{settings.weights:,}; choose {facts.instead}, or smaller layers",
            field="strategy",
        )
    if facts.max_members is not None and settings.member_count > facts.max_members:
        raise SettingsError(
            f"strategy {strategy} has at most {facts.max_members} members, and members is {settings.members}; "
            "leave it out",
            field="members",
        )


def check_budget(settings: "EvolutionSettings") -> None:
    """Check evaluations and seconds.

    Raises:
        SettingsError: one is out of range, does not suffice for the first population, or does not suit the strategy.
    """
    if settings.seconds is not None:
        check_real("seconds", settings.seconds, 0, math.inf, above=True, below=True)
    if settings.strategy == "lshade" and settings.ends_by_seconds_alone:
        raise SettingsError(
            "strategy lshade shrinks its population with the evaluations; seconds alone do not say how many there "
            "will be: give evaluations or generations too",
            field="seconds",
        )
    if settings.evaluations is None:
        return
    check_integer("evaluations", settings.evaluations, 1, MAX_EVALUATIONS)
    if settings.init.endswith(".npy") and settings.members is None:
        raise SettingsError("with evaluations, give members too: as many as the array of init has", field="members")
    if settings.evaluations < settings.member_count:
        raise SettingsError(
            f"evaluations is {settings.evaluations:,}, and the first population has {settings.member_count:,} members; "
            "give more evaluations, or fewer members",
            field="evaluations",
        )
