"""Take a comparison of several runs home, as a table in a file that is never half there."""

from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.export.compared_tables import ComparedTableName, compared_table
from nnsize_engine.export.table_file import FORMATS, Format, table_text
from nnsize_engine.runs.view import RunFollower


def export_comparison(
    folders: Sequence[Path],
    to: Path,
    *,
    table: ComparedTableName = "comparison",
    format: str | None = None,
    force: bool = False,
) -> None:
    """Write what differs between runs and their results, or the rows of all, to a file; works while they go on.

    Args:
        folders: the runs.
        to: the file; its ending says the format unless ``format`` does.
        table: which table.
        format: one of :data:`~nnsize_engine.export.table_file.FORMATS`.
        force: replace a file that exists.

    Raises:
        ExportError: no such format, table or folder, or the file cannot be written.
        FileExistsRefusal: the file exists and ``force`` is not set.
        RunError: there are fewer than two runs.
        StoreError: a run cannot be read.
    """
    export_file(to, lambda chosen: comparison_text(folders, chosen, table), FORMATS, format, force=force)


def comparison_text(folders: Sequence[Path], format: Format, table: ComparedTableName = "comparison") -> str:
    """A table of several runs as text, in a format.

    Raises:
        ExportError: none of them has such a table.
        RunError: there are fewer than two.
        StoreError: one cannot be read.
    """
    return table_text(compared_table([RunFollower(folder).look() for folder in folders], table), format)
