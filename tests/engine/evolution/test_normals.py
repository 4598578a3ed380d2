"""Normal numbers of streams: their distribution, and that each follows from its position."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from nnsize_engine.evolution.normals import _ENDS, fill_normals
from nnsize_engine.evolution.streams import NOISE, stream_key
from nnsize_engine.network.jit import Real, Vector, compiled

COUNT = 2_000_000


@compiled
def normals_of(seed: Real, member: int, first: int, numbers: Vector) -> None:
    fill_normals(stream_key(seed, NOISE, 1, member), first, numbers)


@pytest.fixture(scope="module")
def numbers() -> NDArray[np.float64]:
    found = np.empty(COUNT)
    with np.errstate(over="ignore"):
        normals_of(np.uint64(5), 0, 0, found)
    return found


def test_numbers_are_normal_also_in_their_tails(numbers: NDArray[np.float64]) -> None:
    assert stats.kstest(numbers, "norm").pvalue > 0.001
    assert abs(numbers.mean()) < 4 / np.sqrt(COUNT)
    assert abs(numbers.var() - 1) < 4 * np.sqrt(2 / COUNT)
    assert abs(stats.kurtosis(numbers)) < 4 * np.sqrt(24 / COUNT)
    for border in (1.0, 2.0, 3.0, float(_ENDS[1]), 4.0, 4.5):
        for tail in (numbers > border, numbers < -border):
            expected = stats.norm.sf(border)
            assert abs(tail.mean() - expected) < 4.5 * np.sqrt(expected / COUNT)


def test_layers_have_equal_areas() -> None:
    heights = np.exp(-0.5 * _ENDS**2)
    areas = _ENDS[1:-1] * np.diff(heights[1:])
    np.testing.assert_allclose(areas, areas[0], rtol=1e-6)
    assert stats.norm.sf(_ENDS[1]) * np.sqrt(2 * np.pi) + _ENDS[1] * heights[1] == pytest.approx(areas[0], rel=1e-6)


def test_a_number_follows_from_its_position_alone(numbers: NDArray[np.float64]) -> None:
    part = np.empty(1000)
    with np.errstate(over="ignore"):
        normals_of(np.uint64(5), 0, 123_456, part)
    np.testing.assert_array_equal(part, numbers[123_456:124_456])


def test_streams_and_neighbours_do_not_depend_on_each_other(numbers: NDArray[np.float64]) -> None:
    other = np.empty(COUNT)
    with np.errstate(over="ignore"):
        normals_of(np.uint64(5), 1, 0, other)
    for left, right in ((numbers, other), (numbers[1:], numbers[:-1]), (numbers**2, other**2)):
        assert abs(np.corrcoef(left, right)[0, 1]) < 4 / np.sqrt(COUNT)
