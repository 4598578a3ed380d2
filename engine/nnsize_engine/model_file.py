"""Take an evolution's network home: as a fitted scikit-learn pipeline, or as plain arrays."""

from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.errors import ExportError
from nnsize_engine.evolution_settings import EvolutionSettings
from nnsize_engine.records import NetworkName, StoredNetwork
from nnsize_engine.run_reader import RunHeader, read_encoder, read_header, read_network, read_network_scores
from nnsize_engine.store import reading
from nnsize_engine.tables import TABLES_OF, TableName
from nnsize_engine.whole_file import find_place, named_format, write_whole

NetworkFormat = Literal["skops", "joblib", "npz"]
"""``skops``: a scikit-learn pipeline, read without running code. ``joblib``: the same, pickled. ``npz``: arrays."""

NETWORK_FORMATS: tuple[NetworkFormat, ...] = get_args(NetworkFormat)
NETWORKS: tuple[NetworkName, ...] = get_args(NetworkName)


def export_network(
    folder: Path, to: Path, *, name: NetworkName = "evolved", format: str | None = None, force: bool = False
) -> None:
    """Write an evolution's network to a file; works while the run goes on.

    Args:
        folder: the run.
        to: the file; its ending says the format unless ``format`` does.
        name: the evolved network, or the one trained by gradient for comparison.
        format: one of :data:`NETWORK_FORMATS`.
        force: replace a file that exists.

    Raises:
        ExportError: no such format, network or folder, or the file cannot be written.
        FileExists: the file exists and ``force`` is not set.
        StoreError: the run cannot be read.
    """
    chosen = named_format(to, format, NETWORK_FORMATS)
    place = find_place(to, force=force)
    write_whole(place, _content(*_read(folder, name), chosen), force=force)


def exports_of(folder: Path) -> tuple[TableName | NetworkName, ...]:
    """The tables and networks that a run has, the usual one first.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        kind = read_header(connection).kind
        # Not by the scores: those of a network that is there may have failed.
        networks = [name for name in NETWORKS if kind == "evolution" and read_network(connection, name) is not None]
    return (*TABLES_OF[kind], *networks)


def _read(folder: Path, name: NetworkName) -> tuple[StoredNetwork, int, bytes]:
    """The network, the number of rows that it was trained on, and how a table becomes its inputs."""
    with reading(folder) as connection:
        header = read_header(connection)
        settings = header.settings
        if not isinstance(settings, EvolutionSettings):
            raise ExportError(f"run {header.id} is a size search, which keeps no network; export a table, such as .csv")
        stored = read_network(connection, name)
        if stored is not None:
            return stored, header.data.train_rows if header.data else 0, read_encoder(connection)
        scores = read_network_scores(connection).get(name)
        raise ExportError(_missing(header, settings, name, scores.error if scores else None))


def _missing(header: RunHeader, settings: EvolutionSettings, name: NetworkName, error: str | None) -> str:
    """Why there is no such network."""
    if name == "evolved":
        return f"run {header.id} has no network yet; its first population is not evaluated"
    if error is not None:
        return f"run {header.id} has no network trained by gradient: {error}"
    if not settings.reference:
        return f"run {header.id} has no network trained by gradient; it was started without that comparison"
    return f"run {header.id} has no network trained by gradient yet"


def _content(stored: StoredNetwork, rows: int, encoder: bytes, format: NetworkFormat) -> bytes:
    # Imported here: it takes a second or two, and only those need it who export a network.
    from nnsize_engine.stored_network import as_joblib, as_npz, as_skops

    if format == "npz":
        return as_npz(stored, encoder=encoder)
    write = as_skops if format == "skops" else as_joblib
    return write(stored, rows=rows, encoder=encoder)
