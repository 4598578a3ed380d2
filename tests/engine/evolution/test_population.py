"""First populations: hypercube, sequences, Glorot's limits, and arrays of a file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chisquare, qmc
from sklearn.neural_network import MLPClassifier

from nnsize_engine.errors import DataError
from nnsize_engine.evolution.bounds import Bounds, bounds_of
from nnsize_engine.evolution.population import fill_part, member_parts, read_array
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import INITS, Init
from nnsize_engine.settings.validate import MAX_SEED
from support.minimise import box, minimise
from support.reference_evolution import evolve_with_scipy, split_weights

Floats = NDArray[Any]

UNIT = box(np.zeros(37), np.ones(37))


def drawn(given: EvolutionSettings, space: Bounds, count: int, restart: int = 0, *, backwards: bool = False) -> Floats:
    """A whole first population."""
    members = np.full((count, space.weights), np.nan, dtype=space.low.dtype)
    parts = member_parts(given, space, count)
    for part in reversed(parts) if backwards else parts:
        fill_part(given, space, restart, part, members)
    return members


def settings_for(init: str, **given: Any) -> EvolutionSettings:
    return EvolutionSettings(init=init, precision="float64", **given)


# The hypercube -------------------------------------------------------------------------------------------------------


@given(st.integers(0, MAX_SEED), st.integers(1, 60), st.integers(1, 40), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_a_hypercube_has_one_point_in_every_interval_of_every_column(
    seed: int, count: int, weights: int, restart: int
) -> None:
    space = box(np.zeros(weights), np.ones(weights))
    members = drawn(settings_for("latinhypercube", seed=seed), space, count, restart)
    expected = np.repeat(np.arange(count)[:, np.newaxis], weights, axis=1)
    assert (np.sort(np.floor(members * count), axis=0) == expected).all()


def test_a_hypercube_of_float32_has_its_points_at_most_on_the_borders_of_intervals() -> None:
    given = EvolutionSettings(precision="float32")
    count = 1000
    members = drawn(given, box(np.full(50, -3.0), np.full(50, 5.0), "float32"), count)
    places = (np.sort(members, axis=0).astype(np.float64) + 3) / 8 * count
    begin = np.arange(count)[:, np.newaxis]
    assert (places >= begin - 1e-3).all()
    assert (places <= begin + 1 + 1e-3).all()


def test_a_hypercubes_columns_are_shuffled_alike_and_independently() -> None:
    count = 4
    orders = np.zeros((24, 2), dtype=int)
    pairs = np.zeros((count, count), dtype=int)
    numbers: dict[tuple[int, ...], int] = {}
    for seed in range(300):
        members = np.floor(drawn(settings_for("latinhypercube", seed=seed), UNIT, count) * count).astype(int)
        for column in range(2):
            order = tuple(members[:, column].tolist())
            orders[numbers.setdefault(order, len(numbers)), column] += 1
        for first, second in zip(members[:, 5], members[:, 6], strict=True):
            pairs[first, second] += 1
    assert len(numbers) == 24
    assert chisquare(orders[:, 0]).pvalue > 1e-3
    assert chisquare(orders[:, 1]).pvalue > 1e-3
    assert chisquare(pairs.ravel()).pvalue > 1e-3


# All of them ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_order_of_parts_does_not_matter_and_every_seed_and_restart_draws_another(
    init: Init, precision: str
) -> None:
    count = 512  # more than one part, of members and of weights
    given = EvolutionSettings(init=init, precision=precision)  # type: ignore[arg-type]
    space = box(np.full(37, -1.0), np.full(37, 2.0), precision)
    members = drawn(given, space, count)
    assert members.tobytes() == drawn(given, space, count, backwards=True).tobytes()
    assert (members >= -1).all()
    assert (members <= 2).all()
    others = drawn(replace(given, seed=1), space, count), drawn(given, space, count, 1)
    for other in others:
        assert (members != other).mean() > 0.99
    assert (others[0] != others[1]).mean() > 0.99
    assert chisquare(np.histogram(members, bins=30, range=(-1, 2))[0]).pvalue > 1e-3


@pytest.mark.parametrize(("init", "kind"), [("sobol", qmc.Sobol), ("halton", qmc.Halton)])
@pytest.mark.parametrize("count", [64, 1024])
def test_sequences_are_scipys(init: str, kind: Callable[..., Any], count: int) -> None:
    space = box(np.full(37, -1.0), np.full(37, 2.0))
    members = drawn(settings_for(init, seed=3), space, count, 2)
    points = kind(d=37, rng=np.random.default_rng([3, 2])).random(count)
    np.testing.assert_array_equal(members, -1 + 3 * points)


def test_bounds_hold_also_where_a_number_is_rounded_up_to_1() -> None:
    """Weight 41 of member 3 draws almost 1; in float32 the width of this box is rounded up by half its upper bound."""
    given = EvolutionSettings(init="random", seed=4952, precision="float32")
    space = box(np.full(64, -1000.0), np.full(64, 4e-5), "float32")
    assert space.low[0] + (space.high[0] - space.low[0]) > space.high[0]
    members = drawn(given, space, 8)
    assert members[3, 41] == space.high[0]
    assert members.max() == space.high[0]


def sphere(points: Floats) -> Floats:
    values: Floats = (points**2).sum(axis=1)
    return values


@pytest.mark.parametrize("popsize", [1, 2, 3, 4])
@pytest.mark.parametrize("init", INITS[:4])
def test_a_population_has_as_many_members_as_scipys(popsize: int, init: Init) -> None:
    given = settings_for(init, data="iris", layers="1", popsize=popsize, generations=0)
    weights = given.weights
    theirs = evolve_with_scipy(sphere, 1.0, weights, popsize=popsize, init=init, maxiter=0, rng=0)
    assert given.member_count == len(theirs.population)
    ours = minimise(sphere, box(-np.ones(weights), np.ones(weights)), given)
    assert len(ours.members) == given.member_count


# Glorot's limits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["identity", "logistic", "relu", "tanh"])
@pytest.mark.parametrize(("data", "inputs", "classes"), [("breast_cancer", 30, 2), ("wine", 13, 3)])
def test_glorots_limits_are_scikit_learns(activation: str, data: str, inputs: int, classes: int) -> None:
    """scikit-learn draws a thousand weights a layer or so: their largest is nearly the limit, and never above."""
    given = settings_for("glorot", data=data, layers="60,40", activation=activation, bounds="-9:9")
    space = bounds_of(given)
    members = drawn(given, space, 64)
    X = np.random.default_rng(0).normal(size=(classes * 2, inputs))
    network = MLPClassifier((60, 40), activation=activation, random_state=0)
    network.partial_fit(X, np.arange(len(X)) % classes, classes=np.arange(classes))
    coefs, _ = split_weights(given.units, space.first_high)
    for ours, theirs, limits in zip(
        split_weights(given.units, np.abs(members).max(axis=0))[0], network.coefs_, coefs, strict=True
    ):
        limit = limits.flat[0]
        assert (limits == limit).all()
        assert (1 - 20 / theirs.size) * limit < np.abs(theirs).max() < limit + 2e-3  # one step of Adam is 1e-3
        assert (1 - 20 / (64 * ours.size)) * limit < ours.max() <= limit
    for low, high in zip(
        *(split_weights(given.units, end)[1] for end in (space.first_low, space.first_high)), strict=True
    ):
        np.testing.assert_array_equal(low, -high)  # biases have their layer's limits, too


@pytest.mark.parametrize("bounds", ["-0.1:0.2", "2:3", "-3:-2", "-9:0.1", "glorot:0.5", "glorot:10"])
def test_glorots_weights_are_within_the_bounds_whatever_these_are(bounds: str) -> None:
    given = settings_for("glorot", data="iris", layers="4", bounds=bounds)
    space = bounds_of(given)
    members = drawn(given, space, 40)
    assert (members >= space.low).all()
    assert (members <= space.high).all()
    assert (np.ptp(members, axis=0) > 0).all()


# Files ---------------------------------------------------------------------------------------------------------------


def kept(folder: Path, array: Floats) -> str:
    path = folder / "first.npy"
    np.save(path, array)
    return str(path)


def small(init: str, **given: Any) -> tuple[EvolutionSettings, Bounds]:
    values = EvolutionSettings(**{"data": "iris", "layers": "1", "init": init, **given})  # 11 weights
    return values, bounds_of(values)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("kind", ["<f8", ">f8", "<f4", "<f2", "<i2", "|u1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_of_any_kind_of_number_becomes_the_population_within_its_bounds(
    tmp_path: Path, precision: str, kind: str, order: Any
) -> None:
    array = np.asarray(np.random.default_rng(0).normal(scale=3, size=(9, 11)).astype(kind), order=order)
    given, space = small(kept(tmp_path, array), precision=precision, bounds="-2:1")
    members = read_array(given, space)
    assert members.dtype == precision
    assert members.flags.c_contiguous
    assert members.flags.writeable
    np.testing.assert_array_equal(members, np.clip(array.astype(precision), -2, 1))
    assert members.min() >= -2
    assert members.max() <= 1


def test_a_number_too_large_for_float32_is_clipped_like_others(tmp_path: Path) -> None:
    given, space = small(kept(tmp_path, np.full((6, 11), -1e300)))
    assert (read_array(given, space) == -1).all()


@pytest.mark.parametrize(
    ("shape", "given", "reason"),
    [
        ((9, 10), {}, r"has shape \(9, 10\); it must be \(members, 11\)"),
        ((11,), {}, r"has shape \(11,\)"),
        ((2, 9, 11), {}, r"has shape \(2, 9, 11\)"),
        ((4, 11), {}, "at least 5 members"),
        ((5, 11), {"strategy": "rand2bin"}, "at least 6 members"),
        ((9, 11), {"members": 8}, "has 9 members, and members is 8; leave one out"),
    ],
)
def test_an_array_of_another_shape_is_refused(
    tmp_path: Path, shape: tuple[int, ...], given: dict[str, Any], reason: str
) -> None:
    with pytest.raises(DataError, match=reason):
        read_array(*small(kept(tmp_path, np.zeros(shape)), **given))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1j, True, "a"])
def test_an_array_with_something_that_is_no_finite_number_is_refused(tmp_path: Path, value: Any) -> None:
    array = np.zeros((9, 11), dtype=np.asarray(value).dtype)
    array[3, 4] = value
    with pytest.raises(DataError, match="something that is not a finite number"):
        read_array(*small(kept(tmp_path, array)))


def write_nothing(_: Path) -> None:
    """No file at all."""


def write_objects(path: Path) -> None:
    np.save(path, np.full((9, 11), None), allow_pickle=True)


def write_archive(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, members=np.zeros((9, 11)))


def write_a_part(path: Path) -> None:
    np.save(path, np.zeros((9, 11)))
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    "write",
    [
        write_nothing,
        Path.mkdir,
        Path.touch,
        write_objects,
        write_archive,
        write_a_part,
        lambda path: path.write_text("0.5, 0.5\n"),
        lambda path: path.write_bytes(b"PK\x03\x04 no archive"),
        lambda path: path.write_bytes(b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f8', 'shape': (3, ".ljust(118)),
    ],
)
def test_a_file_that_is_no_array_is_refused(tmp_path: Path, write: Callable[[Path], object]) -> None:
    path = tmp_path / "first.npy"
    write(path)
    with pytest.raises(DataError, match=r"first\.npy cannot be read as a \.npy file: "):
        read_array(*small(str(path)))
