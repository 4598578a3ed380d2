"""A table as a Parquet file."""

import io
from typing import Any

from nnsize_engine.errors import ExportError
from nnsize_engine.export.cell_text import cell_text, is_number
from nnsize_engine.export.tables import Cell, Table
from nnsize_engine.processes.install_hint import install_hint

MAX_WHOLE = 2**63 - 1  # of a column of whole numbers


def parquet_content(columns: Table) -> bytes:
    """Return the content of the file: whole numbers, floats and booleans keep their types, everything else is text.

    Raises:
        ExportError: pyarrow is missing.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ExportError(f"a .parquet file needs pyarrow, which is missing; {install_hint('parquet')}") from error
    arrays = [_array(pa, cells) for cells in columns.values()]
    file = io.BytesIO()
    pq.write_table(pa.table(arrays, names=[_utf8(name) for name in columns]), file)
    return file.getvalue()


def _array(pa: Any, cells: list[Cell]) -> Any:
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, bool) for cell in known):
        return pa.array(cells, pa.bool_())
    if known and all(isinstance(cell, int) and is_number(cell) and abs(cell) <= MAX_WHOLE for cell in known):
        return pa.array(cells, pa.int64())
    if all(map(is_number, known)):
        return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())  # type: ignore[arg-type]
    return pa.array([None if cell is None else _utf8(cell_text(cell)) for cell in cells], pa.string())


def _utf8(text: str) -> str:
    """Return text that UTF-8 holds: a name of a file need not be."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
