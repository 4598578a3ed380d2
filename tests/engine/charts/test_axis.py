"""Round numbers for axes."""

import pytest

from nnsize_engine.charts.axis import round_end


@pytest.mark.parametrize(
    ("number", "most", "end"),
    [(0, 1000, 10), (3, 10, 3), (7, 2000, 8), (11, 2000, 15), (244, 2000, 300), (1999, 1999, 1999), (95, 96, 96)],
)
def test_the_axis_of_generations_ends_at_a_round_number(number: int, most: int, end: int) -> None:
    assert round_end(number, most) == end
