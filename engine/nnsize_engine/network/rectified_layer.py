"""A compiled layer with ReLU: product, biases and activation in one pass over tiles that stay in registers.

For layers of usual size, a BLAS spends much of its time on calls and on edges, and biases and ReLU read and write all
numbers once more. A tile is a few rows times two SIMD registers of neurons. Each of its sums is one chain of fused
multiply-adds over the inputs, in their order. OpenBLAS adds in the same order up to `MAX_INPUTS` and where neurons fill
whole registers, so the results are the same bits. All other layers, and those smaller than a tile, are left to it.
"""

from itertools import chain
from typing import Any

from llvmlite import binding, ir

from nnsize_engine.network.forward import add_biases_and_rectify
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled_part
from nnsize_engine.network.llvm_code import cgutils, config, emitted, types
from nnsize_engine.network.numpy_kernels import multiply

MAX_INPUTS = 128
"""Inputs of a layer that every BLAS adds in one block."""

MAX_MATRIX_BYTES = 32_768
"""Weights of a layer that stay in the L1 cache; a BLAS copies parts of larger ones, and is faster."""

REGISTERS = 2
"""SIMD registers of neurons in a tile."""


def _register_bytes() -> int:
    """Return the bytes of a SIMD register with fused multiply-add; 0 if there is none, or if Numba must not use it."""
    if config.DISABLE_JIT or not config.ENABLE_AVX or config.CPU_NAME or config.CPU_FEATURES:
        return 0
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx2") and features.get("fma") else 0


REGISTER_BYTES = _register_bytes()

TILE_ROWS = 8 if REGISTER_BYTES == 64 else 6  # so that all sums of a tile fit into 32 or 16 registers

_integer = ir.IntType(64)
_index = ir.IntType(32)


class _Tile:
    """LLVM code of one tile."""

    def __init__(self, builder: Any, kind: Any, number: Any) -> None:
        self.builder = builder
        self.lanes = REGISTER_BYTES * 8 // kind.bitwidth
        self.register = ir.VectorType(number, self.lanes)
        self.zero = ir.Constant(self.register, [0.0] * self.lanes)
        self.align = kind.bitwidth // 8
        name = f"llvm.fma.v{self.lanes}f{kind.bitwidth}"
        type_ = ir.FunctionType(self.register, [self.register] * 3)
        self.multiply_add = cgutils.get_or_insert_function(builder.module, type_, name)

    def place(self, pointer: Any, row: Any, width: Any, column: Any) -> Any:
        """Return the address of a number of a matrix of so many columns."""
        builder = self.builder
        return builder.gep(pointer, [builder.add(builder.mul(row, width), column)])

    def registers(self, pointer: Any) -> list[Any]:
        """Return the addresses of neighbouring registers."""
        builder = self.builder
        places = [builder.gep(pointer, [_integer(number * self.lanes)]) for number in range(REGISTERS)]
        return [builder.bitcast(place, self.register.as_pointer()) for place in places]

    def load(self, pointer: Any) -> list[Any]:
        """Load neighbouring registers."""
        return [self.builder.load(place, align=self.align) for place in self.registers(pointer)]

    def repeat(self, number: Any) -> Any:
        """Return a register full of one number."""
        empty = ir.Constant(self.register, ir.Undefined)
        first = self.builder.insert_element(empty, number, _index(0))
        return self.builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(_index, self.lanes), None))

    def sums(self, rows: list[Any], right: Any, width: Any, depth: Any) -> list[list[Any]]:
        """Add the products of the inputs of each row and a few columns."""
        builder = self.builder
        before, loop, after = builder.block, *(builder.append_basic_block(name) for name in ("inputs", "summed"))
        builder.branch(loop)
        builder.position_at_end(loop)
        number = builder.phi(_integer)
        number.add_incoming(_integer(0), before)
        sums = [[builder.phi(self.register) for _ in range(REGISTERS)] for _ in rows]
        columns, added = self.load(self.place(right, number, width, _integer(0))), []
        for row, of_row in zip(rows, sums, strict=True):
            value = self.repeat(builder.load(builder.gep(row, [number])))
            pairs = zip(columns, of_row, strict=True)
            added.append([builder.call(self.multiply_add, [value, column, total]) for column, total in pairs])
        for total, result in zip(chain(*sums), chain(*added), strict=True):
            total.add_incoming(self.zero, before)
            total.add_incoming(result, loop)
        following = builder.add(number, _integer(1))
        number.add_incoming(following, loop)
        builder.cbranch(builder.icmp_signed("<", following, depth), loop, after)
        builder.position_at_end(after)
        return added

    def rectify_into(self, pointer: Any, sums: list[Any], biases: list[Any]) -> None:
        """Store sums plus biases, and 0 where they are negative; NaN stays NaN."""
        builder = self.builder
        for place, value, bias in zip(self.registers(pointer), sums, biases, strict=True):
            total = builder.fadd(value, bias)
            is_negative = builder.fcmp_ordered("<", total, self.zero)
            builder.store(builder.select(is_negative, self.zero, total), place, align=self.align)


@emitted
def _fill_tile(_context: Any, left: Any, right: Any, biases: Any, product: Any, row: Any, column: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        arrays = [
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args[:4], values[:4], strict=True)
        ]
        (inputs, matrix, addends, results), (first, column) = (array.data for array in arrays), values[4:]
        depth, width = cgutils.unpack_tuple(builder, arrays[1].shape)
        tile = _Tile(builder, signature.args[0].dtype, context.get_data_type(signature.args[0].dtype))
        numbers = [builder.add(first, _integer(row)) for row in range(TILE_ROWS)]
        rows = [tile.place(inputs, number, depth, _integer(0)) for number in numbers]
        sums = tile.sums(rows, builder.gep(matrix, [column]), width, depth)
        bias = tile.load(builder.gep(addends, [column]))
        for number, of_row in zip(numbers, sums, strict=True):
            tile.rectify_into(tile.place(results, number, width, column), of_row, bias)
        return context.get_dummy_value()

    return types.void(left, right, biases, product, row, column), generate


@compiled_part
def _multiply_by_blas(
    numpy_loops: Vector, zero: Real, left: Matrix, right: Matrix, biases: Vector, product: Matrix
) -> None:
    multiply(numpy_loops, left, right, product)
    add_biases_and_rectify(product, biases, zero)


if REGISTER_BYTES:

    @compiled_part
    def rectified_layer(
        numpy_loops: Vector, zero: Real, left: Matrix, right: Matrix, biases: Vector, product: Matrix
    ) -> None:
        """Compute ReLU of `left @ right + biases`; `product` shares no memory with them.

        The last tiles overlap those before them, and compute the same numbers again.
        """
        rows, neurons = product.shape
        lanes = REGISTER_BYTES // product.itemsize
        columns = REGISTERS * lanes
        has_tiles = rows >= TILE_ROWS and neurons >= columns and neurons % lanes == 0
        is_small = 0 < left.shape[1] <= MAX_INPUTS and right.size * right.itemsize <= MAX_MATRIX_BYTES
        if not (has_tiles and is_small):
            _multiply_by_blas(numpy_loops, zero, left, right, biases, product)
            return
        for start in range(0, rows, TILE_ROWS):
            row = min(start, rows - TILE_ROWS)
            for column in range(0, neurons, columns):
                _fill_tile(left, right, biases, product, row, min(column, neurons - columns))

else:
    rectified_layer = _multiply_by_blas
