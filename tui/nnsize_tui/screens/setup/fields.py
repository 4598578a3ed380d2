"""The settings that the setup screen asks for: their names, what they mean, and how they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from nnsize_engine.settings.descriptions import NETWORK_TEXTS, SEARCH_TEXTS, TABLE_TEXTS
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import FACTS
from nnsize_engine.settings.search import SizeSettings

Kind = Literal["text", "one", "columns", "file"]
"""Typed; one of a few; names of columns, typed or picked; a file, typed or picked."""

Group = Literal["data", "search", "sizes", "reading", "network", "evolution", "detail"]


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
        "sizes": "sizes that are tried",
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
"""Of either kind of run."""

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
"""What is always asked."""

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
"""Of either kind of run, seldom changed."""


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

_SIZES = (
    Field(key="max_neurons", label="max-neurons", empty="as many as training rows, at most 512", group="sizes",
          help=SEARCH_TEXTS["max_neurons"] + " Empty: as many as training rows, at most 512."),
    Field(key="race", label="race", group="sizes", kind="one", options=YES_NO, usual="no", help=SEARCH_TEXTS["race"]),
)  # fmt: skip
"""Which sizes are tried and dropped, seldom changed."""

FIELDS: tuple[Field, ...] = (*BASIC, *_NETWORK, *_SIZES, *READING)
"""Everything, in the order shown."""

BY_KEY: Mapping[str, Field] = MappingProxyType({field.key: field for field in FIELDS})

TABLE_KEYS = frozenset(
    ("target", "task", "ignore", "sample", "categorical", "missing", "positive", "decimal", "separator", "encoding")
)
"""Fields that built-in data have no use for."""
