"""Compiled normal numbers of a stream, many at a time, for strategies that draw one for every weight of every trial.

The method is that of Box and Muller, "A note on the generation of random normal deviates", 1958,
https://doi.org/10.1214/aoms/1177706645, and both numbers of a pair are used. All is float32, whose precision is enough
for random numbers. Logarithm, sine and cosine are series, not calls of a library: so the loops run in SIMD registers,
and every processor gets the same bits. No loop has a condition, because the processor could not predict it.
"""

import math

import numpy as np

from nnsize_engine.evolution.streams import fill_words
from nnsize_engine.network.jit import Real, Vector, compiled_part

BLOCK = 512
"""Normal numbers made together: a few arrays of that length stay in the L1 cache."""

_PAIRS = BLOCK // 2
_LOW_BITS, _FRACTION, _ONE_BITS = 0x7FFFFFFF, 0x7FFFFF, 0x3F800000
_ROOT_OF_HALF_BITS = int(np.float32(math.sqrt(0.5)).view(np.int32))
_HALF, _ONE, _TWO = (np.float32(value) for value in (0.5, 1.0, 2.0))
_LOG_OF_2, _UNIT, _HALF_TURN = (np.float32(value) for value in (math.log(2), 2.0**-31, math.pi * 2.0**-32))
_THIRD, _FIFTH, _SEVENTH, _NINTH = (np.float32(1 / odd) for odd in (3, 5, 7, 9))
_S3, _S5, _S7, _S9, _S11 = (np.float32(1 / math.factorial(power)) for power in (3, 5, 7, 9, 11))
_C4, _C6, _C8, _C10, _C12 = (np.float32(1 / math.factorial(power)) for power in (4, 6, 8, 10, 12))


@compiled_part
def fill_radii(words: Vector, radii: Vector) -> None:
    """Compute sqrt(-2 log(u)) of random numbers u from 0 to 1.

    The upper 31 bits of each word make u, and its last bit is the sign of the result.

    With u = m 2^e and m from sqrt(1/2) to sqrt(2), log(u) is 2 artanh(s) + e log(2) where s = (m - 1) / (m + 1).
    Numba computes with 64-bit integers unless told otherwise, which would halve the speed.
    """
    bits = radii.view(np.int32)
    for index in range(radii.size):
        radii[index] = (np.float32(np.int32((words[index] >> 1) & _LOW_BITS)) + _HALF) * _UNIT
        moved = np.int32(bits[index] - _ROOT_OF_HALF_BITS)
        exponent = np.float32(np.int32(moved >> 23))
        bits[index] = np.int32((moved & _FRACTION) + _ROOT_OF_HALF_BITS)
        s = (radii[index] - _ONE) / (radii[index] + _ONE)
        q = s * s
        series = _ONE + q * (_THIRD + q * (_FIFTH + q * (_SEVENTH + q * _NINTH)))
        radii[index] = np.sqrt(-_TWO * (_TWO * s * series + exponent * _LOG_OF_2))
        bits[index] ^= words[index] << 31


@compiled_part
def fill_block(key: Real, block: int, normals: Vector, words: Vector, radii: Vector) -> None:
    """Fill in one block of standard normal numbers.

    Args:
        key: of the stream.
        block: number of the block, from 0.
        normals: output, `(BLOCK,)`, float32.
        words: scratch, `(BLOCK // 2,)`, uint64.
        radii: scratch, `(BLOCK // 2,)`, float32.
    """
    fill_words(key, block * _PAIRS, words)
    halves = words.view(np.int32)
    fill_radii(halves[:_PAIRS], radii)
    of_angles, cosines, sines = halves[_PAIRS:], normals[:_PAIRS], normals[_PAIRS:]
    for index in range(_PAIRS):
        angle = np.float32(of_angles[index]) * _HALF_TURN
        q = angle * angle
        cosine = _ONE - q * (_HALF - q * (_C4 - q * (_C6 - q * (_C8 - q * (_C10 - q * _C12)))))
        sine = angle * (_ONE - q * (_S3 - q * (_S5 - q * (_S7 - q * (_S9 - q * _S11)))))
        cosines[index] = radii[index] * cosine
        sines[index] = radii[index] * sine
