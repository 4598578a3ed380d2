"""Labels are round, short, distinct, and never touch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_tui.chart.clean import Scale, fit_scale
from nnsize_tui.chart.ticks import GAP, Tick, labels_with_room, snap, ticks


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


def test_a_logarithmic_axis_is_labelled_at_powers_of_ten() -> None:
    assert [tick.label for tick in ticks(Scale(lower=1, upper=2000, log=True), 8)] == ["1", "10", "100", "1e3"]
    assert [tick.label for tick in ticks(Scale(lower=1.5, upper=8, log=True), 8)] == ["2", "5"]


@given(st.lists(st.floats(), max_size=5), st.booleans(), st.integers(1, 12))
def test_ticks_are_few_and_on_the_axis_and_tell_apart(values: list[float], log: bool, count: int) -> None:
    found = ticks(snap(fit_scale(values, log=log), count), count)
    assert len(found) <= max(2 * count, count + 10)
    assert all(0 <= tick.place <= 1 for tick in found)
    assert len({tick.label for tick in found}) == len(found)
    assert all(len(tick.label) <= 16 for tick in found)


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
