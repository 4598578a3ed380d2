"""Heat maps: their folding and their drawing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.charts.heat_map import Cell, HeatMap
from nnsize_tui.chart.ansi_strips import CODE, strips_of
from nnsize_tui.chart.changes import changed_regions, sent_bytes
from nnsize_tui.chart.heat_picture import edges, render_heat
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.theme import palette_of
from nnsize_tui.terminal.themes import DARK
from support.made_charts import maps

COLOURS = palette_of(
    {"foreground": "#d3d9e2", "background": DARK.background or "", "text-primary": "#6cb6ff"}, "truecolor"
)
BLANK = Palette()


def heat_map(columns: int, rows: int, **changes: object) -> HeatMap:
    """Return a heat map of scores that rise to the right and upwards."""
    made = HeatMap(
        x_label="neurons",
        y_label="alpha",
        columns=tuple(str(8 * number) for number in range(1, columns + 1)),
        rows=tuple(str(number) for number in range(rows)),
        cells=tuple(tuple(0.9 + 0.001 * (column + row) for column in range(columns)) for row in range(rows)),
        limits=(0.9, 1.0),
        title="accuracy",
        best_label="best",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def with_cell(heat: HeatMap, column: int, row: int, cell: Cell) -> HeatMap:
    cells = [list(line) for line in heat.cells]
    cells[row][column] = cell
    return replace(heat, cells=tuple(tuple(line) for line in cells))


def texts(
    heat: HeatMap, width: int = 80, height: int = 24, *, palette: Palette = BLANK, unicode: bool = True
) -> list[str]:
    return [CODE.sub("", line) for line in render_heat(heat, width, height, palette=palette, unicode=unicode)]


@settings(max_examples=60, deadline=None)
@given(maps(), st.integers(1, 90), st.integers(1, 30), st.booleans(), st.booleans())
def test_any_map_is_drawn_exactly_as_large_as_asked_for(
    heat: HeatMap, width: int, height: int, unicode: bool, has_colour: bool
) -> None:
    lines = render_heat(heat, width, height, palette=COLOURS if has_colour else BLANK, unicode=unicode)
    plain = [CODE.sub("", line) for line in lines]
    assert [len(text) for text in plain] == [width] * height
    assert all(text.isprintable() for text in plain)
    assert unicode or all(text.isascii() for text in plain)
    assert has_colour or not any("38;" in line or "48;" in line for line in lines)


def test_a_map_too_large_says_what_its_cells_stand_for() -> None:
    assert "each cell: best of 2 × 3" in "".join(texts(heat_map(130, 60)))
    assert "best of" not in "".join(texts(heat_map(8, 9)))


@given(st.integers(1, 60), st.integers(1, 200), st.integers(0, 20))
def test_cells_fill_their_room_and_differ_by_one_at_most(count: int, room: int, leave: int) -> None:
    if room < count:
        return
    ends = edges(count, room, 28, may_leave=leave)
    sizes = {right - left for left, right in pairwise(ends)}
    assert max(sizes) - min(sizes) <= 1
    assert ends[-1] <= room
    assert ends[-1] >= room - leave or max(sizes) == 28


@pytest.mark.parametrize("unicode", [True, False])
def test_scores_stand_in_the_cells_highest_values_above(unicode: bool) -> None:
    lines = texts(heat_map(8, 9), 80, 11, unicode=unicode)
    assert "0.9000" in lines[-2]
    assert lines[-2].startswith("0")
    assert "0.9150" in lines[1]
    assert lines[-1].split() == [str(8 * number) for number in range(1, 9)]


@pytest.mark.parametrize(("unicode", "failed", "waiting"), [(True, "✗", "·"), (False, "x", "-")])
def test_failed_and_waiting_cells_look_different_and_are_explained(unicode: bool, failed: str, waiting: str) -> None:
    heat = with_cell(with_cell(heat_map(4, 2), 0, 0, "failed"), 1, 0, "waiting")
    lines = texts(heat, 80, 8, unicode=unicode)
    assert f"{failed} failed" in lines[0] + lines[1]
    assert f"{waiting} not done" in lines[0] + lines[1]
    assert failed in "".join(lines[2:])
    assert waiting in "".join(lines[2:])


@pytest.mark.parametrize("columns", [4, 9, 20, 35, 70])
@pytest.mark.parametrize(("unicode", "best"), [(True, "★"), (False, "@")])
def test_best_and_selected_are_marked_however_narrow_cells_are(columns: int, unicode: bool, best: str) -> None:
    plain = heat_map(columns, 5)
    chosen = replace(plain, selected=(1, 1), best=(2, 3))
    lines = texts(chosen, 80, 8, unicode=unicode)
    assert best in "".join(lines[2:])
    assert lines[2:] != texts(replace(plain, best=(2, 3)), 80, 8, unicode=unicode)[2:]


def test_without_colours_every_shade_has_its_sign() -> None:
    signs = "░▒▓█"
    heat = heat_map(4, 1, cells=((0.9, 0.93, 0.96, 1.0),))
    drawn = "".join(texts(heat, 60, 6)[1:])
    assert all(sign in drawn for sign in signs)
    assert f"0.9 {signs} 1" in texts(heat, 60, 6)[0]


def test_one_cell_that_changes_sends_its_own_lines_alone() -> None:
    before = heat_map(8, 9)
    after = with_cell(before, 0, 4, 0.99)
    old, new = (strips_of(render_heat(one, 160, 40, palette=COLOURS, unicode=True)) for one in (before, after))
    regions = changed_regions(old, new)
    assert 1 <= len(regions) <= 5
    assert sum(sent_bytes(new[region.y], region.right) for region in regions) < 800


def test_values_outside_the_limits_have_the_end_colours() -> None:
    heat = heat_map(2, 1, cells=((-5.0, 0.95),), is_clipped=True)
    assert "≤0.9" in texts(heat)[0]
    assert "-5.00" in "".join(texts(heat))
