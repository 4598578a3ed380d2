"""The scorings of a SizeSearchCV, and the names of their columns in ``cv_results_``."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsize_engine.errors import NnsizeError
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.scorings import estimator_scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedScorings:
    """Scorings of scikit-learn, each below the name that its columns have."""

    by_name: Mapping[str, str]
    """The scoring of each name, in the order they were given; two names may have one scoring."""

    chosen: str
    """The scoring that chooses."""

    is_multimetric: bool
    """True if the names are in ``cv_results_``; with a single scoring its columns are named ``score``."""

    @property
    def all(self) -> tuple[str, ...]:
        """Each scoring once; the first one chooses."""
        return tuple(dict.fromkeys((self.chosen, *self.by_name.values())))


def named_scorings(scoring: Any, refit: Any, task: Task) -> NamedScorings:
    """Return the scorings that the parameters of a search give.

    None is what ``score`` of scikit-learn's estimators computes.

    Raises:
        NnsizeError: they are no names of scorings, or it is open which of them chooses.
    """
    if scoring is None or isinstance(scoring, str):
        name = estimator_scoring(task) if scoring is None else scoring
        by_name = {name: name}
    else:
        by_name = _by_name(scoring)
    if isinstance(refit, bool | np.bool):
        if isinstance(scoring, Set) and len(scoring) > 1:
            raise NnsizeError(
                f"scoring is a set, which has no first one to choose; give a list, or name the one that chooses in "
                f"refit: {', '.join(sorted(by_name))}"
            )
        chosen = next(iter(by_name))
    elif isinstance(refit, str) and refit in by_name:
        chosen = refit
    else:
        raise NnsizeError(
            f"refit is {refit!r}; it must be True, False, or the scoring that chooses: {', '.join(by_name)}"
        )
    is_multimetric = not (scoring is None or isinstance(scoring, str))
    return NamedScorings(by_name=by_name, chosen=by_name[chosen], is_multimetric=is_multimetric)


def _by_name(scoring: Any) -> dict[str, str]:
    """Return the scorings of a dict, a list or a set."""
    if isinstance(scoring, Mapping):
        names, scorings = list(scoring), list(scoring.values())
    else:
        scorings = list(scoring) if isinstance(scoring, list | tuple | Set) else []
        names = sorted(scorings, key=str) if isinstance(scoring, Set) else scorings
        scorings = names
    for one in (scoring, *scorings):
        if callable(one):
            raise NnsizeError(
                f"scoring has {_words(one)}; SizeSearchCV takes names of scikit-learn scorings, not functions; search "
                f"by GridSearchCV with a scorer of your own, and let nnsize.watch show it"
            )
    if not scorings or not all(isinstance(one, str) for one in (*names, *scorings)):
        raise NnsizeError(
            f"scoring is {_words(scoring)}; it must be the name of a scikit-learn scoring, a list of names, or a dict "
            f"such as {{'error': 'neg_mean_absolute_error'}}"
        )
    for place, name in enumerate(names):
        if name in names[:place]:
            raise NnsizeError(f"scoring {name} is named twice; name it once")
    return dict(zip(names, scorings, strict=True))


def _words(given: Any) -> str:
    return " ".join(repr(given).split())
