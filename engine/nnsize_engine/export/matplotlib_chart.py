"""Drawing of charts and heat maps with matplotlib.

matplotlib is imported when a figure is made: the import takes half a second, which only the drawing process may spend.
"""

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, assert_never

from nnsize_engine.charts.axis_ticks import log_ticks
from nnsize_engine.charts.bar_chart import BarChart
from nnsize_engine.charts.description import (
    Band,
    Chart,
    Cursor,
    Highlight,
    Level,
    Limits,
    Line,
    Points,
    Role,
    Series,
    Shape,
    Values,
    drawing_order,
)
from nnsize_engine.charts.finite import finite_all
from nnsize_engine.charts.heat_map import STATE_WORDS, HeatMap, Spot, State
from nnsize_engine.errors import ExportError
from nnsize_engine.export.matplotlib_bars import draw_bars
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.text import escape_text

# Colours that people who see few colours can tell apart (Okabe and Ito, "Color universal design", 2008).
COLOURS: Mapping[Role, str] = MappingProxyType(
    {
        "line": "#0072b2",
        "line_2": "#d55e00",
        "line_3": "#009e73",
        "line_4": "#cc79a7",
        "line_5": "#e69f00",
        "line_6": "#56b4e9",
        "second": "#707070",
        "band": "#0072b2",
        "held_out": "#d55e00",
        "reference": "#009e73",
        "best": "#e69f00",
        "recommended": "#009e73",
        "cursor": "#000000",
        "text": "#000000",
        "axis": "#707070",
    }
)

MARKERS: Mapping[Shape, str] = MappingProxyType(
    {
        "dot": "o",
        "star": "*",
        "diamond": "D",
        "disc": "o",
        "triangle": "^",
        "square": "s",
        "wedge": "v",
        "ring": "o",
        "frame": "s",
    }
)

HOLLOW: frozenset[Shape] = frozenset({"ring", "frame"})

WIDTH, HEIGHT, HEIGHT_OF_SEVERAL = 8.0, 5.0, 4.0
"""Inches: of a picture, of a chart alone, and of each of several charts."""

MAX_DOTTED_POINTS = 40
"""Most points of a line that has a dot at each point."""

MARKS_PER_LINE = 12
"""About the number of points of a line that are marked with its shape."""

MAX_TICKS = 10
"""Most numbers along an axis of whole things."""

MAX_TICK_NAMES = 30
"""Most names along an axis; of more names only every n-th is written."""

MAX_STRAIGHT_LETTERS = 60
"""Most letters of all names along the x axis that are written horizontally; more are slanted."""

MAX_TITLE_LETTERS = 60  # of a line of a sentence above bars, the first of which also names the run

MAX_NUMBERED_CELLS = 150
"""Most cells of a heat map that show their score as a number; more cells are too small."""


