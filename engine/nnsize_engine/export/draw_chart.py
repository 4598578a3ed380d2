"""Draws a run's chart by matplotlib: ``python -m nnsize_engine.export.draw_chart FOLDER CHART FORMAT``.

The picture goes to standard output; exit code 2 with one sentence on standard error when there is none.
A process of its own, since matplotlib takes half a second and a hundred megabytes that no screen should.
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnsize_engine.errors import ExportError
from nnsize_engine.export.chart_file import has_map, size_of_layer
from nnsize_engine.export.figure import COLOURS, MARKERS, content_of, new_figure, print_picture
from nnsize_engine.results.records import Candidate
from nnsize_engine.runs.view import EvolutionView, RunFollower, SizeView
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.settings.layer_sizes import HiddenLayers, format_layers
from nnsize_engine.settings.parameter_grid import Value, parameter_words, value_text

MAX_NAMED_LINES = 12  # with names beside the chart; more are thin lines, of which the best of each size stands out

MAX_LABELLED_CELLS = 150  # of a map, with their score written in them; more would be too small to read

MAX_NAMED_TICKS = 30  # along x; more names would overlap

_NARROW = 0.08
"""Of the range of fitness: how far a population's mean may lie outside the best's range and still be drawn whole."""

Point = tuple[float, float, float]
"""Where along x, a mean, its standard error or NaN."""


def draw(folder: Path, name: str, format: str) -> bytes:
    """A run's chart as the content of a file.

    Raises:
        ExportError: matplotlib is missing, or the run has no such chart.
        StoreError: the run cannot be read.
    """
    figure, axes = new_figure()
    view = RunFollower(folder).look()
    if isinstance(view, EvolutionView):
        _draw_convergence(axes, view, name)
    elif name == "map":
        _draw_map(figure, axes, view)
    else:
        _draw_curve(axes, view)
    axes.set_title(f"{view.settings.data.replace('$', '')}, run {view.folder.name}", loc="left", fontsize=11)
    return content_of(figure, format)


# Size searches -------------------------------------------------------------------------------------------------------


def _draw_curve(axes: Any, view: SizeView) -> None:
    """Scores by size, a line for each combination of the other parameters, with the standard errors of the means."""
    ticks, places = _sizes(view)
    lines: dict[tuple[tuple[str, Value], ...], list[Point]] = {}
    for summary, shared in zip(view.summaries, view.shared, strict=True):
        if shared.mean is not None:
            error = math.nan if shared.standard_error is None else shared.standard_error
            point = (places[summary.candidate.hidden_layer_sizes], shared.mean, error)
            lines.setdefault(summary.candidate.parameters, []).append(point)
    if not lines:
        raise ExportError(f"run {view.folder.name} has no scores to draw yet")
    is_crowded = len(lines) > MAX_NAMED_LINES
    for number, (parameters, points) in enumerate(lines.items()):
        words = ", ".join(parameter_words(key, value) for key, value in parameters)
        _draw_line(axes, sorted(points), number, label=words, is_alone=len(lines) == 1, is_thin=is_crowded)
    if is_crowded:
        tops = {x: max(point for points in lines.values() for point in points if point[0] == x) for x in _xs(lines)}
        axes.plot([*tops], [top[1] for top in tops.values()], "o-", color="black", ms=4, label="best of each size")
    _mark_choice(axes, view, places)
    if ticks is not None:
        _name_ticks(axes, ticks)
    if "log:" in view.settings.neurons and ticks is None:
        axes.set_xscale("log")
    axes.set_xlabel("neurons")
    axes.set_ylabel(f"mean {view.settings.scoring}, {view.settings.cv} folds, ± standard error")
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8)


def _xs(lines: Mapping[Any, Sequence[Point]]) -> list[float]:
    return sorted({point[0] for points in lines.values() for point in points})


def _sizes(view: SizeView) -> tuple[list[str] | None, dict[HiddenLayers, float]]:
    """Where each size stands along x; by name, one beside the other, where networks have several layers."""
    sizes = view.settings.candidates
    if all(len(layers) == 1 for layers in sizes):
        return None, {layers: float(layers[0]) for layers in sizes}
    return [format_layers(layers) for layers in sizes], {layers: float(place) for place, layers in enumerate(sizes)}


def _draw_line(axes: Any, points: Sequence[Point], number: int, *, label: str, is_alone: bool, is_thin: bool) -> None:
    xs, means, errors = zip(*points, strict=True)
    colour = COLOURS[number % len(COLOURS)]
    if is_thin:
        axes.plot(xs, means, "-", color="grey", lw=0.6, alpha=0.5)
        return
    style = f"{MARKERS[number % len(MARKERS)]}{'-' if number < len(COLOURS) else '--'}"
    axes.plot(xs, means, style, color=colour, ms=4, lw=1.4, label=label or "mean score")
    low, high = [m - e for m, e in zip(means, errors, strict=True)], [m + e for m, e in zip(means, errors, strict=True)]
    band = {"label": "± standard error"} if is_alone else {}
    axes.fill_between(xs, low, high, color=colour, alpha=0.2 if is_alone else 0.1, lw=0, **band)


def _mark_choice(axes: Any, view: SizeView, places: Mapping[HiddenLayers, float]) -> None:
    """The best, the smallest adequate one, and the line above which sizes are adequate."""
    choice = view.choice
    if choice is None:
        return
    marks: list[tuple[str, Candidate, float]] = [("best", choice.best, choice.best_mean)]
    if choice.standard_error is not None:
        axes.axhline(
            choice.best_mean - choice.standard_error, color="grey", ls=":", lw=1, label="one standard error below"
        )
        if choice.adequate != choice.best:
            marks.append(("smallest adequate", choice.adequate, choice.adequate_mean))
    for (word, candidate, mean), shape in zip(marks, ("*", "s"), strict=False):
        axes.plot(
            places[candidate.hidden_layer_sizes],
            mean,
            shape,
            ms=15 if shape == "*" else 10,
            mfc="none" if shape == "s" else "#e69f00",
            mec="black",
            ls="none",
            label=f"{word}: {format_layers(candidate.hidden_layer_sizes)} ({mean:.6g})",
        )


def _draw_map(figure: Any, axes: Any, view: SizeView) -> None:
    """The best score for every two values of the first two things searched, whatever the others."""
    if not has_map(view.settings):
        raise ExportError(f"run {view.folder.name} searches one thing alone, which makes a curve and no map")
    found: dict[tuple[str, str], float] = {}
    along, down = _dimensions(view)
    for summary, shared in zip(view.summaries, view.shared, strict=True):
        if shared.mean is not None:
            cell = along.label_of(summary.candidate), down.label_of(summary.candidate)
            found[cell] = max(shared.mean, found.get(cell, -math.inf))
    if not found:
        raise ExportError(f"run {view.folder.name} has no scores to draw yet")
    cells = [[found.get((column, row), math.nan) for column in along.labels] for row in down.labels]
    image = axes.imshow(cells, cmap="cividis", aspect="auto", origin="lower")
    if len(along.labels) * len(down.labels) <= MAX_LABELLED_CELLS:
        _write_cells(axes, cells, image)
    _name_ticks(axes, along.labels)
    axes.set_yticks(range(len(down.labels)), down.labels)
    axes.set_xlabel(along.name)
    axes.set_ylabel(down.name)
    figure.colorbar(image, ax=axes, label=f"best mean {view.settings.scoring}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dimension:
    """One thing that is searched."""

    name: str
    labels: Sequence[str]
    label_of: Callable[[Candidate], str]


def _dimensions(view: SizeView) -> tuple[_Dimension, _Dimension]:
    """Of a map: across and upwards."""
    settings = view.settings
    sizes = settings.candidates
    searched = [_parameter(name, values) for name, values in settings.grid]
    if not searched:
        return _layer(sizes, 0), _layer(sizes, 1)
    if len(sizes) == 1:
        return searched[0], searched[1]
    labels = [format_layers(layers) for layers in sizes]
    neurons = _Dimension(
        name="neurons", labels=labels, label_of=lambda candidate: format_layers(candidate.hidden_layer_sizes)
    )
    return neurons, searched[0]


def _layer(sizes: Sequence[HiddenLayers], place: int) -> _Dimension:
    labels = [str(value) for value in sorted({size_of_layer(layers, place) for layers in sizes})]
    return _Dimension(
        name=f"neurons of layer {place + 1}",
        labels=labels,
        label_of=lambda candidate: str(size_of_layer(candidate.hidden_layer_sizes, place)),
    )


def _parameter(name: str, values: Sequence[Value]) -> _Dimension:
    return _Dimension(
        name=name,
        labels=[value_text(value) for value in values],
        label_of=lambda candidate: value_text(dict(candidate.parameters)[name]),
    )


def _name_ticks(axes: Any, labels: Sequence[str]) -> None:
    """As many names below a picture as it has room for."""
    step = -(-len(labels) // MAX_NAMED_TICKS)
    shown = labels[::step]
    is_tight = sum(map(len, shown)) > 60
    places = range(0, len(labels), step)
    axes.set_xticks(places, shown, rotation=45 if is_tight else 0, ha="right" if is_tight else "center")


def _write_cells(axes: Any, cells: Sequence[Sequence[float]], image: Any) -> None:
    for row, scores in enumerate(cells):
        for column, value in enumerate(scores):
            if not math.isnan(value):
                colour = "black" if image.norm(value) > 0.5 else "white"
                axes.text(column, row, f"{value:.3f}", ha="center", va="center", fontsize=7, color=colour)


# Evolutions ----------------------------------------------------------------------------------------------------------


def _draw_convergence(axes: Any, view: EvolutionView, name: str) -> None:
    """Best, mean and spread of the population, held-out rows, and the network trained by gradient, by generation."""
    if name == "map":
        raise ExportError(f"run {view.folder.name} is an evolution, which has a curve and no map")
    rows = view.generations
    if not rows:
        raise ExportError(f"run {view.folder.name} has no generation to draw yet")
    numbers = rows.column("number")
    columns = ("best", "mean", "std", "held_out", "train")
    curves = {column: [_number(value) for value in rows.column(column)] for column in columns}
    mean, std = curves["mean"], curves["std"]
    low = [m - s for m, s in zip(mean, std, strict=True)]
    high = [m + s for m, s in zip(mean, std, strict=True)]
    axes.fill_between(numbers, low, high, color=COLOURS[5], alpha=0.25, lw=0, label="mean ± spread")
    axes.plot(numbers, mean, color=COLOURS[5], lw=1.2, label="mean")
    axes.plot(numbers, curves["best"], color=COLOURS[0], lw=1.8, label="best")
    if view.settings.weight_decay:
        axes.plot(numbers, curves["train"], color=COLOURS[0], lw=1.2, ls=":", label="best, without weight decay")
    if view.settings.validation_fraction:
        axes.plot(numbers, curves["held_out"], color=COLOURS[1], lw=1.4, ls="--", label="best on held-out rows")
    if view.gradient is not None and view.gradient.fitness is not None:
        axes.axhline(view.gradient.fitness, color=COLOURS[2], ls="-.", lw=1, label="trained by gradient")
    _limit(axes, view, curves)
    axes.set_xlabel("generation")
    axes.set_ylabel(view.settings.fitness)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _limit(axes: Any, view: EvolutionView, curves: Mapping[str, Sequence[float]]) -> None:
    """Give the best its room: a population's mean may be a million times worse."""
    shown = [value for column in ("best", "held_out") for value in curves[column] if not math.isnan(value)]
    if view.gradient is not None and view.gradient.fitness is not None:
        shown.append(view.gradient.fitness)
    every = [*shown, *(value for value in curves["mean"] if not math.isnan(value))]
    if not shown:
        return
    low, high = min(shown), max(shown)
    room = (high - low) or abs(high) or 1.0
    bottom, top = max(min(every), low - 2 * room), min(max(every), high + 2 * room)
    margin = _NARROW * (top - bottom or room)
    if is_minimised(view.settings.fitness) and low > 0 and high / low > 100:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom - margin, top + margin)


def main(arguments: Sequence[str]) -> int:
    """Draw one chart."""
    folder, name, kind = arguments[1:]
    return print_picture(lambda: draw(Path(folder), name, kind))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
