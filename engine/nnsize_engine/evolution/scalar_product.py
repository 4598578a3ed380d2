"""A compiled scalar product in SIMD registers, whose terms are added in the same order on every machine."""

from nnsize_engine.network.jit import Real, Vector, compiled_part

LANES = 512
"""Running sums; a power of two. They stay in the L1 cache."""


@compiled_part
def scalar_product(left: Vector, right: Vector, lanes: Vector) -> Real:
    """Return the sum of the products of two vectors.

    A compiler must not reorder a single running sum, so it would add one term at a time.

    Args:
        left: a vector.
        right: another one of this length.
        lanes: scratch, `(LANES,)`, in the precision of the result.
    """
    lanes[:] = 0
    for begin in range(0, right.size, LANES):
        some, others = left[begin : begin + LANES], right[begin : begin + LANES]
        for lane in range(others.size):
            lanes[lane] += some[lane] * others[lane]
    width = LANES // 2
    while width > 0:
        for lane in range(width):
            lanes[lane] += lanes[width + lane]
        width //= 2
    return lanes[0]
