"""Compiled optimizers: one step along the gradient.

Adam: Kingma and Ba, "Adam: a method for stochastic optimization", 2014, https://arxiv.org/abs/1412.6980, algorithm 1
with the bias corrections moved into the step size. Gradient descent with momentum, optionally that of Nesterov (1983).
Every line keeps scikit-learn's order of operations, which decides the last bit.
"""

import numpy as np

from nnsize_engine.network.jit import Real, Vector, compiled_into_caller, compiled_part
from nnsize_engine.network.kernel_settings import ADAM, KernelSettings


@compiled_part
def adam(
    settings: KernelSettings,
    weights: Vector,
    gradient: Vector,
    means: Vector,
    squares: Vector,
    penalty: Real,
    rows: Real,
    rate: float,
) -> None:
    """Do one step of Adam for weights with one penalty; the rate is float64 in both precisions, as in NumPy."""
    keep_mean, add_mean, epsilon = settings.keep_mean, settings.add_mean, settings.epsilon
    keep_square, add_square = settings.keep_square, settings.add_square
    for index in range(weights.size):
        slope = (gradient[index] + penalty * weights[index]) / rows
        mean = keep_mean * means[index] + add_mean * slope
        square = keep_square * squares[index] + add_square * (slope * slope)
        means[index] = mean
        squares[index] = square
        weights[index] += -rate * mean / (np.sqrt(square) + epsilon)


@compiled_part
def descend(
    settings: KernelSettings,
    weights: Vector,
    gradient: Vector,
    velocities: Vector,
    penalty: Real,
    rows: Real,
    rate: Real,
) -> None:
    """Do one step of gradient descent for weights with one penalty."""
    momentum, nesterov = settings.momentum, settings.nesterov
    for index in range(weights.size):
        slope = (gradient[index] + penalty * weights[index]) / rows
        velocity = momentum * velocities[index] - rate * slope
        velocities[index] = velocity
        weights[index] += momentum * velocity - rate * slope if nesterov else velocity


@compiled_into_caller
def step(
    settings: KernelSettings,
    units: Vector,
    weights: Vector,
    gradient: Vector,
    means: Vector,
    squares: Vector,
    rows: float,
    rate: float,
) -> None:
    """Change all weights by one step.

    `rows` is the size of the batch, or the sum of its sample weights; `rate` is the current step size.
    """
    real = weights.dtype.type
    count, velocity_rate = real(rows), real(rate)
    begin = 0
    for layer in range(units.size - 1):
        middle = begin + units[layer] * units[layer + 1]
        end = middle + units[layer + 1]
        for part in range(2):  # the matrix, which is penalised, and the biases
            first, last = (begin, middle) if part == 0 else (middle, end)
            penalty = settings.penalty if part == 0 else settings.zero
            if settings.solver == ADAM:
                adam(
                    settings,
                    weights[first:last],
                    gradient[first:last],
                    means[first:last],
                    squares[first:last],
                    penalty,
                    count,
                    rate,
                )
            else:
                descend(
                    settings,
                    weights[first:last],
                    gradient[first:last],
                    means[first:last],
                    penalty,
                    count,
                    velocity_rate,
                )
        begin = end
