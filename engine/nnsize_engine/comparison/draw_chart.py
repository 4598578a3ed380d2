"""Draws the curves of several runs in one picture: ``python -m nnsize_engine.comparison.draw_chart FORMAT FOLDER ...``.

As :mod:`nnsize_engine.export.draw_chart` does for one run: a process of its own, the picture on standard output.
"""

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nnsize_engine.comparison.compare import compare, run_names
from nnsize_engine.errors import ExportError
from nnsize_engine.export.figure import COLOURS, MARKERS, content_of, new_figure, print_picture
from nnsize_engine.results.statistics import best_per_size
from nnsize_engine.runs.view import EvolutionView, RunFollower, SizeView
from nnsize_engine.settings.fitness import is_minimised

MIN_LOGARITHMIC_RATIO = 100  # of the largest to the smallest loss; such a loss gets a logarithmic axis

Points = list[tuple[float, float, float]]
"""Where along x, a value, its standard error or NaN; in order of x."""


def draw(folders: Sequence[Path], format: str) -> bytes:
    """The curves of runs as the content of a file: mean scores by size, or the best fitness by evaluations.

    Raises:
        ExportError: matplotlib is missing, there is nothing to draw, or the curves cannot be compared.
        RunError: there are fewer than two runs.
        StoreError: a run cannot be read.
    """
    figure, axes = new_figure()
    views = [RunFollower(folder).look() for folder in folders]
    unlike = compare(views).unlike_curves
    if unlike:
        raise ExportError(unlike)
    names = run_names(folders)
    searches = [view for view in views if isinstance(view, SizeView)]
    if searches:
        _draw_scores(axes, searches, names)
    else:
        _draw_fitness(axes, [view for view in views if isinstance(view, EvolutionView)], names)
    axes.set_title(f"{views[0].settings.data.replace('$', '')}: {', '.join(names)}", loc="left", fontsize=11)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8)
    return content_of(figure, format)


def _draw_scores(axes: Any, views: Sequence[SizeView], names: Sequence[str]) -> None:
    """The best candidate of each size, with the standard error of its mean and a star at the best of all."""
    is_deep = any(len(layers) > 1 for view in views for layers in view.settings.candidates)
    curves = [_scores(view, is_deep=is_deep) for view in views]
    _refuse_nothing(curves, "scores")
    for place, (view, name, points) in enumerate(zip(views, names, curves, strict=True)):
        colour, marker = _look(place)
        _plot(axes, points, f"{marker}-", color=colour, label=name)
        low, high = [y - error for _, y, error in points], [y + error for _, y, error in points]
        axes.fill_between([x for x, _, _ in points], low, high, color=colour, alpha=0.12, lw=0)
        if view.choice is not None:
            best = view.choice.best
            x = best.weights if is_deep else best.hidden_layer_sizes[0]
            axes.plot(x, view.choice.best_mean, "*", ms=15, mfc=colour, mec="black", ls="none")
    if is_deep or any("log:" in view.settings.neurons for view in views):
        axes.set_xscale("log")
    axes.set_xlabel("weights" if is_deep else "neurons")
    axes.set_ylabel(f"mean {views[0].settings.scoring}, ± standard error")


def _scores(view: SizeView, *, is_deep: bool) -> Points:
    points: Points = []
    for layers, candidate in best_per_size(view.summaries, view.shared).items():
        shared = view.shared[candidate.number]
        if shared.mean is not None:
            error = math.nan if shared.standard_error is None else shared.standard_error
            points.append((float(candidate.weights if is_deep else layers[0]), shared.mean, error))
    return sorted(points)


def _draw_fitness(axes: Any, views: Sequence[EvolutionView], names: Sequence[str]) -> None:
    """The best fitness by evaluations, which evolutions of unlike populations are compared by; held-out dashed."""
    has_decay = any(view.settings.weight_decay for view in views)
    curves = [_fitness(view, "train" if has_decay else "best") for view in views]
    held_out = [_fitness(view, "held_out") for view in views]
    _refuse_nothing(curves, "generations")
    for place, (name, points, others) in enumerate(zip(names, curves, held_out, strict=True)):
        colour, marker = _look(place)
        every = max(1, len(points) // 12)
        _plot(axes, points, f"{marker}-", color=colour, label=name, markevery=every)
        if others:
            _plot(axes, others, "--", color=colour, label=f"{name}, held-out rows")
    values = [y for points in (*curves, *held_out) for _, y, _ in points]
    fitness = views[0].settings.fitness
    if is_minimised(fitness) and min(values) > 0 and max(values) / min(values) > MIN_LOGARITHMIC_RATIO:
        axes.set_yscale("log")
    axes.set_xlabel("evaluations")
    axes.set_ylabel(f"best {fitness}{', without weight decay' if has_decay else ''}")


def _fitness(view: EvolutionView, column: str) -> Points:
    rows = view.generations
    values = rows.column(column)
    if column == "train":  # a generation without weight decay has the same in both
        values = [best if value is None else value for value, best in zip(values, rows.column("best"), strict=True)]
    along = rows.column("evaluations")
    return [(float(x), y, math.nan) for x, y in zip(along, values, strict=True) if y is not None and math.isfinite(y)]


def _refuse_nothing(curves: Sequence[Points], what: str) -> None:
    if not any(curves):
        raise ExportError(f"these runs have no {what} to draw yet")


def _look(place: int) -> tuple[str, str]:
    return COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]


def _plot(axes: Any, points: Points, style: str, **how: Any) -> None:
    axes.plot([x for x, _, _ in points], [y for _, y, _ in points], style, ms=4, lw=1.4, **how)


def main(arguments: Sequence[str]) -> int:
    """Draw one picture."""
    kind, *folders = arguments[1:]
    return print_picture(lambda: draw([Path(folder) for folder in folders], kind))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
