"""JSON objects of a run file as records, whose fields have the declared types and finite numbers, or are refused."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from nnsize_engine.runs.stored_values import DamagedError
from nnsize_engine.settings.typed import is_finite, wrong_field

RecordT = TypeVar("RecordT")


def stored_object(name: str, text: str) -> Mapping[str, Any]:
    """Read a JSON object.

    Raises:
        DamagedError: the text is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{name} is no JSON object ({str(error)[:100]})") from error
    if not isinstance(found, dict):
        raise DamagedError(f"{name} is no JSON object, but a {type(found).__name__}")
    return found


def read_record(record_class: type[RecordT], values: Mapping[str, Any]) -> RecordT:
    """Make a record of stored values; lists, which JSON has for tuples, become tuples.

    Raises:
        DamagedError: a field is missing or unknown, has another type, or is not finite.
    """
    name = record_class.__name__
    if not isinstance(values, Mapping):
        raise DamagedError(f"{name} is stored as a {type(values).__name__}")
    known = {field.name for field in dataclasses.fields(record_class)}  # type: ignore[arg-type]
    if not known.issuperset(values):
        raise DamagedError(f"{name} has unknown facts, such as {min(values.keys() - known)[:60]!r}")
    try:
        record = record_class(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
        )
    except TypeError as error:
        raise DamagedError(f"{name} lacks facts ({error})") from error
    wrong = wrong_field(record)
    if wrong is not None:
        raise DamagedError(f"{wrong[0]} of {name} is {str(wrong[1])[:60]!r}")
    if not is_finite(record):
        raise DamagedError(f"{name} holds a number that is not finite")
    return record
