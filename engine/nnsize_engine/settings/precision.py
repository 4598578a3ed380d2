"""The precision of numbers in training."""

from typing import Literal, get_args

Precision = Literal["float64", "float32"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
