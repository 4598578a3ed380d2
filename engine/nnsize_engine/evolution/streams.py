"""Compiled streams of random numbers, one for every member of every generation.

A stream is a key. Its numbers are the outputs of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
number generators", OOPSLA 2014, https://doi.org/10.1145/2714064.2660195) started at that key. The n-th number follows
from n alone, so there is no state: a member gets the same numbers in any order and on any number of processors, and a
resumed run has no generator to restore.
"""

import math

import numpy as np

from nnsize_engine.network.jit import Real, Vector, compiled_part

FIRST, TRIAL, WEIGHTS, BATCH, COLUMN, SETTING = (np.uint64(purpose) for purpose in range(1, 7))
RESTART = np.uint64(8)  # 7 is free
"""Purposes of streams: the first population, the choices of a trial, its weights, a mini-batch, a column of a
hypercube, a number for a whole generation; the seed of a restart. Results depend on these numbers."""

STATE_STEP = np.uint64(0x9E3779B97F4A7C15)
"""Difference of the states of consecutive words."""

_FIRST_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_SECOND_FACTOR = np.uint64(0x94D049BB133111EB)
_ONE = np.uint64(1)
_ELEVEN, _TWENTY_SEVEN, _THIRTY, _THIRTY_ONE = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
_UNIT = 2.0**-53


@compiled_part
def scramble(word: Real) -> Real:
    """Return the output function of SplitMix64: every bit of it depends on every bit of the word."""
    word = (word ^ (word >> _THIRTY)) * _FIRST_FACTOR
    word = (word ^ (word >> _TWENTY_SEVEN)) * _SECOND_FACTOR
    return word ^ (word >> _THIRTY_ONE)


@compiled_part
def stream_key(seed: Real, purpose: Real, generation: int, member: int) -> Real:
    """Return the key of a stream, from four numbers mixed one after the other."""
    key = scramble(np.uint64(seed) * STATE_STEP + purpose)
    key = scramble(key + (np.uint64(generation) + _ONE) * STATE_STEP)
    return scramble(key + (np.uint64(member) + _ONE) * STATE_STEP)


@compiled_part
def word_at(key: Real, position: int) -> Real:
    """Return the 64 random bits of a stream at a position from 0."""
    return scramble(first_state(key, position))


@compiled_part
def first_state(key: Real, position: int) -> Real:
    """Return what :func:`scramble` makes the word at a position of; `STATE_STEP` more gives the next word.

    In a loop over consecutive words, this addition takes less time than the product in :func:`word_at`.
    """
    return key + (np.uint64(position) + _ONE) * STATE_STEP


@compiled_part
def fill_words(key: Real, first: int, words: Vector) -> None:
    """Fill in the words of a stream from a position on."""
    state = first_state(key, first)
    for index in range(words.size):
        words[index] = scramble(state)
        state += STATE_STEP


@compiled_part
def uniform_at(key: Real, position: int) -> float:
    """Return a random number from 0 up to, but not including, 1."""
    return float(word_at(key, position) >> _ELEVEN) * _UNIT


@compiled_part
def index_at(key: Real, position: int, count: int) -> int:
    """Return a random integer from 0 up to, but not including, a count."""
    return min(int(uniform_at(key, position) * count), count - 1)


@compiled_part
def normal_at(key: Real, position: int) -> float:
    """Return a standard normal number, from this position and the next.

    Box and Muller, "A note on the generation of random normal deviates", 1958, https://doi.org/10.1214/aoms/1177706645.
    """
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform_at(key, position)))
    return radius * math.cos(2.0 * math.pi * uniform_at(key, position + 1))


@compiled_part
def cauchy_at(key: Real, position: int) -> float:
    """Return a standard Cauchy number, by the inverse of its distribution function."""
    return math.tan(math.pi * (uniform_at(key, position) - 0.5))
