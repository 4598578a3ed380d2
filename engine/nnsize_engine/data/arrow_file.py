"""Parquet, Arrow and Feather files, read in parts by pyarrow, which is an optional dependency."""

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from nnsize_engine.data.cast_parts import cast_part
from nnsize_engine.data.source import PART_ROWS, Source, column_names, file_sha256, unknown_type
from nnsize_engine.errors import DataError
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.settings.table_choice import TableChoice

_PARQUET, _ARROW, _FEATHER_1, _STREAM = b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"
_KINDS = {_PARQUET: "Parquet", _ARROW: "Arrow", _FEATHER_1: "Feather", _STREAM: "Arrow"}
_BROKEN = (OSError, ValueError, KeyError, TypeError, OverflowError)
"""The errors of reading a damaged file, besides those of pyarrow."""

_READ_BYTES = 1 << 16  # buffer of each column of a Parquet file

_NAMED = {
    ".parquet": "Parquet",
    ".pq": "Parquet",
    ".arrow": "Arrow",
    ".ipc": "Arrow",
    ".feather": "Feather",
    ".arrows": "Arrow",
    ".npy": "NumPy",
    ".npz": "NumPy",
}

_Batches = Callable[[Sequence[str]], Iterator[Any]]
"""Takes names of columns, yields record batches in order that hold at least these columns."""


def arrow_magic(start: bytes) -> bytes | None:
    """Return the magic bytes of the format that a file begins with; None for other formats."""
    return next((magic for magic in _KINDS if start.startswith(magic)), None)


def refuse_other_content(path: Path, name: str) -> None:
    """Refuse a file that has the name of an Arrow, Parquet or NumPy file but another content.

    Raises:
        DataError: the name ends like that of one of these formats.
    """
    kind = _NAMED.get(path.suffix.lower())
    if kind is not None:
        raise DataError(
            f"{name} is named like {_article(kind)} file but is none; write it again, or rename it", field="data"
        )


def open_arrow(choice: TableChoice, path: Path, magic: bytes) -> Source:
    """Find the columns of a file.

    Raises:
        DataError: pyarrow is missing, or the file is damaged.
    """
    kind = _KINDS[magic]
    try:
        import pyarrow as pa
    except ImportError as error:
        raise DataError(
            f"{choice.name} is {_article(kind)} file, which needs pyarrow; {install_hint('parquet')}",
            field="data",
        ) from error
    try:
        schema, batches = _open_parquet(path) if magic == _PARQUET else _open_ipc(path, magic)
        found = _columns(schema)
    except (pa.ArrowException, *_BROKEN) as error:
        raise _damaged(choice.name, kind) from error
    names = column_names(found, choice.name)
    types = [schema.field(name).type for name in found]
    refused = {place: unknown_type(names[place], str(kind)) for place, kind in enumerate(types) if not _is_known(kind)}

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        texts = {at for at, place in enumerate(wanted) if place in as_text}
        columns = [found[place] for place in wanted]
        try:
            for batch in batches(columns):
                if magic != _PARQUET:
                    batch.validate(full=True)  # pyarrow uses the bytes unchecked: damaged ones would end the process
                for start in range(0, batch.num_rows, PART_ROWS):
                    frame = _frame(batch.slice(start, PART_ROWS), columns, texts)
                    yield cast_part(frame, texts, choice.missing)
                pa.default_memory_pool().release_unused()
        except (pa.ArrowException, *_BROKEN) as error:
            raise _damaged(choice.name, kind) from error

    return Source(
        choice=choice, names=names, frames=frames, checksum=lambda: file_sha256(path), refused=refused, is_typed=True
    )


def _damaged(name: str, kind: str) -> DataError:
    return DataError(
        f"{name} begins as {_article(kind)} file but cannot be read as one; it may be damaged: write it again",
        field="data",
    )


def _article(kind: str) -> str:
    return f"an {kind}" if kind.startswith("A") else f"a {kind}"


def _open_parquet(path: Path) -> tuple[Any, _Batches]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow

    def batches(columns: Sequence[str]) -> Iterator[Any]:
        # Small buffers: whole groups of rows take more memory than the columns that are made of them.
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=_READ_BYTES) as file:
            yield from file.iter_batches(batch_size=PART_ROWS, columns=list(columns))

    return schema, batches


def _open_ipc(path: Path, magic: bytes) -> tuple[Any, _Batches]:
    import pyarrow as pa
    from pyarrow import feather

    if magic == _FEATHER_1:
        table = feather.read_table(path)
        return table.schema, lambda _: iter(table.to_batches())
    open_content = {_STREAM: pa.ipc.open_stream, _ARROW: pa.ipc.open_file}[magic]
    with pa.memory_map(str(path)) as file:
        schema = open_content(file).schema

    def batches(_: Sequence[str]) -> Iterator[Any]:
        with pa.memory_map(str(path)) as file:
            content = open_content(file)
            if magic == _STREAM:
                yield from content
            else:
                yield from (content.get_batch(number) for number in range(content.num_record_batches))

    return schema, batches


def _columns(schema: Any) -> list[str]:
    """Return the names of columns, without those that pandas wrote to restore its row labels."""
    index = (schema.pandas_metadata or {}).get("index_columns", [])
    return [name for name in schema.names if name not in index]


def _is_known(kind: Any) -> bool:
    """Return whether a network takes values of this type."""
    from pyarrow import types

    value = kind.value_type if types.is_dictionary(kind) else kind
    return bool(
        types.is_integer(value)
        or types.is_floating(value)
        or types.is_decimal(value)
        or types.is_boolean(value)
        or _is_text(value)
        or types.is_date(value)
        or types.is_timestamp(value)
        or types.is_null(value)
    )


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _frame(batch: Any, columns: Sequence[str], texts: Collection[int]) -> Any:
    """Return columns of a batch as a pandas frame; declared categories become text."""
    import pandas as pd

    parts = {}
    for place, name in enumerate(columns):
        parts[place] = _plain(batch.column(name), is_text=place in texts).to_pandas()
    return pd.DataFrame(parts)


def _plain(values: Any, *, is_text: bool) -> Any:
    """Return an array converted to a type that pandas has."""
    import pyarrow as pa
    from pyarrow import types

    kind = values.type
    if not _is_known(kind):  # only an ignored column, which is shown and not used
        return pa.array([None if value is None else str(value) for value in values.to_pylist()], pa.string())
    is_label = types.is_dictionary(kind)
    if is_label:
        values = values.dictionary_decode()
        kind = values.type
    if types.is_integer(kind) and (is_text or is_label):
        return values.cast(pa.string())
    if types.is_decimal(kind) or kind == pa.float16():
        return values.cast(pa.float64())
    if types.is_date(kind):
        return values.cast(pa.timestamp("ms"))
    return values
