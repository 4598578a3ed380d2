"""The settings of an evolution from the parameters of an estimator and its training rows."""

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from nnsize._training_data import table_of
from nnsize_engine.data.split import Split
from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.parallel import worker_count
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_choice import evolution_settings
from nnsize_engine.settings.start_checks import check_start

_OF_CALLS = ("random_state", "n_jobs", "verbose")  # parameters with scikit-learn's names, or of a call of fit


def settings_of(parameters: Mapping[str, Any], split: Split, classes: NDArray[Any] | None) -> EvolutionSettings:
    """Return the settings, as ``nnsize evolve`` makes them of options with the same values.

    Args:
        parameters: the parameters of an estimator.
        split: the training rows.
        classes: the class labels; None for regression.

    Raises:
        NnsizeError: a parameter is refused.
    """
    given = {name: value for name, value in parameters.items() if name not in _OF_CALLS}
    for name, written in _WRITTEN.items():
        if given.get(name) is not None:
            given[name] = written(given[name])
    if "," in str(given["strategy"]):
        raise NnsizeError(f"strategy is {given['strategy']!r}; an estimator takes one strategy")
    given |= {
        "seed": seed_of(parameters["random_state"]),
        "jobs": jobs_of(parameters["n_jobs"]),
        "test_size": 0,
        "reference": False,
    }
    settings = evolution_settings(given, table_of(split, classes))
    check_start(settings)
    return settings


def seed_of(random_state: Any) -> int:
    """Return an integer as it is, and else one that the generator draws."""
    if isinstance(random_state, int | np.integer) and not isinstance(random_state, bool):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def jobs_of(n_jobs: Any) -> int | None:
    """Return the number of threads: None for one per processor, as for -1; -2 leaves one processor out."""
    if n_jobs is None:
        return None
    if not isinstance(n_jobs, Integral) or n_jobs == 0:
        raise NnsizeError(f"n_jobs is {n_jobs!r}; it must be a number of threads, -1 for one per processor, or None")
    count = int(n_jobs)
    return count if count > 0 else max(1, worker_count(None) + 1 + count)


def _joined(values: Any) -> str:
    """Return the layers as a text."""
    if isinstance(values, str):
        return values
    return ",".join(str(value) for value in (values if isinstance(values, Iterable) else [values]))


def _range(ends: Any) -> str:
    """Return the bounds as a text."""
    return ends if isinstance(ends, str) else ":".join(f"{end}" for end in ends)


def _matrix(costs: Any) -> str:
    """Return a cost matrix as a text."""
    if isinstance(costs, str):
        return costs
    return ";".join(",".join(f"{cost}" for cost in row) for row in np.asarray(costs).tolist())


def _mutation(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


_WRITTEN = {"layers": _joined, "bounds": _range, "cost": _matrix, "mutation": _mutation}
"""Parameters that may be given as Python values, and how they become those of settings."""
