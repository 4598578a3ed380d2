"""The scoring names of scikit-learn, and the tasks that each fits.

The lists copy ``sklearn.metrics.get_scorer_names``, so that a screen can check a name without importing scikit-learn,
which takes three seconds. A test compares them with the installed release, by name and task. A bigger score is better,
as in scikit-learn.
"""

import math
from collections.abc import Sequence
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
"""Scorings for two classes and more."""

BINARY_ONLY = frozenset(
    "f1 jaccard neg_negative_likelihood_ratio positive_likelihood_ratio precision recall roc_auc".split()
)
"""Scorings for exactly two classes."""

ABOUT_LABEL_ONE = frozenset("average_precision f1 jaccard precision recall".split())
"""Scorings of two classes about the class labelled 1; scikit-learn refuses them without such a class."""

ABOUT_LABEL_ONE_OF_TEXTS = frozenset("d2_brier_score neg_brier_score".split())
"""Further such scorings for labels that are texts; for two numbers they take the larger one."""

REGRESSION = frozenset(
    """
    d2_absolute_error_score explained_variance neg_max_error neg_mean_absolute_error neg_mean_absolute_percentage_error
    neg_mean_gamma_deviance neg_mean_poisson_deviance neg_mean_squared_error neg_mean_squared_log_error
    neg_median_absolute_error neg_root_mean_squared_error neg_root_mean_squared_log_error r2
    """.split()
)

ONE_TARGET_ONLY = frozenset("neg_max_error neg_mean_gamma_deviance neg_mean_poisson_deviance".split())
"""Scorings of regression for a single number per row."""

CLUSTERING = frozenset(
    """
    adjusted_mutual_info_score adjusted_rand_score completeness_score fowlkes_mallows_score homogeneity_score
    mutual_info_score normalized_mutual_info_score rand_score v_measure_score
    """.split()
)
"""Scores of clusterings: scikit-learn computes them of classes, too, but no list or message offers them."""

MULTILABEL_ONLY = frozenset("f1_samples jaccard_samples precision_samples recall_samples".split())
"""Scorings for several labels per row."""

MULTILABEL = MULTILABEL_ONLY | frozenset(
    """
    accuracy f1_macro f1_micro f1_weighted jaccard_macro jaccard_micro jaccard_weighted precision_macro precision_micro
    precision_weighted recall_macro recall_micro recall_weighted
    """.split()
)
"""Scorings for two labels per row and more; accuracy counts the rows with every label right."""

MULTILABEL_OF_PROBABILITIES = frozenset("average_precision roc_auc".split())
"""Further scorings for three labels and more: scikit-learn's scorers take the probabilities of two labels for those of
two classes, and fail."""

_DEFAULTS: dict[Task, str] = {
    "binary": "roc_auc",
    "multiclass": "accuracy",
    "multilabel": "accuracy",
    "regression": "r2",
}
_ESTIMATOR_SCORINGS: dict[Task, str] = {**_DEFAULTS, "binary": "accuracy"}


def default_scoring(task: Task) -> str:
    """Return the default scoring of a task: that of article 1 for two classes, else that of scikit-learn."""
    return _DEFAULTS[task]


_FROM_MINUS_ONE = frozenset(("adjusted_mutual_info_score", "adjusted_rand_score", "matthews_corrcoef"))
_AT_MOST_ONE = frozenset(("explained_variance", "r2"))
_FROM_ZERO = frozenset(("mutual_info_score", "positive_likelihood_ratio"))

ROUNDING = 1e-6  # by which a score may be beyond its limits


def score_limits(scoring: str) -> tuple[float, float]:
    """Return the lowest and the highest score that there can be."""
    if scoring.startswith("neg_"):
        low, high = -math.inf, 0.0
    elif scoring.startswith("d2_") or scoring in _AT_MOST_ONE:
        low, high = -math.inf, 1.0
    elif scoring in _FROM_ZERO:
        low, high = 0.0, math.inf
    else:
        low, high = -1.0 if scoring in _FROM_MINUS_ONE else 0.0, 1.0
    return low - ROUNDING, high + ROUNDING


def has_best_score_one(scoring: str) -> bool:
    """Return whether 1 is the best possible score."""
    return not scoring.startswith("neg_") and scoring not in ("positive_likelihood_ratio", "mutual_info_score")


