"""Take a comparison of several runs home, as a table in a file that is never half there."""

from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.comparison import comparison_table
from nnsize_engine.export import FORMATS, Format, table_text
from nnsize_engine.run_view import RunFollower
from nnsize_engine.whole_file import find_place, named_format, write_whole


def export_comparison(folders: Sequence[Path], to: Path, *, format: str | None = None, force: bool = False) -> None:
    """Write what differs between runs, and their results, to a file; works while they go on.

    Args:
        folders: the runs.
        to: the file; its ending says the format unless ``format`` does.
        format: one of :data:`~nnsize_engine.export.FORMATS`.
        force: replace a file that exists.

    Raises:
        ExportError: no such format or folder, or the file cannot be written.
        FileExists: the file exists and ``force`` is not set.
        RunError: there are fewer than two runs.
        StoreError: a run cannot be read.
    """
    chosen = named_format(to, format, FORMATS)
    place = find_place(to, force=force)
    write_whole(place, comparison_text(folders, chosen), force=force)


def comparison_text(folders: Sequence[Path], format: Format) -> str:
    """The comparison of runs as text, in a format.

    Raises:
        RunError: there are fewer than two.
        StoreError: one cannot be read.
    """
    return table_text(comparison_table([RunFollower(folder).look() for folder in folders]), format)
