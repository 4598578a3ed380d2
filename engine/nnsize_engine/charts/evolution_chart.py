"""The convergence chart and the trend of an evolution, updated by each newer view of the run."""

import math
import sys
from collections.abc import Mapping
from dataclasses import replace

from nnsize_engine.charts.axis import round_end
from nnsize_engine.charts.convergence import CURVES, Axis, Reference, convergence_chart
from nnsize_engine.charts.description import Chart, Cursor
from nnsize_engine.charts.finite import finite, finite_all
from nnsize_engine.charts.thinned_curves import ThinnedCurves
from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import LIVE_STATES, GenerationResult
from nnsize_engine.results.trend import Trend
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.text import score_text, seconds_text

_X_COLUMNS: Mapping[Axis, str] = {"generation": "number", "evaluations": "evaluations", "seconds": "elapsed"}
"""The column of generations along each x axis."""


class EvolutionChart:
    """The generations of one evolution, thinned for a chart; a newer view costs only its new generations."""

    def __init__(self, view: EvolutionView) -> None:
        self._axis: Axis = "generation"
        self._begin(view)
        self.take(view)

    def _begin(self, view: EvolutionView) -> None:
        self._view = view
        self._known: GenerationResult | None = None
        self._count = 0
        self._curves = ThinnedCurves(CURVES)
        self._chart: Chart | None = None
        self.trend = Trend(view.settings.fitness)

    def take(self, view: EvolutionView) -> None:
        """Add the new generations of a view, or begin again if the view is of another run."""
        generations = view.generations
        is_same = view.folder == self._view.folder and len(generations) >= self._count
        if not is_same or (self._count and generations[self._count - 1] != self._known):
            self._begin(view)
        if len(generations) > self._count:
            x = generations.column(_X_COLUMNS[self._axis], self._count)
            self._curves.take(x, _columns(generations, self._count, view.settings))
            self.trend.take(generations, self._count)
        if len(generations) > self._count or _other_parts(view) != _other_parts(self._view):
            self._chart = None
        self._view, self._count = view, len(generations)
        self._known = generations[-1] if generations else None

    def draw_by(self, axis: Axis) -> None:
        """Draw the curves by generation, by evaluations or by seconds."""
        if axis != self._axis:
            self._axis = axis
            view = self._view
            self._begin(view)
            self.take(view)

    def chart(self, selected: int | None) -> Chart:
        """Describe the chart with a cursor at a generation; the curves are cached, because the cursor moves often."""
        view = self._view
        end = self._end()
        if self._chart is None or self._chart.x_limits != (0.0, end):
            self._chart = convergence_chart(
                self._curves,
                y_label=view.settings.measure,
                is_minimised=is_minimised(view.settings.fitness),
                last=end,
                x_label=self._axis,
                reference=_reference(view),
                evolved=self._evolved(),
            )
        if selected is None:
            return self._chart
        one = self._generation(selected)
        x = float(selected) if one is None else _x_of(one, self._axis)
        return replace(self._chart, series=(*self._chart.series, Cursor(x=x, label=_place_text(x, self._axis))))

    def number_near(self, x: float) -> int:
        """Return the number of the generation that is nearest to a place on the x axis."""
        generations = self._view.generations
        if self._axis == "generation" or not generations:
            return round(x)
        places = generations.column(_X_COLUMNS[self._axis])
        nearest = min(range(len(places)), key=lambda place: abs(places[place] - x))
        return generations[nearest].number

    def _generation(self, number: int) -> GenerationResult | None:
        generations = self._view.generations
        place = number - generations[0].number if generations else -1
        return generations[place] if 0 <= place < len(generations) else None

    def _end(self) -> float:
        """Return the end of the x axis: while the evolution goes on a round number, so that it seldom moves."""
        last = 0.0 if self._known is None else _x_of(self._known, self._axis)
        if self._view.state == "finished":
            return last or 1.0
        most = {"generation": self._view.header.total, "evaluations": self._view.settings.evaluations}
        limit = most.get(self._axis)
        return float(max(1, round_end(math.ceil(last), sys.maxsize if limit is None else limit)))

    def _evolved(self) -> tuple[float, float] | None:
        """Return the place and the fitness of the evolved network if it is older than the last generation."""
        view, evolved = self._view, self._view.evolved
        if (
            view.state in LIVE_STATES
            or evolved is None
            or not view.generations
            or evolved.steps >= view.generations[-1].number
        ):
            return None
        generation = view.generations[min(evolved.steps, len(view.generations) - 1)]
        fitness = finite(generation.best if generation.train is None else generation.train)
        return (_x_of(generation, self._axis), fitness) if fitness is not None else None


def _x_of(generation: GenerationResult, axis: Axis) -> float:
    return float(getattr(generation, _X_COLUMNS[axis]))


def _place_text(x: float, axis: Axis) -> str:
    return seconds_text(x) if axis == "seconds" else f"{x:,.0f}"


def _other_parts(view: EvolutionView) -> tuple[object, ...]:
    """Return the parts of a view, besides generations, that the chart shows."""
    return view.state, view.gradient, view.evolved


def _columns(generations: Generations, start: int, settings: EvolutionSettings) -> list[list[float | None]]:
    """Return the values of :data:`CURVES` from the generation at ``start``."""

    def column(name: str) -> list[float | None]:
        return finite_all(generations.column(name, start))

    mean, std = column("mean"), column("std")
    both = list(zip(mean, std, strict=True))
    return [
        column("best"),
        mean,
        [None if middle is None or spread is None else middle - spread for middle, spread in both],
        [None if middle is None or spread is None else middle + spread for middle, spread in both],
        column("held_out"),
        column("train") if settings.weight_decay else [None] * len(mean),
    ]


def _reference(view: EvolutionView) -> Reference | None:
    gradient = view.gradient
    fitness = finite(gradient.fitness) if gradient is not None else None
    if gradient is None or fitness is None:
        return None
    words = f"gradient {score_text(fitness)} in {seconds_text(gradient.seconds)}"
    return Reference(fitness=fitness, label=words)
