"""The fields of the setup screen of an evolution; a search has the same fields about data."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from nnsize_engine.settings.activations import EVOLVED_ACTIVATIONS
from nnsize_engine.settings.auto_strategy import family_defaults, recommended
from nnsize_engine.settings.descriptions import EVOLUTION_TEXTS, TABLE_TEXTS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.parameter_grid import value_text
from nnsize_engine.settings.precision import PRECISIONS
from nnsize_engine.settings.strategies import AUTO, FAMILIES, STRATEGIES
from nnsize_engine.settings.strategy_comparison import OWN
from nnsize_tui.screens.setup.fields import COMPUTING, DATA, READING, YES_NO, Field, make_field, setting_text

BUILTIN = EvolutionSettings()
MEMBERS_NOTE = " Empty: popsize times the number of weights, or the default of a family."

_field = partial(make_field, EVOLUTION_TEXTS, BUILTIN)

EVOLUTION_BASIC = (
    *DATA,
    _field("layers", "evolution"),
    _field("fitness", "evolution", kind="one"),
    _field("strategy", "evolution", kind="one", options=(AUTO, *STRATEGIES), usual=AUTO),
    _field("members", "evolution", empty="popsize for each weight", note=MEMBERS_NOTE),
    _field("popsize", "evolution"),
    _field("step", "evolution", empty="the strategy's own"),
    _field("generations", "evolution", empty="as many as fit"),
    _field("evaluations", "evolution", empty="any number"),
    _field("seconds", "evolution", empty="any number"),
    _field("bounds", "evolution"),
    _field("init", "evolution"),
    _field("repeats", "evolution"),
    _field("seed", "evolution"),
    _field("test_size", "evolution"),
    _field("stratify", "evolution", kind="one", options=YES_NO),
    _field("validation_fraction", "evolution"),
    _field("early_stopping", "evolution", kind="one", options=YES_NO),
)
"""The fields that are always shown."""

_DETAIL = (
    _field("activation", "detail", kind="one", options=EVOLVED_ACTIVATIONS),
    _field("weight_decay", "detail", empty="0.01; for squared_error 0.03"),
    _field("mutation", "detail", empty="0.5:1"),
    _field("recombination", "detail", empty="0.7"),
    _field("tol", "detail"),
    _field("atol", "detail"),
    _field("n_iter_no_change", "detail"),
    _field("batch_size", "detail", empty="all rows"),
    _field("batch_generations", "detail"),
    _field("restart_after", "detail", empty="never"),
    _field("p_best", "detail", empty="0.05; shade draws it"),
    _field("archive", "detail"),
    _field("memory", "detail"),
    _field("scoring", "detail", kind="one"),
    _field("scale", "detail", kind="one", options=YES_NO),
    _field("reference", "detail", kind="one", options=YES_NO),
    _field("precision", "detail", kind="one", options=PRECISIONS),
    _field("cost", "detail", empty="none"),
    make_field(TABLE_TEXTS, None, "fitness_groups", "detail", empty="none", kind="column"),
    _field("bits", "detail", empty="not rounded"),
)

EVOLUTION_FIELDS: tuple[Field, ...] = (
    *EVOLUTION_BASIC,
    *_DETAIL,
    *READING,
    *(replace(one, help=EVOLUTION_TEXTS[one.key]) for one in COMPUTING),
)
"""All fields, in the order shown."""

AUTO_USUAL: Mapping[str, str] = MappingProxyType(
    {one.key: setting_text(recommended(), one.key) for one in (*EVOLUTION_BASIC, *_DETAIL)
     if one not in DATA and one.key not in ("strategy", "fitness", "weight_decay")}
    | {"weight_decay": ""}
)  # fmt: skip
"""The usual text of each field while the strategy is auto."""

SEVERAL = ","
"""Stands for several strategies, which are joined by it."""

_USUAL_OF_SEVERAL: Mapping[str, str] = MappingProxyType(
    {key: text for key, text in AUTO_USUAL.items() if key not in OWN} | {"generations": "", "evaluations": ""}
)
"""The usual texts while strategies are compared: those of auto, without what is each one's own."""

USUAL_OF_STRATEGY: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {AUTO: AUTO_USUAL, SEVERAL: _USUAL_OF_SEVERAL}
    | {
        name: {"generations": ""} | {key: value_text(value) for key, value in family_defaults(name, {}).items()}
        for name in FAMILIES
    }
)
"""The usual texts of fields while the strategy is auto or a family, which has defaults of its own for a few."""
