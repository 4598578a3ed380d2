"""All faults of a table as one error."""

from collections.abc import Sequence

from nnsize_engine.errors import DataError
from nnsize_engine.results.table_summary import TableProblem


def all_problems(found: Sequence[TableProblem]) -> DataError:
    """Return one error that tells all faults; field and column are those of the first."""
    first = found[0]
    if len(found) == 1:
        message = first.message
    else:
        listed = "; ".join(f"({number}) {one.message}" for number, one in enumerate(found, start=1))
        message = f"{len(found)} faults: {listed}"
    return DataError(message, field=first.field, column=first.column)