def estimator_scoring(task: Task) -> str:
    """Return the scoring that the ``score`` method of scikit-learn's estimators computes for a task."""
    return _ESTIMATOR_SCORINGS[task]


def scorings_for(task: Task, targets: int = 1) -> list[str]:
    """Return the scorings that fit a task with ``targets`` columns to predict, in alphabetical order."""
    match task:
        case "binary":
            return sorted(CLASSIFICATION | BINARY_ONLY)
        case "multiclass":
            return sorted(CLASSIFICATION)
        case "multilabel":
            return sorted(MULTILABEL if targets == 2 else MULTILABEL | MULTILABEL_OF_PROBABILITIES)
        case "regression":
            return sorted(REGRESSION if targets == 1 else REGRESSION - ONE_TARGET_ONLY)
        case _:
            assert_never(task)


def task_words(task: Task, targets: int = 1) -> str:
    """Return the words for a task in error messages."""
    match task:
        case "binary":
            return "two classes"
        case "multiclass":
            return "more than two classes"
        case "multilabel":
            return f"{targets} labels at once"
        case "regression":
            return "regression" if targets == 1 else f"regression of {targets} targets"
        case _:
            assert_never(task)


def needs_label_one(name: str, known: DatasetFacts) -> bool:
    """Return whether scikit-learn refuses a scoring for data without a label 1."""
    if known.task != "binary":
        return False
    are_texts = not all(_is_number(label) for label in known.labels)
    return name in ABOUT_LABEL_ONE or name.startswith("fbeta:") or (are_texts and name in ABOUT_LABEL_ONE_OF_TEXTS)


def check_label_one(name: str, known: DatasetFacts, what: str = "scoring") -> None:
    """Raise a SettingsError for a scoring about the class labelled 1, for data without such a label."""
    if needs_label_one(name, known):
        labels = " and ".join(map(repr, known.labels))  # repr escapes control characters
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


def split_scorings(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the first scoring of a list joined by commas, which chooses, and the further ones.

    Raises:
        SettingsError: a name is missing.
    """
    first, *further = [name.strip() for name in text.split(",")]
    if not first or not all(further):
        raise SettingsError(
            f"scoring is {text!r}; name one scoring, or several joined by commas: roc_auc,f1", field="scoring"
        )
    return first, tuple(further)


def check_scorings(names: Sequence[str], known: DatasetFacts, *, has_label_one: bool) -> None:
    """Accept the scorings of a search; ``has_label_one`` tells whether a class of the data is labelled 1.

    Raises:
        SettingsError: a scoring does not fit the data, or is named twice.
    """
    for place, name in enumerate(names):
        check_scoring(name, known.task, known.targets)
        if not has_label_one:
            check_label_one(name, known)
        if name in names[:place]:
            raise SettingsError(f"scoring {name} is named twice; name it once", field="scoring")


def check_scoring(name: str, task: Task, targets: int = 1) -> None:
    """Accept a scoring for a task with ``targets`` columns to predict.

    Raises:
        SettingsError: scikit-learn has no such scoring, or it does not fit the task; the message lists those that do.
    """
    fitting = scorings_for(task, targets)
    if name in fitting:
        return
    valid = [one for one in fitting if one not in CLUSTERING]
    parts = [part.strip() for part in name.split(",")]
    if len(parts) > 1 and all(part in fitting for part in parts):
        raise SettingsError(
            f"scoring {name!r} names {len(parts)} scorings, but one decides; name one, such as {parts[0]}",
            field="scoring",
        )
    if task == "multilabel" and targets == 2 and name in MULTILABEL_OF_PROBABILITIES:
        raise SettingsError(
            f"scoring {name!r} needs three labels or more, because scikit-learn takes the probabilities of two labels "
            f"for those of two classes; choose one of {', '.join(valid)}",
            field="scoring",
        )
    if is_scoring(name):
        raise SettingsError(
            f"scoring {name!r} does not fit {task_words(task, targets)}; choose one of {', '.join(valid)}",
            field="scoring",
        )
    raise SettingsError(f"unknown scoring {name!r}; {choose_one(name, valid)}", field="scoring")


def is_scoring(name: str) -> bool:
    """Return whether scikit-learn has a scoring of this name for any task."""
    return name in CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL_ONLY
