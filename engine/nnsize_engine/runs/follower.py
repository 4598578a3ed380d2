"""Look at a run again and again; each look reads only what is new."""

import contextlib
import gc
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from nnsize_engine.processes.identity import ProcessIdentity
from nnsize_engine.results.records import LIVE_STATES, LogLine
from nnsize_engine.runs.cluster_tables import read_cluster
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.evolution_results import ComparisonResults, EvolutionResults
from nnsize_engine.runs.facts import broken_facts
from nnsize_engine.runs.folders import seen_state
from nnsize_engine.runs.label import NO_LABEL, LabelReader
from nnsize_engine.runs.ledger import note_missing_rows
from nnsize_engine.runs.reader import RunHeader, read_header, read_log
from nnsize_engine.runs.search_results import SearchResults
from nnsize_engine.runs.stalls import find_stall
from nnsize_engine.runs.view import AnyView, RunView
from nnsize_engine.runs.watched_results import WatchedResults
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, RunSettings, by_kind


class _Results(Protocol):
    """The results of one run, as far as they are read."""

    def look(self, connection: sqlite3.Connection, seen: RunView) -> AnyView:
        """Read the results that are new."""


class RunFollower:
    """Looks at one run again and again; several threads may share one, and with it what it has read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run: tuple[str, float, RunSettings] | None = None
        self._results: _Results | None = None
        self._log: tuple[LogLine, ...] = ()
        self._broken: dict[str, None] = {}
        self._runner: ProcessIdentity | None = None
        self._label = LabelReader()
        self._one_at_a_time = threading.Lock()

    def look(self) -> AnyView:
        """Read what is new since the last look.

        Raises:
            StoreError: the run is gone, unreadable or damaged.
        """
        with self._one_at_a_time, _no_collection():
            view = self._look()
            # A runner that ended after its run was read and before it was looked for has said how: read that, too.
            return self._look() if view.state == "interrupted" else view

    def _look(self) -> AnyView:
        with reading(self.folder) as connection:
            header = read_header(connection)
            results = self._results
            is_another = (header.id, header.created, header.settings) != self._run
            is_mended = bool(self._broken) and header.runner != self._runner  # a runner removes what is broken
            if results is None or is_another or is_mended:
                results = self._begin(header)  # the first look, an extended run, or another one in its place
                note_missing_rows(connection)
            lines = read_log(connection, self._log[-1].number if self._log else 0)
            if lines:
                self._log = (*self._log, *lines)
            seen = RunView(folder=self.folder, header=header, state=seen_state(header), remaining=None, log=self._log)
            view = results.look(connection, seen)
            cluster = read_cluster(connection) if view.state in LIVE_STATES else None
            self._broken |= dict.fromkeys(one.words for one in broken_facts(connection))
        stall = find_stall(self.folder, header, view.state)
        label = self._label.look(self.folder, header.settings)
        if self._broken or stall is not None or cluster is not None or label is not NO_LABEL:
            return replace(view, broken=tuple(self._broken), stall=stall, cluster=cluster, label=label)
        return view

    def _begin(self, header: RunHeader) -> _Results:
        self._results = _RESULTS[header.kind](header.settings)
        self._log = ()
        self._broken = {}
        self._runner = header.runner
        self._run = (header.id, header.created, header.settings)
        return self._results


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Collect no garbage inside: each of some hundred thousand new records would be looked at again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _evolution_results(settings: EvolutionSettings) -> _Results:
    return ComparisonResults(settings) if settings.is_comparison else EvolutionResults(settings)


_RESULTS: Mapping[Kind, Callable[[Any], _Results]] = by_kind(
    size=SearchResults, evolution=_evolution_results, watched=WatchedResults
)
