"""Tables of a run by name, for every kind of run."""

from nnsize_engine.errors import ExportError
from nnsize_engine.export.kinds import EXPORTS
from nnsize_engine.export.tables import Table, TableName
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import KIND_WORDS, Kind


def tables_of(kind: Kind) -> tuple[TableName, ...]:
    """Return the tables of a kind of run, the default one first."""
    return tuple(EXPORTS[kind].tables)


def make_table(view: AnyView, name: TableName | None = None) -> Table:
    """Make the named table of a run as it is now, or the default table of its kind.

    Raises:
        ExportError: a run of this kind has no such table.
    """
    tables = EXPORTS[view.kind].tables
    make = tables.get(name or tables_of(view.kind)[0])
    if make is None:
        known = " and ".join(tables)
        raise ExportError(f"run {view.header.id} is {KIND_WORDS[view.kind]}, which has no table {name!r}, but {known}")
    return make(view)
