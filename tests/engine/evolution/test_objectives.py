"""Every fitness that is computed from outputs equals scikit-learn's, or an obvious version of it."""

import threading
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.class_measures import CLASS_MEASURES, count_confusions, mean_costs
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.judge import network_fitness, rows_of_final_test, scored_rows
from nnsize_engine.evolution.number_measures import NUMBER_MEASURES, pinball_losses
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem, network_of
from nnsize_engine.evolution.rank_measures import AVERAGE_PRECISION, ROC_AUC, best_fbetas, rank_scores
from nnsize_engine.network.stored import fitted_network, fitted_pipeline
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.table_choice import TableChoice

Floats = NDArray[Any]

SEEDS = st.integers(0, 2**32 - 1)


def ranked(seed: int, *, levels: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return outputs of three members with ties, and rows of both classes."""
    random = np.random.default_rng(seed)
    rows = int(random.integers(2, 40))
    is_positive = random.integers(0, 2, rows)
    is_positive[:2] = 0, 1
    return random.integers(0, levels, (3, rows)) / levels, is_positive


@given(SEEDS, st.sampled_from([2, 5, 1000]))
def test_scores_of_ranks_are_scikit_learns(seed: int, levels: int) -> None:
    outputs, is_positive = ranked(seed, levels=levels)
    for measure, expected in ((ROC_AUC, metrics.roc_auc_score), (AVERAGE_PRECISION, metrics.average_precision_score)):
        scores = np.empty(3)
        rank_scores(measure, outputs, is_positive, scores)
        np.testing.assert_allclose(scores, [expected(is_positive, one) for one in outputs], rtol=0, atol=1e-12)


def test_scores_of_ranks_are_not_defined_for_one_class_and_survive_outputs_that_are_no_numbers() -> None:
    scores = np.empty(2)
    for measure, label in ((ROC_AUC, 0), (ROC_AUC, 1), (AVERAGE_PRECISION, 0)):
        rank_scores(measure, np.array([[0.1, 0.4], [0.5, 0.5]]), np.full(2, label), scores)
        assert np.isnan(scores).all()
    rank_scores(ROC_AUC, np.array([[0.1, np.nan, 0.3], [np.nan] * 3]), np.array([0, 1, 1]), scores)
    assert np.isfinite(scores).all()


@given(SEEDS, st.integers(2, 5))
def test_scores_of_classes_are_scikit_learns(seed: int, classes: int) -> None:
    random = np.random.default_rng(seed)
    rows, outputs = int(random.integers(3, 40)), 1 if classes == 2 else classes
    truth = random.integers(0, classes, rows)
    values = random.random((2, rows, outputs))
    predicted = (values[:, :, 0] > 0.5).astype(int) if classes == 2 else values.argmax(axis=2)
    counts = np.empty((2, classes, classes), dtype=np.int64)
    count_confusions(values, truth, counts)
    for member in range(2):
        confusion = metrics.confusion_matrix(truth, predicted[member], labels=range(classes))
        np.testing.assert_array_equal(counts[member], confusion)
    for name, measure in CLASS_MEASURES.items():
        found = measure(counts, 1 if classes == 2 else None)
        for member, value in enumerate(found):
            if not np.isnan(value):
                assert value == pytest.approx(expected_class_score(name, truth, predicted[member]), abs=1e-12), name
            else:
                assert classes > 2
                assert name in ("precision", "recall", "f1", "jaccard")


def expected_class_score(name: str, truth: Floats, predicted: Floats) -> float:
    share, _, average = name.partition("_")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if share in ("precision", "recall", "f1", "jaccard"):
            return float(getattr(metrics, f"{share}_score")(truth, predicted, average=average or "binary"))
        scorer = {
            "accuracy": metrics.accuracy_score,
            "balanced_accuracy": metrics.balanced_accuracy_score,
            "matthews_corrcoef": metrics.matthews_corrcoef,
        }[name]
        return float(scorer(truth, predicted))


@given(SEEDS)
def test_the_mean_cost_is_the_cost_of_each_row_averaged(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth, values, costs = random.integers(0, 3, 20), random.random((2, 20, 3)), random.normal(size=(3, 3))
    counts = np.empty((2, 3, 3), dtype=np.int64)
    count_confusions(values, truth, counts)
    expected = [np.mean([costs[t, p] for t, p in zip(truth, one.argmax(axis=1), strict=True)]) for one in values]
    np.testing.assert_allclose(mean_costs(counts, costs), expected, rtol=1e-12)


@given(SEEDS, st.sampled_from([3, 1000]), st.sampled_from([0.5, 1.0, 2.0]), st.integers(1, 3))
def test_f_beta_at_the_best_threshold_is_the_largest_of_all(seed: int, levels: int, beta: float, groups: int) -> None:
    outputs, is_positive = ranked(seed, levels=levels)
    group = np.random.default_rng(seed).integers(0, groups, len(is_positive))
    scores, thresholds = np.empty(3), np.empty(3)
    best_fbetas(beta**2, outputs, is_positive, group, groups, scores, thresholds)

    parts = [part for part in (group == one for one in range(groups)) if is_positive[part].any()]

    def means_of_groups(predicted: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return a mean for each column; one call for all columns takes as long as one for each."""
        found = [
            metrics.fbeta_score(
                np.repeat(is_positive[part, np.newaxis], predicted.shape[1], axis=1), predicted[part],
                beta=beta, average=None, zero_division=0.0,
            )
            for part in parts
        ]  # fmt: skip
        return np.asarray(np.mean(found, axis=0))

    for values, score, threshold in zip(outputs, scores, thresholds, strict=True):
        *expected, found = means_of_groups(values[:, np.newaxis] >= [*np.unique(values), threshold])
        assert score == pytest.approx(max(expected), abs=1e-12)
        assert found == pytest.approx(max(expected), abs=1e-12)


@given(SEEDS, st.floats(0.01, 0.99), st.integers(1, 3))
def test_scores_of_numbers_are_scikit_learns(seed: int, quantile: float, outputs: int) -> None:
    random = np.random.default_rng(seed)
    truth, values = random.normal(size=(15, outputs)), random.normal(size=(2, 15, outputs))
    expected = [metrics.mean_pinball_loss(truth, one, alpha=quantile) for one in values]
    np.testing.assert_allclose(pinball_losses(truth, values, quantile), expected, rtol=1e-12)
    scorers = {
        "r2": metrics.r2_score,
        "neg_mean_squared_error": lambda y, p: -metrics.mean_squared_error(y, p),
        "neg_root_mean_squared_error": lambda y, p: -metrics.root_mean_squared_error(y, p),
        "neg_mean_absolute_error": lambda y, p: -metrics.mean_absolute_error(y, p),
    }
    for name, measure in NUMBER_MEASURES.items():
        np.testing.assert_allclose(measure(truth, values), [scorers[name](truth, one) for one in values], rtol=1e-10)


# Whole problems ------------------------------------------------------------------------------------------------------


def problem_of(data: str = "breast_cancer", **given: Any) -> Problem:
    settings = EvolutionSettings(**{"data": data, "layers": "3", "precision": "float64", **given})
    return make_problem(settings, load_split(settings))


def members_of(problem: Problem, count: int = 5) -> Floats:
    members: Floats = np.random.default_rng(0).normal(scale=0.6, size=(count, problem.settings.weights))
    return members.astype(problem.settings.precision)


def losses_of(problem: Problem, members: Floats, table: Any = None) -> list[float]:
    losses = np.full(len(members), np.nan)
    fill_losses(problem, table or problem.training, members, losses)
    found: list[float] = losses.tolist()
    return found


def test_a_cost_matrix_is_the_loss_of_evolution_and_the_fitness_of_its_network() -> None:
    problem = problem_of("iris", fitness="cost", cost="0,1,2;3,0,4;5,6,0")
    members, costs = members_of(problem), np.array([[0, 1, 2], [3, 0, 4], [5, 6, 0]])
    for weights, loss in zip(members, losses_of(problem, members), strict=True):
        stored = network_of(problem, "evolved", weights, steps=0)
        pipeline = fitted_pipeline(stored)
        for X, y, rows in (
            (problem.split.X_train, problem.split.y_train, scored_rows(problem, problem.training)),
            (problem.split.X_test, problem.split.y_test, rows_of_final_test(problem)),
        ):
            assert rows is not None
            expected = costs[y, pipeline.predict(X)].mean()
            assert network_fitness(problem, fitted_network(stored), rows) == pytest.approx(expected)
            if rows.inputs is problem.training.rows.inputs:
                assert loss == pytest.approx(expected)


def test_the_exported_network_predicts_at_the_threshold_of_the_best_f_beta() -> None:
    for precision in ("float64", "float32"):
        problem = problem_of(fitness="fbeta:2", precision=precision)
        members = members_of(problem)
        for weights, loss in zip(members, losses_of(problem, members), strict=True):
            stored = network_of(problem, "evolved", weights, steps=0)
            assert stored.threshold is not None
            pipeline, split = fitted_pipeline(stored), problem.split
            predicted = pipeline.predict(split.X_train)
            score = metrics.fbeta_score(split.y_train, predicted, beta=2)
            assert score == pytest.approx(-loss, abs=1e-12)
            probabilities = pipeline.predict_proba(split.X_train)[:, 1]
            np.testing.assert_array_equal(predicted, (probabilities >= stored.threshold).astype(int))
            network = fitted_network(stored)
            np.testing.assert_array_equal(network.predict(scored_rows(problem, problem.training).inputs), predicted)
            tested = rows_of_final_test(problem)
            assert tested is not None
            expected = metrics.fbeta_score(split.y_test, pipeline.predict(split.X_test), beta=2)
            assert network_fitness(problem, network, tested) == pytest.approx(expected, abs=1e-12)


def test_held_out_rows_do_not_choose_the_threshold() -> None:
    problem = problem_of(fitness="fbeta:1", validation_fraction=0.3)
    members = members_of(problem)
    assert problem.held_out is not None
    for weights, loss in zip(members, losses_of(problem, members, problem.held_out), strict=True):
        network = fitted_network(network_of(problem, "evolved", weights, steps=0))
        predicted = network.predict(problem.held_out.rows.inputs)
        assert -loss == pytest.approx(metrics.f1_score(problem.held_out.answers, predicted), abs=1e-12)


def test_a_quantile_loss_is_that_of_the_scaled_target() -> None:
    problem = problem_of("diabetes", fitness="quantile:0.9")
    members = members_of(problem)
    deviation = problem.split.y_train.std()
    for weights, loss in zip(members, losses_of(problem, members), strict=True):
        predicted = fitted_pipeline(network_of(problem, "evolved", weights, steps=0)).predict(problem.split.X_train)
        expected = metrics.mean_pinball_loss(problem.split.y_train, predicted, alpha=0.9)
        assert loss == pytest.approx(expected / deviation, rel=1e-9)


def test_an_evolved_quantile_lies_above_its_share_of_the_rows() -> None:
    settings = EvolutionSettings(data="diabetes", fitness="quantile:0.9", layers="2", strategy="shade", members=40,
                                 generations=150, init="glorot", bounds="glorot:10", tol=0)  # fmt: skip
    problem = make_problem(settings, load_split(settings))
    evolution = Evolution(problem, None, lambda _: None)
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None:
            evolution.next_generation(pool, threading.Event())
    weights, _ = evolution.chosen()
    predicted = fitted_pipeline(network_of(problem, "evolved", weights, steps=0)).predict(problem.split.X_train)
    assert 0.8 < np.mean(problem.split.y_train <= predicted) < 0.97


def hospitals(folder: Path, rows: int = 90, **columns: Sequence[Any]) -> pd.DataFrame:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(rows, 2)), columns=["a", "b"])
    frame["hospital"] = random.choice(["x", "y", "z"], rows, p=[0.7, 0.2, 0.1])
    frame["ill"] = (frame["a"] + random.normal(size=rows) > 0).astype(int)
    for name, values in columns.items():
        frame[name] = values
    frame.to_csv(folder / "patients.csv", index=False)
    return frame


