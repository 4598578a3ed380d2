"""The fields of the setup screen: their labels, their help, and the kind of their values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

from nnsize_engine.settings.class_weight import CLASS_WEIGHTS
from nnsize_engine.settings.cluster import NO_CLUSTER
from nnsize_engine.settings.descriptions import NETWORK_TEXTS, SEARCH_TEXTS, TABLE_TEXTS
from nnsize_engine.settings.parameter_grid import FACTS, value_text
from nnsize_engine.settings.scaler import SCALERS
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import HEADER_CHOICES

FieldKind = Literal["text", "one", "column", "columns", "file"]
"""A typed text; one of a few values; the name of a column, or names of several, typed or picked; a file, too."""

Group = Literal["data", "search", "sizes", "reading", "network", "evolution", "detail", "computing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the setup screen."""

    key: str
    label: str
    group: Group
    help: str
    """Its meaning and the form of its values, in a sentence or two."""

    kind: FieldKind = "text"
    options: tuple[str, ...] = ()
    """The values of one of a few; empty where they depend on the data."""

    usual: str = ""
    """The text before it is changed."""

    empty: str = ""
    """The meaning of no text."""

    @property
    def takes_any_text(self) -> bool:
        """Return whether every character can be part of the value, even a question mark."""
        return self.kind in ("file", "column", "columns") or self.key in (
            "missing",
            "positive",
            "separator",
            "thousands",
            "date_format",
            "encoding",
            "comment",
        )


GROUPS: Mapping[Group, str] = MappingProxyType(
    {
        "data": "data",
        "search": "search",
        "sizes": "sizes and folds",
        "reading": "the data in detail",
        "network": "network: one value, or several",
        "evolution": "evolution",
        "detail": "the evolution in detail",
        "computing": "where it computes",
    }
)

_BUILTIN = SizeSettings()
LIST = "Several are joined by commas, or log:1e-5:1e-1:5 for five by factor, or 0.1:0.5:0.1 in steps."
JOINED = " Joined by commas."
YES_NO = ("no", "yes")
FOUND_OUT = "found out"


def setting_text(settings: object, name: str) -> str:
    """Return the text of a setting; empty for None or where there is none."""
    value = getattr(settings, name, None)
    return "" if value is None else value_text(value)


def make_field(
    texts: Mapping[str, str], settings: object, key: str, group: Group, *, note: str = "", **more: Any
) -> Field:
    """Return the field of a setting, with its help from ``texts`` and its usual text from ``settings``.

    ``note`` is added to the help; ``more`` are other facts of the field.
    """
    facts = {"label": key.replace("_", "-"), "usual": setting_text(settings, key), **more}
    return Field(key=key, group=group, help=texts[key] + note, **facts)


_of_table = partial(make_field, TABLE_TEXTS, None)
_of_search = partial(make_field, SEARCH_TEXTS, _BUILTIN)

DATA = (
    Field(key="data", label="data", group="data", kind="file", usual=_BUILTIN.data,
          help="Your file (csv, xlsx, parquet, arff, jsonl, npz), its URL, openml:NAME, or built in: breast_cancer, "
               "wine, iris, digits, diabetes, synthetic."),
    _of_table("target", "data", empty="the last column", kind="columns"),
    _of_table("task", "data", kind="one", options=("inferred", "classification", "regression"), usual="inferred"),
    _of_table("ignore", "data", empty="none", kind="columns", note=JOINED),
)  # fmt: skip
"""The fields about the data, for both kinds of run."""

BASIC = (
    *DATA,
    _of_search("neurons", "search"),
    _of_search("scoring", "search", kind="one"),
    _of_search("cv", "search", label="folds (cv)"),
    _of_search("repeats", "search"),
    _of_search("seed", "search"),
    _of_search("test_size", "search"),
    _of_search("stratify", "search", kind="one", options=YES_NO),
    _of_search("precision", "search", kind="one", options=("float64", "float32")),
)
"""The fields of a search that are always shown."""

