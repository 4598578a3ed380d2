"""What there is to fill in for each kind of run: fields, those always shown, and what usually stands in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nnsize_engine.settings.run import Kind
from nnsize_engine.settings.strategies import AUTO
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


def _form(title: str, basic: tuple[Field, ...], fields: tuple[Field, ...], rest: str) -> Form:
    by_key = MappingProxyType({field.key: field for field in fields})
    return Form(title=title, basic=basic, fields=fields, rest=rest, by_key=by_key)


FORMS: Mapping[Kind, Form] = MappingProxyType(
    {
        "size": _form(
            "A new search: how many neurons?",
            BASIC,
            FIELDS,
            "activation, alpha, max-iter and all others; how to read a file",
        ),
        "evolution": _form(
            "A new evolution: which weights?",
            EVOLUTION_BASIC,
            EVOLUTION_FIELDS,
            "activation, weight-decay, mutation and all others; how to read a file",
        ),
    }
)


def usual_text(kind: Kind, key: str, strategy: str) -> str:
    """What stands in a field until something else is typed; strategy auto has its own."""
    if kind == "evolution" and strategy == AUTO and key in AUTO_USUAL:
        return AUTO_USUAL[key]
    return FORMS[kind].by_key[key].usual