def grouped(folder: Path, fitness: str, **choice: Any) -> Problem:
    path = folder / "patients.csv"
    table = inspect_table(TableChoice(source=str(path), target=("ill",), fitness_groups="hospital", **choice)).table
    return problem_of(path.name, table=table, fitness=fitness)


@pytest.mark.parametrize(
    ("fitness", "score"),
    [
        ("log_loss", lambda y, p: metrics.log_loss(y, p, labels=[0, 1])),
        ("roc_auc", metrics.roc_auc_score),
        ("accuracy", lambda y, p: metrics.accuracy_score(y, p > 0.5)),
        ("neg_brier_score", lambda y, p: -metrics.brier_score_loss(y, p)),
    ],
)
def test_a_fitness_is_averaged_over_groups_of_rows(tmp_path: Path, fitness: str, score: Any) -> None:
    frame = hospitals(tmp_path)
    problem = grouped(tmp_path, fitness)
    assert problem.settings.units[0] == 2, "the column of groups is no input"
    train = problem.split.y_train
    members = members_of(problem)
    assert problem.training.groups is not None
    names = np.array(sorted(frame["hospital"].unique()))[problem.training.groups]
    for weights, loss in zip(members, losses_of(problem, members), strict=True):
        network = fitted_network(network_of(problem, "evolved", weights, steps=0))
        chances = network.outputs(problem.training.rows.inputs)[:, 0]
        expected = np.mean([score(train[names == one], chances[names == one]) for one in ("x", "y", "z")])
        assert loss == pytest.approx(expected if fitness == "log_loss" else -expected, abs=1e-12)
        assert network_fitness(problem, network, scored_rows(problem, problem.training)) == pytest.approx(
            expected, abs=1e-12
        )


