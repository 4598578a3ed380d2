"""The form of each kind of run: all fields, those always shown, and the usual text of each.

A kind of run registers its reader in ``draft.py``, its settings in ``plan.py``, and its words in ``text.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nnsize_engine.settings.auto_strategy import LIMITS
from nnsize_engine.settings.layer_sizes import finds_sizes
from nnsize_engine.settings.run import Kind, by_started_kind
from nnsize_engine.settings.strategies import strategy_named
from nnsize_tui.screens.setup.evolution import idle_keys
from nnsize_tui.screens.setup.evolution_fields import EVOLUTION_BASIC, EVOLUTION_FIELDS, SEVERAL, USUAL_OF_STRATEGY
from nnsize_tui.screens.setup.fields import BASIC, FIELDS, Field, idle_of_cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of one kind of run."""

    title: str
    basic: tuple[Field, ...]
    """The fields that are always shown."""

    fields: tuple[Field, ...]
    """All fields, in the order shown."""

    rest: str
    """Words on the fields that are shown on demand."""

    by_key: Mapping[str, Field]

    idle_keys: Callable[[Mapping[str, str]], frozenset[str]]
    """Return the fields that have no meaning with given texts of all fields."""

    usual_of_strategy: Mapping[str, Mapping[str, str]]
    """The usual texts of fields while the strategy is auto or one that has its own; empty without strategies."""


def _by_key(fields: tuple[Field, ...]) -> Mapping[str, Field]:
    return MappingProxyType({field.key: field for field in fields})


def _idle_of_search(texts: Mapping[str, str]) -> frozenset[str]:
    """Return the fields of a search that have no meaning with the given neurons and cluster."""
    own = frozenset[str]() if finds_sizes(texts["neurons"]) else frozenset({"max_neurons"})
    return own | idle_of_cluster(texts["cluster"])


FORMS: Mapping[Kind, Form] = by_started_kind(
    size=Form(
        title="A new search: how many neurons?",
        basic=BASIC,
        fields=FIELDS,
        rest="activation, alpha, all others; reading a file",
        by_key=_by_key(FIELDS),
        idle_keys=_idle_of_search,
        usual_of_strategy=MappingProxyType({}),
    ),
    evolution=Form(
        title="A new evolution: which weights?",
        basic=EVOLUTION_BASIC,
        fields=EVOLUTION_FIELDS,
        rest="activation, mutation, all others; reading a file",
        by_key=_by_key(EVOLUTION_FIELDS),
        idle_keys=idle_keys,
        usual_of_strategy=USUAL_OF_STRATEGY,
    ),
)


def _strategy(form: Form, changed: Mapping[str, str]) -> str:
    """Return the strategy in a form; empty where there is none."""
    field = form.by_key.get("strategy")
    return "" if field is None else changed.get("strategy", field.usual).strip()


def usual_text(kind: Kind, key: str, changed: Mapping[str, str]) -> str:
    """Return the text of a field before it is changed, given the texts of the changed fields.

    Strategy auto and families have their own texts. A limit is empty while another one is given.
    """
    form = FORMS[kind]
    strategy = _strategy(form, changed)
    own = form.usual_of_strategy.get(SEVERAL if SEVERAL in strategy else strategy_named(strategy), {})
    if key in LIMITS and any(changed.get(other, "").strip() for other in LIMITS if other != key):
        return ""
    return own.get(key, form.by_key[key].usual)
