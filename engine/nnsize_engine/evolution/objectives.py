"""The fitness of an evolution, computed from the outputs of its networks.

The usual losses are computed with the products of a network, in :mod:`nnsize_engine.evolution.evaluate`. Every other
fitness is an objective: it takes the outputs of several members at once and returns a loss for each, which is minus the
score for a scoring. A loss is NaN where the fitness is not defined, such as the area under the ROC curve of one class.
"""

from dataclasses import dataclass, replace
from typing import Any, Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import FitError
from nnsize_engine.evolution.class_measures import CLASS_MEASURES, count_confusions, mean_costs
from nnsize_engine.evolution.number_measures import NUMBER_MEASURES, pinball_losses
from nnsize_engine.evolution.outputs import Outputs, ScoredRows, positives
from nnsize_engine.evolution.python_function import PythonFitness
from nnsize_engine.evolution.rank_measures import AVERAGE_PRECISION, ROC_AUC, best_fbetas, rank_scores
from nnsize_engine.network.estimator import to_estimator
from nnsize_engine.network.training_rows import TargetKind
from nnsize_engine.scoring.score import score_outputs
from nnsize_engine.settings.cost_matrix import parse_costs
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import parse_fitness, scoring_of

Floats = NDArray[Any]


class Objective(Protocol):
    """A fitness as a loss to minimise."""

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return the loss of each member, shape (members,); NaN where it is not defined."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLoss:
    """Mean log loss, with scikit-learn's clipping of probabilities."""

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return the log loss of each member."""
        values = outputs.values
        if values.shape[2] == 1:
            right = np.where(rows.truth == 1, values[:, :, 0], 1 - values[:, :, 0])
        else:
            right = np.take_along_axis(values, rows.truth[np.newaxis, :, np.newaxis], axis=2)[:, :, 0]
        smallest = np.finfo(np.float64).eps
        found: NDArray[np.float64] = -np.log(np.clip(right, smallest, 1 - smallest)).mean(axis=1)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SquaredError:
    """Mean squared error of the scaled target."""

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return the mean squared error of each member."""
        return -NUMBER_MEASURES["neg_mean_squared_error"](rows.targets, outputs.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileLoss:
    """Pinball loss of the scaled target."""

    quantile: float

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return the mean pinball loss of each member."""
        return pinball_losses(rows.targets, outputs.values, self.quantile)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanCost:
    """Mean cost of the predicted classes."""

    costs: NDArray[np.float64]
    """Cost of each predicted class for each true class, shape (classes, classes)."""

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return the mean cost of each member."""
        return mean_costs(_confusions(outputs, rows, len(self.costs)), self.costs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """A scoring of predicted classes."""

    scoring: str
    classes: int
    positive: int | None
    """Number of the class labelled 1; None without one."""

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return minus the score of each member."""
        return -CLASS_MEASURES[self.scoring](_confusions(outputs, rows, self.classes), self.positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankScore:
    """A scoring of the ranks of one probability."""

    measure: int
    positive: int
    """Number of the class that is looked for."""

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return minus the score of each member."""
        scores = np.empty(len(outputs.values))
        rank_scores(self.measure, *positives(outputs, rows, self.positive), scores)
        return -scores


@dataclass(frozen=True, slots=True, kw_only=True)
class BestFBeta:
    """F-beta of the label 1, at the threshold of its probability that is best for these rows.

    Over groups it is the mean of their F-betas at one threshold.
    """

    beta: float
    positive: int
    has_groups: bool

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return minus the largest F-beta of each member."""
        return -self.best(outputs, rows)[0]

    def best(self, outputs: Outputs, rows: ScoredRows) -> tuple[Floats, Floats]:
        """Return the largest F-beta of each member, and its threshold for the probability of the positive class."""
        scores, thresholds = np.empty(len(outputs.values)), np.empty(len(outputs.values))
        groups = np.zeros(len(rows.truth), dtype=np.int64)
        if self.has_groups:
            assert rows.groups is not None
            groups = np.unique(rows.groups, return_inverse=True)[1].astype(np.int64)
        values, is_positive = positives(outputs, rows, self.positive)
        best_fbetas(self.beta**2, values, is_positive, groups, int(groups.max(initial=0)) + 1, scores, thresholds)
        return scores, thresholds

    def losses_at(self, outputs: Outputs, rows: ScoredRows, thresholds: Floats) -> NDArray[np.float64]:
        """Return minus the F-beta of each member at its threshold, shape (members,)."""
        if self.has_groups:
            one = replace(self, has_groups=False)
            parts = group_parts(rows)
            return mean_of_defined([one.losses_at(outputs.some(part), rows.some(part), thresholds) for part in parts])
        values, is_positive = positives(outputs, rows, self.positive)
        if not is_positive.any():
            return np.full(len(values), np.nan)
        is_chosen = values >= thresholds[:, np.newaxis]
        hits, square = (is_chosen & (is_positive == 1)).sum(axis=1), self.beta**2
        found: NDArray[np.float64] = -(1 + square) * hits / (square * is_positive.sum() + is_chosen.sum(axis=1))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberScore:
    """A scoring of predicted numbers, in the units of the target."""

    scoring: str

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return minus the score of each member."""
        truth = rows.answers.reshape(len(rows.answers), -1).astype(np.float64)
        if len(truth) < 2:
            return np.full(len(outputs.values), np.nan)
        return -NUMBER_MEASURES[self.scoring](truth, outputs.own_units)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyScoring:
    """Any other scoring of scikit-learn, network by network."""

    scoring: str

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return minus the score of each member."""
        found, values = np.full(len(outputs.values), np.nan), outputs.own_units
        for number in range(len(values)):
            if not np.isfinite(values[number]).all():
                continue  # scikit-learn would score the predictions of such a network
            network = outputs.network(number)
            try:
                found[number] = -score_outputs(network, rows.inputs, rows.answers, self.scoring, values[number])
            except FitError:
                found[number] = np.nan
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunctionScore:
    """A Python function of the user, network by network."""

    function: PythonFitness

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return minus the score of each member.

        Raises:
            DataError: the function raises, or returns no number.
        """
        found, values = np.full(len(outputs.values), np.nan), outputs.own_units
        for number in range(len(values)):
            if not np.isfinite(values[number]).all():
                continue
            if self.function.takes_estimator:
                estimator = to_estimator(outputs.network(number))
                found[number] = -self.function.score(estimator, rows.inputs, rows.answers)
            else:
                one = values[number]
                found[number] = -self.function.score(rows.answers, one[:, 0] if one.shape[1] == 1 else one)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanOverGroups:
    """The mean of an objective over the groups of the rows; groups where it is not defined are left out."""

    objective: Objective

    def losses(self, outputs: Outputs, rows: ScoredRows) -> NDArray[np.float64]:
        """Return the mean of each member's losses over the groups."""
        return mean_of_defined(
            [self.objective.losses(outputs.some(part), rows.some(part)) for part in group_parts(rows)]
        )


def group_parts(rows: ScoredRows) -> list[NDArray[np.int64]]:
    """Return the rows of each group, by index."""
    assert rows.groups is not None
    return [np.flatnonzero(rows.groups == group) for group in np.unique(rows.groups)]


def mean_of_defined(losses: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean of losses, each of shape (members,), over those that are not NaN; NaN if all are."""
    stacked = np.array(losses)
    is_defined = ~np.isnan(stacked)
    found: NDArray[np.float64] = np.where(is_defined, stacked, 0.0).sum(axis=0) / is_defined.sum(axis=0)
    return found


def _confusions(outputs: Outputs, rows: ScoredRows, classes: int) -> NDArray[np.int64]:
    counts = np.empty((len(outputs.values), classes, classes), dtype=np.int64)
    count_confusions(np.ascontiguousarray(outputs.values), rows.truth, counts)
    return counts


def make_objective(settings: EvolutionSettings, kind: TargetKind, classes: NDArray[Any] | None) -> Objective:
    """Return the objective of a fitness.

    Args:
        settings: of the evolution.
        kind: of the target.
        classes: labels of the classes, in order; None for regression.

    Raises:
        DataError: a Python function cannot be imported.
    """
    fitness = parse_fitness(settings.fitness)
    labels = [] if classes is None else classes.tolist()
    positive = labels.index(1) if 1 in labels else None
    one: Objective
    match fitness.kind:
        case "loss":
            one = SquaredError() if kind == "regression" else LogLoss()
        case "scoring":
            one = _scoring(scoring_of(settings.fitness), kind, len(labels), positive)
        case "cost":
            assert settings.cost is not None
            one = MeanCost(costs=np.array(parse_costs(settings.cost, settings.known)))
        case "fbeta":
            return BestFBeta(
                beta=fitness.number,
                positive=1 if positive is None else positive,
                has_groups=settings.fitness_groups is not None,
            )
        case "quantile":
            one = QuantileLoss(quantile=fitness.number)
        case "function":
            one = FunctionScore(function=PythonFitness(settings.fitness))
        case _:
            assert_never(fitness.kind)
    return one if settings.fitness_groups is None else MeanOverGroups(objective=one)


def _scoring(name: str, kind: TargetKind, classes: int, positive: int | None) -> Objective:
    """Return the objective of a scoring of scikit-learn."""
    if kind == "regression" and name in NUMBER_MEASURES:
        return NumberScore(scoring=name)
    if kind != "regression" and name in CLASS_MEASURES:
        return ClassScore(scoring=name, classes=classes, positive=positive)
    if kind == "binary" and name == "roc_auc":
        return RankScore(measure=ROC_AUC, positive=1)
    if kind == "binary" and name == "average_precision" and positive is not None:
        return RankScore(measure=AVERAGE_PRECISION, positive=positive)
    return AnyScoring(scoring=name)