def test_groups_without_both_classes_are_left_out_of_an_area_under_the_curve(tmp_path: Path) -> None:
    hospitals(tmp_path, hospital=["x"] * 45 + ["y"] * 45)
    frame = pd.read_csv(tmp_path / "patients.csv")
    frame.loc[frame["hospital"] == "y", "ill"] = 1
    frame.to_csv(tmp_path / "patients.csv", index=False)
    problem = grouped(tmp_path, "roc_auc")
    members = members_of(problem)
    whole = problem.training.groups == 0
    alone = problem.training.some(np.flatnonzero(whole))
    assert losses_of(problem, members) == pytest.approx(losses_of(problem, members, alone))


def test_groups_may_be_those_that_are_tested_whole(tmp_path: Path) -> None:
    hospitals(tmp_path, hospital=[f"h{row % 9}" for row in range(90)])
    problem = grouped(tmp_path, "accuracy", groups="hospital")
    groups = problem.split.fitness_groups
    assert groups is not None
    assert set(groups[0]).isdisjoint(groups[1])
    assert len(set(groups[1])) == 3


def test_mini_batches_keep_the_groups_of_their_rows(tmp_path: Path) -> None:
    hospitals(tmp_path)
    problem = grouped(tmp_path, "log_loss")
    some = problem.training.some(np.array([3, 1, 4]))
    assert problem.training.groups is not None
    assert some.groups is not None
    np.testing.assert_array_equal(some.groups, problem.training.groups[[3, 1, 4]])


def test_parts_of_members_have_the_same_fitness_as_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(fitness="fbeta:2")
    members = members_of(problem, 7)
    expected = losses_of(problem, members)
    monkeypatch.setattr("nnsize_engine.evolution.judge.MAX_JUDGED_VALUES", 1000)
    assert losses_of(problem, members) == expected
    assert [losses_of(problem, members[[one]])[0] for one in range(7)] == expected


def test_outputs_that_are_not_finite_lose(tmp_path: Path) -> None:
    hospitals(tmp_path)
    problems = [
        problem_of(fitness="fbeta:2"),
        problem_of(fitness="roc_auc"),
        problem_of("iris", fitness="cost", cost="0,1,1;1,0,1;1,1,0"),
        problem_of("diabetes", fitness="quantile:0.5"),
        grouped(tmp_path, "log_loss"),
    ]
    for problem in problems:
        problem = replace(problem, settings=replace(problem.settings, activation="identity"))
        members = members_of(problem, 3)
        members[0], members[1] = np.nan, np.inf
        losses = losses_of(problem, members)
        assert losses[:2] == [np.inf, np.inf]
        assert np.isfinite(losses[2])
