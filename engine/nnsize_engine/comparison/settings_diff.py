"""Difference of the settings of several runs."""

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from nnsize_engine.comparison.kinds import COMPARISONS
from nnsize_engine.settings.run import KIND_NAMES, RunSettings
from nnsize_engine.settings.table import TableSettings

Setting = float | int | str | bool | None

_IF_NONE: Mapping[str, str] = MappingProxyType(
    {"jobs": "one a processor", "batch-size": "all rows", "restart-after": "never"}
)
"""The meaning of None for settings where it is not plain."""


_DIFFERENT_MEANINGS = frozenset({"batch-size", "tol", "validation-fraction", "early-stopping", "n-iter-no-change"})
"""Settings of the same name that mean different things in a search and in an evolution."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSettings:
    """The settings that differ, and the number of those that do not."""

    different: tuple[tuple[str, tuple[Setting, ...]], ...]
    """Names, each with one value per run; None if a run has no such setting."""

    same: int
    """Number of settings that are equal in all runs."""

    not_shared: int
    """Number of settings that only one of several kinds of runs has; they count in no other field."""


def compare_settings(runs: Sequence[RunSettings]) -> ComparedSettings:
    """Compare the settings of runs; runs of different kinds have only some settings in common."""
    facts = [settings_facts(settings) for settings in runs]
    has_both = len({settings.kind for settings in runs}) > 1
    if has_both:  # common facts that the kinds name differently
        facts = [{"kind": one["kind"], "network": _network(one), **one} for one in facts]
    names = list(dict.fromkeys(name for one in facts for name in one))
    different: list[tuple[str, tuple[Setting, ...]]] = []
    same = not_shared = 0
    for name in names:
        values = tuple(one.get(name) for one in facts)
        if has_both and (name in _DIFFERENT_MEANINGS or any(name not in one for one in facts)):
            not_shared += 1
        elif any(value != values[0] for value in values):
            different.append((name, values))
        else:
            same += 1
    return ComparedSettings(different=tuple(different), same=same, not_shared=not_shared)


def _network(facts: Mapping[str, Setting]) -> Setting:
    """Return what is trained: sizes, layers, or the estimator of a watched search."""
    return next((facts[name] for name in ("neurons", "layers", "estimator") if name in facts), None)


def settings_facts(settings: RunSettings) -> dict[str, Setting]:
    """Return every setting by its option, with defaults filled in, so that equal meanings have equal values."""
    facts = COMPARISONS[settings.kind].settings(settings)
    table = facts.pop("table")
    own: dict[str, Setting] = {"kind": KIND_NAMES[settings.kind]}
    own |= {name.replace("_", "-"): _plain(value) for name, value in facts.items()}
    for name, word in _IF_NONE.items():
        if name in own and own[name] is None:
            own[name] = word
    if isinstance(table, TableSettings):
        own |= _of_table(table)
    return own


def _of_table(table: TableSettings) -> dict[str, Setting]:
    """Return the chosen and the inferred facts of a table by option."""
    choice = {field.name: getattr(table.choice, field.name) for field in dataclasses.fields(table.choice)}
    found: dict[str, object] = {**choice, "task": table.task, "rows": table.rows, "inputs": table.inputs}
    found["file"] = table.sha256[:12]  # enough to tell two versions of a file apart
    return {name.replace("_", "-"): _plain(value) for name, value in found.items()}


def _plain(value: object) -> Setting:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if value is None or isinstance(value, float | int | str | bool) else str(value)
