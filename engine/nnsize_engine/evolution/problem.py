"""What evolution is to solve: the rows it sees, those it is watched on, and the loss of a member on either."""

from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.encode import TableRows, column_transformer, frame
from nnsize_engine.data.split import Inputs, Split
from nnsize_engine.errors import DataError, FitError
from nnsize_engine.evolution.evaluate import ACCURACY, LOG_LOSS, OUTPUTS, SQUARED_ERROR, evaluate_members
from nnsize_engine.network.kernel_settings import KernelSettings, kernel_settings_for
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.network.training_rows import TrainingRows, read_rows
from nnsize_engine.results.records import NetworkName, StoredNetwork
from nnsize_engine.scoring.score import score
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import is_minimised, scoring_of
from nnsize_engine.settings.network import NetworkParameters

Floats = NDArray[Any]

_MEASURES = {"accuracy": ACCURACY, "neg_log_loss": LOG_LOSS, "neg_mean_squared_error": SQUARED_ERROR}
_KINDS = ("binary", "multiclass", "regression")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Rows to measure on, in the run's precision."""

    rows: TrainingRows
    labels: NDArray[np.int64]
    """Number of each row's class, shape (rows,); zeros for regression."""

    def some(self, chosen: NDArray[np.int64]) -> "Table":
        """Some of the rows."""
        rows = replace(self.rows, inputs=self.rows.inputs[chosen], targets=self.rows.targets[chosen])
        return Table(rows=rows, labels=self.labels[chosen])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Everything that stays the same during an evolution."""

    settings: EvolutionSettings
    split: Split
    seen: Table
    held: Table | None
    mean: Floats
    """Of each input, shape (inputs,); empty when inputs are left as they are."""

    scale: Floats
    encoder: Any
    """The ``ColumnTransformer`` of a table, fitted on the training rows; None for built-in data."""

    encoder_content: bytes
    """The same as a run keeps it; empty for built-in data."""

    parameters: NetworkParameters
    kernel_settings: KernelSettings
    measure: int
    units: NDArray[np.int64]
    """Inputs, hidden layers, outputs."""

    @property
    def kind(self) -> str:
        """binary, multiclass or regression."""
        return self.seen.rows.kind

    @property
    def classes(self) -> tuple[int | float | str, ...]:
        """The labels in order; none for regression."""
        classes = self.seen.rows.classes
        return () if classes is None else tuple(classes.tolist())


def make_problem(settings: EvolutionSettings, split: Split) -> Problem:
    """Standardise or encode the inputs by the training rows, and hold back those to watch.

    Raises:
        DataError: the rows do not allow these settings.
    """
    from sklearn.preprocessing import StandardScaler

    from nnsize_engine.network.stored import encoder_to_bytes

    X, mean, scale, encoder = split.X_train, np.empty(0), np.empty(0), None
    if isinstance(X, TableRows):
        encoder = column_transformer(X, scale=settings.scale)
        X = np.asarray(encoder.fit_transform(frame(X)), dtype=np.float64)
        _check_inputs(settings, X.shape[1])
    elif settings.scale:
        scaler = StandardScaler().fit(X)
        X, mean, scale = scaler.transform(X), scaler.mean_, scaler.scale_
    task = "regression" if settings.task == "regression" else "classification"
    rows = read_rows(X, split.y_train, task=task, precision=settings.precision)
    if rows.kind not in _KINDS or len(X) < 2 or rows.targets.shape[1] != settings.units[-1]:
        raise DataError(f"the training rows do not show every class of {settings.known.name}; choose another split")
    labels = rows.targets.argmax(axis=1) if rows.kind == "multiclass" else np.zeros(len(rows.inputs))
    table = Table(rows=rows, labels=labels.astype(np.int64))
    seen, held = _hold_back(settings, table)
    parameters = NetworkParameters(
        hidden_layer_sizes=settings.hidden_layer_sizes, activation=settings.activation, random_state=settings.seed
    )
    class_count = 0 if rows.classes is None else len(rows.classes)
    return Problem(
        settings=settings,
        split=split,
        seen=seen,
        held=held,
        mean=mean,
        scale=scale,
        encoder=encoder,
        encoder_content=b"" if encoder is None else encoder_to_bytes(encoder),
        parameters=parameters,
        kernel_settings=kernel_settings_for(
            parameters, rows.kind, class_count, len(seen.rows.inputs), settings.precision
        ),
        units=np.array(settings.units),
        measure=_MEASURES.get(scoring_of(settings.fitness), OUTPUTS),
    )


def _check_inputs(settings: EvolutionSettings, found: int) -> None:
    """Refuse another network than the one that was asked for: its weights are what evolves."""
    if found != settings.units[0]:
        raise DataError(
            f"the training rows of {settings.known.name} are encoded as {found} inputs, and {settings.units[0]} were "
            "expected: it was looked at with another split; look at it again with this one"
        )


def scaled(problem: Problem, X: Inputs) -> Floats:
    """Inputs as the network sees them, in float64: as the first step of the exported pipeline makes them."""
    if isinstance(X, TableRows):
        return np.asarray(problem.encoder.transform(frame(X)), dtype=np.float64)
    return (X - problem.mean) / problem.scale if problem.mean.size else np.asarray(X, dtype=np.float64)


def _hold_back(settings: EvolutionSettings, table: Table) -> tuple[Table, Table | None]:
    """The rows that evolution sees, and those that it is watched on."""
    if settings.validation_fraction == 0:
        return table, None
    from sklearn.model_selection import train_test_split

    numbers = np.arange(len(table.rows.inputs))
    stratify = None if table.rows.kind == "regression" else table.rows.labels
    try:
        seen, held = train_test_split(
            numbers, test_size=settings.validation_fraction, random_state=settings.seed, stratify=stratify
        )
    except ValueError as error:
        raise DataError(
            f"validation-fraction {settings.validation_fraction:g} cannot be taken from {len(numbers)} training rows: "
            "every class must be on both sides",
            field="validation_fraction",
        ) from error
    return table.some(np.sort(seen)), table.some(np.sort(held))


def fill_losses(
    problem: Problem, table: Table, members: Floats, losses: NDArray[np.float64], *, has_decay: bool = True
) -> None:
    """Compute the losses of members, shape (members, weights), in place; infinite where there is none."""
    rows, settings = table.rows, problem.settings
    outputs = np.empty(members.shape[0] * rows.targets.size if problem.measure == OUTPUTS else 0, members.dtype)
    with np.errstate(all="ignore"):  # a network that overflows has an infinite loss, and that is all
        evaluate_members(
            addresses(settings.precision),
            problem.kernel_settings,
            problem.measure,
            settings.weight_decay / 2 if has_decay else 0.0,
            problem.units,
            members,
            rows.inputs,
            rows.targets,
            table.labels,
            losses,
            outputs,
        )
    if problem.measure == OUTPUTS:
        _subtract_scores(problem, table, members, losses)
        # scikit-learn would score what such a network predicts, which is always the first class.
        losses[~np.isfinite(outputs).reshape(len(members), -1).all(axis=1)] = np.inf
    losses[~np.isfinite(losses)] = np.inf


def _subtract_scores(problem: Problem, table: Table, members: Floats, losses: NDArray[np.float64]) -> None:
    """Any other scoring, network by network."""
    from nnsize_engine.network.stored import fitted_network

    y = table.rows.labels
    for number, weights in enumerate(members):
        try:
            network = fitted_network(network_of(problem, "evolved", weights, steps=0))
            losses[number] -= score(network, table.rows.inputs, y, scoring_of(problem.settings.fitness))
        except FitError:
            losses[number] = np.inf


def fitness_value(settings: EvolutionSettings, loss: float) -> float | None:
    """A loss as the fitness that was asked for; None for an infinite one."""
    if not np.isfinite(loss):
        return None
    return float(loss) if is_minimised(settings.fitness) else -float(loss) + 0.0  # no minus zero


def network_of(problem: Problem, name: NetworkName, weights: Floats, *, steps: int) -> StoredNetwork:
    """A member as the network that a run keeps."""
    return StoredNetwork(
        name=name,
        units=problem.settings.units,
        activation=problem.settings.activation,
        kind=cast("Literal['binary', 'multiclass', 'regression']", problem.kind),
        classes=problem.classes,
        mean=tuple(problem.mean.tolist()),
        scale=tuple(problem.scale.tolist()),
        steps=steps,
        weights=weights.astype("<f8").tobytes(),
    )
