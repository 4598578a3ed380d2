"""NumPy's own inner loops for compiled code: products, exp, tanh and sums that equal NumPy's bit for bit.

A network trained here has to equal scikit-learn's to the last digit. scikit-learn computes with NumPy: its BLAS for
products, its vectorised exp and tanh, its pairwise sums. Numba's counterparts differ in the last bit (another BLAS
library, the C library's tanh), and some are several times slower. So we read the addresses of NumPy's loops from its
ufunc objects (`PyUFuncObject` in the public header `numpy/ufuncobject.h`) and pass them to compiled code as integers,
which Numba can cache.

We compare the layout of these objects with what Python tells about the same ufuncs. If they differ, or with
`NUMBA_DISABLE_JIT=1`, the same names call NumPy's functions: results are right, but last digits may differ.
"""

import ctypes
import sys
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from nnsize_engine.network.jit import Matrix, Real, Vector, compiled_part
from nnsize_engine.network.llvm_code import cgutils, config, emitted, types

MULTIPLY_LOOP, EXP_LOOP, TANH_LOOP, ADD_LOOP, ADD_DOUBLES_LOOP = range(5)  # indices into the vector of addresses

_LOOPS = {"matmul": "{0}{0}->{0}", "exp": "{0}->{0}", "tanh": "{0}->{0}", "add": "{0}{0}->{0}"}


class _UfuncFields(ctypes.Structure):
    """The fields of `PyUFuncObject` behind its object header."""

    _fields_ = (
        ("nin", ctypes.c_int),
        ("nout", ctypes.c_int),
        ("nargs", ctypes.c_int),
        ("identity", ctypes.c_int),
        ("functions", ctypes.POINTER(ctypes.c_void_p)),
        ("data", ctypes.POINTER(ctypes.c_void_p)),
        ("ntypes", ctypes.c_int),
        ("reserved1", ctypes.c_int),
        ("name", ctypes.c_char_p),
    )


def _address(ufunc: np.ufunc, signature: str) -> int:
    """Return the address of the loop for a signature such as "dd->d"; 0 if the layout is not the expected one."""
    fields = _UfuncFields.from_address(id(ufunc) + object.__basicsize__)
    counts = (fields.nin, fields.nout, fields.nargs, fields.ntypes)
    if counts != (ufunc.nin, ufunc.nout, ufunc.nargs, ufunc.ntypes) or signature not in ufunc.types:
        return 0
    if fields.name != ufunc.__name__.encode():
        return 0
    position = ufunc.types.index(signature)
    if fields.data[position]:  # this loop needs an argument that compiled code does not pass
        return 0
    return int(fields.functions[position] or 0)


@cache
def addresses(precision: str) -> NDArray[np.int64]:
    """Return the addresses of the loops for "float64" or "float32", in the order of the constants above."""
    letter = np.dtype(precision).char
    found = [_address(getattr(np, name), signature.format(letter)) for name, signature in _LOOPS.items()]
    return np.array([*found, _address(np.add, "dd->d")], dtype=np.int64)


def _all_found() -> bool:
    if sys.implementation.name != "cpython" or config.DISABLE_JIT:
        return False
    return bool(addresses("float64").all() and addresses("float32").all())


USES_NUMPY_LOOPS = _all_found()

_byte_pointer = ir.IntType(8).as_pointer()
_integer = ir.IntType(64)
_loop_type = ir.FunctionType(
    ir.VoidType(), [_byte_pointer.as_pointer(), _integer.as_pointer(), _integer.as_pointer(), _byte_pointer]
)


def _call(builder: Any, address: Any, pointers: list[Any], dimensions: list[Any], steps: list[Any]) -> None:
    """Emit a call `loop(pointers, dimensions, steps, NULL)`: NumPy's signature of every inner loop."""

    def table(kind: Any, values: list[Any]) -> Any:
        memory = cgutils.alloca_once(builder, kind, len(values))
        for position, value in enumerate(values):
            builder.store(value, builder.gep(memory, [ir.Constant(_integer, position)]))
        return memory

    arguments = [
        table(_byte_pointer, [builder.bitcast(pointer, _byte_pointer) for pointer in pointers]),
        table(_integer, dimensions),
        table(_integer, steps),
        ir.Constant(_byte_pointer, None),
    ]
    builder.call(builder.inttoptr(address, _loop_type.as_pointer()), arguments)


