"""Read and check a draft field by field. No file is opened."""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import hint
from nnsize_engine.settings.cluster import cluster_settings
from nnsize_engine.settings.descriptions import NETWORK_TEXTS
from nnsize_engine.settings.layer_sizes import MAX_NEURONS, MIN_AUTO_NEURONS, HiddenLayers, finds_sizes, parse_neurons
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.parameter_grid import Grid, Value, parse_values
from nnsize_engine.settings.run import Kind, by_started_kind
from nnsize_engine.settings.search_checks import MAX_FOLD_ROUNDS, MAX_REPEATS
from nnsize_engine.settings.separators import comment_of, decimal_of, thousands_of
from nnsize_engine.settings.splitters import FoldChoice, folds_of_choice, parse_folds
from nnsize_engine.settings.start_checks import check_dask
from nnsize_engine.settings.table_choice import HeaderChoice, TableChoice, TaskChoice
from nnsize_engine.settings.validate import MAX_SEED, check_integer
from nnsize_engine.text import escape_text
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.evolution import read_evolution
from nnsize_tui.screens.setup.fields import FOUND_OUT, idle_of_cluster
from nnsize_tui.screens.setup.parse import (
    find_source,
    jobs_of,
    number,
    split_names,
    stamp_of,
    test_size_of,
    typed_separator,
    whole,
)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRequest:
    """The question of an inspection of a table; equal ones have equal answers."""

    choice: TableChoice
    test_size: float | int
    split_seed: int
    stratify: bool
    takes_last_rows: bool = False
    stamp: tuple[int, int] = (0, 0)
    """The time of the file's last change, and its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The values of a draft that can be read without its data."""

    inspection: InspectionRequest | None
    """The table to inspect; None for built-in data, and while a field about it has a problem."""

    fields: Mapping[str, object]
    """The settings that could be read, by their names."""

    candidates: int | None
    """The number of candidates; None while neurons or a parameter cannot be read."""

    splits: int | None
    problems: Mapping[str, str]
    """A sentence about the problem of a field, by its key."""


def read_draft(draft: Draft, columns: Sequence[str] = ()) -> Reading:
    """Read every field; ``columns`` are those of the table, if they are known."""
    return _READ[draft.kind](draft, _Reader(draft), columns)


def _read_search(draft: Draft, reader: "_Reader", columns: Sequence[str]) -> Reading:
    search = reader.search()
    network, grid = reader.parameters()
    inspection = None if draft.is_builtin else reader.inspection(columns, search)
    if draft.is_builtin:
        search["data"] = draft["data"].strip()
    text = draft["neurons"].strip()
    neurons = None if "neurons" in reader.problems or finds_sizes(text) else len(networks(text))
    values = math.prod(len(values) for _, values in grid)
    is_counted = neurons is not None and reader.problems.keys().isdisjoint(NETWORK_TEXTS)
    folds = ("cv", "fold_rounds", "repeats")
    has_splits = reader.problems.keys().isdisjoint(folds)
    return Reading(
        inspection=inspection,
        fields=search | {"network": network, "grid": grid},
        candidates=neurons * values if is_counted and neurons is not None else None,
        splits=math.prod(cast(int, search[key]) for key in folds) if has_splits else None,
        problems=reader.problems,
    )


def _read_evolution(draft: Draft, reader: "_Reader", columns: Sequence[str]) -> Reading:
    fields = read_evolution(draft.texts, reader.take) | {"test_size": reader.take("test_size", test_size_of)}
    fields |= reader.target_scale() | reader.cluster()
    inspection = None if draft.is_builtin else reader.inspection(columns, fields)
    fields = {key: value for key, value in fields.items() if key != "test_size" or value is not None}
    return Reading(inspection=inspection, fields=fields, candidates=None, splits=None, problems=reader.problems)


