"""Losses of members: those of scikit-learn on the same networks, and finite as long as anything is."""

import warnings
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit, softmax
from scipy.stats import chisquare
from sklearn.metrics import accuracy_score, get_scorer, log_loss, mean_squared_error

from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.evaluate import ACCURACY, LOG_LOSS, OUTPUTS, SQUARED_ERROR, evaluate_members
from nnsize_engine.evolution.mini_batches import mini_batch
from nnsize_engine.evolution.problem import (
    Problem,
    Table,
    fill_losses,
    fitness_value,
    make_problem,
    network_of,
)
from nnsize_engine.network.kernel_settings import kernel_settings_for
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.network.stored import fitted_pipeline
from nnsize_engine.network.training_rows import TargetKind
from nnsize_engine.settings.activations import ACTIVATIONS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import LOSSES, scoring_of
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.scorings import scorings_for
from support.reference_evolution import exact_log_loss, last_sums, split_weights

Floats = NDArray[Any]


def evaluated(
    kind: TargetKind,
    measure: int,
    units: list[int],
    members: Floats,
    X: Floats,
    y: Floats,
    activation: str,
    decay: float = 0.0,
) -> Floats:
    """Each member's loss; y holds classes or numbers."""
    parameters = NetworkParameters(hidden_layer_sizes=tuple(units[1:-1]), activation=activation)
    classes = {"binary": 2, "multiclass": units[-1], "regression": 0}[kind]
    precision = members.dtype.name
    kernel_settings = kernel_settings_for(parameters, kind, classes, len(X), precision)
    if kind == "multiclass":
        wanted, labels = np.eye(units[-1])[y.astype(int)], y.astype(np.int64)
    else:
        wanted, labels = y.reshape(len(y), units[-1]), np.zeros(len(y), dtype=np.int64)
    losses = np.full(len(members), np.nan)
    outputs = np.full(len(members) * wanted.size if measure == OUTPUTS else 0, np.nan, dtype=precision)
    with np.errstate(all="ignore"):
        evaluate_members(
            addresses(precision),
            kernel_settings,
            measure,
            decay / 2,
            np.array(units),
            members,
            np.ascontiguousarray(X, dtype=precision),
            np.ascontiguousarray(wanted, dtype=precision),
            labels,
            losses,
            outputs,
        )
    return outputs.reshape(len(members), *wanted.shape) if measure == OUTPUTS else losses


@st.composite
def networks(draw: st.DrawFn) -> tuple[str, list[int], str, str, Floats, Floats, Floats]:
    """Kind, units, activation, precision, members, inputs and targets."""
    kind = draw(st.sampled_from(["binary", "multiclass", "regression"]))
    hidden = draw(st.lists(st.integers(1, 9), max_size=3))
    outputs = {"binary": 1, "multiclass": draw(st.integers(3, 12)), "regression": draw(st.integers(1, 3))}[kind]
    units = [draw(st.integers(1, 7)), *hidden, outputs]
    rows = draw(st.sampled_from([1, 2, 63, 64, 65, 128, 130]) | st.integers(1, 150))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    precision = draw(st.sampled_from(["float64", "float32"]))
    count = sum((before + 1) * after for before, after in pairwise(units))
    members = random.normal(scale=draw(st.sampled_from([0.01, 0.5, 2.0])), size=(3, count)).astype(precision)
    X = random.normal(size=(rows, units[0])).astype(precision)
    y = random.normal(size=(rows, outputs)) if kind == "regression" else random.integers(0, max(2, outputs), rows)
    return kind, units, draw(st.sampled_from(ACTIVATIONS)), precision, members, X, y.astype(precision)


@given(networks(), st.sampled_from([0.0, 0.03, 2.0]))
@settings(max_examples=100, deadline=None)
def test_losses_are_scikit_learns(
    case: tuple[TargetKind, list[int], str, str, Floats, Floats, Floats], decay: float
) -> None:
    """In float64 to 1e-12, in float32 to 1e-4, of the loss or of the largest sum that went into it."""
    kind, units, activation, precision, members, X, y = case
    relative = 1e-12 if precision == "float64" else 1e-4
    for member in range(len(members)):
        weights = members[member].astype(np.float64)
        sums = last_sums(units, weights, X.astype(np.float64), activation)
        penalty = decay / 2 * sum((matrix**2).sum() for matrix in split_weights(units, weights)[0])
        tolerance = relative * max(1.0, np.abs(sums).max())

        def ours(measure: int, member: int = member) -> float:
            found = evaluated(kind, measure, units, members[member : member + 1], X, y, activation, decay)
            return float(found[0])

        handed_out = evaluated(kind, OUTPUTS, units, members, X, y, activation)[member]
        np.testing.assert_allclose(handed_out, sums, rtol=relative, atol=tolerance)
        if kind == "regression":
            expected = mean_squared_error(y, sums) + penalty
            assert ours(SQUARED_ERROR) == pytest.approx(expected, rel=relative, abs=tolerance * np.abs(sums).max())
            continue
        labels = y.astype(int)
        known = list(range(max(2, units[-1])))
        shares = np.column_stack([expit(-sums), expit(sums)]) if kind == "binary" else softmax(sums, axis=1)
        expected = exact_log_loss(sums, labels) + penalty
        assert ours(LOG_LOSS) == pytest.approx(expected, rel=relative, abs=tolerance)
        if shares[np.arange(len(labels)), labels].min() > 1e-15:  # scikit-learn clips smaller ones
            assert log_loss(labels, shares, labels=known) + penalty == pytest.approx(expected, rel=1e-9, abs=1e-9)
        # Where two classes are as likely, rounding decides.
        largest = np.sort(np.column_stack([np.zeros(len(sums)), sums]) if kind == "binary" else sums, axis=1)[:, -2:]
        doubtful = int((np.diff(largest) <= 10 * tolerance).sum())
        right = accuracy_score(labels, shares.argmax(axis=1))
        assert abs(ours(ACCURACY) - penalty + right) <= doubtful / len(y) + relative * max(1.0, penalty)


