"""Round places along an axis, and their texts."""

import math
from collections.abc import Sequence

Ticks = Sequence[tuple[float, str]]


def round_ticks(low: float, high: float, most: int, *, is_whole: bool = False) -> Ticks:
    """Return at most ``most`` round places from ``low`` to ``high``, a multiple of 1, 2 or 5 apart.

    ``is_whole`` asks for whole numbers alone; there may be none.
    """
    span = high - low
    if not (span > 0 and math.isfinite(span)):
        return [(low, tick_text(low, abs(low) or 1.0))]
    power: float = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if span / (power * factor) <= most - 1)
    step = max(step, 1.0) if is_whole else step
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(number * step, tick_text(number * step, step)) for number in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int, *, is_whole: bool = False) -> Ticks:
    """Return places of a logarithmic axis: powers of ten, and 2 and 5 times these if there are few.

    ``is_whole`` asks for whole numbers alone; there may be none.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for factors in ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        places = [factor * 10.0**power for power in range(first, last + 1) for factor in factors]
        inside = [place for place in places if low * (1 - 1e-9) <= place <= high * (1 + 1e-9)]
        inside = [place for place in inside if not is_whole or place >= 1 - 1e-9]
        if len(inside) <= most:
            break
    stride = -(-len(inside) // most) or 1
    if len(inside) < 2:
        return round_ticks(low, high, most, is_whole=is_whole)
    return [(place, tick_text(place, place)) for place in inside[::stride]]


def tick_text(value: float, step: float) -> str:
    """Return a value with the digits that ticks this far apart need."""
    if value == 0 or (1e-4 <= abs(value) < 1e6 and step >= 1e-6):
        digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
        return f"{value:,.{digits}f}"
    return f"{value:.3g}"
