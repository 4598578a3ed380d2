"""The fitness of an evolution: a loss to minimise, or a scikit-learn scoring to maximise."""

from collections.abc import Mapping
from types import MappingProxyType

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import choose_one
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.scorings import is_scoring, scorings_for, task_words

LOSSES: Mapping[str, str] = MappingProxyType({"log_loss": "neg_log_loss", "squared_error": "neg_mean_squared_error"})
"""The losses, each with the scoring that is its negative."""

_DEFAULT_LOSSES: Mapping[Task, str] = MappingProxyType(
    {"binary": "log_loss", "multiclass": "log_loss", "multilabel": "log_loss", "regression": "squared_error"}
)


def check_fitness(name: str, task: Task, targets: int = 1) -> None:
    """Accept a fitness for a task with ``targets`` columns to predict.

    Raises:
        SettingsError: there is no such fitness, or it does not fit the task; the message lists those that do.
    """
    scorings = scorings_for(task, targets)
    losses = [loss for loss, scoring in LOSSES.items() if scoring in scorings]
    if name in losses or name in scorings:
        return
    if name in LOSSES or is_scoring(name):
        raise SettingsError(
            f"fitness {name!r} does not fit {task_words(task, targets)}; "
            f"choose {', '.join(losses)}, or a scoring: {', '.join(scorings)}",
            field="fitness",
        )
    raise SettingsError(f"unknown fitness {name!r}; {choose_one(name, (*losses, *scorings))}", field="fitness")


def is_minimised(name: str) -> bool:
    """Return whether a smaller value of this fitness is better."""
    return name in LOSSES


def scoring_of(name: str) -> str:
    """Return the scikit-learn scoring of a fitness: the fitness itself, or the negative of a loss."""
    return LOSSES.get(name, name)


def default_loss(task: Task) -> str:
    """Return the loss that gradient training minimises for a task."""
    return _DEFAULT_LOSSES[task]
