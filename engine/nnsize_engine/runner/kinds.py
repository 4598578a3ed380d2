"""Make the job of each kind of run."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from nnsize_engine.runner.cluster_link import ClusterLink
from nnsize_engine.runner.events import Compute
from nnsize_engine.runner.evolution_job import EvolutionJob, StoredSeries
from nnsize_engine.runner.job import Job
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runner.search_job import SearchJob, StoredResults
from nnsize_engine.runs.evolution_reader import read_last_series, read_network_scores, read_series_results
from nnsize_engine.runs.reader import RunHeader, read_network
from nnsize_engine.runs.search_reader import read_final_tests, read_fits, read_references, read_unfinished
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, by_started_kind
from nnsize_engine.settings.search import SizeSettings


class OpenJob(Protocol):
    """Makes the job of a stored run, as far as it was stored."""

    def __call__(
        self, folder: Path, header: RunHeader, settings: Any, connection: sqlite3.Connection, journal: Journal,
        compute: Compute,
    ) -> Job[Any]: ...  # fmt: skip


def _open_search(
    folder: Path, header: RunHeader, settings: SizeSettings, connection: sqlite3.Connection, journal: Journal,
    compute: Compute,
) -> SearchJob:  # fmt: skip
    fits, _ = read_fits(connection)
    stored = StoredResults(
        fits=fits,
        unfinished=read_unfinished(connection),
        references=read_references(connection),
        finals=read_final_tests(connection),
    )
    link = None if settings.cluster is None else ClusterLink(settings.cluster, folder, journal)
    return SearchJob(header, settings, stored, journal, compute, link)


def _open_evolution(
    folder: Path, header: RunHeader, settings: EvolutionSettings, connection: sqlite3.Connection, journal: Journal,
    compute: Compute,
) -> EvolutionJob:  # fmt: skip
    scores = read_network_scores(connection)
    networks = {name: (network, scores[name]) for name in scores if (network := read_network(connection, name))}
    series = StoredSeries(ended=read_series_results(connection), last=read_last_series(connection))
    link = None if settings.cluster is None else ClusterLink(settings.cluster, folder, journal)
    return EvolutionJob(folder, header, settings, networks, series, journal, compute, link)


_OPEN: Mapping[Kind, OpenJob] = by_started_kind(size=_open_search, evolution=_open_evolution)


def open_job(
    folder: Path, header: RunHeader, connection: sqlite3.Connection, journal: Journal, compute: Compute
) -> Job[Any]:
    """Make the job of a stored run, whatever its kind."""
    return _OPEN[header.kind](folder, header, header.settings, connection, journal, compute)
