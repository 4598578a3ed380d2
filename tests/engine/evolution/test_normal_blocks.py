"""Normal numbers: equal to exact functions of the same random words, and normally distributed."""

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import kstest, norm

from nnsize_engine.evolution.normal_blocks import BLOCK
from nnsize_engine.evolution.normal_sums import NO_NORMALS, normals_of, sum_normals
from support.reference_evolution import WEIGHTS, Stream

Floats = NDArray[Any]

PAIRS = BLOCK // 2


def exact(seed: int, generation: int, trial: int, weights: int, *, radii_alone: bool = False) -> list[float]:
    """Return normal numbers by the method of Box and Muller, from the halves of words."""
    stream, found = Stream(seed, WEIGHTS, generation, trial), []
    for block in range(math.ceil(weights / BLOCK)):
        words = [stream.word(block * PAIRS + index) for index in range(PAIRS)]
        halves = [half for word in words for half in (word % 2**32, word // 2**32)]
        pairs = list(zip(halves[:PAIRS], halves[PAIRS:], strict=True))
        for function in (math.cos, math.sin):
            for of_radius, of_angle in pairs:
                signed = of_angle - 2**32 if of_angle >= 2**31 else of_angle
                radius = math.sqrt(-2 * math.log((of_radius // 2 + 0.5) / 2**31))
                number = (-1) ** (of_radius % 2) * radius * function(math.pi / 2 * signed / 2**31)
                found.append(radius if radii_alone else number)
    return found[:weights]


def drawn(seed: int, generation: int, trial: int, weights: int) -> Floats:
    with np.errstate(over="ignore"):
        return np.array(normals_of(np.uint64(seed), generation, trial, weights))


@given(st.integers(0, 2**64 - 1), st.integers(0, 10**9), st.integers(0, 10**6), st.integers(1, 1100))
def test_numbers_equal_exact_functions(seed: int, generation: int, trial: int, weights: int) -> None:
    found = drawn(seed, generation, trial, weights)
    assert found.dtype == np.float32
    expected = np.array(exact(seed, generation, trial, weights))
    # A radius near 0 is the root of the logarithm of a number near 1, of which float32 has every 6e-8.
    radii = np.array(exact(seed, generation, trial, weights, radii_alone=True))
    assert (np.abs(found - expected) <= 2e-6 + 1.2e-7 / radii).all()


def test_numbers_are_normal() -> None:
    numbers = drawn(3, 1, 7, 400_000).astype(np.float64)
    assert kstest(numbers, "norm").pvalue > 0.01
    assert abs(numbers.mean()) < 4 / math.sqrt(numbers.size)
    assert abs(numbers.std() - 1) < 3 / math.sqrt(numbers.size)
    assert abs((numbers**4).mean() - 3) < 4 * math.sqrt(96 / numbers.size)
    for limit in (3.0, 4.0):
        expected = 2 * norm.sf(limit) * numbers.size
        assert abs((np.abs(numbers) > limit).sum() - expected) < 4 * math.sqrt(expected)


def test_numbers_of_a_pair_are_independent() -> None:
    blocks = drawn(5, 2, 1, 400 * BLOCK).astype(np.float64).reshape(400, 2, PAIRS)
    cosines, sines = blocks[:, 0].ravel(), blocks[:, 1].ravel()
    for power in (1, 2):
        assert abs(np.corrcoef(cosines**power, sines**power)[0, 1]) < 4 / math.sqrt(cosines.size)
    assert kstest(np.arctan2(sines, cosines), "uniform", (-math.pi, 2 * math.pi)).pvalue > 0.01


def test_trials_and_generations_are_independent() -> None:
    base = drawn(1, 1, 1, 100_000).astype(np.float64)
    for other in (drawn(1, 1, 2, 100_000), drawn(1, 2, 1, 100_000), drawn(2, 1, 1, 100_000)):
        assert abs(np.corrcoef(base, other)[0, 1]) < 4 / math.sqrt(base.size)


@given(st.integers(0, 2**32), st.integers(1, 1100), st.lists(st.integers(0, 50), max_size=4))
def test_a_sum_equals_the_sum_of_vectors(seed: int, weights: int, chosen: list[int]) -> None:
    shares, total = np.linspace(-1, 2, len(chosen)), np.empty(weights)
    with np.errstate(over="ignore"):
        sum_normals(np.uint64(seed), 4, np.array(chosen, dtype=np.int64), shares, NO_NORMALS, total)
    expected = np.zeros(weights)
    for share, trial in zip(shares, chosen, strict=True):
        expected += share * drawn(seed, 4, trial, weights)
    np.testing.assert_array_equal(total, expected)
