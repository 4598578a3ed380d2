"""The stored networks of a run, each with everything that a pipeline needs."""

import sqlite3
from dataclasses import dataclass, replace
from typing import get_args

from nnsize_engine.errors import ExportError
from nnsize_engine.results.candidates import candidate_words, parameters_of
from nnsize_engine.results.choice import Choice, final_candidate
from nnsize_engine.results.records import FinalName, NetworkName, StoredNetwork
from nnsize_engine.results.search_choice import choose_from_fits
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runs.evolution_reader import read_network_scores
from nnsize_engine.runs.reader import RunHeader, read_encoder, read_network
from nnsize_engine.runs.search_reader import read_final_network, read_final_tests, read_fits
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.text import shell_word


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

    note: str = ""
    """Words on the network, and on how to get the other one of a search; empty if there is only one."""


def read_final(
    connection: sqlite3.Connection, header: RunHeader, settings: SizeSettings, name: NetworkName
) -> KeptNetwork:
    """Read the best or the recommended network of a search.

    Raises:
        ExportError: the search stores no such network; the message gives the reason.
    """
    choice = choose_from_fits(settings, read_fits(connection)[0])
    if choice is None:
        raise ExportError(_missing_final(header, name, None, has_final=False))
    candidate = final_candidate(choice, name)
    finals = read_final_tests(connection)
    stored = read_final_network(connection, candidate.number, name)
    if stored is None or candidate.number not in finals:
        raise ExportError(_missing_final(header, name, finals.get(candidate.number), has_final=bool(finals)))
    kept = _kept(connection, header, stored, parameters_of(settings, candidate, 0))
    return replace(kept, note=_note(choice, name))


def _note(choice: Choice, name: NetworkName) -> str:
    if choice.best == choice.recommended:
        return ""
    other: FinalName = "recommended" if name == "best" else "best"
    given, left = candidate_words(final_candidate(choice, name)), candidate_words(final_candidate(choice, other))
    return f"it holds the {name} network ({given}); --network {other} writes the {other} one ({left})"


def stored_finals(connection: sqlite3.Connection, header: RunHeader, settings: SizeSettings) -> tuple[NetworkName, ...]:
    """Return the networks that a search stores; the best alone if it is recommended too."""
    del header
    finals = read_final_tests(connection)
    choice = choose_from_fits(settings, read_fits(connection)[0]) if finals else None
    if choice is None:
        return ()
    named: dict[int, FinalName] = {choice.recommended.number: "recommended", choice.best.number: "best"}
    stored = {name for number, name in named.items() if read_final_network(connection, number, name) is not None}
    return tuple(name for name in get_args(FinalName) if name in stored)


def stored_evolved(
    connection: sqlite3.Connection, header: RunHeader, settings: EvolutionSettings
) -> tuple[NetworkName, ...]:
    """Return the networks that an evolution stores; its scores do not tell, since a stored network may lack them."""
    del header, settings
    names: tuple[NetworkName, ...] = ("evolved", "gradient", "quantized")
    return tuple(name for name in names if read_network(connection, name) is not None)


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


def _missing_final(header: RunHeader, name: str, final: FinalTest | None, *, has_final: bool) -> str:
    """Return the reason why a search has no such network; ``has_final`` tells that another one was tested."""
    option = "" if name == "best" else f" --network {name}"
    program = f"nnsize show {shell_word(header.id)} --python{option} prints a program that trains it"
    if final is not None and final.error is not None:
        return f"run {header.id} has no {name} network, since its final test failed: {final.error}"
    if final is not None:
        return f"run {header.id} keeps no network, as runs of earlier versions and of very large tables do; {program}"
    if has_final and header.state == "finished":
        return f"run {header.id} trained its best candidate alone, as runs of earlier versions do; {program}"
    return f"run {header.id} has no network yet; the {name} is trained on all training rows when every fold is done"


def _missing(header: RunHeader, settings: EvolutionSettings, name: NetworkName, error: str | None) -> str:
    """Return the reason why an evolution has no network of that name."""
    if name == "evolved":
        return f"run {header.id} has no network yet; its first population is not evaluated"
    if name == "quantized" and not settings.is_quantized:
        return f"run {header.id} has no quantized network; its evolved one is neither rounded nor made of steps"
    if error is not None:
        return f"run {header.id} has no network trained by gradient: {error}"
    if not settings.reference:
        return f"run {header.id} has no network trained by gradient; it was started without that comparison"
    return f"run {header.id} has no network trained by gradient yet"
