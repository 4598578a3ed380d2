"""A search of scikit-learn, its candidates and its data as the facts that a run keeps."""

import hashlib
import math
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import joblib
import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin, is_classifier, is_regressor
from sklearn.utils.multiclass import type_of_target

from nnsize._sklearn_private_search import made_of
from nnsize._watched_fits import SINGLE
from nnsize_engine.results.records import DataFacts
from nnsize_engine.results.watched import WatchedCandidate
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.parameter_grid import Value
from nnsize_engine.settings.watched import WatchedSettings

MAX_TEXT = 500  # letters of a value or a name that is kept

MAX_HASHED_BYTES = 2**28  # of X and y together, to tell data apart; larger ones by their shape and type alone

_TASKS: Mapping[str, Task] = {
    "binary": "binary",
    "multiclass": "multiclass",
    "multilabel-indicator": "multilabel",
}
"""Tasks by scikit-learn's name of the target; all others count as regression."""

_FIRST_WORDS = "Return the mean accuracy on"
"""Words of scikit-learn on a score that is an accuracy, also where a class has a method of its own for it."""


def settings_of(search: Any, name: str, candidates: Sequence[Mapping[str, Any]], X: Any, y: Any) -> WatchedSettings:
    """Return what is known of a search whose first candidates are about to be evaluated."""
    names = _score_names(search)
    labels, task = _labels_and_task(None if is_regressor(search.estimator) else y)  # whole numbers, too
    shape = np.shape(X) if hasattr(X, "shape") or not hasattr(X, "__len__") else (len(X), *np.shape(X[0]))
    return WatchedSettings(
        name=plain_text(name),
        search=type(search).__name__,
        estimator=plain_text(estimator_words(search.estimator)),
        searched=tuple(sorted({str(key) for one in candidates for key in one})),
        splits=int(search.n_splits_),
        scorings=names if names != (SINGLE,) else (plain_text(_scoring_words(search)),),
        score_names=names,
        planned=len(candidates),
        resource=plain_text(search.resource) if hasattr(search, "resource") else None,
        rows=int(shape[0]) if shape else 0,
        inputs=int(shape[1]) if len(shape) > 1 else 0,
        task=task,
        classes=labels,
    )


def _score_names(search: Any) -> tuple[str, ...]:
    """Return the names of the scores in ``cv_results_``, the one that chooses first; unknown for a function."""
    scoring = search.scoring
    if scoring is None or isinstance(scoring, str) or callable(scoring):
        return (SINGLE,)
    return in_order([str(one) for one in scoring], search.refit)


def in_order(names: Sequence[str], refit: Any) -> tuple[str, ...]:
    """Return names of scores, that by which the search refits first."""
    first = [name for name in names if name == refit]
    return (*first, *(name for name in names if name not in first))


def _scoring_words(search: Any) -> str:
    """Return what the only score is called: a name of scikit-learn, or the name of a function."""
    scoring = search.scoring
    if isinstance(scoring, str):
        return scoring
    if scoring is not None:
        function, sign = made_of(scoring)
        if function:
            return function if sign > 0 else f"neg_{function}"
        return f"{scoring.__name__}()" if hasattr(scoring, "__name__") else str(scoring)
    final = search.estimator
    while hasattr(final, "steps"):
        final = final.steps[-1][1]
    method = getattr(type(final), "score", None)
    if method is ClassifierMixin.score or (is_classifier(final) and _FIRST_WORDS in (method.__doc__ or "")):
        return "accuracy"
    return "r2" if method is RegressorMixin.score else SINGLE


def estimator_words(estimator: Any) -> str:
    """Return the class of an estimator; of a pipeline those of its steps."""
    if hasattr(estimator, "steps"):
        return " + ".join(estimator_words(step) for _, step in estimator.steps)
    return estimator if isinstance(estimator, str) else type(estimator).__name__


def candidates_of(
    candidates: Sequence[Mapping[str, Any]], first: int, more: Mapping[str, Sequence[Any]] | None
) -> list[WatchedCandidate]:
    """Return candidates as they are kept, numbered from ``first``; ``more`` is what a halving search adds."""
    more = more or {}
    return [
        WatchedCandidate(
            number=first + place,
            parameters=tuple((str(name), _value(one[name])) for name in sorted(one)),
            iteration=_whole(more.get("iter"), place),
            resources=_whole(more.get("n_resources"), place),
        )
        for place, one in enumerate(candidates)
    ]


def _whole(values: Sequence[Any] | None, place: int) -> int | None:
    return None if values is None else int(values[place])


def _value(value: Any) -> Value:
    """Return a value of a parameter: a finite number, a truth value, or a text; layers of one number as the number."""
    if isinstance(value, tuple | list) and len(value) == 1 and isinstance(value[0], int | np.integer):
        value = value[0]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return plain_text(value if isinstance(value, str) else getattr(value, "__name__", None) or repr(value))


def plain_text(text: object) -> str:
    """Return a text in one line of limited length that can be stored."""
    words = " ".join(str(text).split()).encode(errors="replace").decode()
    return words if len(words) <= MAX_TEXT else f"{words[: MAX_TEXT - 3]}..."


def _labels_and_task(y: Any) -> tuple[int, Task]:
    """Return the number of classes and the task of a target; 0 and regression without one."""
    if y is None:
        return 0, "regression"
    try:
        task = _TASKS.get(type_of_target(y), "regression")
        if task == "multilabel":
            return int(np.shape(y)[1]), task
        return (0 if task == "regression" else len(np.unique(np.asarray(y)))), task
    except (TypeError, ValueError):
        return 0, "regression"


def data_facts(settings: WatchedSettings, X: Any, y: Any) -> DataFacts:
    """Return what a run keeps of its data."""
    return DataFacts(
        name=settings.data,
        task=settings.task,
        rows=settings.rows,
        inputs=settings.inputs,
        classes=settings.classes,
        train_rows=settings.rows,
        test_rows=0,
        sha256=_digest(X, y),
    )


def _digest(X: Any, y: Any) -> str:
    """Return a text that tells data apart; of plain arrays the one of nnsize's own runs."""
    size = sum(int(getattr(one, "nbytes", 0) or 0) for one in (X, y) if isinstance(one, np.ndarray))
    if size > MAX_HASHED_BYTES:
        shapes = [(np.shape(one), str(getattr(one, "dtype", ""))) for one in (X, y)]
        return hashlib.sha256(repr(shapes).encode()).hexdigest()
    if isinstance(X, np.ndarray) and isinstance(y, np.ndarray) and X.dtype != object and y.dtype != object:
        return hashlib.sha256(X.tobytes() + y.tobytes()).hexdigest()
    try:
        found: str = joblib.hash((X, y), hash_name="sha1")
    except Exception:  # an object that cannot be pickled; what it is does not matter to the search
        found = ""
    return found


def versions() -> dict[str, str]:
    """Return the versions of what computes."""
    libraries = {name: version(name) for name in ("nnsize", "scikit-learn", "numpy", "joblib")}
    return {"python": platform.python_version(), **libraries}
