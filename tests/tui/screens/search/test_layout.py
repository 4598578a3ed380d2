import itertools
from typing import Literal

import pytest
from textual.geometry import Region

from nnsize_tui.screens.search.layout import FOLDS_WIDE, MIN_FOLDS_WIDTH, arrange
from nnsize_tui.screens.shared.layout import MIN_LOG_WIDTH, MIN_TABLE_LINES, ChartSize, Focus

WIDTHS = [(width, height) for width in range(118, 161) for height in (30, 40)]
SIZES = [(60, 20), (72, 22), (80, 24), (100, 30), (117, 60), *WIDTHS[::8], (160, 24), (160, 48), (200, 60), (300, 100)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("has_log", [True, False])
@pytest.mark.parametrize("focus", ["all", "chart", "table"])
@pytest.mark.parametrize("answer", [1, 2, 3])
def test_parts_stand_inside_the_screen_and_apart(
    size: tuple[int, int], has_log: bool, focus: Focus, answer: int
) -> None:
    width, height = size
    parts = arrange(width, height, answer=answer, table=52, focus=focus, has_log=has_log, folds=9)
    for region in parts.values():
        assert Region(0, 0, width, height).contains_region(region)
        assert region.area > 0
    for one, other in itertools.combinations(parts.values(), 2):
        assert not one.overlaps(other)


@pytest.mark.parametrize("size", SIZES)
def test_the_table_always_has_its_place_beside_everything_else(size: tuple[int, int]) -> None:
    parts = arrange(*size, answer=2, table=52, has_log=False, folds=9)
    assert {"summary", "answer", "table", "chart", "keys"} <= parts.keys()
    assert parts["table"].width >= 52
    assert parts["table"].height >= 6
    assert parts["chart"].height >= 7


def test_a_screen_of_80_by_24_shows_folds_and_chart() -> None:
    parts = arrange(80, 24, answer=2, table=52, has_log=False, folds=9)
    assert parts["folds"] == Region(53, 4, 27, 9)
    assert parts["chart"] == Region(0, 13, 80, 10)


def test_the_log_takes_the_place_of_the_chart_where_there_is_only_one() -> None:
    with_log = arrange(80, 24, answer=2, table=52, has_log=True, folds=9)
    without = arrange(80, 24, answer=2, table=52, has_log=False, folds=9)
    assert with_log["log"] == without["chart"]
    assert "chart" not in with_log


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("table", [62, 75])
def test_the_folds_are_never_cut_and_the_log_stands_alone_only_with_room(size: tuple[int, int], table: int) -> None:
    asked = arrange(*size, answer=1, table=table, has_log=True, folds=9)
    unsaid = arrange(*size, answer=1, table=table, has_log=None, folds=9)
    assert asked["folds"].width >= FOLDS_WIDE
    assert asked["log"].width >= MIN_LOG_WIDTH
    assert "chart" in unsaid
    assert ("log" in unsaid) == ("chart" in asked)
    without = arrange(*size, answer=1, table=table, has_log=False, folds=9)
    assert "log" not in without
    if "chart" not in asked:
        assert asked["log"] == without["chart"]


def test_a_large_screen_shows_everything_at_once() -> None:
    parts = arrange(160, 48, answer=1, table=62, has_log=True, folds=9)
    assert parts.keys() == {"summary", "answer", "table", "chart", "folds", "log", "keys"}


def test_a_map_gets_a_line_for_each_row_and_the_table_keeps_six() -> None:
    chart_size = ChartSize(min_lines=12, step=9)
    parts = arrange(80, 24, answer=2, table=52, chart=chart_size, has_log=False, folds=9)
    assert (parts["table"].height, parts["chart"].height) == (7, 12)
    low = arrange(80, 24, answer=4, table=52, chart=chart_size, has_log=False, folds=9)
    assert low["table"].height == MIN_TABLE_LINES


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rows", [2, 5, 9])
def test_a_map_wastes_no_lines_that_others_could_use(size: tuple[int, int], rows: int) -> None:
    chart_size = ChartSize(min_lines=rows + 3, step=rows)
    parts = arrange(*size, answer=2, table=52, chart=chart_size, has_log=False, folds=9)
    if parts["chart"].height >= chart_size.min_lines:
        assert (parts["chart"].height - 3) % rows == 0
    regions = list(parts.values())
    assert not any(one.overlaps(other) for one, other in itertools.combinations(regions, 2))


def test_a_wide_table_hides_columns_before_it_hides_the_folds() -> None:
    parts = arrange(80, 24, answer=2, table=75, min_table=50, has_log=False, folds=9)
    assert parts["table"].width == 52
    assert parts["folds"].width == MIN_FOLDS_WIDTH
    assert "folds" not in arrange(80, 24, answer=2, table=75, min_table=60, has_log=False, folds=9)
    assert "folds" not in arrange(80, 24, answer=2, table=75, has_log=False, folds=9)


@pytest.mark.parametrize("focus", ["chart", "table"])
def test_a_part_alone_fills_the_middle(focus: Literal["chart", "table"]) -> None:
    parts = arrange(80, 24, answer=2, table=52, focus=focus, has_log=True, folds=9)
    assert parts[focus] == Region(0, 4, 80, 19)
