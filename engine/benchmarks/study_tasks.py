"""Tasks of the study of strategies: training rows alone, of which each repetition holds out another quarter."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

from nnsize_engine.data.split import Split, load_split
from nnsize_engine.settings.evolution import EvolutionSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A network, its rows and its fitness."""

    data: str
    layers: str
    fitness: str
    given: Mapping[str, Any] = field(default_factory=dict)
    """Further settings."""

    is_made: bool = False
    """True if the rows are made: 1,200 of 30 inputs, a tenth of them of the second class."""

    is_large: bool = False
    """True if 100,000 evaluations take too long."""

    @property
    def is_smooth(self) -> bool:
        """Return whether the fitness is the loss of gradient training, on smooth neurons and weights as they are."""
        return self.fitness in ("log_loss", "squared_error") and not self.given

    @property
    def settings(self) -> EvolutionSettings:
        """The data and the network."""
        return EvolutionSettings(data=self.data, layers=self.layers, fitness=self.fitness, **self.given)


_BITS: Mapping[str, Any] = MappingProxyType({"bits": 2})
_STEPS: Mapping[str, Any] = MappingProxyType({"activation": "step"})

TASKS: Mapping[str, Task] = MappingProxyType(
    {
        "iris": Task(data="iris", layers="6", fitness="log_loss"),
        "wine": Task(data="wine", layers="16", fitness="log_loss"),
        "breast_cancer": Task(data="breast_cancer", layers="64,32", fitness="log_loss"),
        "digits": Task(data="digits", layers="32", fitness="log_loss"),
        "diabetes": Task(data="diabetes", layers="16", fitness="squared_error"),
        "friedman": Task(data="synthetic", layers="32", fitness="squared_error"),
        "large": Task(data="breast_cancer", layers="256,48", fitness="log_loss", is_large=True),
        "accuracy": Task(data="digits", layers="32", fitness="accuracy"),
        "imbalanced": Task(data="breast_cancer", layers="16", fitness="roc_auc", is_made=True),
        "pinball": Task(data="synthetic", layers="16", fitness="quantile:0.9"),
        "bits": Task(data="breast_cancer", layers="16", fitness="log_loss", given=_BITS),
        "steps": Task(data="wine", layers="16", fitness="log_loss", given=_STEPS),
    }
)
"""The tasks, by name: 51 weights (iris) to 20,321 (large)."""


def inner_split(task: Task, repetition: int) -> Split:
    """Return the training rows, with a quarter of them as the test rows; the test rows of the data are left out."""
    split = load_split(task.settings)
    X, y = _made_rows() if task.is_made else (split.X_train, split.y_train)
    X_train, X_held, y_train, y_held = train_test_split(
        X, y, test_size=0.25, random_state=repetition, stratify=None if split.facts.task == "regression" else y
    )
    return replace(split, X_train=X_train, y_train=y_train, X_test=X_held, y_test=y_held)


def _made_rows() -> tuple[Any, Any]:
    rows, labels = make_classification(
        n_samples=1200, n_features=30, n_informative=6, weights=[0.9], class_sep=1.0, random_state=1
    )
    return np.asarray(rows, dtype=np.float64), labels.astype(np.int64)
