"""Labels are round, short, distinct, and never touch."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_tui.chart.clean import Scale, fit_scale, row_of
from nnsize_tui.chart.ticks import GAP, Tick, labels_with_room, log_ticks, ticks
from nnsize_tui.chart.y_axis import fit_to_rows, y_ticks


@pytest.mark.parametrize(
    ("lower", "upper", "count", "labels"),
    [
        (0.9868, 0.9992, 3, ["0.990", "0.995"]),
        (0.0, 1.0, 2, ["0", "0.5", "1.0"]),
        (5, 99, 10, ["10", "20", "30", "40", "50", "60", "70", "80", "90"]),
        (0, 50_000, 3, ["0", "20k", "40k"]),
        (0, 3e6, 3, ["0", "1M", "2M", "3M"]),
        (0, 2e-7, 2, ["0", "1e-7", "2e-7"]),
        (-0.02, 0.02, 2, ["-0.02", "0", "0.02"]),
    ],
)
def test_labels_have_as_many_digits_as_tell_them_apart(
    lower: float, upper: float, count: int, labels: list[str]
) -> None:
    assert [tick.label for tick in ticks(Scale(lower=lower, upper=upper), count)] == labels


def test_whole_numbers_have_no_ticks_between_them() -> None:
    assert [tick.label for tick in ticks(Scale(lower=5, upper=7), 10, whole=True)] == ["5", "6", "7"]


@given(st.floats(0.5, 1e4), st.floats(0.01, 1e4), st.booleans(), st.integers(20, 200))
def test_ticks_of_whole_things_are_whole_numbers(lower: float, size: float, log: bool, columns: int) -> None:
    scale = Scale(lower=lower, upper=lower + size, log=log)
    found = log_ticks(scale, [], columns, whole=True) if log else ticks(scale, max(1, columns // 7), whole=True)
    values = [scale.value(tick.place) for tick in found]
    assert values == pytest.approx([round(value) for value in values], rel=1e-6)
    assert all("." not in tick.label or tick.label.endswith(("k", "M")) for tick in found)


def test_a_logarithmic_axis_is_labelled_at_powers_of_ten() -> None:
    assert [tick.label for tick in ticks(Scale(lower=1, upper=2000, log=True), 8)] == ["1", "10", "100", "1000"]
    assert [tick.label for tick in ticks(Scale(lower=1.5, upper=8, log=True), 8)] == ["2", "5"]


@given(st.lists(st.floats(), max_size=5), st.booleans(), st.integers(1, 12))
def test_ticks_are_few_and_on_the_axis_and_tell_apart(values: list[float], log: bool, count: int) -> None:
    found = ticks(fit_to_rows(fit_scale(values, log=log), 3 * count), count)
    assert len(found) <= max(2 * count, count + 10)
    assert all(0 <= tick.place <= 1 for tick in found)
    assert len({tick.label for tick in found}) == len(found)
    assert all(len(tick.label) <= 16 for tick in found)


@given(st.lists(st.floats(), max_size=5), st.integers(1, 60), st.booleans())
def test_ticks_of_y_are_equally_many_rows_apart(values: list[float], rows: int, fits: bool) -> None:
    scale = fit_scale(values)
    wide = fit_to_rows(scale, rows) if fits else scale
    assert wide.lower <= scale.lower < scale.upper <= wide.upper
    places = [row_of(tick.place, rows) for tick in y_ticks(wide, rows)]
    assert len({before - after for before, after in pairwise(places)}) <= 1


@pytest.mark.parametrize("rows", range(4, 60))
@pytest.mark.parametrize(("lower", "upper"), [(0.9868, 0.9992), (0.31, 0.97), (-3.1, 12.0), (0.0, 1.0), (1e3, 8e5)])
def test_an_axis_of_y_is_labelled_and_mostly_used(lower: float, upper: float, rows: int) -> None:
    scale = fit_to_rows(Scale(lower=lower, upper=upper), rows)
    assert 2 <= len(y_ticks(scale, rows)) <= 12
    assert upper - lower > 0.5 * (scale.upper - scale.lower)


@pytest.mark.parametrize(
    ("numbers", "columns", "labels"),
    [
        ((4, 8, 16, 32, 64), 70, ["4", "8", "16", "32", "64"]),
        ((4, 8, 16, 32, 64), 12, ["4", "16", "64"]),
        ((5, 40, 100), 70, ["5", "10", "20", "50", "100"]),
        ((1, 7000), 90, ["1", "2", "5", "10", "20", "50", "100", "200", "500", "1000", "2000", "5000"]),
        ((1, 7000), 30, ["1", "10", "100", "1000"]),
    ],
)
def test_a_logarithmic_axis_has_as_many_labels_as_have_room(
    numbers: tuple[float, ...], columns: int, labels: list[str]
) -> None:
    scale = Scale(lower=min(numbers), upper=max(numbers), log=True)
    assert [tick.label for tick in log_ticks(scale, numbers, columns)] == labels


@given(
    st.lists(st.tuples(st.floats(0, 1), st.text("0123456789-", min_size=1, max_size=12)), max_size=40),
    st.integers(1, 120),
)
def test_labels_never_touch_or_leave_the_axis(marks: list[tuple[float, str]], columns: int) -> None:
    shown = labels_with_room([Tick(place=place, label=label) for place, label in sorted(marks)], columns)
    end = -GAP
    for start, label in shown:
        assert start >= end + GAP
        end = start + len(label)
        assert end <= columns
