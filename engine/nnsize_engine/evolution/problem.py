"""The problem of an evolution: training rows, held-out rows, and the loss of a member on either."""

from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.encode import TableRows, column_transformer, frame
from nnsize_engine.data.split import Inputs, Split
from nnsize_engine.errors import DataError
from nnsize_engine.evolution.evaluate import ACCURACY, LOG_LOSS, OUTPUTS, SQUARED_ERROR, evaluate_members
from nnsize_engine.evolution.held_out_rows import held_out_rows
from nnsize_engine.evolution.objectives import Objective, make_objective
from nnsize_engine.network.kernel_settings import KernelSettings, kernel_settings_for
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.network.rounding import rounded_members
from nnsize_engine.network.training_rows import TrainingRows, read_rows
from nnsize_engine.results.records import NetworkName, StoredNetwork
from nnsize_engine.settings.activations import SMOOTH_STEP, STEP
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import is_minimised, scoring_of
from nnsize_engine.settings.network import NetworkParameters

Floats = NDArray[Any]

_MEASURES = {"accuracy": ACCURACY, "neg_log_loss": LOG_LOSS, "neg_mean_squared_error": SQUARED_ERROR}
_KINDS = ("binary", "multiclass", "regression")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Rows on which members are evaluated, in the precision of the run."""

    rows: TrainingRows
    labels: NDArray[np.int64]
    """Class index of each row, shape (rows,); zeros for regression."""

    answers: NDArray[Any]
    """The labels or numbers that scorings compare with, in the target's own units."""

    groups: NDArray[np.int32] | None = None
    """Number of the group of each row, over which the fitness is averaged; None without groups."""

    def some(self, chosen: NDArray[np.int64]) -> "Table":
        """Return some of the rows, by index."""
        rows = replace(self.rows, inputs=self.rows.inputs[chosen], targets=self.rows.targets[chosen])
        groups = None if self.groups is None else self.groups[chosen]
        return Table(rows=rows, labels=self.labels[chosen], answers=self.answers[chosen], groups=groups)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Everything that does not change during an evolution."""

    settings: EvolutionSettings
    split: Split
    training: Table
    """Rows that losses are computed on."""

    held_out: Table | None
    """Rows that the best member of each generation is checked on; None if there are none."""

    mean: Floats
    """Mean of each input, shape (inputs,); empty if inputs are not standardised."""

    scale: Floats
    """Standard deviation of each input, like the mean."""

    encoder: Any
    """The ``ColumnTransformer`` of a table, fitted on the training rows; None for built-in data."""

    encoder_content: bytes
    """The encoder as a run stores it; empty for built-in data."""

    parameters: NetworkParameters
    kernel_settings: KernelSettings
    measure: int
    objective: Objective | None
    """The fitness, computed from outputs; None for a loss that is computed with the products."""

    units: NDArray[np.int64]
    """Inputs, hidden layers, outputs."""

    @property
    def kind(self) -> str:
        """binary, multiclass or regression."""
        return self.training.rows.kind

    @property
    def classes(self) -> tuple[int | float | str, ...]:
        """Sorted class labels; empty for regression."""
        classes = self.training.rows.classes
        return () if classes is None else tuple(classes.tolist())


def make_problem(settings: EvolutionSettings, split: Split) -> Problem:
    """Standardise or encode the inputs by the training rows, and set the held-out rows aside.

    Raises:
        DataError: the data does not allow these settings.
    """
    from sklearn.preprocessing import StandardScaler

    from nnsize_engine.network.stored import encoder_to_bytes

    X, mean, scale, encoder = split.X_train, np.empty(0), np.empty(0), None
    if isinstance(X, TableRows):
        encoder = column_transformer(X, scaler="standard" if settings.scale else "none")
        X = np.asarray(encoder.fit_transform(frame(X)), dtype=np.float64)
        _check_inputs(settings, X.shape[1])
    elif settings.scale:
        scaler = StandardScaler().fit(X)
        X, mean, scale = scaler.transform(X), scaler.mean_, scaler.scale_
    task = "regression" if settings.task == "regression" else "classification"
    rows = read_rows(X, split.y_train, task=task, precision=settings.precision, target_scale=settings.scaling_of_target)
    if rows.kind not in _KINDS or len(X) < 2 or rows.targets.shape[1] != settings.units[-1]:
        raise DataError(
            f"the training rows do not show every class of {settings.known.name}; keep class shares with --stratify, "
            "leave rare classes out with --min-class-rows 2, or choose another split-seed",
            field="stratify",
        )
    labels = rows.targets.argmax(axis=1) if rows.kind == "multiclass" else np.zeros(len(rows.inputs))
    answers = rows.labels if rows.scaling is None else split.y_train
    groups = None if split.fitness_groups is None else split.fitness_groups[0]
    table = Table(rows=rows, labels=labels.astype(np.int64), answers=answers, groups=groups)
    stratify = None if rows.kind == "regression" else rows.labels
    chosen = held_out_rows(settings, split, len(rows.inputs), stratify)
    training, held_out = (table, None) if chosen is None else (table.some(chosen[0]), table.some(chosen[1]))
    parameters = NetworkParameters(
        hidden_layer_sizes=settings.hidden_layer_sizes,
        activation=SMOOTH_STEP if settings.activation == STEP else settings.activation,
        random_state=settings.seed,
    )
    measure = _measure(settings)
    class_count = 0 if rows.classes is None else len(rows.classes)
    return Problem(
        settings=settings,
        split=split,
        training=training,
        held_out=held_out,
        mean=mean,
        scale=scale,
        encoder=encoder,
        encoder_content=b"" if encoder is None else encoder_to_bytes(encoder),
        parameters=parameters,
        kernel_settings=kernel_settings_for(
            parameters,
            rows.kind,
            class_count,
            len(training.rows.inputs),
            settings.precision,
            has_steps=settings.activation == STEP,
        ),
        units=np.array(settings.units),
        measure=measure,
        objective=make_objective(settings, rows.kind, rows.classes) if measure == OUTPUTS else None,
    )


def _measure(settings: EvolutionSettings) -> int:
    """Return the compiled measure of the fitness.

    A loss is that of the scaled target, so that weight decay means the same in all units. A scoring is in the target's
    own units. With OUTPUTS the fitness is an objective, which is computed from outputs.
    """
    is_in_other_units = settings.scaling_of_target != "none" and not is_minimised(settings.fitness)
    has_objective = is_in_other_units or settings.fitness_groups is not None
    return OUTPUTS if has_objective else _MEASURES.get(scoring_of(settings.fitness), OUTPUTS)


def _check_inputs(settings: EvolutionSettings, found: int) -> None:
    """Refuse another number of inputs than the settings say: the network would have other weights."""
    if found != settings.units[0]:
        raise DataError(
            f"the training rows of {settings.known.name} are encoded as {found} inputs, and {settings.units[0]} were "
            "expected: it was looked at with another split; look at it again with this one"
        )


def scaled(problem: Problem, X: Inputs) -> Floats:
    """Return inputs as the network gets them, in float64: the first step of the exported pipeline."""
    if isinstance(X, TableRows):
        return np.asarray(problem.encoder.transform(frame(X)), dtype=np.float64)
    return (X - problem.mean) / problem.scale if problem.mean.size else np.asarray(X, dtype=np.float64)


def fill_losses(
    problem: Problem, table: Table, members: Floats, losses: NDArray[np.float64], *, has_decay: bool = True
) -> None:
    """Compute the losses of members, shape (members, weights), in place; infinite if they are not finite."""
    members = used_weights(problem, members)
    if problem.objective is None:
        _evaluate(problem, table, members, losses, np.empty(0, members.dtype), has_decay=has_decay)
    else:
        from nnsize_engine.evolution.judge import add_objective

        sums = np.empty((len(members), *table.rows.targets.shape), members.dtype)
        _evaluate(problem, table, members, losses, sums.reshape(-1), has_decay=has_decay)
        add_objective(problem, table, members, sums, losses)
    losses[~np.isfinite(losses)] = np.inf


def member_sums(problem: Problem, table: Table, members: Floats) -> Floats:
    """Return the last layers of members before their activation, shape (members, rows, outputs)."""
    sums = np.empty((len(members), *table.rows.targets.shape), members.dtype)
    _evaluate(problem, table, members, np.empty(len(members)), sums.reshape(-1), has_decay=False)
    return sums


def _evaluate(
    problem: Problem, table: Table, members: Floats, losses: NDArray[np.float64], sums: Floats, *, has_decay: bool
) -> None:
    """Compute the losses of members, or with an objective their last sums and their weight decay alone, in place."""
    rows, settings = table.rows, problem.settings
    with np.errstate(all="ignore"):  # without Numba, NumPy warns of overflows; such a loss is infinite
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
            sums,
        )


def used_weights(problem: Problem, members: Floats) -> Floats:
    """Return the weights of members as their networks use them: rounded, if the settings say so."""
    bits = problem.settings.bits
    return members if bits is None else rounded_members(members, problem.settings.units, bits)


def fitness_value(settings: EvolutionSettings, loss: float) -> float | None:
    """Return a loss as the fitness of the settings; None if it is not finite."""
    if not np.isfinite(loss):
        return None
    return float(loss) if is_minimised(settings.fitness) else -float(loss) + 0.0  # no minus zero


def network_of(problem: Problem, name: NetworkName, weights: Floats, *, steps: int) -> StoredNetwork:
    """Return weights as a network that a run stores: rounded and with steps, if the settings say so.

    The network trained by gradient stays as it was trained. The threshold of its classes is that of the fitness.
    """
    from nnsize_engine.evolution.judge import best_threshold

    used = weights if name == "gradient" else used_weights(problem, weights[np.newaxis])[0]
    stored = plain_network(problem, name, used, steps=steps)
    return replace(stored, threshold=best_threshold(problem, stored))


def plain_network(problem: Problem, name: NetworkName, weights: Floats, *, steps: int) -> StoredNetwork:
    """Return weights, as they are, as a network that a run stores."""
    from nnsize_engine.network.stored import scaling_facts

    return StoredNetwork(
        name=name,
        units=problem.settings.units,
        activation=problem.parameters.activation if name == "gradient" else problem.settings.activation,
        kind=cast("Literal['binary', 'multiclass', 'regression']", problem.kind),
        classes=problem.classes,
        mean=tuple(problem.mean.tolist()),
        scale=tuple(problem.scale.tolist()),
        steps=steps,
        weights=weights.astype("<f8").tobytes(),
        **scaling_facts(problem.training.rows.scaling),
    )
