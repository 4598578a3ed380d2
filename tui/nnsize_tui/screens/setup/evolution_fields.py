"""The fields of the setup screen of an evolution; a search has the same fields about data."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from nnsize_engine.settings.activations import ACTIVATIONS
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.descriptions import EVOLUTION_TEXTS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.parameter_grid import value_text
from nnsize_engine.settings.search import PRECISIONS
from nnsize_engine.settings.strategies import AUTO, STRATEGIES
from nnsize_tui.screens.setup.fields import DATA, READING, YES_NO, Field

BUILTIN = EvolutionSettings()


def _text(settings: EvolutionSettings, name: str) -> str:
    """Return the text of a setting; empty for None."""
    value = getattr(settings, name)
    return "" if value is None else value_text(value)


def _usual(name: str) -> str:
    return _text(BUILTIN, name)


EVOLUTION_BASIC = (
    *DATA,
    Field(key="layers", label="layers", group="evolution", usual=_usual("layers"),
          help=EVOLUTION_TEXTS["layers"]),
    Field(key="fitness", label="fitness", group="evolution", kind="one", usual=_usual("fitness"),
          help=EVOLUTION_TEXTS["fitness"]),
    Field(key="strategy", label="strategy", group="evolution", kind="one", options=(AUTO, *STRATEGIES),
          usual=_usual("strategy"),
          help=EVOLUTION_TEXTS["strategy"]),
    Field(key="members", label="members", group="evolution", empty="popsize for each weight",
          help=EVOLUTION_TEXTS["members"] + " Empty: popsize times the number of weights."),
    Field(key="popsize", label="popsize", group="evolution", usual=_usual("popsize"),
          help=EVOLUTION_TEXTS["popsize"]),
    Field(key="generations", label="generations", group="evolution", usual=_usual("generations"),
          help=EVOLUTION_TEXTS["generations"]),
    Field(key="bounds", label="bounds", group="evolution", usual=_usual("bounds"),
          help=EVOLUTION_TEXTS["bounds"]),
    Field(key="init", label="init", group="evolution", usual=_usual("init"),
          help=EVOLUTION_TEXTS["init"]),
    Field(key="seed", label="seed", group="evolution", usual=_usual("seed"), help=EVOLUTION_TEXTS["seed"]),
    Field(key="test_size", label="test-size", group="evolution", usual=_usual("test_size"),
          help=EVOLUTION_TEXTS["test_size"]),
    Field(key="stratify", label="stratify", group="evolution", kind="one", options=YES_NO, usual=_usual("stratify"),
          help=EVOLUTION_TEXTS["stratify"]),
    Field(key="validation_fraction", label="validation-fraction", group="evolution",
          usual=_usual("validation_fraction"),
          help=EVOLUTION_TEXTS["validation_fraction"]),
    Field(key="early_stopping", label="early-stopping", group="evolution", kind="one", options=YES_NO,
          usual=_usual("early_stopping"),
          help=EVOLUTION_TEXTS["early_stopping"]),
)  # fmt: skip
"""The fields that are always shown."""

_DETAIL = (
    Field(key="activation", label="activation", group="detail", kind="one", options=ACTIVATIONS,
          usual=_usual("activation"), help=EVOLUTION_TEXTS["activation"]),
    Field(key="weight_decay", label="weight-decay", group="detail", usual=_usual("weight_decay"),
          help=EVOLUTION_TEXTS["weight_decay"]),
    Field(key="mutation", label="mutation", group="detail", empty="0.5:1",
          help=EVOLUTION_TEXTS["mutation"]),
    Field(key="recombination", label="recombination", group="detail", empty="0.7",
          help=EVOLUTION_TEXTS["recombination"]),
    Field(key="tol", label="tol", group="detail", usual=_usual("tol"),
          help=EVOLUTION_TEXTS["tol"]),
    Field(key="atol", label="atol", group="detail", usual=_usual("atol"), help=EVOLUTION_TEXTS["atol"]),
    Field(key="n_iter_no_change", label="n-iter-no-change", group="detail", usual=_usual("n_iter_no_change"),
          help=EVOLUTION_TEXTS["n_iter_no_change"]),
    Field(key="batch_size", label="batch-size", group="detail", empty="all rows",
          help=EVOLUTION_TEXTS["batch_size"]),
    Field(key="batch_generations", label="batch-generations", group="detail", usual=_usual("batch_generations"),
          help=EVOLUTION_TEXTS["batch_generations"]),
    Field(key="restart_after", label="restart-after", group="detail", empty="never",
          help=EVOLUTION_TEXTS["restart_after"]),
    Field(key="p_best", label="p-best", group="detail", usual=_usual("p_best"),
          help=EVOLUTION_TEXTS["p_best"]),
    Field(key="archive", label="archive", group="detail", usual=_usual("archive"),
          help=EVOLUTION_TEXTS["archive"]),
    Field(key="memory", label="memory", group="detail", usual=_usual("memory"),
          help=EVOLUTION_TEXTS["memory"]),
    Field(key="scoring", label="scoring", group="detail", kind="one",
          help=EVOLUTION_TEXTS["scoring"]),
    Field(key="scale", label="scale", group="detail", kind="one", options=YES_NO, usual=_usual("scale"),
          help=EVOLUTION_TEXTS["scale"]),
    Field(key="reference", label="reference", group="detail", kind="one", options=YES_NO, usual=_usual("reference"),
          help=EVOLUTION_TEXTS["reference"]),
    Field(key="precision", label="precision", group="detail", kind="one", options=PRECISIONS,
          usual=_usual("precision"), help=EVOLUTION_TEXTS["precision"]),
)  # fmt: skip

EVOLUTION_FIELDS: tuple[Field, ...] = (
    *EVOLUTION_BASIC,
    *_DETAIL,
    *(replace(one, help=EVOLUTION_TEXTS["jobs"]) if one.key == "jobs" else one for one in READING),
)
"""All fields, in the order shown."""

AUTO_USUAL: Mapping[str, str] = MappingProxyType(
    {one.key: _text(recommended(), one.key) for one in (*EVOLUTION_BASIC, *_DETAIL)
     if one not in DATA and one.key not in ("strategy", "fitness")}
)  # fmt: skip
"""The usual text of each field while the strategy is auto."""