READING = (
    _of_search("split_seed", "reading"),
    _of_search("target_scale", "reading", kind="one", options=("standard", "log", "none"), usual="standard"),
    _of_table("sample", "reading", label="rows", empty="all", note=" Empty: all of them."),
    _of_table("groups", "reading", empty="none", kind="column"),
    _of_table("order_by", "reading", empty="the order of the file", kind="column"),
    _of_table("categorical", "reading", empty="none", kind="columns", note=JOINED),
    _of_table("missing", "reading", empty="the usual ones", note=JOINED),
    _of_table("keep_na", "reading", kind="one", options=YES_NO, usual="no"),
    _of_table("positive", "reading", empty="none", note=" Empty: labels as they are."),
    _of_table("min_class_rows", "reading", empty="none", note=" Empty: all classes stay."),
    _of_table("joins_rare", "reading", label="other", kind="one", options=YES_NO, usual="no"),
    _of_table("is_strict", "reading", label="strict", kind="one", options=YES_NO, usual="no"),
    _of_table("decimal", "reading", kind="one", options=(FOUND_OUT, "point", "comma"), usual=FOUND_OUT),
    _of_table("thousands", "reading", empty=FOUND_OUT, note=" Empty: found out."),
    _of_table("day_first", "reading", kind="one", options=(FOUND_OUT, *YES_NO), usual=FOUND_OUT),
    _of_table("date_format", "reading", empty=FOUND_OUT, note=" Empty: found out."),
    _of_table("separator", "reading", empty="found out", note=" Empty: found out."),
    _of_table("encoding", "reading", empty="found out", note=" Empty: found out."),
    _of_table("header", "reading", kind="one", options=(FOUND_OUT, *HEADER_CHOICES), usual=FOUND_OUT),
    _of_table("skip", "reading", empty="found out", note=" Empty: found out."),
    _of_table("comment", "reading", empty="found out", note=" The word none: no comments. Empty: found out."),
)
"""Further fields of both kinds of run about the data, which are seldom changed."""

COMPUTING = (
    _of_search("jobs", "computing", empty="one on each processor"),
    _of_search("cluster", "computing", usual=NO_CLUSTER),
    _of_search("workers", "computing", empty="one"),
    _of_search("cluster_wait", "computing", empty="60, or a week in a queue"),
)
"""Fields of both kinds of run about processors and clusters, which are seldom changed."""


def idle_of_cluster(where: str) -> frozenset[str]:
    """Return the fields about workers that have no meaning with this text for the cluster."""
    if where.strip() in ("", NO_CLUSTER):
        return frozenset({"workers", "cluster_wait"})
    return frozenset({"workers"}) if where.strip().startswith("local") else frozenset()  # local:N says how many


_WEIGHING = (
    _of_search("scaler", "reading", kind="one", options=SCALERS),
    _of_search("class_weight", "reading", kind="one", options=CLASS_WEIGHTS),
    _of_table("sample_weight", "reading", empty="none", kind="columns", note=" Empty: every row counts the same."),
)
"""Fields of a search about the scaling of inputs and the weights of rows, which are seldom changed."""


def _network_help(name: str) -> str:
    text = NETWORK_TEXTS[name]
    return f"yes or no: {text[0].lower()}{text[1:]} {LIST}" if name in FACTS else f"{text} {LIST}"


_NETWORK = tuple(
    replace(make_field(NETWORK_TEXTS, _BUILTIN.network, name, "network"), help=_network_help(name))
    for name in NETWORK_TEXTS
)

_MOST_SIZES = "as many as training rows, 128 to 512"

_SIZES = (
    _of_search("max_neurons", "sizes", empty=_MOST_SIZES, note=f" Empty: {_MOST_SIZES}."),
    _of_search("race", "sizes", kind="one", options=YES_NO),
    _of_search("fold_rounds", "sizes", label="rounds of folds"),
    _of_search("references", "sizes", kind="one", options=YES_NO),
)
"""Fields of the sizes that are tried and dropped, and of further folds, which are seldom changed."""

FIELDS: tuple[Field, ...] = (*BASIC, *_NETWORK, *_SIZES, *READING, *_WEIGHING, *COMPUTING)
"""All fields of a search, in the order shown."""

TABLE_KEYS = frozenset(
    (
        "target", "task", "ignore", "sample", "groups", "order_by", "categorical", "missing", "keep_na", "positive",
        "min_class_rows", "joins_rare", "is_strict", "decimal", "thousands", "day_first", "date_format", "separator",
        "encoding", "header", "skip", "comment", "sample_weight", "fitness_groups",
    )
)  # fmt: skip
"""Fields without a meaning for built-in data."""
