"""plotext gets only fractions of axes, for any data."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.charts.finite import MAX_MAGNITUDE
from nnsize_tui.chart.clean import (
    Polyline,
    Scale,
    band_cells,
    band_eighths,
    column_of,
    fit_scale,
    polylines,
    row_of,
    thin,
)

ANYTHING = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.0, -0.0, 5e-324, 1e308])
UNIT = Scale(lower=0.0, upper=1.0)


@given(st.lists(ANYTHING), st.booleans(), st.none() | st.tuples(st.floats(), st.floats()))
def test_every_axis_has_a_finite_range_of_some_height(
    values: list[float | None], log: bool, limits: tuple[float, float] | None
) -> None:
    scale = fit_scale(values, limits=limits, log=log)
    assert math.isfinite(scale.upper - scale.lower)
    assert scale.upper - scale.lower >= 1e-7 * max(abs(scale.upper), abs(scale.lower)) > 0
    assert not log or scale.lower > 0


@given(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING)), st.booleans(), st.booleans())
def test_runs_hold_only_fractions_in_order(
    rows: list[tuple[float | None, float | None, float | None]], x_log: bool, y_log: bool
) -> None:
    x, low, high = ([row[part] for row in rows] for part in range(3))
    x_scale, y_scale = fit_scale(x, log=x_log), fit_scale(low + high, log=y_log)
    for run in polylines(x_scale, y_scale, x, low, high):
        assert run
        assert all(0 <= fraction <= 1 for point in run for fraction in point)
        assert [point[0] for point in run] == sorted(point[0] for point in run)
        assert all(0 <= top <= bottom < 10 for _, top, bottom in band_cells(run, 30, 10))
        assert all(0 <= lower < upper <= 80 for _, lower, upper in band_eighths(run, 30, 10))


def test_a_gap_splits_a_line_and_an_x_that_is_not_a_number_does_not() -> None:
    nan = math.nan
    found = polylines(UNIT, UNIT, (0.0, 0.25, 0.5, nan, 0.75, 1.0), (0.0, 0.1, nan, 0.2, 0.3, None))
    assert found == [[(0.0, 0.0), (0.25, 0.1)], [(0.75, 0.3)]]


def test_points_beyond_the_limits_of_x_are_left_out_and_of_y_are_on_the_border() -> None:
    assert polylines(UNIT, UNIT, (-1.0, 0.5, 2.0), (0.5, 7.0, 0.5)) == [[(0.5, 1.0)]]


def test_a_logarithmic_axis_has_no_place_for_zero() -> None:
    scale = fit_scale([0.0, -3.0, 1.0, 100.0], log=True)
    assert (scale.lower, scale.upper) == (1.0, 100.0)
    assert scale.place(0.0) is None
    assert scale.place(10.0) == pytest.approx(0.5)


def test_infinity_has_no_place_and_huge_values_do() -> None:
    scale = fit_scale([1e308, -1e308, math.inf])
    assert (scale.lower, scale.upper) == (-MAX_MAGNITUDE, MAX_MAGNITUDE)
    assert scale.place(math.inf) is None
    assert scale.place(0.0) == 0.5


@given(st.lists(st.floats(0, 1), min_size=1, max_size=3000), st.integers(5, 60))
def test_thinning_keeps_peaks_and_ends_and_little_else(heights: list[float], columns: int) -> None:
    run: Polyline = [(place / len(heights), height) for place, height in enumerate(heights)]
    kept = thin(run, columns)
    assert len(kept) <= 2 * columns + 2
    assert max(point[1] for point in kept) == max(heights)
    assert min(point[1] for point in kept) == min(heights)
    assert (kept[0], kept[-1]) == (run[0], run[-1])
    assert [point[0] for point in kept] == sorted(point[0] for point in kept)


def test_a_band_has_cells_in_every_column_between_its_points() -> None:
    assert band_cells([(0.0, 0.2, 0.8), (1.0, 0.2, 0.8)], 10, 10) == [(column, 2, 7) for column in range(10)]


def test_a_band_lower_than_a_cell_still_has_one() -> None:
    assert band_cells([(0.0, 0.50, 0.51), (1.0, 0.50, 0.51)], 5, 4) == [(column, 1, 1) for column in range(5)]


@given(st.floats(0, 1), st.integers(1, 300))
def test_every_fraction_has_a_cell(fraction: float, size: int) -> None:
    assert 0 <= column_of(fraction, size) < size
    assert 0 <= row_of(fraction, size) < size
