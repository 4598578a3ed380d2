"""Take a network home, a search's best or an evolution's: as a fitted scikit-learn pipeline, or as plain arrays."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import find_place, named_format, write_whole
from nnsize_engine.export.tables import TABLES_OF, TableName
from nnsize_engine.results.candidates import list_candidates, parameters_of
from nnsize_engine.results.records import FinalTest, NetworkName, StoredNetwork
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.reader import (
    RunHeader,
    read_encoder,
    read_final_test,
    read_header,
    read_network,
    read_network_scores,
)
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.run import Kind

NetworkFormat = Literal["skops", "joblib", "npz"]
"""``skops``: a scikit-learn pipeline, read without running code. ``joblib``: the same, pickled. ``npz``: arrays."""

NETWORK_FORMATS: tuple[NetworkFormat, ...] = get_args(NetworkFormat)
NETWORKS: tuple[NetworkName, ...] = get_args(NetworkName)
NETWORKS_OF: dict[Kind, tuple[NetworkName, ...]] = {"size": ("best",), "evolution": ("evolved", "gradient")}
"""The networks that a run of a kind may have, the usual one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A network with all that its pipeline needs to know."""

    network: StoredNetwork
    rows: int
    """That it was trained on."""

    encoder: bytes
    """How a table becomes its inputs; empty for built-in data."""

    parameters: NetworkParameters | None
    """That it was trained with; None for an evolution's."""


def export_network(
    folder: Path, to: Path, *, name: NetworkName | None = None, format: str | None = None, force: bool = False
) -> None:
    """Write a run's network to a file; an evolution's also while the run goes on.

    Args:
        folder: the run.
        to: the file; its ending says the format unless ``format`` does.
        name: a search's best network; an evolution's evolved one, or the one trained by gradient for comparison. None
            for the first of these that a run of its kind has.
        format: one of :data:`NETWORK_FORMATS`.
        force: replace a file that exists.

    Raises:
        ExportError: no such format, network or folder, or the file cannot be written.
        FileExistsRefusal: the file exists and ``force`` is not set.
        StoreError: the run cannot be read.
    """
    chosen = named_format(to, format, NETWORK_FORMATS)
    place = find_place(to, force=force)
    write_whole(place, _content(_read(folder, name), chosen), force=force)


def exports_of(folder: Path) -> tuple[TableName | NetworkName, ...]:
    """The tables and networks that a run has, the usual one first.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        kind = read_header(connection).kind
        # Not by the scores: those of a network that is there may have failed.
        networks = [name for name in NETWORKS_OF[kind] if read_network(connection, name) is not None]
    return (*TABLES_OF[kind], *networks)


def _read(folder: Path, name: NetworkName | None) -> _Kept:
    with reading(folder) as connection:
        header = read_header(connection)
        settings, known = header.settings, NETWORKS_OF[header.kind]
        chosen = name or known[0]
        if chosen not in known:
            kind = "a size search" if header.kind == "size" else "an evolution"
            raise ExportError(f"run {header.id} is {kind}, which has no network {chosen!r}, but {' and '.join(known)}")
        stored = read_network(connection, chosen)
        rows = header.data.train_rows if header.data else 0
        if isinstance(settings, EvolutionSettings):
            if stored is not None:
                return _Kept(network=stored, rows=rows, encoder=read_encoder(connection), parameters=None)
            scores = read_network_scores(connection).get(chosen)
            raise ExportError(_missing(header, settings, chosen, scores.error if scores else None))
        final = read_final_test(connection)
        if stored is None or final is None:
            raise ExportError(_missing_best(header, final))
        parameters = parameters_of(settings, list_candidates(settings)[final.candidate], 0)
        return _Kept(network=stored, rows=rows, encoder=read_encoder(connection), parameters=parameters)


def _missing_best(header: RunHeader, final: FinalTest | None) -> str:
    """Why a search has no network."""
    if final is None:
        return f"run {header.id} has no network yet; the best is trained on all training rows when every fold is done"
    if final.error is not None:
        return f"run {header.id} has no network, since its final test failed: {final.error}"
    return (
        f"run {header.id} keeps no network, as runs of earlier versions and of very large tables do; nnsize show "
        f"{header.id} --python prints a program that trains it"
    )


def _missing(header: RunHeader, settings: EvolutionSettings, name: NetworkName, error: str | None) -> str:
    """Why there is no such network."""
    if name == "evolved":
        return f"run {header.id} has no network yet; its first population is not evaluated"
    if error is not None:
        return f"run {header.id} has no network trained by gradient: {error}"
    if not settings.reference:
        return f"run {header.id} has no network trained by gradient; it was started without that comparison"
    return f"run {header.id} has no network trained by gradient yet"


def _content(kept: _Kept, format: NetworkFormat) -> bytes:
    # Imported here: it takes a second or two, and only those need it who export a network.
    from nnsize_engine.network.stored import as_joblib, as_npz, as_skops

    if format == "npz":
        return as_npz(kept.network, encoder=kept.encoder, parameters=kept.parameters)
    write = as_skops if format == "skops" else as_joblib
    return write(kept.network, rows=kept.rows, encoder=kept.encoder, parameters=kept.parameters)
