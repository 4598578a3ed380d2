"""The scorings that lists, completions and messages offer, with a line of words on each.

Scores of clusterings are accepted where they are named, and offered nowhere: they compare partitions, and do not tell
how well a network predicts.
"""

from collections.abc import Mapping
from types import MappingProxyType

from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.scorings import (
    BINARY_ONLY,
    CLASSIFICATION,
    CLUSTERING,
    MULTILABEL_ONLY,
    REGRESSION,
    default_scoring,
    scorings_for,
)

SCORING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "roc_auc": "chance that a row of class 1 is ranked above one of class 0; 0.5 is guessing",
        "accuracy": "share of rows that are predicted right",
        "balanced_accuracy": "mean of each class's share of rows found, however rare the class",
        "average_precision": "area below precision and recall; for a rare class 1",
        "f1": "harmonic mean of precision and recall of class 1",
        "precision": "share of the rows predicted as class 1 that are of it",
        "recall": "share of the rows of class 1 that are found",
        "neg_log_loss": "minus the log loss of the probabilities",
        "neg_brier_score": "minus the squared error of the probabilities",
        "matthews_corrcoef": "correlation of labels and predictions, from -1 to 1; fair to rare classes",
        "d2_log_loss_score": "log loss saved, against predicting the classes' shares; 0 is none, 1 is all",
        "d2_brier_score": "Brier score saved, against predicting the classes' shares; 0 is none, 1 is all",
        "jaccard": "rows of class 1 that are found, of those that are or are predicted as class 1",
        "roc_auc_ovr": "roc_auc of each class against the rest, mean over classes",
        "roc_auc_ovr_weighted": "roc_auc of each class against the rest, weighted by its rows",
        "roc_auc_ovo": "roc_auc of each pair of classes, mean over pairs",
        "roc_auc_ovo_weighted": "roc_auc of each pair of classes, weighted by their rows",
        "f1_macro": "F1 of each class, mean over classes: every class counts the same",
        "f1_weighted": "F1 of each class, weighted by its rows",
        "f1_micro": "F1 over all rows and classes together",
        "precision_macro": "precision of each class, mean over classes",
        "precision_weighted": "precision of each class, weighted by its rows",
        "precision_micro": "precision over all rows and classes together",
        "recall_macro": "recall of each class, mean over classes",
        "recall_weighted": "recall of each class, weighted by its rows",
        "recall_micro": "recall over all rows and classes together",
        "jaccard_macro": "jaccard of each class, mean over classes",
        "jaccard_weighted": "jaccard of each class, weighted by its rows",
        "jaccard_micro": "jaccard over all rows and classes together",
        "top_k_accuracy": "share of rows whose class is among the two most probable ones",
        "positive_likelihood_ratio": "how many times more often class 1 is predicted for its rows than for others",
        "neg_negative_likelihood_ratio": "minus: how many times more often class 0 is predicted for rows of class 1",
        "r2": "share of the variance that is explained; 0 is predicting the mean",
        "neg_root_mean_squared_error": "minus the root of the mean squared error, in units of the target",
        "neg_mean_squared_error": "minus the mean squared error",
        "neg_mean_absolute_error": "minus the mean absolute error, in units of the target",
        "neg_median_absolute_error": "minus the median absolute error; outliers do not count",
        "neg_mean_absolute_percentage_error": "minus the mean absolute error relative to the target",
        "explained_variance": "as r2, but a constant error costs nothing",
        "d2_absolute_error_score": "share of the absolute error that is saved, against predicting the median",
        "neg_max_error": "minus the largest error",
        "neg_root_mean_squared_log_error": "minus the root of the mean squared error of log(1 + target)",
        "neg_mean_squared_log_error": "minus the mean squared error of log(1 + target)",
        "neg_mean_poisson_deviance": "minus the deviance of Poisson: for counts",
        "neg_mean_gamma_deviance": "minus the deviance of Gamma: for positive, skewed targets",
        "f1_samples": "F1 of each row's labels, mean over rows",
        "precision_samples": "precision of each row's labels, mean over rows",
        "recall_samples": "recall of each row's labels, mean over rows",
        "jaccard_samples": "jaccard of each row's labels, mean over rows",
    }
)
"""The words on each scoring that is offered, the most used first."""

_MULTILABEL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "share of rows with every label right",
        "roc_auc": "chance that a row with a label is ranked above one without it, mean over labels",
        "average_precision": "area below precision and recall of each label, mean over labels",
    }
)
"""Words on scorings that mean something else for several labels per row."""


def offered_scorings(task: Task, targets: int = 1) -> list[str]:
    """Return the scorings that are offered for a task with ``targets`` columns to predict: the default one first."""
    fitting, first = set(scorings_for(task, targets)), default_scoring(task)
    return [first, *(name for name in SCORING_WORDS if name in fitting and name != first)]


def every_offered_scoring() -> list[str]:
    """Return the scorings of all tasks that are offered, where the task is not known."""
    known = (CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL_ONLY) - CLUSTERING
    return [name for name in SCORING_WORDS if name in known]


def scoring_words(name: str, task: Task | None = None) -> str:
    """Return the words on a scoring, for a task; empty for one that is not offered."""
    words = SCORING_WORDS.get(name, "")
    return _MULTILABEL_WORDS.get(name, words) if task == "multilabel" else words
