"""A fused multiply-add for compiled code: one instruction and one rounding, so every processor gets the same bits."""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir

from nnsize_engine.network.jit import Real
from nnsize_engine.network.llvm_code import cgutils, config, emitted


@emitted
def _emit(_context: Any, left: Any, right: Any, addend: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        number = context.get_value_type(signature.return_type)
        kind = ir.FunctionType(number, [number] * 3)
        name = f"llvm.fma.f{signature.return_type.bitwidth}"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), values)

    return left(left, right, addend), generate


def _compute(left: Real, right: Real, addend: Real) -> Real:
    """Return the same without Numba, by float64, in which the product of two numbers of float32 is exact."""
    return type(addend)(np.float64(left) * np.float64(right) + np.float64(addend))


multiply_add: Callable[[Real, Real, Real], Real] = _compute if config.DISABLE_JIT else _emit
"""Return left * right + addend of one type."""
