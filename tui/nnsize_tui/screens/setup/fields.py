"""The settings that the setup screen asks for: their names, what they mean, and how they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

Kind = Literal["text", "one", "columns", "file"]
"""Typed; one of a few; names of columns, typed or picked; a file, typed or picked."""

Group = Literal["data", "search", "reading", "network", "evolution", "detail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting."""

    key: str
    label: str
    group: Group
    help: str
    """What it means and how it is written, in a sentence or two."""

    kind: Kind = "text"
    options: tuple[str, ...] = ()
    """Of one of a few: what there is to choose, where that is always the same."""

    usual: str = ""
    """Stands there until something else is typed."""

    empty: str = ""
    """What it means when nothing is typed."""

    @property
    def takes_any_text(self) -> bool:
        """Whether every character may be meant as one of the value, a question mark too."""
        return self.kind in ("file", "columns") or self.key in ("missing", "positive", "separator", "encoding")


GROUPS: Mapping[Group, str] = MappingProxyType(
    {
        "data": "data",
        "search": "search",
        "reading": "the data in detail",
        "network": "network: one value, or several",
        "evolution": "evolution",
        "detail": "the evolution in detail",
    }
)

_BUILTIN = SizeSettings()
LIST = "Several are joined by commas, or log:1e-5:1e-1:5 for five by factor, or 0.1:0.5:0.1 in steps."
YES_NO = ("no", "yes")

DATA = (
    Field(key="data", label="data", group="data", kind="file", usual=_BUILTIN.data,
          help="Your file (csv, tsv, also .gz; parquet, feather, npz, npy), openml:NAME, or built in: breast_cancer, "
               "wine, iris, digits, diabetes, synthetic."),
    Field(key="target", label="target", empty="the last column", group="data", kind="columns",
          help="The column to predict; empty for the last one. Several, joined by commas, for numbers only."),
    Field(key="task", label="task", group="data", kind="one", options=("inferred", "classification", "regression"),
          usual="inferred", help="Classes or numbers. Inferred from the target unless you say otherwise."),
    Field(key="ignore", label="ignore", empty="none", group="data", kind="columns",
          help="Columns that the network does not see: ids, copies of the target. Joined by commas."),
)  # fmt: skip
"""Of either kind of run."""

BASIC = (
    *DATA,
    Field(key="neurons", label="neurons", group="search", usual=_BUILTIN.neurons,
          help="Hidden-layer sizes: 5:100:2 (the end is left out), 8,16,32, log:4:512:8; two layers 64x32."),
    Field(key="scoring", label="scoring", group="search", kind="one", usual=_BUILTIN.scoring,
          help="The score that decides; only those that fit the task. Bigger is better."),
    Field(key="cv", label="folds (cv)", group="search", usual=str(_BUILTIN.cv),
          help="Folds of the cross-validation, as GridSearchCV(cv=...) makes them."),
    Field(key="repeats", label="repeats", group="search", usual=str(_BUILTIN.repeats),
          help="Every fit with so many seeds (seed, seed+1, ...): shows how much of the score is luck."),
    Field(key="seed", label="seed", group="search", usual=str(_BUILTIN.seed), help="random_state of the networks."),
    Field(key="test_size", label="test-size", group="search", usual=str(_BUILTIN.test_size),
          help="Held out for one final test: a fraction of the rows, or a number of rows."),
    Field(key="stratify", label="stratify", group="search", kind="one", options=YES_NO, usual="no",
          help="Whether training and test rows keep the share of each class."),
    Field(key="precision", label="precision", group="search", kind="one", options=("float64", "float32"),
          usual=_BUILTIN.precision, help="float64 gives scikit-learn's scores; float32 is lighter and near them."),
)  # fmt: skip
"""What is always asked."""

READING = (
    Field(key="split_seed", label="split-seed", group="reading", usual=str(_BUILTIN.split_seed),
          help="random_state of the split into training and test rows."),
    Field(key="sample", label="rows", empty="all", group="reading",
          help="Draw so many rows, classes in their shares; empty for all of them."),
    Field(key="categorical", label="categorical", empty="none", group="reading", kind="columns",
          help="Columns whose values are categories, whatever they look like. Joined by commas."),
    Field(key="missing", label="missing", empty="none", group="reading",
          help="Texts that mean 'no value', besides the usual ones (empty, NA, NaN, null). Joined by commas."),
    Field(key="positive", label="positive", empty="none", group="reading",
          help="Of two labels the one to look for; it becomes 1, the other 0. Empty: labels as they are."),
    Field(key="decimal", label="decimal", group="reading", kind="one", options=("point", "comma"), usual="point",
          help="The sign in the file's numbers: 3.14 or 3,14."),
    Field(key="separator", label="separator", empty="found out", group="reading",
          help="The character between two cells of a text file, or tab; empty to find out."),
    Field(key="encoding", label="encoding", empty="found out", group="reading",
          help="Of a text file, such as utf-8 or latin-1; empty to find out."),
    Field(key="jobs", label="jobs", empty="one on each processor", group="reading", help="Fits at a time."),
)  # fmt: skip
"""Of either kind of run, seldom changed."""

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "activation": "relu, tanh, logistic or identity.",
        "alpha": "Strength of the L2 penalty.",
        "learning_rate_init": "The first step size.",
        "batch_size": "Rows per step; auto is 200, or all rows if fewer.",
        "max_iter": "Most epochs.",
        "solver": "adam, sgd or lbfgs (which scikit-learn itself trains).",
        "early_stopping": "yes or no: stop by the score on held-back training rows.",
        "validation_fraction": "Share of rows held back for early stopping.",
        "n_iter_no_change": "Stop after more than this many epochs without improvement.",
        "tol": "An epoch that improves by less counts as none.",
        "shuffle": "yes or no: visit the rows in another order every epoch.",
        "beta_1": "Decay of adam's mean of gradients.",
        "beta_2": "Decay of adam's mean of squared gradients.",
        "epsilon": "Keeps adam from dividing by zero.",
        "learning_rate": "How sgd's step changes: constant, invscaling or adaptive.",
        "momentum": "Share of the last step that sgd keeps.",
        "nesterovs_momentum": "yes or no: let sgd look ahead along its momentum.",
        "power_t": "Exponent of invscaling.",
        "max_fun": "Most loss evaluations of lbfgs.",
        "loss": "For regression: squared_error or poisson.",
    }
)
"""What each parameter of scikit-learn's networks is; hidden layers and the seed are asked for above."""


def _usual(name: str) -> str:
    value = NetworkParameters().as_dict()[name]
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


_NETWORK = tuple(
    Field(key=name, label=name.replace("_", "-"), group="network", usual=_usual(name), help=f"{words} {LIST}")
    for name, words in PARAMETERS.items()
)

FIELDS: tuple[Field, ...] = (*BASIC, *_NETWORK, *READING)
"""Everything, in the order shown."""

BY_KEY: Mapping[str, Field] = MappingProxyType({field.key: field for field in FIELDS})

TABLE_KEYS = frozenset(
    ("target", "task", "ignore", "sample", "categorical", "missing", "positive", "decimal", "separator", "encoding")
)
"""Fields that built-in data have no use for."""
