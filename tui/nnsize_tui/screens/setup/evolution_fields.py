"""The settings that an evolution's setup screen asks for; those about the data are a search's as well."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from nnsize_engine.settings.activations import ACTIVATIONS
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.evolution import INITS, EvolutionSettings
from nnsize_engine.settings.parameter_grid import value_text
from nnsize_engine.settings.search import PRECISIONS
from nnsize_engine.settings.strategies import AUTO, STRATEGIES
from nnsize_tui.screens.setup.fields import DATA, READING, YES_NO, Field

BUILTIN = EvolutionSettings()


def _text(settings: EvolutionSettings, name: str) -> str:
    """What is typed to get a setting; nothing for one that is None."""
    value = getattr(settings, name)
    return "" if value is None else value_text(value)


def _usual(name: str) -> str:
    return _text(BUILTIN, name)


EVOLUTION_BASIC = (
    *DATA,
    Field(key="layers", label="layers", group="evolution", usual=_usual("layers"),
          help="Neurons of each hidden layer, first to last: 64,32."),
    Field(key="fitness", label="fitness", group="evolution", kind="one", usual=_usual("fitness"),
          help="What decides on the training rows: log_loss or squared_error, minimised; a scoring, maximised."),
    Field(key="strategy", label="strategy", group="evolution", kind="one", options=(AUTO, *STRATEGIES),
          usual=_usual("strategy"),
          help="SciPy's names; jade, shade and lshade adapt themselves; auto: the recommended settings of everything."),
    Field(key="members", label="members", group="evolution", empty="popsize for each weight",
          help="Networks in the population. Empty: popsize times the number of weights."),
    Field(key="popsize", label="popsize", group="evolution", usual=_usual("popsize"),
          help="Members per weight, as SciPy means it; where members is empty."),
    Field(key="generations", label="generations", group="evolution", usual=_usual("generations"),
          help="Most generations after the first population; it may converge before."),
    Field(key="bounds", label="bounds", group="evolution", usual=_usual("bounds"),
          help="Limits of the weights: -1:1, one a layer -2:2,-1:1,-1:1, or glorot:3."),
    Field(key="init", label="init", group="evolution", usual=_usual("init"),
          help=f"The first population: {', '.join(INITS)}; or FILE.npy, members by weights."),
    Field(key="seed", label="seed", group="evolution", usual=_usual("seed"), help="Of every random number."),
    Field(key="test_size", label="test-size", group="evolution", usual=_usual("test_size"),
          help="Held out for one final test: a fraction of the rows, or a number of rows."),
    Field(key="stratify", label="stratify", group="evolution", kind="one", options=YES_NO, usual=_usual("stratify"),
          help="Whether training and test rows keep the share of each class."),
    Field(key="validation_fraction", label="validation-fraction", group="evolution",
          usual=_usual("validation_fraction"),
          help="Share of the training rows that evolution does not see, to watch the best member on. 0: none."),
    Field(key="early_stopping", label="early-stopping", group="evolution", kind="one", options=YES_NO,
          usual=_usual("early_stopping"),
          help="Stop by those rows, and keep what was best there; needs a validation-fraction."),
)  # fmt: skip
"""What is always asked."""

_DETAIL = (
    Field(key="activation", label="activation", group="detail", kind="one", options=ACTIVATIONS,
          usual=_usual("activation"), help="Of hidden neurons."),
    Field(key="weight_decay", label="weight-decay", group="detail", usual=_usual("weight_decay"),
          help="Times half the sum of squared weights: added to the loss, or taken from the score."),
    Field(key="mutation", label="mutation", group="detail", empty="0.5:1",
          help="Scale of difference vectors (F): 0.7, or a range to draw from, 0.5:1."),
    Field(key="recombination", label="recombination", group="detail", empty="0.7",
          help="Chance that a weight comes from the mutant (CR)."),
    Field(key="tol", label="tol", group="detail", usual=_usual("tol"),
          help="Stop when the fitness spreads by no more than this, relative to its mean. 0: never."),
    Field(key="atol", label="atol", group="detail", usual=_usual("atol"), help="The same, absolute."),
    Field(key="n_iter_no_change", label="n-iter-no-change", group="detail", usual=_usual("n_iter_no_change"),
          help="Generations without a better one on the held-back rows before early-stopping stops."),
    Field(key="batch_size", label="batch-size", group="detail", empty="all rows",
          help="Compare on a mini-batch of so many rows."),
    Field(key="batch_generations", label="batch-generations", group="detail", usual=_usual("batch_generations"),
          help="Generations between two draws of a mini-batch."),
    Field(key="restart_after", label="restart-after", group="detail", empty="never",
          help="Draw anew, keeping the best, after so many generations without a better one."),
    Field(key="p_best", label="p-best", group="detail", usual=_usual("p_best"),
          help="Share of best members that current-to-pbest strategies move towards."),
    Field(key="archive", label="archive", group="detail", usual=_usual("archive"),
          help="Replaced parents that those remember, as a multiple of the members."),
    Field(key="memory", label="memory", group="detail", usual=_usual("memory"),
          help="Successful means that shade and lshade remember."),
    Field(key="scoring", label="scoring", group="detail", kind="one",
          help="The training and test score of the final network; it decides nothing."),
    Field(key="scale", label="scale", group="detail", kind="one", options=YES_NO, usual=_usual("scale"),
          help="Standardise the inputs."),
    Field(key="reference", label="reference", group="detail", kind="one", options=YES_NO, usual=_usual("reference"),
          help="Train the same network by gradient too, for comparison."),
    Field(key="precision", label="precision", group="detail", kind="one", options=PRECISIONS,
          usual=_usual("precision"), help="Of weights while evolving; final scores are always float64."),
)  # fmt: skip

EVOLUTION_FIELDS: tuple[Field, ...] = (
    *EVOLUTION_BASIC,
    *_DETAIL,
    *(replace(one, help="Threads; changes no result.") if one.key == "jobs" else one for one in READING),
)
"""Everything, in the order shown."""

AUTO_USUAL: Mapping[str, str] = MappingProxyType(
    {one.key: _text(recommended(), one.key) for one in (*EVOLUTION_BASIC, *_DETAIL)
     if one not in DATA and one.key not in ("strategy", "fitness")}
)  # fmt: skip
"""What usually stands in a field while the strategy is auto."""
