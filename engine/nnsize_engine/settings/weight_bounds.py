"""Limits of the weights of each layer, written as one short text.

=====================  ====================================================================
``-1:1``               every weight and bias between -1 and 1
``-2:2,-1:1,-1:1``     one range per layer, from the first hidden layer to the outputs
``glorot:3``           three times the range of Glorot's initial weights of each layer
=====================  ====================================================================
"""

import math

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.activations import glorot_limits

Range = tuple[float, float]

MAX_BOUND = 1e15  # its square is still finite in float32

_EXAMPLES = "write for example -1:1, one range a layer such as -2:2,-1:1,-1:1, or glorot:3"


def parse_bounds(text: str, units: tuple[int, ...], activation: str) -> tuple[Range, ...]:
    """Return the lower and upper limit of each layer's weights and biases.

    Args:
        text: limits in the form above.
        units: neurons of each layer, inputs and outputs included.
        activation: the activation of the hidden layers, on which Glorot's ranges depend.

    Raises:
        SettingsError: the text does not parse, a range is reversed or empty, or their number does not fit.
    """
    layers = len(units) - 1
    if text.startswith("glorot:"):
        factor = _number(text.removeprefix("glorot:"), text)
        if not 0 < factor <= MAX_BOUND:
            raise SettingsError(
                f"bounds {text!r}: the factor must be above 0, and at most {MAX_BOUND:g}; {_EXAMPLES}", field="bounds"
            )
        return tuple((-factor * limit, factor * limit) for limit in glorot_limits(units, activation))
    ranges = [_range(part, text) for part in text.split(",")]
    if len(ranges) not in (1, layers):
        raise SettingsError(
            f"bounds {text!r} has {len(ranges)} ranges; the network has {layers} layers; {_EXAMPLES}", field="bounds"
        )
    return tuple(ranges * layers if len(ranges) == 1 else ranges)


def _range(part: str, text: str) -> Range:
    ends = part.split(":")
    if len(ends) != 2:
        raise SettingsError(f"bounds {text!r}: {part!r} does not read as LOW:HIGH; {_EXAMPLES}", field="bounds")
    low, high = (_number(end, text) for end in ends)
    if max(abs(low), abs(high)) > MAX_BOUND:
        raise SettingsError(
            f"bounds {text!r}: {part!r} goes beyond {MAX_BOUND:g}, too far for a weight; {_EXAMPLES}", field="bounds"
        )
    if low >= high:
        raise SettingsError(
            f"bounds {text!r}: {part!r} is reversed or empty; the lower limit comes first", field="bounds"
        )
    return low, high


def _number(part: str, text: str) -> float:
    try:
        value = float(part)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingsError(f"bounds {text!r}: {part!r} is not a finite number; {_EXAMPLES}", field="bounds")
    return value
