import itertools
from typing import Literal

import pytest
from textual.geometry import Region

from nnsize_tui.screens.run_layout import Focus, arrange

SIZES = [(60, 20), (72, 22), (80, 24), (100, 30), (117, 60), (118, 30), (160, 24), (160, 48), (200, 60), (300, 100)]


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


def test_a_large_screen_shows_everything_at_once() -> None:
    parts = arrange(160, 48, answer=1, table=62, has_log=True, folds=9)
    assert parts.keys() == {"summary", "answer", "table", "chart", "folds", "log", "keys"}


@pytest.mark.parametrize("focus", ["chart", "table"])
def test_a_part_alone_fills_the_middle(focus: Literal["chart", "table"]) -> None:
    parts = arrange(80, 24, answer=2, table=52, focus=focus, has_log=True, folds=9)
    assert parts[focus] == Region(0, 4, 80, 19)
