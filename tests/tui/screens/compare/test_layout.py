import itertools

import pytest
from textual.geometry import Region

from nnsize_tui.screens.compare.layout import Focus, arrange

SIZES = [(60, 20), (72, 22), (80, 24), (117, 60), (118, 24), (160, 48), (200, 60), (300, 100)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("runs", [2, 6])
@pytest.mark.parametrize("answer", [1, 4])
@pytest.mark.parametrize("focus", ["all", "chart", "table"])
def test_parts_stand_inside_the_screen_and_apart(size: tuple[int, int], runs: int, answer: int, focus: Focus) -> None:
    width, height = size
    parts = arrange(width, height, runs=runs, answer=answer, table=70, has_chart=True, focus=focus)
    for region in parts.values():
        assert Region(0, 0, width, height).contains_region(region)
        assert region.area > 0
    for one, other in itertools.combinations(parts.values(), 2):
        assert not one.overlaps(other)
    assert ("table" in parts) == (focus != "chart")


def test_two_runs_have_table_and_chart_at_80_by_24_and_side_by_side_at_160_by_48() -> None:
    small = arrange(80, 24, runs=2, answer=2, table=60, has_chart=True, focus="all")
    assert small["chart"].y == small["table"].bottom
    large = arrange(160, 48, runs=2, answer=1, table=60, has_chart=True, focus="all")
    assert large["chart"].x >= large["table"].right
    assert "chart" not in arrange(160, 48, runs=2, answer=1, table=60, has_chart=False, focus="all")
