"""The exports of each kind of run, and its tables by name."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, get_args

from nnsize_engine.charts.importance_data import varies_parameters
from nnsize_engine.errors import ExportError
from nnsize_engine.export.gradient_program import gradient_program
from nnsize_engine.export.importance_tables import effect_table, importance_table
from nnsize_engine.export.kept_network import (
    KeptNetwork,
    read_evolved,
    read_final,
    stored_evolved,
    stored_finals,
)
from nnsize_engine.export.program_parts import ProgramParts
from nnsize_engine.export.search_program import search_program
from nnsize_engine.export.tables import (
    Table,
    TableName,
    candidate_table,
    fit_table,
    generation_table,
    reference_table,
    strategy_table,
)
from nnsize_engine.export.watched_tables import watched_candidate_table, watched_fit_table
from nnsize_engine.results.records import FinalName, NetworkName
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.run import KIND_WORDS, Kind, by_kind
from nnsize_engine.settings.watched import WatchedSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """The exports of one kind of run; each function takes the views or the settings of that kind."""

    tables: Mapping[TableName, Callable[[Any], Table]]
    """Makes each table from a view; the default table comes first."""

    networks: tuple[NetworkName, ...]
    """The networks that a run may store, the default one first."""

    stored_networks: Callable[[sqlite3.Connection, RunHeader, Any], tuple[NetworkName, ...]]
    """Returns those that it stores and that differ, given the settings."""

    read_network: Callable[[sqlite3.Connection, RunHeader, Any, NetworkName], KeptNetwork]
    """Reads one of the networks, given the settings; raises ExportError if the run does not store it."""

    program: Callable[[Any, str], ProgramParts]
    """Makes the parts of a program for scikit-learn alone from the settings and the name of the run."""

    program_of_view: Callable[[Any, NetworkName], ProgramParts]
    """The same, given a view of the run and the network that the program trains in the end."""


def _search_program_of(view: SizeView, network: NetworkName) -> ProgramParts:
    """Return the program of a search; of one that finds its sizes with the candidates that have fits.

    Raises:
        ExportError: the program is to train the recommended candidate, and no fit has ended yet.
    """
    recommended = None
    if network == "recommended":
        if view.choice is None:
            raise ExportError(f"run {view.header.id} recommends nothing yet: no fit has ended")
        recommended = view.choice.recommended
    tried = None
    if view.settings.finds_sizes:
        found = [(view.summaries[number].candidate, _whole_folds(view, number)) for number in view.tried]
        tried = [(one, folds) for one, folds in found if folds]
    return search_program(view.settings, view.folder.name, tried, recommended=recommended)


def _whole_folds(view: SizeView, number: int) -> int:
    """Return the number of first folds on which all repeats of a candidate have ended."""
    fits, folds = view.summaries[number].fits, view.settings.folds
    return sum(1 for _ in takewhile(lambda fold: None not in fits[fold::folds], range(folds)))


def _evolution_program_of(view: EvolutionView, network: NetworkName) -> ProgramParts:
    """Return the program of an evolution, which trains the same network by gradient whatever is asked for."""
    del network
    return gradient_program(view.settings, view.folder.name)


def _no_networks(_: sqlite3.Connection, __: RunHeader, ___: WatchedSettings) -> tuple[NetworkName, ...]:
    """Return nothing: the search has its best estimator in memory."""
    return ()


def _refuse_network(_: sqlite3.Connection, header: RunHeader, __: WatchedSettings, ___: NetworkName) -> KeptNetwork:
    raise ExportError(_NO_NETWORK.format(header.id))


def _refuse_program(_: object, name: str) -> ProgramParts:
    raise ExportError(f"run {name} is a watched search, which is a program of yours already")


def _refuse_program_of_view(view: WatchedView, _: NetworkName) -> ProgramParts:
    return _refuse_program(view, view.header.id)


_NO_NETWORK = "run {} is a watched search, which stores no network; the search has it, as best_estimator_"

EXPORTS: Mapping[Kind, ExportKind] = by_kind(
    size=ExportKind(
        tables={
            "candidates": candidate_table,
            "fits": fit_table,
            "references": reference_table,
            "importances": importance_table,
            "effects": effect_table,
        },
        networks=get_args(FinalName),
        stored_networks=stored_finals,
        read_network=read_final,
        program=search_program,
        program_of_view=_search_program_of,
    ),
    evolution=ExportKind(
        tables={"generations": generation_table, "strategies": strategy_table},
        networks=("evolved", "gradient", "quantized"),
        stored_networks=stored_evolved,
        read_network=read_evolved,
        program=gradient_program,
        program_of_view=_evolution_program_of,
    ),
    watched=ExportKind(
        tables={
            "candidates": watched_candidate_table,
            "fits": watched_fit_table,
            "importances": importance_table,
            "effects": effect_table,
        },
        networks=(),
        stored_networks=_no_networks,
        read_network=_refuse_network,
        program=_refuse_program,
        program_of_view=_refuse_program_of_view,
    ),
)


def chosen_network(kind: Kind, run: str, name: NetworkName | None) -> NetworkName:
    """Return a network's name, or that of the default network of the kind of run.

    Raises:
        ExportError: a run of this kind has no such network.
    """
    networks = EXPORTS[kind].networks
    if not networks:
        raise ExportError(_NO_NETWORK.format(run))
    chosen = name or networks[0]
    if chosen not in networks:
        known = f"{', '.join(networks[:-1])} and {networks[-1]}"
        raise ExportError(f"run {run} is {KIND_WORDS[kind]}, which has no network {chosen!r}, but {known}")
    return chosen


def tables_of(kind: Kind) -> tuple[TableName, ...]:
    """Return the tables of a kind of run, the default one first."""
    return tuple(EXPORTS[kind].tables)


def make_table(view: AnyView, name: TableName | None = None) -> Table:
    """Make the named table of a run as it is now, or the default table of its kind.

    Raises:
        ExportError: a run of this kind has no such table.
    """
    tables = dict(EXPORTS[view.kind].tables)
    if isinstance(view, EvolutionView) and not view.series:
        del tables["strategies"]
    if isinstance(view, SizeView | WatchedView) and not varies_parameters(view.settings):
        # One that is asked for nevertheless says what it needs.
        tables = {one: make for one, make in tables.items() if one not in ("importances", "effects") or one == name}
    make = tables.get(name or tables_of(view.kind)[0])
    if make is None:
        *others, last = tables
        known = f"{', '.join(others)} and {last}" if others else last
        raise ExportError(f"run {view.header.id} is {KIND_WORDS[view.kind]}, which has no table {name!r}, but {known}")
    return make(view)
