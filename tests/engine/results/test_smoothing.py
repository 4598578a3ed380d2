"""The fast ways to smooth many sizes equal the slow one, and NumPy is loaded for many sizes only."""

import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.results.choice import choose
from nnsize_engine.results.decision import MAX_PLAIN_SIZES, smooth
from nnsize_engine.results.smoothing import smoothing_weights
from nnsize_engine.results.smoothing_of_many import MIN_INTERPOLATED_SIZES, smooth_many
from nnsize_engine.results.statistics import shared_statistics, summarise_all
from support.made_candidates import made_candidates, made_fits


def slow(sizes: Sequence[Sequence[int]], values: Sequence[float]) -> list[float]:
    """One row of weights after the other."""
    return [float(np.dot(smoothing_weights(sizes, at), values)) for at in range(len(sizes))]


def scores(count: int, seed: int) -> list[float]:
    found: list[float] = np.random.RandomState(seed).normal(0.9, 0.02, count).tolist()
    return found


@given(st.lists(st.integers(1, 10**6), min_size=3, max_size=60, unique=True), st.integers(0, 2**31))
def test_both_ways_are_equal_for_any_sizes(sizes: list[int], seed: int) -> None:
    layers, values = [(size,) for size in sizes], scores(len(sizes), seed)
    assert smooth(layers, values) == pytest.approx(slow(layers, values), abs=1e-12)
    assert smooth_many(layers, values) == pytest.approx(slow(layers, values), abs=1e-9)


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**5), st.integers(1, 3 * MIN_INTERPOLATED_SIZES), st.integers(1, 9)),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 2**31),
)
def test_clusters_and_gaps_are_interpolated_without_error(clusters: list[tuple[int, int, int]], seed: int) -> None:
    sizes = {size for low, count, step in clusters for size in range(low, low + step * count, step)}
    shuffled = np.random.RandomState(seed).permutation(sorted({*sizes, 1, 2, 3}))
    layers, values = [(int(size),) for size in shuffled], scores(len(shuffled), seed)
    assert smooth_many(layers, values) == pytest.approx(slow(layers, values), abs=1e-9)


@given(
    st.lists(st.integers(1, 900), min_size=2, max_size=8, unique=True),
    st.lists(st.integers(1, 900), min_size=2, max_size=8, unique=True),
    st.integers(0, 2**31),
)
def test_a_grid_of_layers_with_holes_is_smoothed_as_pairs_are(first: list[int], second: list[int], seed: int) -> None:
    random = np.random.RandomState(seed)
    grid = [(a, b) for a in first for b in second if random.uniform() > 0.2]
    if len(grid) >= 3:
        values = scores(len(grid), seed)
        assert smooth_many(grid, values) == pytest.approx(slow(grid, values), abs=1e-7)


def test_scattered_layers_are_smoothed_in_blocks() -> None:
    random = np.random.RandomState(0)
    sizes = list(dict.fromkeys(tuple(pair) for pair in random.randint(1, 2000, (300, 3)).tolist()))
    values = scores(len(sizes), 1)
    assert smooth_many(sizes, values) == pytest.approx(slow(sizes, values), abs=1e-9)


@pytest.mark.parametrize("count", [100, 1_000, 10_000])
def test_equal_scores_stay_equal_however_many(count: int) -> None:
    smoothed = smooth([(size + 1,) for size in range(count)], [0.7] * count)
    assert smoothed == pytest.approx([0.7] * count, abs=1e-12)


def test_ten_thousand_candidates_are_chosen_from_in_less_than_a_second() -> None:
    candidates = made_candidates(10_000)
    summaries = summarise_all(candidates, made_fits(candidates, 5), 5)
    shared = shared_statistics(summaries)
    best = min(_seconds(lambda: choose(summaries, shared)) for _ in range(3))
    assert best < 1


def _seconds(work: object) -> float:
    assert callable(work)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_few_sizes_load_no_numpy() -> None:
    code = (
        "import sys; from nnsize_engine.results.decision import decide; "
        f"sizes = range(1, {MAX_PLAIN_SIZES + 1}); "
        "decide([(size,) for size in sizes], sizes, [[0.5] * len(sizes)] * 2); sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
