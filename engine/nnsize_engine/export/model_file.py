"""Export of a run's network as a fitted scikit-learn pipeline or as plain arrays."""

from pathlib import Path
from typing import Literal, assert_never, get_args

from nnsize_engine.charts.importance_data import varies_parameters
from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import export_file, find_place, named_format, write_whole
from nnsize_engine.export.kept_network import KeptNetwork
from nnsize_engine.export.kinds import EXPORTS, chosen_network, tables_of
from nnsize_engine.export.table_reader import (
    FIRST_LINE,
    HELPER,
    TRUSTED_HELPER,
    helper_source,
    make_reader,
    needs_reading,
)
from nnsize_engine.export.tables import TableName
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.search_reader import read_references
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.watched import WatchedSettings

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
    default of the kind, which is the first of these. The module that reads the frames of a table, if the network needs
    it, is written beside it; see :func:`helper_note`.
    ``to``, ``format`` and ``force`` are those of :func:`~nnsize_engine.export.atomic_file.export_file`.

    Raises:
        ExportError: the run has no such network, or the file cannot be written.
        StoreError: the run cannot be read.
    """
    chosen = named_format(to, format, NETWORK_FORMATS)
    kept = read_kept_network(folder, name)
    table = kept.table if kept.encoder and chosen != "npz" else None
    if table is None or not needs_reading(table):
        export_file(to, lambda known: _content(kept, known, None), NETWORK_FORMATS, format, force=force)
        return kept.note
    helper = find_place(to, force=force).parent / f"{HELPER}.py"
    is_there = helper.exists()
    if is_there and not helper.read_text(encoding="utf-8", errors="replace").startswith(FIRST_LINE):
        raise ExportError(f"{helper} is needed for the network, but is another file; export to another folder")
    export_file(to, lambda known: _content(kept, known, table), NETWORK_FORMATS, format, force=force)
    write_whole(helper, helper_source(), force=is_there)
    return kept.note


def helper_note(folder: Path, format: NetworkFormat) -> str:
    """Return a sentence about the module that is written beside a network in this format; empty if it needs none.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        table = read_header(connection).settings.table
    if format == "npz" or table is None or not needs_reading(table):
        return ""
    trusted = f"; load it with trusted=[{TRUSTED_HELPER!r}, 'numpy.dtype']" if format == "skops" else ""
    return f"the network reads your own frames with {HELPER}.py, written beside it: keep both together{trusted}"


def exports_of(folder: Path) -> tuple[TableName | NetworkName, ...]:
    """Return the tables and networks that a run has, the default one first.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        header = read_header(connection)
        networks = EXPORTS[header.kind].stored_networks(connection, header, header.settings)
        left_out: set[str] = set() if read_references(connection) else {"references"}
        if not (isinstance(header.settings, EvolutionSettings) and header.settings.is_comparison):
            left_out.add("strategies")
        if isinstance(header.settings, SizeSettings | WatchedSettings) and not varies_parameters(header.settings):
            left_out |= {"importances", "effects"}
    return (*(name for name in tables_of(header.kind) if name not in left_out), *networks)


def read_kept_network(folder: Path, name: NetworkName | None) -> KeptNetwork:
    """Read a network of a run; the default one of its kind for None.

    Raises:
        ExportError: the run has no such network.
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        header = read_header(connection)
        chosen = chosen_network(header.kind, header.id, name)
        return EXPORTS[header.kind].read_network(connection, header, header.settings, chosen)


def _content(kept: KeptNetwork, format: NetworkFormat, table: TableSettings | None) -> bytes:
    """Return the content of a file; with ``table``, the pipeline begins with the step that reads its frames.

    Raises:
        ExportError: the network and the data of its run contradict each other.
    """
    try:
        return _encoded(kept, format, table)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError) as error:
        raise ExportError(f"the network of this run is damaged: {type(error).__name__}: {error}") from error


def _encoded(kept: KeptNetwork, format: NetworkFormat, table: TableSettings | None) -> bytes:
    # Imported here, because the import takes a second or two and only exports of networks need it.
    from nnsize_engine.network.stored import as_joblib, as_npz, as_skops, encoder_from_bytes

    read = None if table is None else make_reader(table, encoder_from_bytes(kept.encoder))
    match format:
        case "npz":
            return as_npz(kept.network, encoder=kept.encoder, parameters=kept.parameters)
        case "skops":
            return as_skops(kept.network, rows=kept.rows, encoder=kept.encoder, parameters=kept.parameters, read=read)
        case "joblib":
            return as_joblib(kept.network, rows=kept.rows, encoder=kept.encoder, parameters=kept.parameters, read=read)
        case _:
            assert_never(format)