@given(networks(), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_members_loss_does_not_depend_on_the_others(
    case: tuple[TargetKind, list[int], str, str, Floats, Floats, Floats], size: int
) -> None:
    kind, units, activation, _, members, X, y = case
    measure = SQUARED_ERROR if kind == "regression" else LOG_LOSS
    together = evaluated(kind, measure, units, members, X, y, activation, 0.1)
    apart = [
        evaluated(kind, measure, units, members[first : first + size], X, y, activation, 0.1)
        for first in range(0, len(members), size)
    ]
    assert together.tobytes() == np.concatenate(apart).tobytes()


# Far out -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("size", [1e2, 1e5, 1e20, 1e100])
def test_log_loss_is_exact_where_probabilities_are_0_or_1(outputs: int, size: float) -> None:
    random = np.random.default_rng(0)
    X, units = random.normal(size=(100, 4)), [4, outputs]
    y = random.integers(0, max(2, outputs), 100)
    members = size * random.normal(size=(5, 5 * outputs))
    found = evaluated("binary" if outputs == 1 else "multiclass", LOG_LOSS, units, members, X, y, "identity")
    expected = [exact_log_loss(last_sums(units, member, X, "identity"), y) for member in members]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def problem_of(data: str, fitness: str, **given: Any) -> Problem:
    values = EvolutionSettings(**{"data": data, "fitness": fitness, "layers": "4,3", "precision": "float64", **given})
    return make_problem(values, load_split(values))


def losses_of(problem: Problem, members: Floats, table: Table | None = None, *, has_decay: bool = True) -> Floats:
    losses = np.full(len(members), np.nan)
    fill_losses(problem, problem.training if table is None else table, members, losses, has_decay=has_decay)
    return losses


def members_of(problem: Problem, count: int, scale: float = 0.5) -> Floats:
    random = np.random.default_rng(0)
    members: Floats = random.normal(scale=scale, size=(count, problem.settings.weights))
    return members.astype(problem.settings.precision)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(
    ("data", "fitness"),
    [
        ("breast_cancer", "log_loss"),
        ("breast_cancer", "roc_auc"),
        ("iris", "log_loss"),
        ("iris", "accuracy"),
        ("iris", "f1_macro"),
        ("diabetes", "squared_error"),
        ("diabetes", "r2"),
    ],
)
def test_a_network_that_overflows_has_an_infinite_loss_and_no_warning(
    data: str, fitness: str, activation: str, precision: str
) -> None:
    problem = problem_of(data, fitness, activation=activation, precision=precision)
    limit = float(np.finfo(precision).max)
    members = np.vstack([members_of(problem, 12, 1.0) * (limit / 10), members_of(problem, 2)])
    members[5] = np.inf
    members[6] = np.nan
    losses = losses_of(problem, members.astype(precision))
    assert not np.isnan(losses).any()
    assert not np.isneginf(losses).any()
    assert np.isfinite(losses[-2:]).all()
    assert all(fitness_value(problem.settings, loss) is None for loss in losses[np.isinf(losses)])
    if fitness != "accuracy":
        assert losses[6] == np.inf
    if activation in ("identity", "relu") and fitness in ("squared_error", "r2"):
        assert np.isinf(losses[:12]).any()


def test_a_row_with_an_output_that_is_no_number_is_not_right() -> None:
    X, y, units = np.array([[1.0], [1.0]]), np.array([0, 1]), [1, 3]
    nan = np.nan
    for sums in ([2.0, 1.0, nan], [nan, 2.0, 1.0], [2.0, nan, 1.0], [nan, nan, nan], [np.inf, 1.0, 1.0]):
        member = np.array([[0.0, 0.0, 0.0, *sums]])
        assert evaluated("multiclass", ACCURACY, units, member, X, y, "identity")[0] == 0.0
    member = np.array([[0.0, 0.0, 0.0, 2.0, -np.inf, 1.0]])  # which is a class of no probability
    assert evaluated("multiclass", ACCURACY, units, member, X, y, "identity")[0] == -0.5
    assert evaluated("binary", ACCURACY, [1, 1], np.array([[0.0, nan]]), X, y, "identity")[0] == 0.0


# Whole problems ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["breast_cancer", "iris", "diabetes"])
def test_every_fitness_is_scikit_learns_scorer_on_the_exported_network(data: str) -> None:
    task = EvolutionSettings(data=data, fitness="accuracy" if data != "diabetes" else "r2", layers="3").task
    scorings = scorings_for(task)
    names = [*scorings, *(loss for loss, scoring in LOSSES.items() if scoring in scorings)]
    assert len(names) > 5
    first = problem_of(data, "accuracy" if task != "regression" else "r2")
    split, members = first.split, members_of(first, 4)
    for name in names:
        problem = make_problem(replace(first.settings, fitness=name), split)
        found = losses_of(problem, members)
        for weights, loss in zip(members, found, strict=True):
            pipeline = fitted_pipeline(network_of(problem, "evolved", weights, steps=0))
            expected = np.nan
            with warnings.catch_warnings(), suppress(ValueError):
                warnings.simplefilter("ignore")
                expected = float(get_scorer(scoring_of(name))(pipeline, split.X_train, split.y_train))
                if name in LOSSES and task == "regression":
                    expected /= float(split.y_train.var())  # a loss is that of the standardised target
            if np.isfinite(expected):
                assert loss == pytest.approx(-expected, rel=1e-10, abs=1e-12), name
                value = fitness_value(problem.settings, loss)
                assert value == pytest.approx(-expected if name in LOSSES else expected, rel=1e-10, abs=1e-12)
            else:
                assert loss == np.inf, name


@pytest.mark.parametrize(("data", "fitness"), [("iris", "log_loss"), ("diabetes", "r2"), ("breast_cancer", "f1")])
def test_float32_is_float64_to_four_digits(data: str, fitness: str) -> None:
    precise = problem_of(data, fitness)
    rough = problem_of(data, fitness, precision="float32")
    members = members_of(rough, 6)
    np.testing.assert_allclose(losses_of(rough, members), losses_of(precise, members.astype(float)), rtol=1e-4)


@pytest.mark.parametrize(("data", "fitness"), [("iris", "log_loss"), ("iris", "accuracy"), ("iris", "f1_macro")])
def test_weight_decay_adds_half_the_squared_weights_but_not_the_biases(data: str, fitness: str) -> None:
    decayed = problem_of(data, fitness, weight_decay=0.3)
    members = members_of(decayed, 5)
    plain = losses_of(problem_of(data, fitness), members)
    np.testing.assert_array_equal(losses_of(decayed, members, has_decay=False), plain)
    penalties = [0.15 * sum((matrix**2).sum() for matrix in split_weights((4, 4, 3, 3), row)[0]) for row in members]
    np.testing.assert_allclose(losses_of(decayed, members), plain + penalties, rtol=1e-12)


def test_held_out_rows_are_those_that_evolution_does_not_see() -> None:
    problem = problem_of("breast_cancer", "log_loss", validation_fraction=0.25)
    whole = problem_of("breast_cancer", "log_loss")
    assert problem.held_out is not None
    seen, held = problem.training.rows, problem.held_out.rows
    assert len(held.inputs) == -(-len(whole.training.rows.inputs) // 4)
    both = np.vstack([seen.inputs, held.inputs])
    np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(whole.training.rows.inputs, axis=0))
    np.testing.assert_allclose(held.targets.mean(), seen.targets.mean(), atol=0.01)
    # A loss on rows is their mean, so those of both sides add up to that of all.
    members = members_of(problem, 3)
    weights = [len(seen.inputs), len(held.inputs)]
    parts = [losses_of(problem, members, table) for table in (problem.training, problem.held_out)]
    np.testing.assert_allclose(np.average(parts, axis=0, weights=weights), losses_of(whole, members), rtol=1e-12)


def test_a_mini_batch_is_so_many_rows_each_once_and_all_as_likely() -> None:
    problem = problem_of("iris", "log_loss", batch_size=20)
    rows = problem.training.rows.inputs
    places = {row.tobytes(): number for number, row in enumerate(rows)}
    distinct = len(places)
    counts = np.zeros(distinct)
    for number in range(600):
        batch = mini_batch(problem, number)
        assert batch.rows.inputs.shape == (20, 4)
        kinds = np.unique(rows, axis=0, return_counts=True)[1].max()
        chosen = [list(places).index(row.tobytes()) for row in batch.rows.inputs]
        assert np.bincount(chosen).max() <= kinds
        np.testing.assert_array_equal(batch.rows.targets.argmax(axis=1), batch.labels)
        np.add.at(counts, chosen, 1)
    sizes = np.bincount([list(places).index(row.tobytes()) for row in rows])
    expected = sizes / sizes.sum() * counts.sum()
    assert chisquare(counts, expected).pvalue > 1e-3
    assert mini_batch(problem, 7).rows.inputs.tobytes() == mini_batch(problem, 7).rows.inputs.tobytes()
    assert mini_batch(problem_of("iris", "log_loss"), 7).rows.inputs.shape == rows.shape
