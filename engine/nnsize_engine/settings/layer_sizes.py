"""Hidden-layer sizes of a search, written as one short text.

====================  ==========================================================================
``5:100:2``           5, 7, 9, ... 99; the end is left out, as in ``numpy.arange``
``5:100``             the same in steps of one
``8,16,32``           these three sizes
``log:4:512:8``       eight sizes from 4 to 512, both included, evenly spaced by factor
``64x32``             one network with two hidden layers
``8:65:8 x 0:65:8``   a range for each layer; 0, allowed after the first layer, stands for no such layer
``auto``              the search finds the sizes itself, half an octave apart at the closest
====================  ==========================================================================

Entries are joined by commas. A size that is written twice is searched once; 8x0 is the same as 8. ``auto`` stands
alone.
"""

import itertools
import re
from functools import lru_cache
from itertools import pairwise

from nnsize_engine.errors import SettingsError

HiddenLayers = tuple[int, ...]
"""Neurons of each hidden layer, first to last; scikit-learn's ``hidden_layer_sizes``."""

MAX_CANDIDATES = 100_000  # candidates of one search; a table cannot show more

MAX_WRITTEN = 2 * MAX_CANDIDATES  # networks that a text names, each as often as it names it

MAX_NEURONS = 1_000_000  # neurons of one layer, whose weights fill gigabytes
_EXAMPLES = "write for example auto, 5:100:2, 8,16,32, log:4:512:8 or 64x32"

AUTO = "auto"
"""The text that lets a search find its sizes."""

MIN_AUTO_NEURONS = 2
"""The smallest size that a search finds."""

MAX_AUTO_NEURONS = 512
"""The largest size that a search finds unless told otherwise. A larger network trains for minutes a fit."""

MAX_AUTO_NEURONS_OF_FEW_ROWS = 128
"""The same in a table of few rows. An epoch of few rows is few steps, and larger networks need fewer steps."""


def finds_sizes(text: str) -> bool:
    """Return whether this text lets the search find its sizes."""
    return text.strip() == AUTO


def auto_sizes(most: int) -> tuple[int, ...]:
    """Return the sizes that a search may try when it finds them: 2, 3, 4, 6, 8, 11, 16, ... up to ``most``.

    They are half an octave apart, rounded to whole numbers.
    """
    sizes = []
    half_octaves = 2
    while (size := round(2 ** (half_octaves / 2))) <= max(most, MIN_AUTO_NEURONS):
        sizes.append(size)
        half_octaves += 1
    return tuple(sizes)


def max_auto_neurons(training_rows: int) -> int:
    """Return the largest size that a search finds in so many training rows, unless told otherwise.

    A hidden layer with more neurons than rows can hold one row in each of them.
    """
    return max(MAX_AUTO_NEURONS_OF_FEW_ROWS, min(MAX_AUTO_NEURONS, training_rows))


@lru_cache(maxsize=4)  # settings are read again at each look at a run, and 20,000 sizes take 40 ms
def parse_neurons(text: str) -> tuple[HiddenLayers, ...]:
    """Read hidden-layer sizes, in the order in which they are written, each once.

    Raises:
        SettingsError: the text does not parse, or names no size, an impossible size or too many sizes.
    """
    found: dict[HiddenLayers, None] = {}
    written = 0
    for entry in text.split(","):
        for layers in itertools.product(*_layers(entry.strip(), text)):
            found[tuple(size for size in layers if size)] = None
            written += 1
            if len(found) > MAX_CANDIDATES or written > MAX_WRITTEN:
                raise SettingsError(
                    f"neurons {text!r} names more than {MAX_CANDIDATES:,} networks; search fewer", field="neurons"
                )
    return tuple(found)


def _layers(entry: str, text: str) -> list[list[int]]:
    """Return the sizes that each hidden layer of one entry takes; 0 stands for no such layer."""
    if re.match(r"0+ *[:x]", entry) and "x" in entry:
        raise SettingsError(
            f"neurons {text!r}: {entry!r} begins with a layer of 0 neurons; the first must have 1 or more, and 0, for "
            "no such layer, may only stand after it",
            field="neurons",
        )
    return [_sizes(part.strip(), text, 1 if place == 0 else 0) for place, part in enumerate(entry.split("x"))]


