"""Curves that grow without end keep their lowest and highest points."""

import math

import pytest

from nnsize_engine.charts.thinned_curves import MAX_BUCKETS, ThinnedCurves


@pytest.mark.parametrize("count", [1, 7, MAX_BUCKETS, MAX_BUCKETS + 1, 10_000])
def test_thinned_curves_keep_every_extreme_exactly_however_the_points_came(count: int) -> None:
    values = [math.sin(place) + (50.0 if place == count // 3 else 0.0) for place in range(count)]
    whole, grown = ThinnedCurves(("y",)), ThinnedCurves(("y",))
    whole.take(range(count), [values])
    for start in range(0, count, 997):
        grown.take(range(start, min(count, start + 997)), [values[start : start + 997]])
    for thinned in (whole, grown):
        x, y = thinned.points("y")
        assert len(x) <= 2 * MAX_BUCKETS
        assert list(x) == sorted(x)
        assert (max(y), min(y)) == (max(values), min(values))
        assert all(values[int(place)] == value for place, value in zip(x, y, strict=True))


def test_values_that_are_missing_are_left_out() -> None:
    thinned = ThinnedCurves(("y", "z"))
    thinned.take([0, 1, 2], [[None, 1.0, None], [None, None, None]])
    assert thinned.points("y") == ((1,), (1.0,))
    assert thinned.points("z") == ((), ())
    assert thinned.band("y", "z") == ((), (), ())