class _Reader:
    """Read fields one by one, and collect the problem of each."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._idle = draft.idle
        self.problems: dict[str, str] = {}

    def take(self, key: str, read: Callable[[str], Found]) -> Found | None:
        """Read one field; return None and keep the problem if it cannot be read.

        A field without a meaning is read with its usual text.
        """
        text = self._draft.usual(key) if key in self._idle else self._draft[key]
        try:
            return read(text.strip())
        except SettingsError as error:
            self.problems[key] = str(error)
            return None

    def search(self) -> dict[str, object]:
        """Return the search's own settings, without those that cannot be read."""
        draft = self._draft
        found: dict[str, object] = {
            "neurons": self.take("neurons", _neurons),
            "repeats": self.take("repeats", lambda text: whole("repeats", text, 1, MAX_REPEATS)),
            "seed": self.take("seed", lambda text: whole("seed", text, 0, MAX_SEED)),
            "split_seed": self.take("split_seed", lambda text: whole("split_seed", text, 0, MAX_SEED)),
            "test_size": self.take("test_size", test_size_of),
            "max_neurons": self.take("max_neurons", _max_neurons),
        }
        found = {key: value for key, value in found.items() if value is not None} | self.folds()
        jobs = self.take("jobs", jobs_of)
        switches = {key: draft[key] == "yes" for key in ("stratify", "race", "references")}
        texts = {key: draft[key] for key in ("precision", "scaler", "class_weight")}
        return found | switches | texts | {"jobs": jobs} | self.target_scale() | self.cluster()

    def cluster(self) -> dict[str, object]:
        """Return the cluster that computes; None for this machine."""
        where = self._draft["cluster"].strip()
        idle = idle_of_cluster(where)
        workers = "" if "workers" in idle else self._draft["workers"].strip()
        seconds = None if "cluster_wait" in idle else self.take("cluster_wait", _seconds)
        try:
            cluster = cluster_settings(where, workers, seconds)
            check_dask(cluster)
        except SettingsError as error:
            self.problems[error.field or "cluster"] = str(error)
            return {}
        return {"cluster": cluster}

    def folds(self) -> dict[str, object]:
        """Return the fields of the folds, without those that cannot be read."""
        rounds = self.take("fold_rounds", lambda text: whole("fold_rounds", text, 1, MAX_FOLD_ROUNDS))
        chosen = self.take("cv", _folds)
        found: dict[str, object] = {"cv": None, "fold_rounds": rounds}
        if chosen is not None:
            found |= {"cv": chosen.cv, "splitter": chosen.splitter}
        if chosen is not None and chosen.splitter and rounds is not None:
            text = self._draft["cv"].strip()
            all_rounds = self.take("fold_rounds", lambda _: folds_of_choice(text, rounds)["fold_rounds"])
            found["fold_rounds"] = all_rounds
        return {key: value for key, value in found.items() if value is not None}

    def target_scale(self) -> dict[str, object]:
        """Return the scaling of the target; None, the default of the task, for the usual one."""
        text = self._draft["target_scale"]
        return {"target_scale": None if text == self._draft.usual("target_scale") else text}

    def parameters(self) -> tuple[NetworkParameters, Grid]:
        """Return the network's parameters with one value, and the searched ones with several."""
        single: dict[str, Value] = {}
        grid: list[tuple[str, tuple[Value, ...]]] = []
        for name in NETWORK_TEXTS:
            if not self._draft.differs(name):
                continue
            values = self.take(name, lambda text, name=name: parse_values(name, text))  # type: ignore[misc]
            if values is not None and len(values) > 1:
                grid.append((name, values))
            elif values is not None:
                single[name] = values[0]
        return NetworkParameters(**single), tuple(grid)  # type: ignore[arg-type]

    def inspection(self, columns: Sequence[str], search: Mapping[str, object]) -> InspectionRequest | None:
        """Return the table and its split; None while a field about them has a problem."""
        source = self.take("data", lambda text: find_source(text, self._draft.real))
        names = {key: self._names(key, columns) for key in ("target", "ignore", "categorical")}
        weights = self._names("sample_weight", columns) if "sample_weight" in self._draft.texts else ()
        if len(weights) > 1:
            self.problems["sample_weight"] = "name one column of weights"
        sample = self.take("sample", lambda text: whole("sample", text, 2, None) if text else None)
        fewest = self.take("min_class_rows", lambda text: whole("min_class_rows", text, 1, None) if text else None)
        skip = self.take("skip", lambda text: whole("skip", text, 0, None, "lines") if text else None)
        task, header, comment = self._draft["task"], self._draft["header"], self._draft["comment"].strip()
        groups, order_by = (self._name(key, columns) for key in ("groups", "order_by"))
        averaged = self._name("fitness_groups", columns) if "fitness_groups" in self._draft.texts else None
        columns_of_rows = ("sample_weight", "groups", "order_by", "fitness_groups")
        others = (*columns_of_rows, "sample", "skip", "min_class_rows", "test_size", "split_seed")
        if source is None or not self.problems.keys().isdisjoint((*names, *others)):
            return None
        try:
            choice = TableChoice(
                source=source,
                target=names["target"],
                ignore=names["ignore"],
                categorical=names["categorical"],
                groups=groups,
                order_by=order_by,
                fitness_groups=averaged,
                task=None if task == "inferred" else cast(TaskChoice, task),
                missing=split_names(self._draft["missing"]),
                positive=self._draft["positive"].strip() or None,
                separator=typed_separator(self._draft["separator"]),
                decimal=_found_out(self._draft["decimal"], decimal_of),
                thousands=_found_out(self._draft["thousands"], thousands_of),
                day_first=_found_out(self._draft["day_first"], lambda text: text == "yes"),
                date_format=self._draft["date_format"].strip() or None,
                encoding=self._draft["encoding"].strip() or None,
                sample_weight=weights[0] if weights else None,
                header=None if header == FOUND_OUT else cast(HeaderChoice, header),
                skip=skip,
                comment=comment_of(comment) if comment else None,
                sample=sample,
                keep_na=self._draft["keep_na"] == "yes",
                min_class_rows=fewest,
                joins_rare=self._draft["joins_rare"] == "yes",
                is_strict=self._draft["is_strict"] == "yes",
            )
        except SettingsError as error:
            self.problems[error.field or "data"] = str(error)
            return None
        return InspectionRequest(
            choice=choice,
            test_size=cast("float | int", search["test_size"]),
            split_seed=cast(int, search["split_seed"]),
            stratify=bool(search["stratify"]),
            takes_last_rows=search.get("splitter") == "time",
            stamp=stamp_of(source),
        )

    def _name(self, key: str, columns: Sequence[str]) -> str | None:
        """Return the one column that a field names; None if it is empty."""
        names = self._names(key, columns)
        if len(names) > 1:
            self.problems[key] = f"{option_of_field(key)} takes one column; {len(names)} are named"
        return names[0] if names else None

    def _names(self, key: str, columns: Sequence[str]) -> tuple[str, ...]:
        names = split_names(self._draft[key])
        unknown = [name for name in names if columns and name not in columns and escape_text(name) not in columns]
        if unknown:
            way_out = hint(unknown[0], columns, otherwise="press enter to pick from its columns")
            self.problems[key] = f"there is no column {unknown[0]!r}; {way_out}"
        return names


