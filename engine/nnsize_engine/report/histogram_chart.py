"""Histograms as charts: filled steps, and a point with its count in the middle of each part."""

from collections.abc import Sequence
from itertools import pairwise

from nnsize_engine.charts.description import LINE_ROLES, LINE_SHAPES, Band, Chart, Points, Series


def histogram_chart(
    named: Sequence[tuple[str, Sequence[int]]], low: float, high: float, *, x_label: str, y_label: str
) -> Chart:
    """Describe counts in equal parts from ``low`` to ``high``, for one name or several over each other."""
    if low >= high:  # all values are equal: one part around them
        room = abs(low) / 100 or 0.01
        named, low, high = [(name, [sum(counts)]) for name, counts in named], low - room, high + room
    series: list[Series] = []
    for place, (name, counts) in enumerate(named):
        width = (high - low) / len(counts)
        edges = [low + width * number for number in range(len(counts) + 1)]
        x = tuple(edge for pair in pairwise(edges) for edge in pair)
        tops = tuple(float(count) for count in counts for _ in range(2))
        role = LINE_ROLES[place]
        series.append(Band(x=x, lower=(0.0,) * len(x), upper=tops, role=role))
        middles = tuple((one + other) / 2 for one, other in pairwise(edges))
        filled = [(middle, float(count)) for middle, count in zip(middles, counts, strict=True) if count]
        xs, ys = tuple(middle for middle, _ in filled), tuple(count for _, count in filled)
        series.append(Points(x=xs, y=ys, label=name, role=role, shape=LINE_SHAPES[place]))
    return Chart(series=tuple(series), x_label=x_label, y_label=y_label)


def counts_between(values: Sequence[float], low: float, high: float, parts: int) -> list[int]:
    """Return how many values lie in each of equal parts from ``low`` to ``high``."""
    counts = [0] * parts
    for value in values:
        if low <= value <= high:
            counts[min(parts - 1, int((value - low) / (high - low) * parts)) if high > low else 0] += 1
    return counts
