"""The dimensions of a search, and the places of its candidates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.charts.search_space import SearchSpace, in_rising_order, labels_of, space_of
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.settings.parameter_grid import Grid, Value
from nnsize_engine.settings.search import SizeSettings

ALPHAS: Grid = (("alpha", (0.1, 1e-5, 0.001)),)
TWO: Grid = (("activation", ("tanh", "relu")), *ALPHAS)


def space(neurons: str, grid: Grid = ()) -> SearchSpace:
    settings = SizeSettings(data="iris", scoring="accuracy", neurons=neurons, cv=3, grid=grid)
    return space_of(settings, list_candidates(settings))


def titles(of: SearchSpace) -> list[str]:
    return [dimension.title for dimension in of.dimensions]


def test_neurons_alone_are_one_dimension_in_rising_order() -> None:
    found = space("8,2,4")
    assert titles(found) == ["neurons"]
    assert found.dimensions[0].labels == ("2", "4", "8")
    assert found.places == ((2,), (0,), (1,))
    assert found.combinations == ((),)


def test_a_grid_of_two_layers_has_a_dimension_for_each() -> None:
    found = space("8:33:8 x 0:17:8")
    assert titles(found) == ["layer 1", "layer 2"]
    assert found.dimensions[1].labels == ("0", "8", "16")
    assert found.pairs == [(0, 1)]
    assert len(found.numbers) == 12


@pytest.mark.parametrize("neurons", ["8,16,64x32", "8:33:8x16", "64x32"])
def test_networks_that_are_no_grid_are_places_in_their_list(neurons: str) -> None:
    found = space(neurons)
    assert titles(found) == ["neurons"]
    assert found.dimensions[0].numbers is None
    assert [found.along(place) for place in found.places] == [1.0 + number for number in range(len(found.places))]


def test_searched_parameters_follow_the_neurons_with_numbers_in_rising_order() -> None:
    found = space("2:10:2", TWO)
    assert titles(found) == ["neurons", "activation", "alpha"]
    assert found.dimensions[2].labels == ("1e-05", "0.001", "0.1")
    assert found.dimensions[2].is_log
    assert len(found.combinations) == 6
    assert found.words((0, 1, 0)) == "2 relu alpha 1e-05"
    assert found.words((0, 2), 1) == "tanh alpha 0.1"
    assert found.short_words((0, 2), 1) == "tanh 0.1"
    assert [found.numbers[place] for place in found.places] == list(range(24))


def test_what_does_not_vary_is_no_dimension() -> None:
    assert titles(space("16", TWO)) == ["activation", "alpha"]
    assert titles(space("16")) == ["neurons"]
    assert space("16", ALPHAS).along((1,)) == 0.001


def test_the_map_of_most_cells_comes_first() -> None:
    found = space("2:10:2", TWO)
    assert found.pairs == [(0, 2), (0, 1), (1, 2)]
    layered = space("8:33:8 x 0:17:8", (("alpha", tuple(10.0**-power for power in range(9))),))
    assert layered.pairs[0] == (0, 1)


def test_a_parameter_with_numbers_and_a_word_has_places_only() -> None:
    found = space("2:10:2", (("batch_size", (64, "auto", 16)), ("early_stopping", (True, False))))
    assert titles(found) == ["neurons", "batch", "early stop"]
    assert found.dimensions[1].labels == ("16", "64", "auto")
    assert found.dimensions[1].numbers is None
    assert found.dimensions[2].words == ("early stop", "no early stop")


VALUES = st.lists(st.floats(0, 1, exclude_min=True, allow_subnormal=False), min_size=2, max_size=9, unique=True)


@given(VALUES)
def test_no_two_values_read_alike(values: list[Value]) -> None:
    labels = labels_of(values)
    assert len(set(labels)) == len(values)


def test_numbers_come_before_words() -> None:
    assert in_rising_order(("auto", 64, 8)) == (8, 64, "auto")
