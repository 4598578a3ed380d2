"""The networks that a run stores, as estimators of scikit-learn."""

from pathlib import Path
from typing import Any

from nnsize._frames import reader_of
from nnsize_engine.errors import StoreError
from nnsize_engine.export.kept_network import KeptNetwork
from nnsize_engine.export.model_file import read_kept_network
from nnsize_engine.export.table_reader import make_reader, needs_reading
from nnsize_engine.network.stored import encoder_from_bytes, fitted_pipeline
from nnsize_engine.results.records import NetworkName


def network_of(folder: Path, name: NetworkName | None) -> Any:
    """Return a network of a run behind the scaler or the encoder of its inputs; the default one for None.

    Raises:
        ExportError: the run has no such network.
        StoreError: the run is damaged.
    """
    kept = read_kept_network(folder, name)
    try:
        return fitted_pipeline(
            kept.network, rows=kept.rows, encoder=kept.encoder, parameters=kept.parameters, read=_reader(kept)
        )
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError) as error:
        raise StoreError(f"the network of run {folder.name} is damaged: {type(error).__name__}: {error}") from error


def _reader(kept: KeptNetwork) -> Any:
    """Return the step that reads the frames of a table; None where none is needed."""
    table = kept.table
    if table is None or not kept.encoder or table.kept_as == "matrix":
        return None
    if table.kept_as == "table":
        return reader_of(table)
    return make_reader(table, encoder_from_bytes(kept.encoder)) if needs_reading(table) else None
