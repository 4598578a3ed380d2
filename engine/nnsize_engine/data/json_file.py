"""JSON files: one object a line (``.jsonl``), read in parts, or an array of objects."""

import json
from collections.abc import Collection, Generator, Iterator, Sequence
from itertools import islice
from typing import Any

from nnsize_engine.data.cast_parts import cast_part
from nnsize_engine.data.encoded_text import EncodedText
from nnsize_engine.data.source import PART_ROWS, Source, column_names, file_sha256, unknown_type
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import FileFacts
from nnsize_engine.settings.table_choice import TableChoice

MAX_ARRAY_CHARACTERS = 1 << 28  # 256 Mi; an array is read as a whole


def is_json(text: EncodedText) -> bool:
    """Return whether a text begins as JSON: with an object on a line, or with an array of objects."""
    start = text.start.lstrip()
    if start.startswith("["):
        return start[1:].lstrip().startswith(("{", "]"))
    if not start.startswith("{"):
        return False
    try:
        return isinstance(json.loads(start.partition("\n")[0]), dict)
    except ValueError:
        return text.path.suffix.lower() in (".jsonl", ".ndjson", ".json")


def open_json(choice: TableChoice, text: EncodedText) -> Source:
    """Find the columns of a file: the keys of all its objects, in the order in which they occur.

    Raises:
        DataError: the file is damaged, or holds something other than objects.
    """
    is_array = text.start.lstrip().startswith("[")
    keys: dict[str, None] = {}
    nested: dict[str, str] = {}
    for record in _objects(text, is_array=is_array):
        keys.update(dict.fromkeys(record))
        for key, value in record.items():
            if isinstance(value, dict | list):
                nested[key] = "object" if isinstance(value, dict) else "list"
    found = list(keys)
    if not found:
        raise DataError(f"{choice.name} holds no objects with values; expected is one JSON object a row", field="data")
    names = column_names(found, choice.name)

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        import pandas as pd

        texts = {at for at, place in enumerate(wanted) if place in as_text}
        columns = [found[place] for place in wanted]
        records = _objects(text, is_array=is_array)
        while part := list(islice(records, PART_ROWS)):
            cells = {at: [_plain(record.get(key)) for record in part] for at, key in enumerate(columns)}
            yield cast_part(pd.DataFrame(cells), texts, choice.missing)

    return Source(
        choice=choice,
        names=names,
        frames=frames,
        checksum=lambda: file_sha256(text.path),
        refused={place: unknown_type(names[place], nested[key]) for place, key in enumerate(found) if key in nested},
        file=lambda: FileFacts(
            format="json array" if is_array else "json lines",
            compression=text.packing.compression,
            member=text.packing.member,
            encoding=text.encoding,
        ),
    )


def _plain(value: Any) -> Any:
    """Return a value of a type that pandas has; only ignored columns hold others."""
    return json.dumps(value) if isinstance(value, dict | list) else value


def _objects(text: EncodedText, *, is_array: bool) -> Iterator[dict[str, Any]]:
    if is_array:
        yield from _of_array(text)
        return
    for place, line in enumerate(text.lines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"line {place:,} of {text.name} is no JSON object ({error}); expected is one object a line",
                field="data",
            ) from error
        yield _checked(record, f"line {place:,} of {text.name}")


def _of_array(text: EncodedText) -> Iterator[dict[str, Any]]:
    with text.open() as file:
        content = file.read(MAX_ARRAY_CHARACTERS + 1)
    if len(content) > MAX_ARRAY_CHARACTERS:
        raise DataError(f"{text.name} is a large JSON array; write it with one object a line (.jsonl)", field="data")
    try:
        records = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{text.name} begins as a JSON array and is damaged ({error}); write it again", field="data"
        ) from error
    for place, record in enumerate(records, start=1):
        yield _checked(record, f"element {place:,} of {text.name}")


def _checked(record: Any, where: str) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise DataError(f"{where} is no JSON object; expected is an object of names and values", field="data")
    return record
