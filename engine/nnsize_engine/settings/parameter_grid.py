"""The searched parameters of networks, with their values written as one short text.

==================  =======================================================================
``relu,tanh``       these two values
``log:1e-5:1e-1:5`` five numbers from 1e-5 to 1e-1, both included, evenly spaced by factor
``0.1:0.5:0.1``     0.1, 0.2, 0.3, 0.4; the end is left out, as in ``numpy.arange``
``yes,no``          true and false
==================  =======================================================================

Entries are joined by commas. A value that is written twice is searched once. A range is computed in decimal numbers, so
that 0.3 is 0.3, where ``numpy.arange`` gives 0.30000000000000004, and so that the end is always left out. Spacing by
factor equals ``numpy.geomspace`` except for the last digit; parameters that are whole numbers get the nearest one.
"""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.layer_sizes import MAX_CANDIDATES
from nnsize_engine.settings.network import NetworkParameters

Value = bool | int | float | str
"""One value of a parameter."""

Grid = tuple[tuple[str, tuple[Value, ...]], ...]
"""Searched parameters of :class:`~nnsize_engine.settings.network.NetworkParameters` with at least two values each."""

_OWN = {"hidden_layer_sizes": "neurons", "random_state": "seed"}
"""Parameters that a search sets itself, and the settings for them."""

DEFAULTS: Mapping[str, Value] = MappingProxyType(
    {name: value for name, value in NetworkParameters().as_dict().items() if name not in _OWN}
)
"""The default of each parameter that can be set or searched, in the order of scikit-learn."""

FACTS = frozenset(name for name, default in DEFAULTS.items() if isinstance(default, bool))
"""Parameters that are true or false."""

FACT_WORDS: Mapping[str, bool] = MappingProxyType({"yes": True, "true": True, "no": False, "false": False})
"""The texts of true and false."""

