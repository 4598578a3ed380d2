"""The scoring names scikit-learn accepts, and which task each one fits.

The lists are scikit-learn's own (``sklearn.metrics.get_scorer_names``), written down so that a screen can check a name
without the three seconds of importing it; a test compares them with the installed release, name by name and task by
task. Every score is "bigger is better", scikit-learn's convention.
"""

from typing import assert_never

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import choose_one
from nnsize_engine.settings.datasets import DatasetFacts, Task

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

ABOUT_LABEL_ONE = frozenset("average_precision f1 jaccard precision recall".split())
"""Of two classes, those about the class labelled 1; scikit-learn refuses them where there is none."""

ABOUT_LABEL_ONE_OF_TEXTS = frozenset("d2_brier_score neg_brier_score".split())
"""The same where labels are texts; of two numbers they take the larger one."""

REGRESSION = frozenset(
    """
    d2_absolute_error_score explained_variance neg_max_error neg_mean_absolute_error neg_mean_absolute_percentage_error
    neg_mean_gamma_deviance neg_mean_poisson_deviance neg_mean_squared_error neg_mean_squared_log_error
    neg_median_absolute_error neg_root_mean_squared_error neg_root_mean_squared_log_error r2
    """.split()
)

ONE_TARGET_ONLY = frozenset("neg_max_error neg_mean_gamma_deviance neg_mean_poisson_deviance".split())
"""Of regression, those that cannot score several numbers at once."""

MULTILABEL_ONLY = frozenset("f1_samples jaccard_samples precision_samples recall_samples".split())
"""Need several labels for a row, which no task here has."""

_DEFAULTS: dict[Task, str] = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "r2"}
_ESTIMATOR_SCORINGS: dict[Task, str] = {"binary": "accuracy", "multiclass": "accuracy", "regression": "r2"}


def default_scoring(task: Task) -> str:
    """Return the scoring used when none is named: article 1's for two classes, scikit-learn's own otherwise."""
    return _DEFAULTS[task]


def has_best_score_one(scoring: str) -> bool:
    """Return whether 1 is the best possible score."""
    return not scoring.startswith("neg_") and scoring not in ("positive_likelihood_ratio", "mutual_info_score")


def estimator_scoring(task: Task) -> str:
    """Return what the ``score`` of scikit-learn's estimators computes for a task."""
    return _ESTIMATOR_SCORINGS[task]


def scorings_for(task: Task, targets: int = 1) -> list[str]:
    """Return every scoring name that fits a task with so many columns to predict, in alphabetical order."""
    match task:
        case "binary":
            return sorted(CLASSIFICATION | BINARY_ONLY)
        case "multiclass":
            return sorted(CLASSIFICATION)
        case "regression":
            return sorted(REGRESSION if targets == 1 else REGRESSION - ONE_TARGET_ONLY)
        case _:
            assert_never(task)


def task_words(task: Task, targets: int = 1) -> str:
    """Return the words of a task in refusals."""
    match task:
        case "binary":
            return "two classes"
        case "multiclass":
            return "more than two classes"
        case "regression":
            return "regression" if targets == 1 else f"regression of {targets} targets"
        case _:
            assert_never(task)


def needs_label_one(name: str, known: DatasetFacts) -> bool:
    """Return whether scikit-learn refuses a scoring of data that has no label 1."""
    if known.task != "binary":
        return False
    are_texts = not all(_is_number(label) for label in known.labels)
    return name in ABOUT_LABEL_ONE or (are_texts and name in ABOUT_LABEL_ONE_OF_TEXTS)


def check_label_one(name: str, known: DatasetFacts, what: str = "scoring") -> None:
    """Accept a scoring for data of which no label is 1.

    Raises:
        SettingsError: it is about the class labelled 1.
    """
    if needs_label_one(name, known):
        labels = " and ".join(map(repr, known.labels))  # repr, so that any terminal shows them harmlessly
        raise SettingsError(
            f"{what} {name!r} is about the class labelled 1, but the labels of {known.name} are {labels}; "
            f"say which one it is about with --positive LABEL, for example --positive {known.labels[-1]!r}",
            field=what,
        )


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True


def check_scoring(name: str, task: Task, targets: int = 1) -> None:
    """Accept a scoring name for a task with so many columns to predict.

    Raises:
        SettingsError: scikit-learn has no such scoring, or it does not fit the task; names those that do.
    """
    valid = scorings_for(task, targets)
    if name in valid:
        return
    if is_scoring(name):
        raise SettingsError(
            f"scoring {name!r} does not fit {task_words(task, targets)}; choose one of {', '.join(valid)}",
            field="scoring",
        )
    raise SettingsError(f"unknown scoring {name!r}; {choose_one(name, valid)}", field="scoring")


def is_scoring(name: str) -> bool:
    """Return whether scikit-learn has a scoring of this name, whatever it fits."""
    return name in CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL_ONLY
