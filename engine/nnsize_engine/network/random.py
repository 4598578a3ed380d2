"""The Mersenne Twister of NumPy's `RandomState`, in compiled code: the same shuffles without a call per epoch.

Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), https://doi.org/10.1145/272991.272995. The state is
NumPy's: 624 words and a position, as `RandomState.get_state` gives them.
"""

from typing import Any

import numpy as np

from nnsize_engine.network.compiled import compiled_part

WORDS = 624
_MIDDLE = 397
_MATRIX = 0x9908B0DF
_UPPER = 0x80000000
_LOWER = 0x7FFFFFFF


@compiled_part
def _refill(key: Any) -> None:
    """The next 624 words, in place."""
    for word in range(WORDS):
        following = np.int64(key[word + 1 if word + 1 < WORDS else 0])
        mixed = (np.int64(key[word]) & _UPPER) | (following & _LOWER)
        distant = np.int64(key[word + _MIDDLE if word + _MIDDLE < WORDS else word + _MIDDLE - WORDS])
        key[word] = distant ^ (mixed >> 1) ^ (_MATRIX if following & 1 else 0)


@compiled_part
def shuffle(order: Any, key: Any, position: int) -> int:
    """Shuffle a vector in place exactly as `RandomState.shuffle` does; return the generator's new position.

    Shuffling last epoch's order in place is the same as indexing it with a shuffled range, which is what scikit-learn
    does each epoch.
    """
    for last in range(order.size - 1, 0, -1):
        mask = last
        for shift in (1, 2, 4, 8, 16):
            mask |= mask >> shift
        choice = last + 1
        while choice > last:  # masked draws until one falls into the range
            if position == WORDS:
                _refill(key)
                position = 0
            word = np.int64(key[position])
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
