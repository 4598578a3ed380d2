"""An extension of an evolution: more generations, evaluations or seconds, as numbers in all.

A generation follows from the generation before, the settings and the data. So an extended evolution equals one that had
the larger limits from the start. L-SHADE is the exception: its population shrinks along its generations or evaluations.
"""

from dataclasses import dataclass, fields, replace

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.evolution import EvolutionSettings

SHRINKING = "lshade"
"""The strategy whose members depend on the largest number of generations and evaluations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionExtension:
    """The new limits of an evolution, each in all; None leaves a limit as it is."""

    generations: int | None = None
    evaluations: int | None = None
    seconds: float | None = None


LIMITS = tuple(field.name for field in fields(EvolutionExtension))
"""The settings that limit how long an evolution takes."""


def extended_evolution(settings: EvolutionSettings, extension: EvolutionExtension) -> EvolutionSettings:
    """Return the settings of the extended evolution.

    Raises:
        SettingsError: the extension adds nothing, takes something away, or does not suit the strategy.
    """
    changed = {name: total for name in LIMITS if (total := getattr(extension, name)) is not None}
    for name, total in changed.items():
        present = getattr(settings, name)
        if present is not None and total < present:
            raise SettingsError(
                f"{name} is {total:,}, but the run has {present:,}; it is the number in all, and generations are never "
                "taken away",
                field=name,
            )
    after = replace(settings, **changed)
    if after == settings:
        raise SettingsError("that adds nothing to the run; give it more generations, evaluations or seconds")
    if without_limits(after) != without_limits(settings):
        raise SettingsError(
            f"strategy {SHRINKING} shrinks its population along its generations and evaluations, so that a run of it "
            f"cannot get more of them; start a new run with {limits_words(after)}",
            field="strategy",
        )
    return after


def without_limits(settings: EvolutionSettings) -> EvolutionSettings:
    """Return settings without the limits that decide nothing but when the evolution ends."""
    if settings.strategy == SHRINKING:
        return replace(settings, seconds=None)
    return replace(settings, generations=0, evaluations=None, seconds=None)


def doubled(settings: EvolutionSettings) -> EvolutionExtension | None:
    """Return the extension to twice the limits of an evolution; None if it cannot get so much."""
    if settings.strategy == SHRINKING or settings.is_comparison:
        return None
    extension = EvolutionExtension(
        generations=None if settings.generations is None else 2 * settings.generations,
        evaluations=None if settings.evaluations is None else 2 * settings.evaluations,
        seconds=None if settings.seconds is None else 2 * settings.seconds,
    )
    try:
        extended_evolution(settings, extension)
    except SettingsError:  # more than any run may have
        return None
    return extension


def limits_words(settings: EvolutionSettings) -> str:
    """Return the limits of an evolution in words: ``40 generations and 20,000 evaluations``."""
    given = [f"{_number(total)} {name}" for name in LIMITS if (total := getattr(settings, name)) is not None]
    return " and ".join(given)


def evolution_extension_words(before: EvolutionSettings, after: EvolutionSettings) -> str:
    """Return what was added, in words: ``20,000 evaluations in all (10,000 before)``."""
    words = []
    for name in LIMITS:
        old, new = getattr(before, name), getattr(after, name)
        if new != old:
            words.append(f"{_number(new)} {name} in all{'' if old is None else f' ({_number(old)} before)'}")
    return ", ".join(words)


def _number(total: float) -> str:
    return f"{total:,}" if isinstance(total, int) else f"{total:,g}"
