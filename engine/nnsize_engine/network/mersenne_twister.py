"""Compiled Mersenne Twister with the numbers of NumPy's `RandomState`, so that epochs need no call into Python.

Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), https://doi.org/10.1145/272991.272995. The state is
that of `RandomState.get_state`: 624 words and a position.
"""

from typing import Any

import numpy as np

from nnsize_engine.network.jit import Vector, compiled_part

WORDS = 624
_MIDDLE = 397
_MATRIX = 0x9908B0DF
_UPPER = 0x80000000
_LOWER = 0x7FFFFFFF


@compiled_part
def _mix(word: Any, following: Any, distant: Any) -> Any:
    """Return one of the next 624 words."""
    mixed = (np.int64(word) & _UPPER) | (np.int64(following) & _LOWER)
    return np.int64(distant) ^ (mixed >> 1) ^ (_MATRIX * (mixed & 1))


@compiled_part
def _refill(key: Vector) -> None:
    """Compute the next 624 words in place; in three parts, so that no index wraps around and the loops vectorise."""
    wrap = WORDS - _MIDDLE
    for word in range(wrap):
        key[word] = _mix(key[word], key[word + 1], key[word + _MIDDLE])
    for word in range(wrap, WORDS - 1):
        key[word] = _mix(key[word], key[word + 1], key[word - wrap])
    key[WORDS - 1] = _mix(key[WORDS - 1], key[0], key[_MIDDLE - 1])


@compiled_part
def shuffle(order: Vector, key: Vector, position: int) -> int:
    """Shuffle a vector in place exactly as `RandomState.shuffle` does; return the new position of the generator.

    scikit-learn indexes the order of the last epoch with a shuffled range. Shuffling that order in place is the same.
    """
    mask = 1
    while mask < order.size - 1:
        mask = 2 * mask + 1
    for last in range(order.size - 1, 0, -1):
        if mask >> 1 >= last:
            mask >>= 1
        choice = last + 1
        while choice > last:  # masked draws until one falls into the range
            if position == WORDS:
                _refill(key)
                position = 0
            word: Any = np.int64(key[position])
            position += 1
            word ^= word >> 11
            word ^= (word << 7) & 0x9D2C5680
            word ^= (word << 15) & 0xEFC60000
            word ^= word >> 18
            choice = word & mask
        kept = order[last]
        order[last] = order[choice]
        order[choice] = kept
    return position
