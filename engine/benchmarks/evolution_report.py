"""Markdown reports of the evolution benchmark."""

import argparse
import statistics
from typing import Any

ARTICLE_EVALUATIONS = 225_335
"""Evaluations of article 2's evolution: 20,485 members, and ten generations after the first population."""

FIFTH = ", a fifth of the members"
"""Suffix of rows with fewer members: the time of pymoo's generation grows with the square of the members."""

Runs = dict[str, list[dict[str, Any]]]
"""The results of each row, one per repetition."""


def _median(runs: list[dict[str, Any]], name: str) -> float:
    middle: float = statistics.median(run[name] for run in runs)
    return middle


def _spread(runs: list[dict[str, Any]], name: str, digits: int) -> str:
    values = [run[name] for run in runs if run[name] is not None]
    if not values:
        return ""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _table(head: str, rows: list[list[str]]) -> list[str]:
    """Return the lines of a Markdown table; bars separate the cells of the head."""
    cells = head.split("|")
    ruler = "|".join([" --- ", *[" ---: "] * (len(cells) - 1)])
    return [f"| {' | '.join(cells)} |", f"|{ruler}|", *(f"| {' | '.join(row)} |" for row in rows)]


def part_lines(part: str, found: Runs, missing: list[str], arguments: argparse.Namespace) -> list[str]:
    """Return the report of a part in Markdown; ``missing`` are the rows whose package is not installed."""
    lines = {"generation": _generation_lines, "overhead": _overhead_lines}.get(part, _quality_lines)(found)
    if part == "quality":
        lines += [
            "",
            f"Median (range) of {arguments.seeds} seeds, of {arguments.scipy_seeds} for SciPy and "
            f"{arguments.mlrose_seeds} for mlrose; at most {ARTICLE_EVALUATIONS:,} evaluations, for mlrose at most "
            f"{arguments.mlrose_seconds:g} s too. Fitness: accuracy with article 2's setting, log loss otherwise.",
        ]
    if missing:
        lines += ["", f"Not installed, and left out: {', '.join(missing)}."]
    return lines


def _generation_lines(found: Runs) -> list[str]:
    """Return a table of the cost of one generation, also as a multiple of ours."""
    rows = []
    for subject, runs in found.items():
        seconds = _median(runs, "seconds")
        of_fifth = FIFTH if subject.endswith(FIFTH) else ""
        ours = _median(found["ours float32" + of_fifth], "seconds")
        limit = f"{_median(runs, 'products') / seconds:.0%}" if "products" in runs[0] else ""
        rows.append(
            [
                subject,
                f"{seconds:.2f}",
                f"{seconds / ours:.1f}",
                f"{_median(runs, 'evaluations_per_second'):,.0f}",
                f"{_median(runs, 'megabytes'):,.0f}",
                limit,
            ]
        )
    title = f"One generation of article 2: 20,485 members x 4,097 weights, 398 rows; medians of {len(runs)}."
    head = "|s a generation|times ours|evaluations/s|peak MB|share of the products' limit"
    return [title, "", *_table(head, rows)]


def _overhead_lines(found: Runs) -> list[str]:
    """Return a table of the time of a generation besides its matrix products."""
    rows = [
        [
            subject,
            f"{_median(runs, 'seconds') * 1000:.2f}",
            f"{_median(runs, 'products') * 1000:.2f}",
            f"{_median(runs, 'overhead'):.0%}",
            f"{_median(runs, 'processor_overhead'):.0%}",
        ]
        for subject, runs in found.items()
    ]
    title = "A generation of 100 members x 4,097 weights, 398 rows; its products alone in turn with it."
    return [title, "", *_table("|ms a generation|products alone, ms|overhead|of processor time", rows)]


def _quality_lines(found: Runs) -> list[str]:
    """Return a table of the scores of the networks, and of their cost."""
    rows = []
    for subject, runs in found.items():
        scores = [_spread(runs, name, 3) for name in ("train_score", "test_score", "test_loss")]
        evaluations = [run["evaluations"] for run in runs if run["evaluations"] is not None]
        cost = [f"{statistics.median(evaluations):,.0f}" if evaluations else "", _spread(runs, "seconds", 1)]
        rows.append([subject, str(len(runs)), *scores, *cost])
    return _table("|seeds|training accuracy|test accuracy|test log loss|evaluations|seconds", rows)
