"""A layer with ReLU in tiles: the numbers of its product, biases and activation one after the other."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from numpy.typing import NDArray
from threadpoolctl import threadpool_info, threadpool_limits

from nnsize_engine.network.jit import Matrix, Vector
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.network.rectified_layer import MAX_INPUTS, REGISTER_BYTES, TILE_ROWS, rectified_layer

Floats = NDArray[Any]


def _fill_layer(numpy_loops: Vector, left: Matrix, right: Matrix, biases: Vector, product: Matrix) -> None:
    rectified_layer(numpy_loops, biases[0] - biases[0], left, right, biases[1:], product)


fill_layer: Any = njit(_fill_layer)  # as Python calls it


def layer(left: Floats, right: Floats, biases: Floats) -> Floats:
    """Return a layer; a number before the biases leaves them unaligned."""
    product = np.full((len(left), right.shape[1]), np.nan, left.dtype)
    padded = np.concatenate([np.zeros(1, left.dtype), biases])
    fill_layer(addresses(left.dtype.name), left, right, padded, product)
    return product


def wanted_layer(left: Floats, right: Floats, biases: Floats) -> Floats:
    """Return the same by NumPy."""
    with np.errstate(invalid="ignore"):
        sums = left @ right + biases
    return np.where(sums < 0, np.zeros(1, sums.dtype), sums)


shapes = st.tuples(st.integers(1, 40), st.integers(1, MAX_INPUTS + 5), st.integers(1, 90))


@settings(max_examples=60, deadline=None)
@given(shape=shapes, precision=st.sampled_from(["float32", "float64"]), seed=st.integers(0, 2**32 - 1))
def test_layers_of_any_shape_equal_numpys(shape: tuple[int, int, int], precision: str, seed: int) -> None:
    rows, inputs, neurons = shape
    random = np.random.default_rng(seed)
    left, right = random.normal(size=(rows, inputs)), random.normal(size=(inputs, neurons))
    arrays = [array.astype(precision) for array in (left, right, random.normal(size=neurons))]
    np.testing.assert_allclose(
        layer(*arrays), wanted_layer(*arrays), rtol=0, atol=1e-4 if precision == "float32" else 1e-12
    )


@settings(max_examples=30, deadline=None)
@given(shape=shapes, seed=st.integers(0, 2**32 - 1))
def test_sums_of_whole_numbers_are_exact(shape: tuple[int, int, int], seed: int) -> None:
    rows, inputs, neurons = shape
    random = np.random.default_rng(seed)
    sizes = ((rows, inputs), (inputs, neurons), (neurons,))
    arrays = [random.integers(-9, 9, size).astype("float32") for size in sizes]
    np.testing.assert_array_equal(layer(*arrays), wanted_layer(*arrays))


@pytest.mark.skipif(not REGISTER_BYTES, reason="this processor has no registers for tiles")
@settings(max_examples=40, deadline=None)
@given(shape=st.tuples(st.integers(1, 9), st.integers(1, 40), st.integers(1, 4)), seed=st.integers(0, 2**32 - 1))
def test_a_sum_is_one_chain_of_fused_multiply_adds_over_the_inputs(shape: tuple[int, int, int], seed: int) -> None:
    rows, inputs, registers = shape
    random = np.random.default_rng(seed)
    left, right = random.normal(size=(rows, inputs)), random.normal(size=(inputs, 16 * registers))
    if rows < TILE_ROWS:  # smaller than a tile: left to the BLAS, whose order is its own
        left = np.repeat(left, TILE_ROWS, axis=0)
    found = layer(left, right, np.zeros(16 * registers))
    for row, column in ((0, 0), (rows - 1, 16 * registers - 1)):
        total = 0.0
        for number in range(inputs):  # a fraction is exact, so that each step is rounded once
            product = Fraction(left[row, number]) * Fraction(right[number, column])
            total = float(product + Fraction(total))
        assert found[row, column] == max(total, 0.0)


@pytest.mark.skipif(
    any(library.get("architecture") != "SkylakeX" for library in threadpool_info() if library["user_api"] == "blas"),
    reason="the order of sums was compared with this kernel of OpenBLAS; others may add in another one",
)
@settings(max_examples=60, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 400), st.integers(1, MAX_INPUTS), st.integers(1, 8)),
    precision=st.sampled_from(["float32", "float64"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_layers_of_whole_registers_equal_the_blas_bit_for_bit(
    shape: tuple[int, int, int], precision: str, seed: int
) -> None:
    rows, inputs, registers = shape
    random = np.random.default_rng(seed)
    sizes = ((rows, inputs), (inputs, 16 * registers), (16 * registers,))
    arrays = [random.normal(size=size).astype(precision) for size in sizes]
    with threadpool_limits(1, "blas"):
        np.testing.assert_array_equal(layer(*arrays), wanted_layer(*arrays))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 12])
def test_what_is_not_finite_stays_in_its_row(value: float, row: int) -> None:
    left, right, biases = np.ones((13, 5), "float32"), np.full((5, 70), 0.5, "float32"), np.ones(70, "float32")
    left[row, 3] = value
    found = layer(left, right, biases)
    np.testing.assert_array_equal(found, wanted_layer(left, right, biases))
    assert np.isfinite(np.delete(found, row, axis=0)).all()
