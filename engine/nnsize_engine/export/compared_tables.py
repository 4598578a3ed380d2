"""Tables of several runs: their results and different settings, or the rows of all of them, and their export."""

from collections.abc import Collection, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal, cast, get_args

from nnsize_engine.comparison.compare import TABLE_COLUMNS, compare, run_names
from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.export.kinds import make_table, tables_of
from nnsize_engine.export.table_file import TABLE_FORMATS, Format, TableFormat, table_content, table_text
from nnsize_engine.export.tables import Cell, Table, TableName
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind

ComparedTableName = Literal["comparison", "candidates", "fits", "generations"]
"""``comparison``: one row per result or different setting, one column per run. The others: the rows of that table of
every run that has it, one run after the other; the first column names the run."""

COMPARED_TABLES: tuple[ComparedTableName, ...] = get_args(ComparedTableName)


def export_comparison(
    folders: Sequence[Path],
    to: Path,
    *,
    table: ComparedTableName = "comparison",
    format: str | None = None,
    force: bool = False,
) -> None:
    """Write a table of several runs to a file, also while they are under way.

    ``to``, ``format`` and ``force`` are those of :func:`~nnsize_engine.export.atomic_file.export_file`.

    Raises:
        ExportError: no run has such a table, or the file cannot be written.
        RunError: there are fewer than two runs.
        StoreError: a run cannot be read.
    """

    def content(chosen: TableFormat) -> str | bytes:
        return table_content(compared_table([RunFollower(folder).look() for folder in folders], table), chosen)

    export_file(to, content, TABLE_FORMATS, format, force=force)


def comparison_text(folders: Sequence[Path], format: Format, table: ComparedTableName = "comparison") -> str:
    """Return a table of several runs as text in a format.

    Raises:
        ExportError: none of the runs has such a table.
        RunError: there are fewer than two runs.
        StoreError: a run cannot be read.
    """
    return table_text(compared_table([RunFollower(folder).look() for folder in folders], table), format)


def compared_tables_of(kinds: Collection[Kind]) -> tuple[ComparedTableName, ...]:
    """Return the tables of runs of these kinds, the default one first."""
    has = {name for kind in kinds for name in tables_of(kind)}
    return tuple(name for name in COMPARED_TABLES if name == "comparison" or name in has)


def compared_table(views: Sequence[AnyView], name: ComparedTableName) -> Table:
    """Return the named table of runs as they are now; numbers have all their digits.

    Raises:
        ExportError: none of the runs has such a table.
        RunError: there are fewer than two runs.
    """
    return comparison_table(views) if name == "comparison" else _rows_of_all(views, name)


def comparison_table(views: Sequence[AnyView]) -> Table:
    """Return one row per result or different setting and one column per run; numbers have all their digits.

    Raises:
        RunError: there are fewer than two runs.
    """
    found = compare(views)
    rows: list[tuple[str, str, Sequence[Cell]]] = [("result", fact.name, fact.values) for fact in found.results]
    rows += [("setting", name, values) for name, values in found.settings.different]
    what, named = TABLE_COLUMNS
    table: Table = {what: [kind for kind, _, _ in rows], named: [name for _, name, _ in rows]}
    for place, name in enumerate(found.names):
        table[name] = [values[place] for _, _, values in rows]
    return table


def _rows_of_all(views: Sequence[AnyView], name: TableName) -> Table:
    """Return the rows of one table of every run that has it; a column that a run lacks is empty in its rows."""
    named = zip(run_names([view.folder for view in views]), views, strict=True)
    shown = [(run, view) for run, view in named if name in tables_of(view.kind)]
    tables = [(run, make_table(view, name)) for run, view in shown]
    if not tables:
        known = " and ".join(compared_tables_of({view.header.kind for view in views}))
        raise ExportError(f"none of these runs has a table {name!r}; choose one of {known}")
    lengths = [max(map(len, table.values()), default=0) for _, table in tables]
    columns = dict.fromkeys(chain.from_iterable(table for _, table in tables))
    runs = [run for (run, _), rows in zip(tables, lengths, strict=True) for _ in range(rows)]
    whole: Table = {"run": cast(list[Cell], runs)}
    if any(view.label.name for _, view in shown):
        labels = zip(shown, lengths, strict=True)
        whole["run_name"] = [view.label.name for (_, view), rows in labels for _ in range(rows)]
    for column in columns:
        whole[column] = [
            cell
            for (_, table), rows in zip(tables, lengths, strict=True)
            for cell in table.get(column, cast(list[Cell], [None]) * rows)
        ]
    return whole
