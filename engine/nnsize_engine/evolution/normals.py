"""Normal random numbers of a stream, as fast as uniform ones: the ziggurat method.

Marsaglia and Tsang, "The ziggurat method for generating random variables", Journal of Statistical Software 5 (2000),
https://doi.org/10.18637/jss.v005.i08, with Doornik's choice of bits, "An improved ziggurat method to generate normal
random samples" (2005): the layer and the place in it come from different bits of one word. The method tries again for
one number in eighty. The further tries have a stream of their own, so that each number still follows from its position
alone.
"""

import math

import numpy as np

from nnsize_engine.evolution.streams import scramble, uniform_at, word_at
from nnsize_engine.network.jit import Real, Vector, compiled_part

_LAYERS = 128
_EDGE = 3.442619855899  # right end of the lowest layer, where the tail begins
_AREA = 9.91256303526217e-3  # of each layer
_LAYER_BITS = np.uint64(_LAYERS - 1)
_ELEVEN = np.uint64(11)
_UNIT = 2.0**-52  # of the upper 53 bits: from -1 up to 1


def _right_ends() -> Vector:
    """Return the right end of each layer, lowest first, and 0 as the end of none."""
    ends = [_AREA / math.exp(-0.5 * _EDGE**2), _EDGE]
    for _ in range(2, _LAYERS):
        ends.append(math.sqrt(-2 * math.log(_AREA / ends[-1] + math.exp(-0.5 * ends[-1] ** 2))))
    return np.array([*ends, 0.0])


_ENDS = _right_ends()
_SHARES = _ENDS[1:] / _ENDS[:-1]
"""Share of each layer that lies below the curve over its whole height."""


@compiled_part
def fill_normals(key: Real, first: int, numbers: Vector) -> None:
    """Fill a vector with standard normal numbers: those of a stream from position `first` on."""
    for place in range(numbers.size):
        word = word_at(key, first + place)
        layer = int(word & _LAYER_BITS)
        share = float(word >> _ELEVEN) * _UNIT - 1.0
        if abs(share) < _SHARES[layer]:
            numbers[place] = share * _ENDS[layer]
        else:
            numbers[place] = _rare_normal(word, layer, share)


@compiled_part
def _rare_normal(word: Real, layer: int, share: float) -> Real:
    """Return a normal number from a word that falls outside the sure part of its layer."""
    key = scramble(word)
    draws = 0
    while True:
        if layer == 0:
            return _tail(key, draws, share < 0)
        value = share * _ENDS[layer]
        high = math.exp(-0.5 * (_ENDS[layer] ** 2 - value * value))
        low = math.exp(-0.5 * (_ENDS[layer + 1] ** 2 - value * value))
        if low + uniform_at(key, draws) * (high - low) < 1.0:
            return value
        word = word_at(key, draws + 1)
        draws += 2
        layer = int(word & _LAYER_BITS)
        share = float(word >> _ELEVEN) * _UNIT - 1.0
        if abs(share) < _SHARES[layer]:
            return share * _ENDS[layer]


@compiled_part
def _tail(key: Real, draws: int, is_negative: bool) -> float:
    """Return a number beyond the lowest layer (Marsaglia, 1964)."""
    while True:
        beyond = -math.log(1.0 - uniform_at(key, draws)) / _EDGE
        height = -math.log(1.0 - uniform_at(key, draws + 1))
        draws += 2
        if 2.0 * height >= beyond * beyond:
            return -(_EDGE + beyond) if is_negative else _EDGE + beyond
