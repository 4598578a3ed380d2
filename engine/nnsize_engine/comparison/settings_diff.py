"""The settings of several runs beside each other: what differs, and how much is the same."""

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
"""What leaving a setting out means."""


_UNLIKE = frozenset({"batch-size", "tol", "validation-fraction", "early-stopping", "n-iter-no-change"})
"""Settings by which a search and an evolution mean something else."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSettings:
    """What of the settings differs, and how much does not."""

    different: tuple[tuple[str, tuple[Setting, ...]], ...]
    """Names, and one value a run; None where a run of its kind has no such setting."""

    same: int
    """Settings that are alike in all runs."""

    not_shared: int
    """Settings that only one of several kinds of runs has; they are in neither of the others."""


def compare_settings(runs: Sequence[RunSettings]) -> ComparedSettings:
    """Compare the settings of runs, which may be of different kinds: these then have only some settings in common."""
    facts = [settings_facts(settings) for settings in runs]
    has_both = len({settings.kind for settings in runs}) > 1
    if has_both:  # what they have in common by other names
        facts = [{"kind": one["kind"], "network": one.get("neurons", one.get("layers")), **one} for one in facts]
    names = list(dict.fromkeys(name for one in facts for name in one))
    different: list[tuple[str, tuple[Setting, ...]]] = []
    same = not_shared = 0
    for name in names:
        values = tuple(one.get(name) for one in facts)
        if has_both and (name in _UNLIKE or any(name not in one for one in facts)):
            not_shared += 1
        elif any(value != values[0] for value in values):
            different.append((name, values))
        else:
            same += 1
    return ComparedSettings(different=tuple(different), same=same, not_shared=not_shared)


def settings_facts(settings: RunSettings) -> dict[str, Setting]:
    """Every setting by its name on the command line, as it is meant: what is the same thing is the same text."""
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
    """What was said and found out about a table of the user's."""
    choice = {field.name: getattr(table.choice, field.name) for field in dataclasses.fields(table.choice)}
    found: dict[str, object] = {**choice, "task": table.task, "rows": table.rows, "inputs": table.inputs}
    found["file"] = table.sha256[:12]  # enough to tell two versions of a file apart
    return {name.replace("_", "-"): _plain(value) for name, value in found.items()}


def _plain(value: object) -> Setting:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if value is None or isinstance(value, float | int | str | bool) else str(value)
