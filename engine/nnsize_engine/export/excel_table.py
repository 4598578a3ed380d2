"""A table as an Excel workbook of one sheet."""

import io
import math
from typing import Any

from nnsize_engine.errors import ExportError
from nnsize_engine.export.cell_text import cell_text
from nnsize_engine.export.escaping import in_spreadsheet
from nnsize_engine.export.tables import Cell, Table
from nnsize_engine.processes.install_hint import install_hint

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of a sheet, the heading included
MAX_LETTERS = 32_767  # of a cell
MAX_EXACT = 2**53  # largest whole number that Excel keeps to the last digit


def excel_content(columns: Table) -> bytes:
    """Return the content of the file: numbers are numbers with all their digits, and no text is taken for a formula.

    Raises:
        ExportError: openpyxl is missing, or the table is larger than a sheet.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
    except ImportError as error:
        raise ExportError(f"an .xlsx file needs openpyxl, which is missing; {install_hint('excel')}") from error
    rows = max(map(len, columns.values()), default=0)
    if rows >= MAX_ROWS or len(columns) > MAX_COLUMNS:
        raise ExportError(
            f"the table has {rows:,} rows and {len(columns):,} columns; a sheet of Excel holds {MAX_ROWS - 1:,} and "
            f"{MAX_COLUMNS:,}: export it as .csv or .parquet"
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("nnsize")
    sheet.freeze_panes = "A2"
    heading = [_text(sheet, name) for name in columns]
    for cell in heading:
        cell.font = Font(bold=True)
    sheet.append(heading)
    for row in zip(*columns.values(), strict=True):
        sheet.append([_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, cell: Cell) -> object:
    """Return a cell for the sheet; a number that Excel cannot hold is a text."""
    if isinstance(cell, float) and math.isfinite(cell):
        return _typed(sheet, repr(cell), "n")  # openpyxl itself writes 16 digits of a float, one too few
    is_kept = cell is None or (isinstance(cell, int) and abs(cell) <= MAX_EXACT)
    return cell if is_kept else _text(sheet, cell_text(cell))


def _text(sheet: Any, words: str) -> Any:
    return _typed(sheet, in_spreadsheet(words)[:MAX_LETTERS], "s")  # else an equals sign would begin a formula


def _typed(sheet: Any, text: str, kind: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = kind
    return cell