_WHOLE = frozenset({"batch_size", "max_iter", "n_iter_no_change", "max_fun"})
_MAX_WHOLE = 10**18  # fits an int64; larger numbers stay floats, which scikit-learn refuses
_NUMBER = re.compile(r"[+-]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


def parse_values(name: str, text: str) -> tuple[Value, ...]:
    """Read the values of a parameter, in the order in which they are written, each once.

    Raises:
        SettingsError: there is no such parameter, the text does not parse, or scikit-learn would refuse a value.
    """
    check_name(name)
    found: dict[Value, None] = {}
    for entry in text.split(","):
        for value in _values(name, entry.strip(), text):
            found[_checked(name, value, entry.strip(), text)] = None
    return tuple(found)


def check_name(name: str) -> None:
    """Raise a SettingsError for a name that is no parameter or that the search sets itself."""
    if name in _OWN:
        raise SettingsError(f"{name} is set by the search; use {_OWN[name]} instead", field=name)
    if name not in DEFAULTS:
        raise SettingsError(f"unknown parameter {name!r}; choose one of {', '.join(DEFAULTS)}")


def check_grid(grid: Grid, network: NetworkParameters, networks: int) -> None:
    """Accept the searched parameters of a search over ``networks`` hidden-layer sizes.

    Raises:
        SettingsError: a name or a value is refused, occurs twice or is also set, or there are too many candidates.
    """
    names = [name for name, _ in grid]
    given = network.as_dict()
    for name, values in grid:
        check_name(name)
        if names.count(name) > 1:
            raise SettingsError(f"{name} is searched twice; name it once, with all its values", field=name)
        if given[name] != DEFAULTS[name]:
            raise SettingsError(f"{name} is both set and searched; give it once", field=name)
        for value in values:
            NetworkParameters(**{name: value})  # type: ignore[arg-type]
        if len(set(values)) < len(values) or len(values) < 2:
            raise SettingsError(
                f"{name} has the values {values_text(values)}; a search needs at least two, each once", field=name
            )
    count = networks * math.prod(len(values) for _, values in grid)
    if count > MAX_CANDIDATES:
        raise SettingsError(
            f"neurons and parameters together make {count:,} candidates; at most {MAX_CANDIDATES:,} can be searched",
            field="neurons",
        )


def value_text(value: Value) -> str:
    """Return one value as the user writes it, with all its digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def values_text(values: tuple[Value, ...]) -> str:
    """Return values as one text that :func:`parse_values` reads back."""
    return ",".join(value_text(value) for value in values)


def short_value(value: Value) -> str:
    """Return one value for a table, with six digits of a number."""
    return f"{value:g}" if isinstance(value, float) else value_text(value)


def parameter_words(name: str, value: Value) -> str:
    """Return a parameter with its value in words: ``tanh``, ``alpha 0.001``, ``no early stopping``."""
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"no {words}"
    return str(value) if name in ("activation", "solver") else f"{words} {short_value(value)}"


def _values(name: str, entry: str, text: str) -> Iterator[Value]:
    """Yield the values of one entry, unchecked."""
    if entry.startswith("log:"):
        yield from _spaced_by_factor(name, entry, text)
    elif ":" in entry:
        yield from _range(name, entry, text)
    elif name in FACTS:
        yield FACT_WORDS.get(entry.lower(), entry)
    else:
        yield _number(name, Decimal(entry)) if _NUMBER.fullmatch(entry) else _word(name, entry)


def _word(name: str, entry: str) -> Value:
    return math.inf if name == "n_iter_no_change" and entry.lower() in ("inf", "infinity") else entry


def _number(name: str, value: Decimal) -> Value:
    """Return a number, as an int if the parameter is a count."""
    is_whole = name in _WHOLE and abs(value) < _MAX_WHOLE and value == value.to_integral_value()
    return int(value) if is_whole else float(value)


def _checked(name: str, value: Value, entry: str, text: str) -> Value:
    """Return a value as the parameter stores it, if scikit-learn accepts it."""
    is_all = entry == text.strip() and ":" not in entry
    lead = "" if is_all else f"{name} {text!r}: "
    if name in FACTS and not isinstance(value, bool):
        raise SettingsError(f"{lead}{name} is {value!r}; it must be yes or no", field=name)
    try:
        parameters = NetworkParameters(**{name: value})  # type: ignore[arg-type]
    except SettingsError as error:
        raise SettingsError(f"{lead}{error}", field=name) from None
    kept: Value = getattr(parameters, name)
    return kept


def _range(name: str, entry: str, text: str) -> Iterator[Value]:
    parts = [part.strip() for part in entry.split(":")]
    if len(parts) > 3 or not _has_numbers(name) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise SettingsError(
            f"{name} {text!r}: {entry!r} does not read as {_expected(name, 'START:END:STEP')}", field=name
        )
    start, end, step = (Decimal(part) for part in (*parts, "1")[:3])
    if step == 0:
        raise SettingsError(f"{name} {text!r}: the step of {entry!r} is 0; it must be another number", field=name)
    count = max(0, math.ceil((end - start) / step))
    if count == 0:
        raise SettingsError(f"{name} {text!r}: {entry!r} names no value, because the end is left out", field=name)
    _check_count(name, count, text)
    return (_number(name, start + place * step) for place in range(count))


def _spaced_by_factor(name: str, entry: str, text: str) -> Iterator[Value]:
    parts = [part.strip() for part in entry.split(":")[1:]]
    if (
        len(parts) != 3
        or not _has_numbers(name)
        or not all(_NUMBER.fullmatch(part) for part in parts[:2])
        or not re.fullmatch(r"\d{1,18}", parts[2], re.ASCII)
    ):
        raise SettingsError(
            f"{name} {text!r}: {entry!r} does not read as {_expected(name, 'log:FIRST:LAST:COUNT')}", field=name
        )
    first, last, count = float(parts[0]), float(parts[1]), int(parts[2])
    if not (0 < first < math.inf and 0 < last < math.inf and first != last) or count < 2:
        raise SettingsError(
            f"{name} {text!r}: {entry!r} needs two numbers above 0 as FIRST and LAST, and a COUNT of at least 2",
            field=name,
        )
    _check_count(name, count, text)
    low, high = math.log10(first), math.log10(last)
    step = (high - low) / (count - 1)
    inner = [10.0 ** (low + place * step) for place in range(1, count - 1)]
    values = [first, *inner, last]  # the ends exactly as they are written
    return (round(value) if name in _WHOLE else value for value in values)


def _has_numbers(name: str) -> bool:
    return name in _WHOLE or isinstance(DEFAULTS[name], float)


def _expected(name: str, form: str) -> str:
    return f"{form}, in numbers" if _has_numbers(name) else "one of its values, which have no ranges"


def _check_count(name: str, count: int, text: str) -> None:
    if count > MAX_CANDIDATES:
        raise SettingsError(f"{name} {text!r} names more than {MAX_CANDIDATES:,} values; search fewer", field=name)
