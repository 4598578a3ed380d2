"""What a part of the evolution benchmark is: rows that run in turn, each in a fresh process, and their table."""

import importlib.util
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Run = Callable[[int], dict[str, Any]]
"""A measurement with a seed; its result can be written as JSON."""

Runs = dict[str, list[dict[str, Any]]]
"""The results of each row, one per seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the benchmark."""

    rows: Mapping[str, Run]
    """Measurements by name, in the order in which they run in turn."""

    seeds: int
    """Runs of each row, with the seeds from 0 on."""

    lines: Callable[[Runs], list[str]]
    """Function that makes the lines of the table, in Markdown."""

    packages: Mapping[str, str] = field(default_factory=dict)
    """Packages that rows need besides those of the tests, by how the names of these rows begin."""

    is_usual: bool = True
    """Whether the part runs if none is named."""

    def is_missing(self, row: str) -> bool:
        """Return whether a package that a row needs is missing."""
        return any(
            row.startswith(begin) and importlib.util.find_spec(package) is None
            for begin, package in self.packages.items()
        )


def median(runs: list[dict[str, Any]], name: str) -> float:
    """Return the median of a result over the runs of a row."""
    middle: float = statistics.median(run[name] for run in runs)
    return middle


def spread(runs: list[dict[str, Any]], name: str, digits: int) -> str:
    """Return the median of a result and its range; empty if no run has it."""
    values = [run[name] for run in runs if run[name] is not None]
    if not values:
        return ""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(head: str, rows: list[list[str]]) -> list[str]:
    """Return the lines of a Markdown table; bars separate the cells of the head."""
    cells = head.split("|")
    ruler = "|".join([" --- ", *[" ---: "] * (len(cells) - 1)])
    return [f"| {' | '.join(cells)} |", f"|{ruler}|", *(f"| {' | '.join(row)} |" for row in rows)]
