"""The marks of points in a drawing."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from nnsize_engine.charts.description import Shape


def _star(points: int = 5, outer: float = 8.0, inner: float = 3.4) -> str:
    corners = []
    for number in range(2 * points):
        radius, angle = (outer if number % 2 == 0 else inner), math.pi * number / points
        corners.append(f"{radius * math.sin(angle):.1f} {-radius * math.cos(angle):.1f}")
    return f"M{'L'.join(corners)}Z"


def _circle(radius: float) -> str:
    return f"M{-radius} 0A{radius} {radius} 0 1 1 {radius} 0A{radius} {radius} 0 1 1 {-radius} 0Z"


_SQUARE = "M-4 -4L4 -4L4 4L-4 4Z"

PATHS: Mapping[Shape, str] = MappingProxyType(
    {
        "dot": _circle(2.6),
        "star": _star(),
        "diamond": "M0 -7L5.5 0L0 7L-5.5 0Z",
        "disc": _circle(3.8),
        "triangle": "M0 -5L4.8 3.6L-4.8 3.6Z",
        "square": _SQUARE,
        "wedge": "M0 5L4.8 -3.6L-4.8 -3.6Z",
        "ring": _circle(3.8),
        "frame": _SQUARE,
    }
)
"""The outline of each mark around the point 0 0."""

HOLLOW: frozenset[Shape] = frozenset({"ring", "frame"})