def _sizes(part: str, text: str, least: int) -> list[int]:
    if part.startswith("log:"):
        return _log_range(part, text)
    if not re.fullmatch(r"[+-]?\d{1,18}(:[+-]?\d{1,18}){0,2}", part, re.ASCII):
        raise SettingsError(
            f"neurons {text!r}: {part!r} is neither a whole number nor a range; {_EXAMPLES}", field="neurons"
        )
    numbers = [int(number) for number in part.split(":")]
    if len(numbers) == 1:
        return _checked(numbers, text, least)
    start, stop, step = numbers if len(numbers) == 3 else (*numbers, 1)
    if step == 0:
        raise SettingsError(f"neurons {text!r}: the step of {part!r} is 0; it must be at least 1", field="neurons")
    values = range(start, stop, step)
    if not values:
        raise SettingsError(
            f"neurons {text!r}: {part!r} names no size, because the end is left out; {_EXAMPLES}", field="neurons"
        )
    return _checked(values, text, least)


def _log_range(entry: str, text: str) -> list[int]:
    match = re.fullmatch(r"log:(\d{1,18}):(\d{1,18}):(\d{1,18})", entry, re.ASCII)
    if match is None:
        raise SettingsError(
            f"neurons {text!r}: {entry!r} does not read as log:FIRST:LAST:COUNT; {_EXAMPLES}", field="neurons"
        )
    first, last, count = (int(group) for group in match.groups())
    _checked([first, last], text, 1)
    if last < first or count < 1 or (count == 1 and first != last):
        raise SettingsError(
            f"neurons {text!r}: {entry!r} needs FIRST below LAST and a COUNT of at least 2", field="neurons"
        )
    _check_count(count, text)
    ratio = last / first
    # One rounding at the end, so that the first and the last size are exactly those written.
    return [round(first * ratio ** (i / max(count - 1, 1))) for i in range(count)]


def _checked(values: "range | list[int]", text: str, least: int) -> list[int]:
    _check_count(len(values), text)
    if min(values) < least:
        raise SettingsError(
            f"neurons {text!r}: a hidden layer of {min(values)} neurons cannot be; start at {least} or above",
            field="neurons",
        )
    if max(values) > MAX_NEURONS:
        raise SettingsError(
            f"neurons {text!r}: {max(values):,} neurons in a layer is above the limit {MAX_NEURONS:,}", field="neurons"
        )
    return list(values)


def _check_count(count: int, text: str) -> None:
    if count > MAX_CANDIDATES:
        raise SettingsError(
            f"neurons {text!r} names more than {MAX_CANDIDATES:,} networks; search fewer", field="neurons"
        )


@lru_cache(maxsize=64)
def parse_layers(text: str) -> HiddenLayers:
    """Read the neurons of each hidden layer: ``64,32`` or ``64x32``.

    Raises:
        SettingsError: the text does not parse, or a layer has no neurons.
    """
    parts = text.replace("x", ",").split(",")
    try:
        if not all(part.strip().isdecimal() for part in parts):
            raise SettingsError("not whole numbers")
        (layers,) = parse_neurons("x".join(part.strip() for part in parts))
        if len(layers) < len(parts):
            raise SettingsError("a layer without neurons")
    except SettingsError:
        raise SettingsError(
            f"layers {text!r} does not read as neurons of each hidden layer, 1 to 1,000,000; write for example 64,32",
            field="layers",
        ) from None
    return layers


def format_layers(layers: HiddenLayers) -> str:
    """Return a network's hidden layers as the user writes them: ``75`` or ``64x32``."""
    return "x".join(str(size) for size in layers)


def units_text(units: HiddenLayers) -> str:
    """Return the neurons of all layers, inputs and outputs included, as text: ``30-64-32-1``."""
    return "-".join(str(size) for size in units)


def weights_by_layer(units: HiddenLayers) -> tuple[int, ...]:
    """Return the weights and biases of each layer, given the neurons of all layers, inputs and outputs included."""
    return tuple((before + 1) * after for before, after in pairwise(units))


def count_weights(units: HiddenLayers) -> int:
    """Return the weights and biases of a fully connected network, given the neurons of all layers."""
    return sum(weights_by_layer(units))
