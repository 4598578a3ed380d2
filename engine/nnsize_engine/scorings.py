"""The scoring names scikit-learn accepts, and which task each one fits.

The lists are scikit-learn's own (``sklearn.metrics.get_scorer_names``), written down so that a screen can check a name
without the three seconds of importing it; a test compares them with the installed release, name by name and task by
task. Every score is "bigger is better", scikit-learn's convention.
"""

from nnsize_engine.errors import SettingsError
from nnsize_engine.known_data import Task

CLASSIFICATION = frozenset(
    """
    accuracy adjusted_mutual_info_score adjusted_rand_score average_precision balanced_accuracy completeness_score
    d2_brier_score d2_log_loss_score f1_macro f1_micro f1_weighted fowlkes_mallows_score homogeneity_score jaccard_macro
    jaccard_micro jaccard_weighted matthews_corrcoef mutual_info_score neg_brier_score neg_log_loss
    normalized_mutual_info_score precision_macro precision_micro precision_weighted rand_score recall_macro recall_micro
    recall_weighted roc_auc_ovo roc_auc_ovo_weighted roc_auc_ovr roc_auc_ovr_weighted top_k_accuracy v_measure_score
    """.split()
)
"""Fit two classes and more."""

BINARY_ONLY = frozenset(
    "f1 jaccard neg_negative_likelihood_ratio positive_likelihood_ratio precision recall roc_auc".split()
)
"""Need exactly two classes."""

REGRESSION = frozenset(
    """
    d2_absolute_error_score explained_variance neg_max_error neg_mean_absolute_error neg_mean_absolute_percentage_error
    neg_mean_gamma_deviance neg_mean_poisson_deviance neg_mean_squared_error neg_mean_squared_log_error
    neg_median_absolute_error neg_root_mean_squared_error neg_root_mean_squared_log_error r2
    """.split()
)

MULTILABEL_ONLY = frozenset("f1_samples jaccard_samples precision_samples recall_samples".split())
"""Need several labels for a row, which no task here has."""

_DEFAULTS: dict[Task, str] = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "r2"}


def default_scoring(task: Task) -> str:
    """The scoring used when none is named: article 1's for two classes, scikit-learn's own ``score`` otherwise."""
    return _DEFAULTS[task]


def scorings_for(task: Task) -> list[str]:
    """Every scoring name that fits a task, in alphabetical order."""
    if task == "regression":
        return sorted(REGRESSION)
    return sorted(CLASSIFICATION | BINARY_ONLY if task == "binary" else CLASSIFICATION)


def check_scoring(name: str, task: Task) -> None:
    """Accept a scoring name for a task.

    Raises:
        SettingsError: scikit-learn has no such scoring, or it does not fit the task; names those that do.
    """
    valid = scorings_for(task)
    if name in valid:
        return
    known = name in CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL_ONLY
    kind = {"binary": "two classes", "multiclass": "more than two classes", "regression": "regression"}[task]
    found = f"scoring {name!r} does not fit {kind}" if known else f"unknown scoring {name!r}"
    raise SettingsError(f"{found}; choose one of {', '.join(valid)}")
