"""Columns from memory as a table, which is typed, encoded and refused as files are."""

from collections.abc import Callable, Collection, Generator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.cast_parts import cast_part
from nnsize_engine.data.kept_rows import KeptColumn, KeptRows
from nnsize_engine.data.source import PART_ROWS, Source, column_names
from nnsize_engine.settings.table_choice import TableChoice

NAME = "the training data"
"""The name of rows in memory in messages."""


def open_rows(rows: KeptRows, choice: TableChoice, checksum: Callable[[], str] = lambda: "") -> Source:
    """Return columns as a table whose last column numbers the rows, by the name of the target.

    The target itself needs no encoding, so it is no column of the table.

    Raises:
        DataError: two columns have the same name.
    """
    count, width, last = len(rows.y), len(rows.columns), rows.targets[0]

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        import pandas as pd

        texts = {at for at, place in enumerate(wanted) if place in as_text}
        for start in range(0, count, PART_ROWS):
            part = slice(start, min(count, start + PART_ROWS))
            columns = {
                at: pd.Series(np.arange(part.start, part.stop, dtype=np.float64))
                if place == width
                else series_of(rows.columns[place], part)
                for at, place in enumerate(wanted)
            }
            yield cast_part(pd.DataFrame(columns), texts, choice.missing)

    names = column_names(rows.names, choice.name)
    return Source(
        choice=choice,
        names=(*names, last),
        frames=frames,
        checksum=checksum,
        default_target=(last,),
        is_typed=True,
    )


def series_of(column: KeptColumn, part: slice = slice(None)) -> Any:
    """Return rows of a column as pandas has them after it has read a typed file."""
    import pandas as pd

    values: NDArray[Any] = column.values[part]
    match column.kind:
        case "number" | "date":
            return pd.Series(values)
        case "boolean" if values.size and values.min() < 0:
            return pd.Series(np.array([False, True, None], dtype=object)[values])
        case "boolean":
            return pd.Series(values.astype(bool))
        case "text" | "category":
            return pd.Series(np.array([*column.levels, None], dtype=object)[values], dtype="str")
        case _:
            raise ValueError(f"column {column.name} is of unknown kind {column.kind!r}")
