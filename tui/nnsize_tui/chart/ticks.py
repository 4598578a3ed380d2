"""Round numbers along an axis: their places, their labels, and the labels that have room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.charts.axis import round_step
from nnsize_tui.chart.clean import Scale, column_of

ROUNDING = 1e-9

GAP = 2
"""Blanks between two labels at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis."""

    place: float
    """Between 0 and 1."""
    label: str


def ticks(scale: Scale, count: int, *, whole: bool = False) -> list[Tick]:
    """Return about `count` ticks at round values, at least two where possible; with `whole`, only at whole numbers."""
    if scale.log:
        values = _log_values(scale, count, whole)
        labels = _log_labels(values)
    else:
        values, step = _linear_values(scale, count, whole)
        labels = labels_of(values, step)
    return _placed(scale, values, labels)


def log_ticks(scale: Scale, numbers: Sequence[float], columns: int, *, whole: bool = False) -> list[Tick]:
    """Return ticks along a logarithmic axis: every doubling, 1-2-5, or decades; the most that have room.

    Doublings are for data that are powers of two, as sizes of networks often are. With `whole`, ticks are only at
    whole numbers.
    """
    choices = [ticks(scale, max(1, columns // 7), whole=whole)]
    decades = range(math.floor(math.log10(scale.lower)), math.ceil(math.log10(scale.upper)) + 1)
    if len(decades) <= columns:
        least = 1 - ROUNDING if whole else 0.0
        values = [value for power in decades for factor in (1, 2, 5) if (value := factor * 10.0**power) >= least]
        choices.append(_held(scale, values))
        if all(math.frexp(number)[0] == 0.5 for number in numbers if scale.holds(number)):
            powers = range(math.floor(math.log2(scale.lower)), math.ceil(math.log2(scale.upper)) + 1)
            doublings = ([2.0**power for power in powers[::stride] if 2.0**power >= least] for stride in (2, 1))
            choices += [_held(scale, values) for values in doublings]
    fitting = [choice for choice in choices if 1 < len(choice) == len(labels_with_room(choice, columns))]
    return fitting[-1] if fitting else choices[0]


def _held(scale: Scale, values: Sequence[float]) -> list[Tick]:
    inside = [value for value in values if scale.lower * (1 - 1e-9) <= value <= scale.upper * (1 + 1e-9)]
    return _placed(scale, inside, _log_labels(inside))


def _log_labels(values: Sequence[float]) -> list[str]:
    return [_tidy(f"{value:.0f}" if value.is_integer() and value < 1e5 else f"{value:.3g}") for value in values]


def _placed(scale: Scale, values: Sequence[float], labels: Sequence[str]) -> list[Tick]:
    placed = [(scale.place(value), label) for value, label in zip(values, labels, strict=True)]
    return [Tick(place=place, label=label) for place, label in placed if place is not None]


def _linear_values(scale: Scale, count: int, whole: bool) -> tuple[list[float], float]:
    """Return multiples of a round step, and the step."""
    values: list[float] = []
    step = 1.0
    for finer in range(4):
        step = round_step(scale.upper - scale.lower, count + finer)
        if whole:
            step = max(step, 1.0)
        first, last = math.ceil(scale.lower / step - 1e-9), math.floor(scale.upper / step + 1e-9)
        values = [number * step for number in range(first, last + 1)]
        # A single label does not show the scale.
        if len(values) > 1:
            break
    return values, step


def _log_values(scale: Scale, count: int, whole: bool) -> list[float]:
    first = math.ceil(math.log10(scale.lower) - 1e-9)
    last = math.floor(math.log10(scale.upper) + 1e-9)
    if last - first >= 1:
        stride = max(1, math.ceil((last - first + 1) / max(count, 1)))
        powers = range(first, last + 1, stride)
        return [10.0**power for power in powers if power >= 0 or not whole]
    between = [factor * 10.0**power for power in (first - 1, first, last) for factor in (1, 2, 5)]
    between = [value for value in between if value >= 1 - ROUNDING or not whole]
    seen = sorted({value for value in between if scale.lower <= value <= scale.upper})
    # A range of less than a decade may hold no such value; then use evenly spaced ones.
    return seen if len(seen) > 1 else _linear_values(scale, count, whole)[0]


def labels_of(values: Sequence[float], step: float) -> list[str]:
    """Write multiples of a step in one form, with as many digits as tell them apart."""
    largest = max(map(abs, values), default=0.0)
    unit, sign = _unit(largest, step)
    decimals = max(0, -_exponent(step / unit))
    digits = min(max(0, _exponent(largest) - _exponent(step)), 9) if largest else 0
    short = [_tidy(f"{value:.{digits}e}") if value else "0" for value in values]
    if largest >= 1e15 or decimals > 9:
        return short
    plain = [_tidy(f"{value / unit:.{decimals}f}") + sign if value else "0" for value in values]
    # Ordinary numbers are easier to read, unless they are mostly zeros.
    return plain if _widest(plain) <= max(7, _widest(short)) else short


def _widest(labels: Sequence[str]) -> int:
    return max(map(len, labels), default=0)


def _unit(largest: float, step: float) -> tuple[float, str]:
    """Return thousands, millions or billions where the numbers are long and the step does not need the last digits."""
    for unit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if max(unit, 1e4) <= largest < 1e15 and step >= unit / 10:
            return unit, sign
    return 1.0, ""


def _exponent(value: float) -> int:
    """Return the power of ten of a step's last digit. Steps are 1, 2 or 5 times a power of ten, but for rounding."""
    return math.floor(math.log10(value) + 1e-6)


def _tidy(text: str) -> str:
    """Shorten `1e+06` to `1e6`, and `-0.0` to `0.0`."""
    text = text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return text[1:] if text.startswith("-") and not any(digit in text.split("e")[0] for digit in "123456789") else text


def labels_with_room(marks: Sequence[Tick], columns: int) -> list[tuple[int, str]]:
    """Return `(first column, text)` of the labels that fit along an axis, evenly thinned, none touching another.

    The text is centred below its tick; at the ends it is moved inside.
    """
    for stride in range(1, len(marks) + 1):
        spans = [(_start(tick, columns), tick.label) for tick in marks[::stride]]
        ends = [start + len(text) + GAP for start, text in spans]
        if all(start >= 0 for start, _ in spans) and all(
            end <= start for end, (start, _) in zip(ends, spans[1:], strict=False)
        ):
            return spans
    return []


def _start(tick: Tick, columns: int) -> int:
    middle = column_of(tick.place, columns)
    return min(max(middle - len(tick.label) // 2, 0), columns - len(tick.label))
