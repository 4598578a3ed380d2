"""Sizes on disk and short moments as text."""

import time

import pytest

from nnsize_engine.text import bytes_text, short_moment_text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (131_499, "131 kB"), (1_234_567, "1.2 MB"), (45_600_000, "46 MB"),
     (999_600_000, "1.0 GB"), (10**19, "10000 PB")],
)  # fmt: skip
def test_sizes_on_disk_have_few_digits(count: int, text: str) -> None:
    assert bytes_text(count) == text


def test_a_short_moment_has_a_time_within_a_year_and_a_year_after_it() -> None:
    now = time.mktime((2026, 1, 5, 12, 0, 0, 0, 0, -1))
    assert short_moment_text(now - 3600, now) == "11:00:00"
    assert short_moment_text(time.mktime((2025, 12, 30, 9, 5, 7, 0, 0, -1)), now) == "12-30 09:05"
    assert short_moment_text(time.mktime((2024, 12, 30, 9, 5, 7, 0, 0, -1)), now) == "2024-12-30"
