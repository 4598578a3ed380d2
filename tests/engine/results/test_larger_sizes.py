"""Larger sizes continue a grid with the spacing of its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.results.larger_sizes import larger_sizes
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.search import SizeSettings


@pytest.mark.parametrize(
    ("neurons", "more"),
    [
        ("5:100:2", "101:198:2"),
        ("1:10", "10:19:1"),
        ("10,20,30", "40,50,60"),
        ("8,16,32", "64,128"),
        ("64,8,16,32", "128,256"),
        ("log:4:512:8", "1024,2048"),
        ("log:50:60:5", "63,66,70,74,78,82,86,90,95,100,105,111,117"),
        ("1:10,20:101:10", "110:201:10"),
        ("2,3,5,8", "13,20"),
        ("10", "20,30"),
        ("10,12", "14:25:2"),
        ("7,5:100:50,64x32", "110,220"),
        ("500000,1000000", ""),
        ("999998,999999,1000000", ""),
        ("400000,600000,800000", "1000000"),
        ("8:65:8 x 8", None),
    ],
)
def test_sizes_go_on_to_twice_the_largest_in_the_steps_of_the_grid(neurons: str, more: str | None) -> None:
    expected = Extension(neurons=more) if more else None
    assert larger_sizes(SizeSettings(neurons=neurons)) == expected


def test_a_search_that_finds_its_sizes_gets_two_octaves_more() -> None:
    assert larger_sizes(SizeSettings(neurons="auto", max_neurons=64)) == Extension(max_neurons=256)
    assert larger_sizes(SizeSettings(neurons="auto", max_neurons=1_000_000)) is None


def test_an_extended_grid_can_be_extended_again() -> None:
    once = SizeSettings(neurons="5:100:2,101:198:2")
    assert larger_sizes(once) == Extension(neurons="199:394:2")


@given(sizes=st.sets(st.integers(1, 3000), min_size=1, max_size=12))
def test_all_sizes_that_follow_are_larger_and_can_be_added(sizes: set[int]) -> None:
    settings = SizeSettings(neurons=",".join(map(str, sizes)))
    more = larger_sizes(settings)
    assert more is not None
    added = extended(settings, more).candidates[len(sizes) :]
    assert len(added) >= 2
    assert [layers[0] for layers in added] == sorted(layers[0] for layers in added)
    assert added[0][0] > max(sizes)
