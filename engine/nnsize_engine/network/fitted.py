"""A trained network: its weights, how training went, and its predictions."""

from dataclasses import dataclass
from typing import Any, Protocol, assert_never, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.network.forward import forward
from nnsize_engine.network.kernel_settings import kernel_settings_for
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.target_scaling import TargetScaling
from nnsize_engine.network.training_rows import TargetKind, read_inputs
from nnsize_engine.settings.network import NetworkParameters

MAX_PREDICTED_VALUES = 2_000_000  # inputs and activations of rows predicted together: 16 MB in float64


@runtime_checkable
class ChunkedInputs(Protocol):
    """A table of numbers that is never in memory as a whole: slices of rows are computed on demand."""

    is_chunked: bool
    """Always true; arrays have no such attribute."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: slice, /) -> NDArray[Any]:
        """Return some rows, as :func:`read_inputs` returns them."""
        ...

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all rows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedNetwork:
    """A trained network; equal to the scikit-learn estimator of the same data, parameters and seed."""

    parameters: NetworkParameters
    shape: NetworkShape
    kind: TargetKind
    classes: NDArray[Any] | None
    """Class labels, as `classes_`; None for regression."""
    weights: NDArray[Any]
    """All weights and biases, flat (see `shape`); their type is the precision of the training."""
    n_iter: int
    """Number of epochs, as `n_iter_`."""
    training_rows: int
    """Number of rows trained on, without the validation rows of early stopping."""
    loss: float
    """Loss of the last epoch, as `loss_`."""
    best_loss: float | None
    """As `best_loss_`: None with early stopping."""
    best_validation_score: float | None
    """As `best_validation_score_`: None without early stopping."""
    loss_curve: NDArray[np.float64]
    """Loss of every epoch, as `loss_curve_`; empty after lbfgs."""
    validation_scores: NDArray[np.float64] | None
    """Score of the validation rows after every epoch, as `validation_scores_`; None without early stopping."""
    has_converged: bool
    """False if training ended because of `max_iter`."""
    remarks: tuple[str, ...]
    """Warnings that scikit-learn would have issued."""
    trained_by: str
    """nnsize, or scikit-learn for what compiled code does not cover."""
    scaling: TargetScaling | None = None
    """The scaling of the targets that it was trained on; None if they were the numbers themselves."""

    has_steps: bool = False
    """True if hidden neurons have steps instead of the activation of the parameters."""

    threshold: float | None = None
    """Least probability of the second of two classes for which it is predicted; None for more than one half."""

    @property
    def precision(self) -> str:
        """float64 or float32."""
        return self.weights.dtype.name

    def outputs(self, X: ArrayLike | ChunkedInputs) -> NDArray[Any]:
        """Return the activations of the output layer, `(rows, outputs)`; numbers are in the target's own units."""
        inputs = X if isinstance(X, ChunkedInputs) else read_inputs(X, self.precision)
        units = np.array(self.shape.units)
        settings = kernel_settings_for(
            self.parameters,
            self.kind,
            0 if self.classes is None else len(self.classes),
            len(inputs),
            self.precision,
            has_steps=self.has_steps,
        )
        # All rows at once, as scikit-learn does, unless their activations would take much memory.
        rows = max(1, min(len(inputs), MAX_PREDICTED_VALUES // int(units.sum())))
        activations = np.empty(rows * int(units[1:].sum()), dtype=self.precision)
        values = np.empty((len(inputs), int(units[-1])), dtype=self.precision)
        for first in range(0, len(inputs), rows):
            part = inputs[first : first + rows]
            with np.errstate(all="ignore"):  # without Numba, NumPy warns of overflows; such outputs are not finite
                values[first : first + rows] = forward(
                    addresses(self.precision), settings, units, self.weights, part, activations
                )
        return values if self.scaling is None else self.scaling.inverse(values)

    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return the probability of each class, `(rows, classes)`, or of each label of a multilabel task."""
        outputs = self.outputs(X)
        match self.kind:
            case "binary":
                return np.column_stack([1 - outputs[:, 0], outputs[:, 0]])
            case "multiclass" | "multilabel":
                return outputs
            case "regression":
                raise TypeError("regression predicts numbers, which have no probabilities")
            case _:
                assert_never(self.kind)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the predicted label, labels, number or numbers of each row."""
        return self.decide(self.outputs(X))

    def decide(self, outputs: NDArray[Any]) -> NDArray[Any]:
        """Return the predictions that belong to outputs, `(rows, outputs)`."""
        match self.kind:
            case "regression":
                return outputs[:, 0] if outputs.shape[1] == 1 else outputs
            case "multilabel":
                return (outputs > 0.5).astype(np.int64)
            case "multiclass" | "binary":
                numbers = self.class_numbers(outputs)
            case _:
                assert_never(self.kind)
        assert self.classes is not None
        labels: NDArray[Any] = self.classes[np.minimum(numbers, len(self.classes) - 1)]
        return labels

    def class_numbers(self, outputs: NDArray[Any]) -> NDArray[np.intp]:
        """Return the number of the class that belongs to each row of outputs, `(rows, outputs)`."""
        if self.kind == "multiclass":
            numbers: NDArray[np.intp] = outputs.argmax(axis=1)
            return numbers
        is_second = outputs[:, 0] > 0.5 if self.threshold is None else outputs[:, 0] >= self.threshold
        seconds: NDArray[np.intp] = is_second.astype(np.intp)
        return seconds
