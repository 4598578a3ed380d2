"""Values of options in TOML files: their kinds, and how each is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, assert_never

from nnsize_engine.settings.parameter_grid import value_text

Value = str | int | float | bool | list[str]

ValueKind = Literal["text", "values", "integer", "number", "switch", "texts", "folds"]
"""The kind of value of an option; ``values`` are one or several values of a network parameter.

``folds`` are a number of folds, or a text such as ``group:5``.
"""

EXPECTED: Mapping[ValueKind, str] = MappingProxyType(
    {
        "text": "a text in quotes",
        "values": "a text in quotes, a number, true or false, or a list of such values",
        "integer": "a whole number",
        "number": "a number",
        "switch": "true or false",
        "texts": "a text in quotes, or a list of texts",
        "folds": "a whole number, or a text in quotes such as 'group:5'",
    }
)


def read_value(value: Any, kind: ValueKind) -> Value | None:
    """Return a value as the command line would hold it; None for a value of another kind."""
    match kind:
        case "switch":
            return value if isinstance(value, bool) else None
        case "texts":
            return _texts(value)
        case "text":
            return value_text(value) if _is_plain(value, str | int | float) else None
        case "values":
            return _values(value)
        case "folds":
            return value if _is_plain(value, str | int) else None
        case "integer":
            return value if _is_plain(value, int) else None
        case "number":
            return float(value) if _is_plain(value, int | float) else None
        case _:
            assert_never(kind)


def _is_plain(value: Any, kinds: Any) -> bool:
    """Return whether a value has one of these types and is no bool, which Python counts as an integer."""
    return isinstance(value, kinds) and not isinstance(value, bool)


def _texts(value: object) -> list[str] | None:
    texts = [value] if isinstance(value, str) else value
    return texts if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else None


def _values(value: object) -> str | None:
    """Return one or several values of a network parameter as one text for the command line."""
    values: list[Any] = value if isinstance(value, list) else [value]
    are_values = bool(values) and all(isinstance(one, str | int | float) for one in values)
    return ",".join(value_text(one) for one in values) if are_values else None