def new_figure() -> Any:
    """Return an empty figure.

    Raises:
        ExportError: matplotlib is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ExportError(
            f"pictures of charts need matplotlib, which is missing; {install_hint('pictures')}"
        ) from error
    import matplotlib as mpl

    # Text of an SVG stays text, and the same run gives the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "nnsize", "font.size": 10})
    return Figure(dpi=150, layout="constrained")


def content_of(figure: Any, format: str) -> bytes:
    """Return the content of a PNG or SVG file."""
    file = io.BytesIO()
    figure.savefig(file, format=format, metadata={"Date": None} if format == "svg" else None)
    return file.getvalue()


def draw_pictures(figure: Any, pictures: Sequence[Chart | HeatMap | BarChart], heading: str) -> None:
    """Draw charts or heat maps one below the other, with a heading that names the runs."""
    figure.set_size_inches(WIDTH, HEIGHT if len(pictures) == 1 else len(pictures) * HEIGHT_OF_SEVERAL)
    for number, (axes, picture) in enumerate(zip(figure.subplots(len(pictures), squeeze=False), pictures, strict=True)):
        _draw_picture(figure, axes[0], picture, heading if number == 0 else "")


def _draw_picture(figure: Any, axes: Any, picture: Chart | HeatMap | BarChart, heading: str) -> None:
    match picture:
        case Chart():
            draw_chart(axes, picture)
            words = [heading, picture.title]
        case BarChart():
            draw_bars(axes, picture)
            words = [heading, textwrap.fill(picture.sentence, MAX_TITLE_LETTERS)]
        case HeatMap():
            draw_heat_map(figure, axes, picture)
            words = [heading, picture.slice]
        case _:
            assert_never(picture)
    axes.set_title(literal_text(": ".join(word for word in words if word)), loc="left", fontsize=11)


def literal_text(text: str) -> str:
    """Return text in which matplotlib finds no formula, and an SVG file no sign that XML forbids."""
    return escape_text(text).replace("$", r"\$")


# Charts --------------------------------------------------------------------------------------------------------------


def draw_chart(axes: Any, chart: Chart) -> None:
    """Draw series, axes and legend of a chart."""
    if chart.x_log:
        axes.set_xscale("log")
    if chart.y_log:
        axes.set_yscale("log")
    for series in chart.series:
        _draw_series(axes, series)
    if chart.x_ticks is not None:
        _name_x(axes, [x for x, _ in chart.x_ticks], [label for _, label in chart.x_ticks])
    if (x_limits := _usable(chart.x_limits, is_log=chart.x_log)) is not None:
        axes.set_xlim(*x_limits)
    if (y_limits := _usable(chart.y_limits, is_log=chart.y_log)) is not None:
        axes.set_ylim(*y_limits)
    if chart.x_is_whole and chart.x_ticks is None:
        _count_x(axes, is_log=chart.x_log)
    _draw_named_levels(axes, [one for one in chart.series if isinstance(one, Level) and one.is_named])
    axes.set_xlabel(literal_text(chart.x_title))
    axes.set_ylabel(literal_text(chart.y_label))
    axes.grid(alpha=0.25)
    if any(series.label for series in chart.series):
        axes.legend(fontsize=8, title=literal_text(chart.legend_title) or None, title_fontsize=8)


def _usable(limits: Limits | None, *, is_log: bool) -> Limits | None:
    """Return the limits; None if the axis cannot have them."""
    return None if limits is None or limits[0] >= limits[1] or (is_log and limits[0] <= 0) else limits


def _draw_series(axes: Any, series: Series) -> None:
    look = {"color": COLOURS[series.role], "zorder": 2 + 0.1 * drawing_order(series)}
    if series.label:
        look["label"] = literal_text(series.label)
    match series:
        case Line():
            _draw_line(axes, series, look)
        case Points(shape=shape):
            x, y = _in_order(series.x, series.y)
            axes.plot(x, y, ls="none", ms=9 if shape == "star" else 5, **_marker(shape, series.role), **look)
        case Band():
            x, lower, upper = _in_order(series.x, series.lower, series.upper)
            axes.fill_between(x, lower, upper, alpha=0.2, lw=0, **look)
        case Highlight(shape=shape):
            size = 15 if shape == "star" else 9
            mark = _marker(shape, series.role) | {"mec": "black"}
            axes.plot([series.x], [series.y], ls="none", ms=size, clip_on=False, **mark, **look)
        case Cursor():
            axes.axvline(series.x, lw=1, **look)
        case Level(is_named=is_named):
            if not is_named:
                axes.axhline(series.y, lw=1, ls="--", **look)
        case _:
            assert_never(series)


def _draw_named_levels(axes: Any, levels: Sequence[Level]) -> None:
    """Draw the levels that the axis holds, each with its words; the words of the others stand at its edge."""
    lower, upper = axes.get_ylim()
    edges: dict[str, list[str]] = {"below": [], "above": []}
    for level in levels:
        if not lower <= level.y <= upper:
            edges["below" if level.y < lower else "above"].append(level.text)
            continue
        axes.axhline(level.y, lw=1, ls=":", color=COLOURS[level.role], zorder=2 + 0.1 * drawing_order(level))
        _write_at_right(axes, level.text, (0.99, level.y), axes.get_yaxis_transform(), va="bottom")
    for edge, texts in edges.items():
        if texts:
            place = (0.99, 0.01 if edge == "below" else 0.99)
            va = "bottom" if edge == "below" else "top"
            _write_at_right(axes, f"{edge}: {', '.join(texts)}", place, axes.transAxes, va=va)
    axes.set_ylim(lower, upper)


def _write_at_right(axes: Any, text: str, place: tuple[float, float], transform: Any, *, va: str) -> None:
    axes.text(*place, literal_text(text), ha="right", va=va, fontsize=7, color=COLOURS["axis"], transform=transform)


def _draw_line(axes: Any, line: Line, look: Mapping[str, Any]) -> None:
    x, y = _in_order(line.x, line.y)
    marked = _marked(line, y)
    style: dict[str, Any] = {"ls": ":" if line.dotted else "-", "lw": 1.4}
    if marked:
        style |= {"markevery": marked, "ms": 4, **_marker(line.shape or "dot", line.role)}
    axes.plot(x, y, **style, **look)


def _marked(line: Line, y: Sequence[float]) -> list[int]:
    """Return the places of the marked points: some or all points, and always those without a neighbour."""
    known = [place for place, value in enumerate(y) if not math.isnan(value)]
    if line.shape is not None:
        return known[:: max(1, len(known) // MARKS_PER_LINE)]
    if len(known) <= MAX_DOTTED_POINTS and not line.dotted:
        return known
    places = set(known)
    return [place for place in known if not places & {place - 1, place + 1}]


def _marker(shape: Shape, role: Role) -> dict[str, Any]:
    return {"marker": MARKERS[shape], "mfc": "white" if shape in HOLLOW else COLOURS[role]}


def _in_order(x: Values, *others: Values) -> tuple[list[float], ...]:
    """Return the columns in order of x, with NaN for gaps and without points that have no x."""
    known = [row for row in zip(finite_all(x), *map(finite_all, others), strict=True) if row[0] is not None]
    known.sort(key=lambda row: row[0] or 0.0)
    columns = zip(*known, strict=True) if known else ((),) * (1 + len(others))
    return tuple([math.nan if value is None else value for value in column] for column in columns)


def _count_x(axes: Any, *, is_log: bool) -> None:
    """Write whole numbers along x."""
    from matplotlib.ticker import MaxNLocator

    if is_log:
        lower, upper = axes.get_xlim()
        ticks = log_ticks(lower, upper, MAX_TICKS, is_whole=True)
        axes.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
        axes.minorticks_off()
    else:
        axes.xaxis.set_major_locator(MaxNLocator(MAX_TICKS, steps=(1, 2, 5, 10), integer=True, min_n_ticks=1))


def _name_x(axes: Any, places: Sequence[float], labels: Sequence[str]) -> None:
    """Write names along x, at most :data:`MAX_TICK_NAMES`."""
    step = -(-len(labels) // MAX_TICK_NAMES) or 1
    shown = [literal_text(label) for label in labels[::step]]
    is_slanted = sum(map(len, shown)) > MAX_STRAIGHT_LETTERS
    axes.set_xticks(places[::step], shown, rotation=45 if is_slanted else 0, ha="right" if is_slanted else "center")
    axes.minorticks_off()


# Heat maps -----------------------------------------------------------------------------------------------------------


def draw_heat_map(figure: Any, axes: Any, heat: HeatMap) -> None:
    """Draw the cells of a heat map, their scores if they fit, the marked cells and the scale of colours."""
    cells = [[cell if isinstance(cell, float) else math.nan for cell in row] for row in heat.cells]
    low, high = heat.limits or (0.0, 1.0)
    image = axes.imshow(cells, cmap="viridis", aspect="auto", origin="lower", vmin=low, vmax=high)
    if len(heat.columns) * len(heat.rows) <= MAX_NUMBERED_CELLS:
        _write_scores(axes, heat, image)
    _mark_states(axes, heat)
    _mark_spot(axes, heat.selected, "selected", marker="s", ms=22, mfc="none", mec="black", mew=1.5)
    recommended = COLOURS["recommended"]
    _mark_spot(axes, heat.recommended, heat.recommended_label, marker="D", ms=7, mfc=recommended, mec="black")
    _mark_spot(axes, heat.best, heat.best_label, marker="*", ms=12, mfc=COLOURS["best"], mec="black")
    _name_x(axes, range(len(heat.columns)), heat.columns)
    step = -(-len(heat.rows) // MAX_TICK_NAMES) or 1
    axes.set_yticks(range(0, len(heat.rows), step), [literal_text(label) for label in heat.rows[::step]])
    axes.set_xlabel(literal_text(heat.x_label))
    axes.set_ylabel(literal_text(heat.y_label))
    figure.colorbar(image, ax=axes, label=literal_text(heat.title), extend="min" if heat.is_clipped else "neither")
    if axes.get_legend_handles_labels()[1]:
        figure.legend(loc="outside lower center", ncols=4, fontsize=8)


def _write_scores(axes: Any, heat: HeatMap, image: Any) -> None:
    """Write the score of each cell in its middle, or below the mark of a marked cell."""
    marked = {spot for spot in (heat.best, heat.recommended) if spot is not None}
    for row, cells in enumerate(heat.cells):
        for column, cell in enumerate(cells):
            if isinstance(cell, float):
                colour = "black" if image.norm(cell) > 0.5 else "white"
                below = 0.3 if (column, row) in marked else 0.0
                axes.text(column, row - below, f"{cell:.3f}", ha="center", va="center", fontsize=7, color=colour)


def _mark_states(axes: Any, heat: HeatMap) -> None:
    """Mark the cells that failed, wait for a score, or are out."""
    signs: tuple[tuple[State, str], ...] = (("failed", "x"), ("waiting", "."), ("out", "_"))
    for state, marker in signs:
        spots = [(x, y) for y, row in enumerate(heat.cells) for x, cell in enumerate(row) if cell == state]
        if spots:
            xs, ys = zip(*spots, strict=True)
            axes.plot(xs, ys, ls="none", marker=marker, color=COLOURS["axis"], label=STATE_WORDS[state])


def _mark_spot(axes: Any, spot: Spot | None, label: str, **look: Any) -> None:
    """Mark one cell; a label without a cell is only in the legend."""
    if spot is None and (not label or look["marker"] == "s"):
        return
    x, y = ([], []) if spot is None else ([spot[0]], [spot[1]])
    axes.plot(x, y, ls="none", label=literal_text(label), **look)
