"""The exports of each kind of run, and its tables by name."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from nnsize_engine.errors import ExportError
from nnsize_engine.export.gradient_program import gradient_program
from nnsize_engine.export.kept_network import KeptNetwork, read_best, read_evolved
from nnsize_engine.export.program_parts import ProgramParts
from nnsize_engine.export.search_program import search_program
from nnsize_engine.export.tables import Table, TableName, candidate_table, fit_table, generation_table
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.view import AnyView, SizeView
from nnsize_engine.settings.run import KIND_WORDS, Kind, by_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """The exports of one kind of run; each function takes the views or the settings of that kind."""

    tables: Mapping[TableName, Callable[[Any], Table]]
    """Makes each table from a view; the default table comes first."""

    networks: tuple[NetworkName, ...]
    """The networks that a run may store, the default one first."""

    read_network: Callable[[sqlite3.Connection, RunHeader, Any, NetworkName], KeptNetwork]
    """Reads one of the networks, given the settings; raises ExportError if the run does not store it."""

    program: Callable[[Any, str], ProgramParts]
    """Makes the parts of a program for scikit-learn alone from the settings and the name of the run."""

    program_of_view: Callable[[Any], ProgramParts]
    """The same, given a view of the run."""


def _search_program_of(view: SizeView) -> ProgramParts:
    """Return the program of a search; of one that finds its sizes with the candidates that have fits."""
    if not view.settings.finds_sizes:
        return search_program(view.settings, view.folder.name)
    tried = [(view.summaries[number].candidate, _whole_folds(view, number)) for number in view.tried]
    return search_program(view.settings, view.folder.name, [(one, folds) for one, folds in tried if folds])


def _whole_folds(view: SizeView, number: int) -> int:
    """Return the number of first folds on which all repeats of a candidate have ended."""
    fits, cv = view.summaries[number].fits, view.settings.cv
    return sum(1 for _ in takewhile(lambda fold: None not in fits[fold::cv], range(cv)))


EXPORTS: Mapping[Kind, ExportKind] = by_kind(
    size=ExportKind(
        tables={"candidates": candidate_table, "fits": fit_table},
        networks=("best",),
        read_network=read_best,
        program=search_program,
        program_of_view=_search_program_of,
    ),
    evolution=ExportKind(
        tables={"generations": generation_table},
        networks=("evolved", "gradient"),
        read_network=read_evolved,
        program=gradient_program,
        program_of_view=lambda view: gradient_program(view.settings, view.folder.name),
    ),
)


def tables_of(kind: Kind) -> tuple[TableName, ...]:
    """Return the tables of a kind of run, the default one first."""
    return tuple(EXPORTS[kind].tables)


def make_table(view: AnyView, name: TableName | None = None) -> Table:
    """Make the named table of a run as it is now, or the default table of its kind.

    Raises:
        ExportError: a run of this kind has no such table.
    """
    tables = EXPORTS[view.kind].tables
    make = tables.get(name or tables_of(view.kind)[0])
    if make is None:
        known = " and ".join(tables)
        raise ExportError(f"run {view.header.id} is {KIND_WORDS[view.kind]}, which has no table {name!r}, but {known}")
    return make(view)
