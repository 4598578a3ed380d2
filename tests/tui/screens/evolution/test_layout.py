import itertools

import pytest
from textual.geometry import Region

from nnsize_tui.screens.evolution.layout import MIN_DETAIL_WIDTH, MIN_HISTOGRAM_WIDTH, arrange
from nnsize_tui.screens.shared.layout import MIN_LOG_WIDTH, Focus

SIZES = [(60, 20), (72, 22), (80, 24), (80, 60), (100, 30), (117, 60), (118, 30), (131, 33), (139, 40), (160, 24)]
SIZES += [(160, 48), (200, 60), (300, 100)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("has_log", [True, False, None])
@pytest.mark.parametrize("focus", ["all", "chart", "table", "detail"])
def test_parts_stand_inside_the_screen_and_apart(size: tuple[int, int], has_log: bool | None, focus: Focus) -> None:
    width, height = size
    for answer, table in itertools.product((1, 3, 4), (78, 104)):
        parts = arrange(width, height, answer=answer, table=table, focus=focus, has_log=has_log)
        for region in parts.values():
            assert Region(0, 0, width, height).contains_region(region)
            assert region.area > 0
        for one, other in itertools.combinations(parts.values(), 2):
            assert not one.overlaps(other)
        if "histogram" in parts:
            assert parts["histogram"].width >= MIN_HISTOGRAM_WIDTH or focus == "detail"
        if "detail" in parts:
            assert parts["detail"].width >= min(MIN_DETAIL_WIDTH, MIN_HISTOGRAM_WIDTH)


@pytest.mark.parametrize("size", SIZES)
def test_table_and_chart_have_their_place_unless_the_log_was_asked_for(size: tuple[int, int]) -> None:
    parts = arrange(*size, answer=3, table=104, has_log=None)
    assert {"summary", "answer", "table", "chart", "keys"} <= parts.keys()
    assert parts["table"].width >= 50
    assert parts["table"].height >= 5
    assert parts["chart"].height >= 7
    asked = arrange(*size, answer=3, table=104, has_log=True)
    assert asked["log"].width >= min(size[0], MIN_LOG_WIDTH)
    assert "log" not in arrange(*size, answer=3, table=104, has_log=False)


def test_a_screen_of_80_by_24_shows_the_population_too() -> None:
    parts = arrange(80, 24, answer=3, table=104, has_log=None)
    assert parts["table"] == Region(0, 5, 52, 9)
    assert parts["histogram"] == Region(54, 5, 26, 9)
    assert parts["chart"] == Region(0, 14, 80, 9)


def test_a_large_screen_shows_everything_at_once() -> None:
    parts = arrange(160, 48, answer=2, table=104, has_log=None)
    assert parts.keys() == {"summary", "answer", "table", "chart", "detail", "histogram", "log", "keys"}


def test_one_generation_alone_has_its_numbers_beside_its_population() -> None:
    parts = arrange(80, 24, answer=3, table=104, focus="detail", has_log=None)
    assert parts.keys() == {"summary", "answer", "detail", "histogram", "keys"}
