"""The stored networks of a run, each with everything that a pipeline needs."""

import sqlite3
from dataclasses import dataclass

from nnsize_engine.errors import ExportError
from nnsize_engine.results.candidates import list_candidates, parameters_of
from nnsize_engine.results.records import FinalTest, NetworkName, StoredNetwork
from nnsize_engine.runs.reader import RunHeader, read_encoder, read_final_test, read_network, read_network_scores
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNetwork:
    """A stored network with everything that its pipeline needs."""

    network: StoredNetwork
    rows: int
    """Number of rows that it was trained on."""

    encoder: bytes
    """The encoder of a table into its inputs, serialised; empty for built-in data."""

    parameters: NetworkParameters | None
    """The parameters of its training; None for an evolution."""

    table: TableSettings | None = None
    """The table that the encoder is for; None for built-in data."""


def read_best(
    connection: sqlite3.Connection, header: RunHeader, settings: SizeSettings, name: NetworkName
) -> KeptNetwork:
    """Read the best network of a search.

    Raises:
        ExportError: the search stores no network; the message gives the reason.
    """
    stored, final = read_network(connection, name), read_final_test(connection)
    if stored is None or final is None:
        raise ExportError(_missing_best(header, final))
    parameters = parameters_of(settings, list_candidates(settings)[final.candidate], 0)
    return _kept(connection, header, stored, parameters)


def read_evolved(
    connection: sqlite3.Connection, header: RunHeader, settings: EvolutionSettings, name: NetworkName
) -> KeptNetwork:
    """Read the evolved network of an evolution, or the one trained by gradient.

    Raises:
        ExportError: the evolution stores no network of that name; the message gives the reason.
    """
    stored = read_network(connection, name)
    if stored is None:
        scores = read_network_scores(connection).get(name)
        raise ExportError(_missing(header, settings, name, scores.error if scores else None))
    return _kept(connection, header, stored, None)


def _kept(
    connection: sqlite3.Connection, header: RunHeader, stored: StoredNetwork, parameters: NetworkParameters | None
) -> KeptNetwork:
    rows = header.data.train_rows if header.data else 0
    return KeptNetwork(
        network=stored, rows=rows, encoder=read_encoder(connection), parameters=parameters, table=header.settings.table
    )


def _missing_best(header: RunHeader, final: FinalTest | None) -> str:
    """Return the reason why a search has no network."""
    if final is None:
        return f"run {header.id} has no network yet; the best is trained on all training rows when every fold is done"
    if final.error is not None:
        return f"run {header.id} has no network, since its final test failed: {final.error}"
    return (
        f"run {header.id} keeps no network, as runs of earlier versions and of very large tables do; nnsize show "
        f"{header.id} --python prints a program that trains it"
    )


def _missing(header: RunHeader, settings: EvolutionSettings, name: NetworkName, error: str | None) -> str:
    """Return the reason why an evolution has no network of that name."""
    if name == "evolved":
        return f"run {header.id} has no network yet; its first population is not evaluated"
    if error is not None:
        return f"run {header.id} has no network trained by gradient: {error}"
    if not settings.reference:
        return f"run {header.id} has no network trained by gradient; it was started without that comparison"
    return f"run {header.id} has no network trained by gradient yet"
