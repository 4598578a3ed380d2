"""Weights rounded to a few bits, layer by layer and symmetrically about 0.

The weights of a layer and its biases are rounded apart, each with a scale of its own. With 8, 4 or 2 bits a number
becomes the nearest multiple of the scale, from -127 to 127, -7 to 7 or -1 to 1 times; the scale is the largest size of
these numbers divided by 127, 7 or 1 (symmetric uniform quantization; Nagel and others, A White Paper on Neural Network
Quantization, 2021, https://arxiv.org/abs/2106.08295). With one bit a number becomes its sign times the mean size
(Rastegari and others, XNOR-Net, 2016, https://arxiv.org/abs/1603.05279); the sign of 0 is positive.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.network.jit import Matrix, Vector, compiled, compiled_part
from nnsize_engine.network.layers import weights_before
from nnsize_engine.settings.weight_bits import largest_level


@compiled_part
def round_to_signs(values: Vector, rounded: Vector) -> None:
    """Fill in the sign of each number, times the mean size of all."""
    total = 0.0
    for index in range(values.size):
        total += abs(float(values[index]))
    size = total / values.size
    for index in range(values.size):
        value = values[index]
        rounded[index] = size if value >= 0 else (-size if value < 0 else value)  # NaN stays NaN


@compiled_part
def round_to_levels(values: Vector, most: int, rounded: Vector) -> None:
    """Fill in the nearest multiple of the scale of each number."""
    largest = 0.0
    for index in range(values.size):
        size = abs(float(values[index]))
        if not size <= largest:  # NaN becomes the largest
            largest = size
    scale = largest / most
    for index in range(values.size):
        rounded[index] = scale * np.rint(float(values[index]) / scale) if scale > 0 else 0.0 * values[index]


@compiled
def round_members(units: Vector, most: int, is_sign: bool, members: Matrix, rounded: Matrix) -> None:
    """Round the weights of each member.

    Args:
        units: inputs, hidden layers, outputs.
        most: the largest level, unused for signs.
        is_sign: whether only the sign of each weight stays.
        members: `(members, weights)`.
        rounded: like members, to be filled; the scale is computed in float64.
    """
    for member in range(members.shape[0]):
        for layer in range(units.size - 1):
            first = weights_before(units, layer)
            middle = first + units[layer] * units[layer + 1]
            last = middle + units[layer + 1]
            for begin, end in ((first, middle), (middle, last)):
                if is_sign:
                    round_to_signs(members[member, begin:end], rounded[member, begin:end])
                else:
                    round_to_levels(members[member, begin:end], most, rounded[member, begin:end])


def rounded_members(members: NDArray[Any], units: tuple[int, ...], bits: int) -> NDArray[Any]:
    """Return weights rounded to so many bits, shape (members, weights), in their own precision."""
    rounded = np.empty_like(members)
    with np.errstate(all="ignore"):  # without Numba, NumPy warns of overflows
        round_members(np.array(units), largest_level(bits), bits == 1, members, rounded)
    return rounded
