"""What there is to fill in for each kind of run: fields, those always shown, and what usually stands in each.

How a kind is read is registered in ``draft.py``, what it amounts to in ``plan.py``, its words in ``text.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nnsize_engine.settings.layer_sizes import finds_sizes
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_engine.settings.strategies import AUTO
from nnsize_tui.screens.setup.evolution import idle_keys
from nnsize_tui.screens.setup.evolution_fields import AUTO_USUAL, EVOLUTION_BASIC, EVOLUTION_FIELDS
from nnsize_tui.screens.setup.fields import BASIC, FIELDS, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of one kind of run."""

    title: str
    basic: tuple[Field, ...]
    """What is always asked."""

    fields: tuple[Field, ...]
    """Everything, in the order shown."""

    rest: str
    """Some of what is asked only when more is wanted, in words."""

    by_key: Mapping[str, Field]

    idle_keys: Callable[[Mapping[str, str]], frozenset[str]]
    """Fields that have no meaning beside the texts of all fields."""

    auto_usual: Mapping[str, str]
    """What usually stands in a field while the strategy is auto; empty where there is no such strategy."""


def _by_key(fields: tuple[Field, ...]) -> Mapping[str, Field]:
    return MappingProxyType({field.key: field for field in fields})


def _idle_of_search(texts: Mapping[str, str]) -> frozenset[str]:
    """Return the fields of a search that have no meaning with its neurons."""
    return frozenset() if finds_sizes(texts["neurons"]) else frozenset({"max_neurons"})


FORMS: Mapping[Kind, Form] = by_kind(
    size=Form(
        title="A new search: how many neurons?",
        basic=BASIC,
        fields=FIELDS,
        rest="activation, alpha, max-iter and all others; how to read a file",
        by_key=_by_key(FIELDS),
        idle_keys=_idle_of_search,
        auto_usual=MappingProxyType({}),
    ),
    evolution=Form(
        title="A new evolution: which weights?",
        basic=EVOLUTION_BASIC,
        fields=EVOLUTION_FIELDS,
        rest="activation, weight-decay, mutation and all others; how to read a file",
        by_key=_by_key(EVOLUTION_FIELDS),
        idle_keys=idle_keys,
        auto_usual=AUTO_USUAL,
    ),
)


def usual_text(kind: Kind, key: str, strategy: str) -> str:
    """What stands in a field until something else is typed; strategy auto has its own."""
    form = FORMS[kind]
    if strategy == AUTO and key in form.auto_usual:
        return form.auto_usual[key]
    return form.by_key[key].usual
