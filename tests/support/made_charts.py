"""Made-up charts and their values, for tests of descriptions and of drawings."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from nnsize_engine.charts.convergence import CURVES
from nnsize_engine.charts.description import Band, Chart, Highlight, Line
from nnsize_engine.charts.grid_chart import Axes, ScoreLine, grid_chart
from nnsize_engine.charts.heat_map import Cell, HeatMap
from nnsize_engine.charts.score_series import ScorePoint
from nnsize_engine.charts.thinned_curves import ThinnedCurves
from nnsize_engine.charts.zoom import Window

AXES = Axes(x_label="neurons", y_label="accuracy", x_limits=(4.0, 40.0))


def score_line(number: int, *, count: int = 10) -> ScoreLine:
    """Return a line whose scores rise with x and with its number."""
    points = tuple(
        ScorePoint(x=4.0 + 4 * place, label=str(4 + 4 * place), mean=0.8 + 0.01 * number + 0.005 * place, spread=0.004)
        for place in range(count)
    )
    return ScoreLine(label=f"tanh {number}", points=points)


def lines_chart_of(count: int, selected: int | None = 0, best: int | None = 1, *, alone: bool = False) -> Chart:
    """Return a chart with ``count`` lines."""
    lines = [score_line(number) for number in range(count)]
    upper = ScoreLine(label="best of each size", points=lines[-1].points)
    return grid_chart(lines, AXES, upper=upper, selected=selected, best=best, is_upper_alone=alone)


def score_points(count: int, known: int) -> list[ScorePoint]:
    """Return candidates of 5, 7, 9, ... neurons; the first ones have scores that rise and then stay."""
    return [
        ScorePoint(
            x=5 + 2 * place,
            label=str(5 + 2 * place),
            mean=0.9945 - 0.005 / (place + 1) if place < known else None,
            spread=0.003 if place < known else None,
        )
        for place in range(count)
    ]


def thinned_fitness(best: list[float | None], mean: list[float | None] | None = None) -> ThinnedCurves:
    """Return curves with a spread of a tenth of the mean, and held-out rows a little worse than the best."""
    middle = mean or best
    curves = ThinnedCurves(CURVES)
    low, high = ([None if one is None else one * factor for one in middle] for factor in (0.9, 1.1))
    held_out = [None if one is None else one * 1.05 for one in best]
    curves.take(list(range(len(best))), (best, middle, low, high, held_out, [None] * len(best)))
    return curves


def line_of(chart: Chart, label: str) -> Line:
    """Return the line with a label."""
    return next(one for one in chart.series if isinstance(one, Line) and one.label == label)


CELLS: tuple[Cell, ...] = (-1e6, 0.5, 0.97, 0.9712345, 1.0, 3000.125, "waiting", "failed", "absent")


@st.composite
def maps(draw: st.DrawFn) -> HeatMap:
    """Draw heat maps of any size with cells of every kind."""
    columns, rows = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    chance = random.Random(draw(st.integers(0, 999)))
    spot = st.none() | st.tuples(st.integers(0, columns - 1), st.integers(0, rows - 1))
    label = draw(st.sampled_from(["8", "identity", "1e-05", "±", "界\x1b[2J\n"]))
    return HeatMap(
        x_label=label,
        y_label="alpha",
        columns=tuple(f"{label}{number}" for number in range(columns)),
        rows=tuple(f"{label}{number}" for number in range(rows)),
        cells=tuple(tuple(chance.choices(CELLS, k=columns)) for _ in range(rows)),
        limits=draw(st.none() | st.sampled_from([(0.0, 1.0), (0.97, 0.97), (-1e6, 1e6)])),
        selected=draw(spot),
        best=draw(spot),
        recommended=draw(spot),
        best_label=label,
        slice=label,
    )


# Any window of an axis.
windows = st.builds(
    lambda near, moves: Window().nearer(near).moved(moves), st.floats(1, 1e6), st.floats(-100, 100, allow_nan=False)
)

LOSSES = Chart(
    series=(
        Band(x=(1, 2, 3, 4), lower=(0.5, 0.2, 0.1, 0.05), upper=(2.0, 0.8, 0.4, 0.2), label="band"),
        Line(x=(1, 2, 3, 4), y=(1.0, 0.5, 0.25, 0.125), label="fold 1"),
        Line(x=(1, 2), y=(0.9, 0.6), label="fold 2"),
        Highlight(x=4, y=0.125, shape="star", role="best", label="best"),
    ),
    x_label="epoch",
    y_label="loss",
)
