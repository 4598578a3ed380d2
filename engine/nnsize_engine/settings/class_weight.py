"""Weights of classes in training."""

from typing import Literal, get_args

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import DatasetFacts

ClassWeight = Literal["none", "balanced"]
"""``none``: every row counts the same. ``balanced``: every class counts the same, as in scikit-learn's
``compute_sample_weight("balanced", y)`` over all training rows."""

CLASS_WEIGHTS: tuple[ClassWeight, ...] = get_args(ClassWeight)


def check_class_weight(given: ClassWeight, known: DatasetFacts) -> None:
    """Refuse an unknown weighing, and one of classes where the target has numbers.

    Raises:
        SettingsError: it is unknown, or the task is regression.
    """
    if given not in CLASS_WEIGHTS:
        raise SettingsError(f"class-weight is {given!r}; it must be none or balanced", field="class_weight")
    if given != "none" and known.task == "regression":
        raise SettingsError(
            f"class-weight is for classes, and {known.name} has numbers to predict; leave it out, or name a column "
            "of weights with --sample-weight",
            field="class_weight",
        )
