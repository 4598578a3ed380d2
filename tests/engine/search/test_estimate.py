"""How long a search takes, expected from networks trained for a moment."""

from dataclasses import replace

import pytest

from nnsize_engine.errors import DataError
from nnsize_engine.preflight.client import estimate
from nnsize_engine.results.estimates import MeasuredNetwork, MeasuredPair, SearchEstimate
from nnsize_engine.search.estimate import measure
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

SMALL = MeasuredNetwork(weights=100, seconds_per_epoch=0.001, epochs=50, has_ended=True, other_seconds=0.1)
LARGE = MeasuredNetwork(weights=300, seconds_per_epoch=0.003, epochs=100, has_ended=True, other_seconds=0.3)
PAIR = MeasuredPair(smallest=SMALL, largest=LARGE)
IRIS = SizeSettings(data="iris", scoring="accuracy", neurons="2,20", cv=3)


def test_time_follows_the_line_through_both_networks() -> None:
    assert PAIR.fit_seconds(100) == pytest.approx(0.1 + 50 * 0.001)
    assert PAIR.fit_seconds(200) == pytest.approx(0.2 + 75 * 0.002)
    assert PAIR.fit_seconds(300) == pytest.approx(0.3 + 100 * 0.003)


def test_beyond_the_measured_sizes_epochs_stay_and_an_epoch_grows_on() -> None:
    assert PAIR.fit_seconds(500) == pytest.approx(0.3 + 100 * 0.005)


def test_a_single_measured_size_is_taken_to_grow_with_its_weights() -> None:
    alone = MeasuredPair(smallest=SMALL, largest=SMALL)
    assert alone.fit_seconds(200) == pytest.approx(0.1 + 50 * 0.002)


def test_a_smaller_network_never_costs_less_than_nothing_nor_a_larger_one_less_than_a_smaller() -> None:
    odd = MeasuredPair(smallest=LARGE, largest=replace(LARGE, weights=400, seconds_per_epoch=0.001))
    assert odd.fit_seconds(1) > 0
    assert odd.fit_seconds(10_000) >= odd.fit_seconds(400)


def test_a_search_costs_its_fits_its_folds_its_start_and_its_final_test() -> None:
    found = SearchEstimate(pairs=(PAIR,), load_seconds=2.0, encode_seconds=0.5, workers=2)
    one = sum(PAIR.fit_seconds(weights) for weights in (5 * 2 + 3 * 3, 5 * 20 + 21 * 3))  # 4 inputs, 3 outputs
    settings = replace(IRIS, repeats=2, grid=(("alpha", (0.1, 0.2, 0.3)),))
    expected = 2.0 + 0.5 * 7 + one * 3 * 6 / 2 + one / 2 * 3 / 2
    assert found.seconds(settings) == pytest.approx(expected)
    assert found.has_ended
    assert not replace(found, pairs=(replace(PAIR, largest=replace(LARGE, has_ended=False)),)).has_ended


def test_the_smallest_and_the_largest_network_of_three_combinations_are_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "nnsize_engine.search.estimate.MAX_SECONDS", 600.0
    )  # until each has ended, however busy the machine
    grid = (("alpha", (0.1, 0.01, 0.001)), ("max_iter", (3, 5)))
    found = measure(replace(IRIS, grid=grid))
    assert [(pair.smallest.weights, pair.largest.weights) for pair in found.pairs] == [(19, 163)] * 3
    assert {network.epochs for pair in found.pairs for network in (pair.smallest, pair.largest)} == {3, 5}
    assert found.has_ended
    assert found.seconds(IRIS) > found.load_seconds > 0


def test_a_long_training_counts_with_the_most_epochs_there_can_be() -> None:
    network = NetworkParameters(max_iter=10_000_000, tol=0.0, n_iter_no_change=10_000_000)
    found = measure(replace(IRIS, neurons="2", network=network))
    assert not found.has_ended
    assert found.pairs[0].largest.epochs == 10_000_000


def test_what_scikit_learn_trains_is_measured_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "nnsize_engine.search.estimate.MAX_SECONDS", 600.0
    )  # until it has ended, however busy the machine
    found = measure(replace(IRIS, network=NetworkParameters(solver="lbfgs", max_iter=30)))
    assert found.has_ended
    assert 0 < found.pairs[0].smallest.epochs <= 30


def test_the_answer_comes_from_another_process() -> None:
    found = estimate(replace(IRIS, network=NetworkParameters(max_iter=2)))
    assert isinstance(found, SearchEstimate)
    assert found.workers >= 1
    assert found.pairs[0].smallest.epochs == 2


def test_settings_that_the_data_does_not_allow_are_refused() -> None:
    with pytest.raises(DataError, match="cv is 40, but no class of iris has more than 35 training rows"):
        measure(replace(IRIS, cv=40))
