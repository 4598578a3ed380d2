"""The kinds of runs, and what the settings of any kind have in common.

A new kind is a new value of :data:`Kind`, a new argument of :func:`by_kind` and a new member of :data:`RunSettings`.
The type checker then names every call of :func:`by_kind` that lacks the kind. Where a folder asks much of a kind, a
file ``kinds.py`` holds it in records, whose fields list what to implement. Single values stand where they are used.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_extension import EvolutionExtension
from nnsize_engine.settings.extension import Extension
from nnsize_engine.settings.fitness import parse_fitness
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.watched import WatchedSettings

Kind = Literal["size", "evolution", "watched"]
"""The kind of computation of a run; scikit-learn computes a watched one, and nnsize only shows it."""

KINDS: tuple[Kind, ...] = get_args(Kind)

StartedSettings = SizeSettings | EvolutionSettings
"""The settings of the kinds that nnsize itself starts."""

RunSettings = StartedSettings | WatchedSettings

RunExtension = Extension | EvolutionExtension

Value = TypeVar("Value")


class _ByKind(dict[Kind, Value]):
    """A mapping with a value for each kind of run; an unknown kind raises SettingsError."""

    def __missing__(self, kind: object) -> Value:
        raise _unknown(kind)


def by_kind(*, size: Value, evolution: Value, watched: Value) -> Mapping[Kind, Value]:
    """Return a mapping with a value for each kind of run; an unknown kind raises SettingsError."""
    return MappingProxyType(_ByKind({"size": size, "evolution": evolution, "watched": watched}))


class _ByStartedKind(dict[Kind, Value]):
    """A mapping with a value for each kind that nnsize starts; a watched search raises SettingsError."""

    def __missing__(self, kind: object) -> Value:
        if kind == "watched":
            raise SettingsError("a watched search is started in Python, where scikit-learn fits it, not by nnsize")
        raise _unknown(kind)


def by_started_kind(*, size: Value, evolution: Value) -> Mapping[Kind, Value]:
    """Return a mapping with a value for each kind of run that nnsize starts; others raise SettingsError."""
    return MappingProxyType(_ByStartedKind({"size": size, "evolution": evolution}))


STEP_NAMES = by_kind(size="fit", evolution="generation", watched="fit")
"""The steps of a run of each kind, which its header counts."""

KIND_NAMES = by_kind(size="size search", evolution="evolution", watched="watched search")
"""The name of each kind in a list."""

KIND_WORDS = by_kind(size="a size search", evolution="an evolution", watched="a watched search")
"""The name of each kind in a sentence."""

SETTINGS: Mapping[Kind, type[SizeSettings] | type[EvolutionSettings]] = by_started_kind(
    size=SizeSettings, evolution=EvolutionSettings
)
"""The class of the settings of each kind that nnsize starts; its defaults are the settings of the built-in run."""


def code_of(settings: RunSettings) -> str | None:
    """Return the Python function of the user that a run calls, with its folder; None if it runs no such code."""
    if isinstance(settings, EvolutionSettings) and parse_fitness(settings.fitness).kind == "function":
        return settings.fitness
    return None


def known_kind(name: str) -> Kind:
    """Return the kind of a name.

    Raises:
        SettingsError: there is no such kind.
    """
    for kind in KINDS:
        if kind == name:
            return kind
    raise _unknown(name)


def _unknown(kind: object) -> SettingsError:
    known = f"{', '.join(KINDS[:-1])} and {KINDS[-1]}"
    return SettingsError(f"the run is of kind {kind!r}; this nnsize knows {known}")
