"""Values of options in TOML files: the kinds of options, and how a value of each is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, assert_never

from nnsize_engine.settings.parameter_grid import value_text

Value = str | int | float | bool | list[str]

ValueKind = Literal["text", "values", "integer", "number", "switch", "texts"]
"""What an option takes; ``values`` are one or several values of a network's parameter."""

EXPECTED: Mapping[ValueKind, str] = MappingProxyType(
    {
        "text": "a text in quotes",
        "values": "a text in quotes, a number, true or false, or a list of such values",
        "integer": "a whole number",
        "number": "a number",
        "switch": "true or false",
        "texts": "a text in quotes, or a list of texts",
    }
)


def read_value(value: Any, kind: ValueKind) -> Value | None:
    """Return a value as an option would have it; None for one of another kind."""
    match kind:
        case "switch":
            return value if isinstance(value, bool) else None
        case "texts":
            return _texts(value)
        case "text":
            return value_text(value) if _is_plain(value, str | int | float) else None
        case "values":
            return _values(value)
        case "integer":
            return value if _is_plain(value, int) else None
        case "number":
            return float(value) if _is_plain(value, int | float) else None
        case _:
            assert_never(kind)


def _is_plain(value: Any, kinds: Any) -> bool:
    """Return whether a value is of one of these types and not a truth value, which Python takes for an integer."""
    return isinstance(value, kinds) and not isinstance(value, bool)


def _texts(value: object) -> list[str] | None:
    texts = [value] if isinstance(value, str) else value
    return texts if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else None


def _values(value: object) -> str | None:
    """Return one value or several of a network's parameter as the command line has them."""
    values: list[Any] = value if isinstance(value, list) else [value]
    are_values = bool(values) and all(isinstance(one, str | int | float) for one in values)
    return ",".join(value_text(one) for one in values) if are_values else None
