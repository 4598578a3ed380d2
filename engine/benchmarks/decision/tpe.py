"""Optuna's tree-structured Parzen estimator, replayed over the kept scores.

A trial is one size on all folds, and the answer is the trial with the largest mean. The sampler has Optuna's default
settings, so its first 10 trials are random. A size that the grid lacks gets the scores of the nearest one by its
logarithm; article 1's grid lacks none. A size that is asked for again counts as trained again, as in Optuna.

Optuna belongs to the study alone: ``pip install optuna``, or ``pip install --group study``.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from grids import FOLDS, kept
from kept_files import keep_arrays, kept_path
from rules import Search, Verdict
from tasks import Task


def kept_trials(task: Task) -> list[list[int]]:
    """Return the sizes that the trials of each search asked for, in their order."""
    path = kept_path(task, "tpe")
    if not path.exists():
        return []
    with np.load(path) as arrays:
        trials: list[list[int]] = arrays["trials"].tolist()
        return trials


def compute_tpe(task: Task) -> Iterator[int]:
    """Replay and keep the searches of a task that are missing; yield the number of each."""
    found = kept_trials(task)
    searches = [Search(task=task, grid=grid) for grid in kept(task)]
    for number in range(len(found), len(searches)):
        found.append(_trials(searches[number], number))
        keep_arrays(kept_path(task, "tpe"), trials=np.array(found))
        yield number


def _trials(search: Search, seed: int) -> list[int]:
    """Return the sizes of as many trials as the grid has sizes."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    task, means = search.task, search.common.mean(axis=0)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    asked = []
    for _ in task.sizes:
        trial = study.ask()
        place = _place(task, trial)
        asked.append(task.sizes[place])
        if np.isnan(means[place]):
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(trial, float(means[place]))
    return asked


def _place(task: Task, trial: Any) -> int:
    low, high = min(task.sizes), max(task.sizes)
    if task.group == "article":
        return list(task.sizes).index(trial.suggest_int("neurons", low, high, step=2))
    size = trial.suggest_int("neurons", low, high, log=True)
    return int(np.argmin(np.abs(np.log2(task.sizes) - np.log2(size))))


def best_of_trials(search: Search, trials: list[int]) -> Verdict:
    """Return the best of these trials, and what all of them cost."""
    places = [list(search.task.sizes).index(size) for size in trials]
    means = search.common.mean(axis=0)[places]
    seconds = search.of_grid(search.grid.seconds)[:, places].sum()
    return Verdict(size=trials[int(np.nanargmax(means))], fits=FOLDS * len(trials), seconds=float(seconds))
