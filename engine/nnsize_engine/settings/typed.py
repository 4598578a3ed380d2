"""Checks whether values have the types that a dataclass declares; what is read from JSON may have any other."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_Accepts = Callable[[Any], bool]


def wrong_field(record: Any) -> tuple[str, object] | None:
    """Return the name and value of the first field of a dataclass whose value has another type than declared.

    A whole number may stand for a float. Fields that are dataclasses are looked into.
    """
    record_class: Any = type(record)
    for name, accepts in _fields_of(record_class):
        value = getattr(record, name)
        if dataclasses.is_dataclass(value):
            inside = wrong_field(value)
            if inside is not None:
                return inside
        if not accepts(value):
            return name, value
    return None


def is_finite(value: object) -> bool:
    """Return whether no number in a value, or in tuples and dataclasses within it, is NaN or infinite."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, tuple):
        return all(map(is_finite, value))
    if dataclasses.is_dataclass(value):
        return all(is_finite(getattr(value, field.name)) for field in dataclasses.fields(value))
    return True


@cache
def _fields_of(record_class: Any) -> tuple[tuple[str, _Accepts], ...]:
    hints = get_type_hints(record_class)
    return tuple((field.name, _accepts(hints[field.name])) for field in dataclasses.fields(record_class))


def _accepts(hint: Any) -> _Accepts:
    """Return the check of a type.

    Raises:
        TypeError: the type is of a kind that no stored record has.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        options = [_accepts(one) for one in inner]
        return lambda value: any(option(value) for option in options)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in inner
    if origin is tuple:
        return _accepts_tuple(inner)
    if origin is not None and issubclass(origin, Mapping):
        key, one = map(_accepts, inner)
        return lambda value: isinstance(value, Mapping) and all(key(k) and one(v) for k, v in value.items())
    if hint is float:
        return lambda value: type(value) in (float, int)
    if hint in (int, bool, str, bytes, NoneType) or dataclasses.is_dataclass(hint):
        return lambda value: type(value) is hint
    raise TypeError(f"no stored record has a field of type {hint}")


def _accepts_tuple(inner: tuple[Any, ...]) -> _Accepts:
    if len(inner) == 2 and inner[1] is Ellipsis:
        each = _accepts(inner[0])
        return lambda value: isinstance(value, tuple) and all(map(each, value))
    parts = [_accepts(one) for one in inner]
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(parts)
        and all(part(one) for part, one in zip(parts, value, strict=True))
    )
