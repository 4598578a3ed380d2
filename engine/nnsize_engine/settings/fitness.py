"""The fitness of an evolution, by its name.

==========================  ===========================================================================
``log_loss``                a loss to minimise; ``squared_error`` likewise
``roc_auc``, ``r2``, ...    a scikit-learn scoring to maximise
``cost``                    the mean cost of a cost matrix, to minimise
``fbeta:2``                 F-beta of the label 1 at the best threshold, to maximise
``quantile:0.9``            the pinball loss of a quantile, to minimise
``mymodule:function``       a Python function, to maximise
==========================  ===========================================================================
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import choose_one
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.python_function import is_function, short_name
from nnsize_engine.settings.scorings import CLUSTERING, is_scoring, scorings_for, task_words

LOSSES: Mapping[str, str] = MappingProxyType({"log_loss": "neg_log_loss", "squared_error": "neg_mean_squared_error"})
"""The losses, each with the scoring that is its negative."""

COST = "cost"
"""The fitness that is the mean cost of a cost matrix."""

FitnessKind = Literal["loss", "scoring", "cost", "fbeta", "quantile", "function"]

MAX_BETA = 1e6  # F-beta is recall for every larger one, to the last digit that is shown

_EXAMPLES: Mapping[str, str] = MappingProxyType({"fbeta": "fbeta:2", "quantile": "quantile:0.9"})
"""The kinds that have a number after a colon."""

_DEFAULT_LOSSES: Mapping[Task, str] = MappingProxyType(
    {"binary": "log_loss", "multiclass": "log_loss", "multilabel": "log_loss", "regression": "squared_error"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """A fitness that was read from its name."""

    kind: FitnessKind
    number: float = 0.0
    """Beta of F-beta, or the quantile."""


@lru_cache(maxsize=64)
def parse_fitness(name: str) -> Fitness:
    """Return the kind of a fitness and its number; a name that means nothing else is taken for a scoring.

    Raises:
        SettingsError: F-beta or a quantile lacks its number, or the number is none.
    """
    kind, colon, number = name.partition(":")
    if name in LOSSES:
        return Fitness(kind="loss")
    if name == COST:
        return Fitness(kind="cost")
    if kind == "fbeta":
        return Fitness(kind="fbeta", number=_number(name, number, "beta above 0", MAX_BETA))
    if kind == "quantile":
        return Fitness(kind="quantile", number=_number(name, number, "quantile between 0 and 1, both excluded", 1.0))
    if colon and is_function(name):
        return Fitness(kind="function")
    return Fitness(kind="scoring")


def _number(name: str, text: str, wanted: str, limit: float) -> float:
    kind = name.partition(":")[0]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < limit:  # written so that NaN fails too
        raise SettingsError(f"fitness is {name!r}; it needs a {wanted}, as in {_EXAMPLES[kind]}", field="fitness")
    return value


def fitnesses_for(task: Task, targets: int = 1) -> list[str]:
    """Return the fitnesses that fit a task, losses first; one example for those with a number."""
    scorings = scorings_for(task, targets)
    losses = [loss for loss, scoring in LOSSES.items() if scoring in scorings]
    others = {"binary": [COST, _EXAMPLES["fbeta"]], "multiclass": [COST], "regression": [_EXAMPLES["quantile"]]}
    return [*losses, *others.get(task, []), *scorings]


def check_fitness(name: str, task: Task, targets: int = 1) -> None:
    """Accept a fitness for a task with ``targets`` columns to predict.

    Raises:
        SettingsError: there is no such fitness, or it does not fit the task; the message lists those that do.
    """
    fitting, kind = fitnesses_for(task, targets), parse_fitness(name).kind
    losses = [name for name in fitting if parse_fitness(name).kind != "scoring"]
    scorings = [name for name in fitting if parse_fitness(name).kind == "scoring" and name not in CLUSTERING]
    if kind == "function" or kind in {parse_fitness(one).kind for one in losses if ":" in one} or name in fitting:
        return
    if kind != "scoring" or is_scoring(name):
        raise SettingsError(
            f"fitness {name!r} does not fit {task_words(task, targets)}; "
            f"choose {', '.join(losses)}, or a scoring: {', '.join(scorings)}",
            field="fitness",
        )
    raise SettingsError(f"unknown fitness {name!r}; {choose_one(name, (*losses, *scorings))}", field="fitness")


def is_minimised(name: str) -> bool:
    """Return whether a smaller value of this fitness is better."""
    return parse_fitness(name).kind in ("loss", "cost", "quantile")


def scoring_of(name: str) -> str:
    """Return the scikit-learn scoring of a fitness: the fitness itself, or the negative of a loss."""
    return LOSSES.get(name, name)


def default_loss(task: Task) -> str:
    """Return the loss that gradient training minimises for a task."""
    return _DEFAULT_LOSSES[task]


def fitness_words(name: str) -> str:
    """Return the name of a fitness as it is shown: that of a Python function without its folder."""
    return short_name(name) if parse_fitness(name).kind == "function" else name