@emitted
def _multiply(_context: Any, address: Any, left: Any, right: Any, product: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        arrays = [
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args[1:], values[1:], strict=True)
        ]
        shapes = [cgutils.unpack_tuple(builder, array.shape) for array in arrays]
        strides = [step for array in arrays for step in cgutils.unpack_tuple(builder, array.strides)]
        nothing = ir.Constant(_integer, 0)
        dimensions = [ir.Constant(_integer, 1), shapes[0][0], shapes[0][1], shapes[1][1]]
        _call(builder, values[0], [array.data for array in arrays], dimensions, [nothing] * 3 + strides)
        return context.get_dummy_value()

    return types.void(address, left, right, product), generate


@emitted
def _apply(_context: Any, address: Any, values: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[1])(context, builder, arguments[1])
        (count,) = cgutils.unpack_tuple(builder, array.shape)
        (step,) = cgutils.unpack_tuple(builder, array.strides)
        _call(builder, arguments[0], [array.data, array.data], [count], [step, step])
        return context.get_dummy_value()

    return types.void(address, values), generate


@emitted
def _sum(_context: Any, address: Any, values: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[1])(context, builder, arguments[1])
        (count,) = cgutils.unpack_tuple(builder, array.shape)
        (step,) = cgutils.unpack_tuple(builder, array.strides)
        zero = context.get_constant(signature.return_type, 0.0)
        total = cgutils.alloca_once_value(builder, zero)
        builder.store(zero, total)
        nothing = ir.Constant(_integer, 0)
        # The first input and the output are the same address with step 0: so NumPy asks its add loop for a sum.
        _call(builder, arguments[0], [total, array.data, total], [count], [nothing, step, nothing])
        return builder.load(total)

    return values.dtype(address, values), generate


if USES_NUMPY_LOOPS:

    @compiled_part
    def multiply(numpy_loops: Vector, left: Matrix, right: Matrix, product: Matrix) -> None:
        """Compute `np.matmul(left, right, out=product)` for matrices."""
        _multiply(numpy_loops[MULTIPLY_LOOP], left, right, product)

    @compiled_part
    def exponentiate(numpy_loops: Vector, values: Vector) -> None:
        """Compute `np.exp(values, out=values)` for a vector."""
        _apply(numpy_loops[EXP_LOOP], values)

    @compiled_part
    def squash(numpy_loops: Vector, values: Vector) -> None:
        """Compute `np.tanh(values, out=values)` for a vector."""
        _apply(numpy_loops[TANH_LOOP], values)

    @compiled_part
    def add_up(numpy_loops: Vector, values: Vector) -> Real:
        """Return `np.sum(values)` for a vector in the precision of the network: NumPy's pairwise sum."""
        return _sum(numpy_loops[ADD_LOOP], values)

    @compiled_part
    def add_up_doubles(numpy_loops: Vector, values: Vector) -> Real:
        """Return `np.sum(values)` for a vector of float64."""
        return _sum(numpy_loops[ADD_DOUBLES_LOOP], values)

else:

    @compiled_part
    def multiply(numpy_loops: Vector, left: Matrix, right: Matrix, product: Matrix) -> None:  # noqa: ARG001
        """Compute the product of two matrices."""
        np.dot(left, right, product)

    @compiled_part
    def exponentiate(numpy_loops: Vector, values: Vector) -> None:  # noqa: ARG001
        """Compute the exponential of a vector, in place."""
        values[:] = np.exp(values)

    @compiled_part
    def squash(numpy_loops: Vector, values: Vector) -> None:  # noqa: ARG001
        """Compute the hyperbolic tangent of a vector, in place."""
        values[:] = np.tanh(values)

    @compiled_part
    def add_up(numpy_loops: Vector, values: Vector) -> Any:  # noqa: ARG001
        """Return the sum of a vector."""
        return np.sum(values)

    add_up_doubles = add_up
