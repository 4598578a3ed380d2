"""Export of a run's network as a fitted scikit-learn pipeline or as plain arrays."""

from pathlib import Path
from typing import Literal, assert_never, get_args

from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.export.kept_network import KeptNetwork
from nnsize_engine.export.kinds import EXPORTS, chosen_network, tables_of
from nnsize_engine.export.tables import TableName
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.reader import read_header, read_references

NetworkFormat = Literal["skops", "joblib", "npz"]
"""``skops``: a scikit-learn pipeline, read without running code. ``joblib``: the same, pickled. ``npz``: arrays."""

NETWORK_FORMATS: tuple[NetworkFormat, ...] = get_args(NetworkFormat)
NETWORKS: tuple[NetworkName, ...] = get_args(NetworkName)


def export_network(
    folder: Path, to: Path, *, name: NetworkName | None = None, format: str | None = None, force: bool = False
) -> str:
    """Write a run's network to a file; that of an evolution also while the run is under way.

    Return a note that names the network and the other one that could be meant; empty if no other one could be.
    ``name`` is ``best`` or ``recommended`` for a search, ``evolved`` or ``gradient`` for an evolution; None for the
    default of the kind, which is the first of these.
    ``to``, ``format`` and ``force`` are those of :func:`~nnsize_engine.export.atomic_file.export_file`.

    Raises:
        ExportError: the run has no such network, or the file cannot be written.
        StoreError: the run cannot be read.
    """
    notes: list[str] = []

    def content(chosen: NetworkFormat) -> bytes:
        kept = _read(folder, name)
        notes.append(kept.note)
        return _content(kept, chosen)

    export_file(to, content, NETWORK_FORMATS, format, force=force)
    return notes[0]


def exports_of(folder: Path) -> tuple[TableName | NetworkName, ...]:
    """Return the tables and networks that a run has, the default one first.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        header = read_header(connection)
        networks = EXPORTS[header.kind].stored_networks(connection, header, header.settings)
        has_references = bool(read_references(connection))
    tables = (name for name in tables_of(header.kind) if name != "references" or has_references)
    return (*tables, *networks)


def _read(folder: Path, name: NetworkName | None) -> KeptNetwork:
    with reading(folder) as connection:
        header = read_header(connection)
        chosen = chosen_network(header.kind, header.id, name)
        return EXPORTS[header.kind].read_network(connection, header, header.settings, chosen)


def _content(kept: KeptNetwork, format: NetworkFormat) -> bytes:
    # Imported here, because the import takes a second or two and only exports of networks need it.
    from nnsize_engine.network.stored import as_joblib, as_npz, as_skops

    match format:
        case "npz":
            return as_npz(kept.network, encoder=kept.encoder, parameters=kept.parameters)
        case "skops":
            return as_skops(kept.network, rows=kept.rows, encoder=kept.encoder, parameters=kept.parameters)
        case "joblib":
            return as_joblib(kept.network, rows=kept.rows, encoder=kept.encoder, parameters=kept.parameters)
        case _:
            assert_never(format)
