"""The fields of the setup screen: their labels, their help, and the kind of their values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from nnsize_engine.settings.descriptions import NETWORK_TEXTS, SEARCH_TEXTS, TABLE_TEXTS
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import FACTS
from nnsize_engine.settings.search import SizeSettings

Kind = Literal["text", "one", "columns", "file"]
"""A typed text; one of a few values; names of columns, typed or picked; a file, typed or picked."""

Group = Literal["data", "search", "reading", "network", "evolution", "detail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the setup screen."""

    key: str
    label: str
    group: Group
    help: str
    """Its meaning and the form of its values, in a sentence or two."""

    kind: Kind = "text"
    options: tuple[str, ...] = ()
    """The values of one of a few; empty where they depend on the data."""

    usual: str = ""
    """The text before it is changed."""

    empty: str = ""
    """The meaning of no text."""

    @property
    def takes_any_text(self) -> bool:
        """Return whether every character can be part of the value, even a question mark."""
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
JOINED = " Joined by commas."
YES_NO = ("no", "yes")

DATA = (
    Field(key="data", label="data", group="data", kind="file", usual=_BUILTIN.data,
          help="Your file (csv, tsv, also .gz; parquet, feather, npz, npy), openml:NAME, or built in: breast_cancer, "
               "wine, iris, digits, diabetes, synthetic."),
    Field(key="target", label="target", empty="the last column", group="data", kind="columns",
          help=TABLE_TEXTS["target"]),
    Field(key="task", label="task", group="data", kind="one", options=("inferred", "classification", "regression"),
          usual="inferred", help=TABLE_TEXTS["task"]),
    Field(key="ignore", label="ignore", empty="none", group="data", kind="columns",
          help=TABLE_TEXTS["ignore"] + JOINED),
)  # fmt: skip
"""The fields about the data, for both kinds of run."""

BASIC = (
    *DATA,
    Field(key="neurons", label="neurons", group="search", usual=_BUILTIN.neurons,
          help=SEARCH_TEXTS["neurons"]),
    Field(key="scoring", label="scoring", group="search", kind="one", usual=_BUILTIN.scoring,
          help=SEARCH_TEXTS["scoring"]),
    Field(key="cv", label="folds (cv)", group="search", usual=str(_BUILTIN.cv),
          help=SEARCH_TEXTS["cv"]),
    Field(key="repeats", label="repeats", group="search", usual=str(_BUILTIN.repeats),
          help=SEARCH_TEXTS["repeats"]),
    Field(key="seed", label="seed", group="search", usual=str(_BUILTIN.seed), help=SEARCH_TEXTS["seed"]),
    Field(key="test_size", label="test-size", group="search", usual=str(_BUILTIN.test_size),
          help=SEARCH_TEXTS["test_size"]),
    Field(key="stratify", label="stratify", group="search", kind="one", options=YES_NO, usual="no",
          help=SEARCH_TEXTS["stratify"]),
    Field(key="precision", label="precision", group="search", kind="one", options=("float64", "float32"),
          usual=_BUILTIN.precision, help=SEARCH_TEXTS["precision"]),
)  # fmt: skip
"""The fields of a search that are always shown."""

READING = (
    Field(key="split_seed", label="split-seed", group="reading", usual=str(_BUILTIN.split_seed),
          help=SEARCH_TEXTS["split_seed"]),
    Field(key="sample", label="rows", empty="all", group="reading",
          help=TABLE_TEXTS["sample"] + " Empty: all of them."),
    Field(key="categorical", label="categorical", empty="none", group="reading", kind="columns",
          help=TABLE_TEXTS["categorical"] + JOINED),
    Field(key="missing", label="missing", empty="none", group="reading",
          help=TABLE_TEXTS["missing"] + JOINED),
    Field(key="positive", label="positive", empty="none", group="reading",
          help=TABLE_TEXTS["positive"] + " Empty: labels as they are."),
    Field(key="decimal", label="decimal", group="reading", kind="one", options=("point", "comma"), usual="point",
          help=TABLE_TEXTS["decimal"]),
    Field(key="separator", label="separator", empty="found out", group="reading",
          help=TABLE_TEXTS["separator"] + " Empty: found out."),
    Field(key="encoding", label="encoding", empty="found out", group="reading",
          help=TABLE_TEXTS["encoding"] + " Empty: found out."),
    Field(key="jobs", label="jobs", empty="one on each processor", group="reading", help=SEARCH_TEXTS["jobs"]),
)  # fmt: skip
"""Further fields of both kinds of run, which are seldom changed."""


def _usual(name: str) -> str:
    value = NetworkParameters().as_dict()[name]
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _network_help(name: str) -> str:
    text = NETWORK_TEXTS[name]
    return f"yes or no: {text[0].lower()}{text[1:]} {LIST}" if name in FACTS else f"{text} {LIST}"


_NETWORK = tuple(
    Field(key=name, label=name.replace("_", "-"), group="network", usual=_usual(name), help=_network_help(name))
    for name in NETWORK_TEXTS
)

FIELDS: tuple[Field, ...] = (*BASIC, *_NETWORK, *READING)
"""All fields of a search, in the order shown."""

TABLE_KEYS = frozenset(
    ("target", "task", "ignore", "sample", "categorical", "missing", "positive", "decimal", "separator", "encoding")
)
"""Fields without a meaning for built-in data."""