_READ: Mapping[Kind, Callable[[Draft, _Reader, Sequence[str]], Reading]] = by_started_kind(
    size=_read_search, evolution=_read_evolution
)
"""Reads the fields of each kind."""


def _found_out(text: str, read: Callable[[str], Found]) -> Found | None:
    """Read a field whose value may be left open; None where it is."""
    return None if text.strip() in ("", "found out") else read(text.strip())


def _neurons(text: str) -> str:
    if not text:
        raise SettingsError(
            "name the sizes to try, for example 5:100:2, 8,16,32, log:4:512:8, 64x32 or auto", field="neurons"
        )
    if not finds_sizes(text):
        networks(text)
    return text


def _folds(text: str) -> FoldChoice:
    found = parse_folds(text)
    check_integer("cv", found.cv, 2, None, "folds")
    return found


def _max_neurons(text: str) -> int | None:
    return whole("max_neurons", text, MIN_AUTO_NEURONS, MAX_NEURONS, "neurons") if text else None


@functools.lru_cache(maxsize=4)
def networks(text: str) -> tuple[HiddenLayers, ...]:
    """Return the sizes that a text names, cached: there may be very many, and every key asks for them.

    Raises:
        SettingsError: the text does not parse.
    """
    return parse_neurons(text)


def _seconds(text: str) -> float | None:
    return number("cluster_wait", text, 0) if text else None
