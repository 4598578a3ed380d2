"""The study's tables."""

from collections.abc import Mapping, Sequence

import numpy as np
from grids import FOLDS, Grid, kept
from halving import kept_halving
from rules import RULES, Search, Verdict
from tasks import Task
from tpe import best_of_trials, kept_trials

MIN_SEARCHES = 3
"""Fewer searches of a task say nothing about its spread."""

ARGMAX, AUTO = "largest mean (argmax)", "--neurons auto"


def tables(every: Sequence[Task]) -> str:
    """Regret, adequacy, size, fits and time of every rule, by group of tasks."""
    lines = []
    for group in ("teachers", "tables", "article"):
        chosen = [(task, grids) for task in every if task.group == group and len(grids := kept(task)) >= MIN_SEARCHES]
        if not chosen:
            continue
        lines += [f"{group}: {len(chosen)} tasks, {sum(len(grids) for _, grids in chosen)} searches", ""]
        lines.append(
            f"{'rule':30}{'regret, sd':>16}{'lost score':>12}{'adequate':>10}{'size/argmax':>12}{'moves':>7}"
            f"{'fits':>7}{'time':>7}"
        )
        verdicts = [_verdicts(task, grids) for task, grids in chosen]
        names = dict.fromkeys(name for found in verdicts for name in found)
        lines += [f"{name:30}{_row(name, chosen, verdicts)}" for name in names]
        lines.append("")
    return "\n".join(lines)


def _verdicts(task: Task, grids: Sequence[Grid]) -> Mapping[str, Sequence[Verdict]]:
    """Return the verdicts of every rule on the searches of a task; rivals that are not computed are left out."""
    searches = [Search(task=task, grid=grid) for grid in grids]
    found = {name: [rule(search) for search in searches] for name, rule in RULES.items()}
    halved, trials = kept_halving(task), kept_trials(task)
    if len(halved["size"]) >= len(searches):
        found["HalvingGridSearchCV"] = [
            Verdict(size=size, fits=fits, seconds=share * search.grid_seconds)
            for search, size, fits, share in zip(searches, *halved.values(), strict=False)
        ]
    if len(trials) >= len(searches):
        as_auto = [max(1, round(verdict.fits / FOLDS)) for verdict in found[AUTO]]
        found["Optuna's TPE, fits of auto"] = [
            best_of_trials(search, asked[:count])
            for search, asked, count in zip(searches, trials, as_auto, strict=False)
        ]
        found["Optuna's TPE, fits of the grid"] = [
            best_of_trials(search, asked) for search, asked in zip(searches, trials, strict=False)
        ]
    return found


def _row(
    name: str,
    chosen: Sequence[tuple[Task, Sequence[Grid]]],
    found: Sequence[Mapping[str, Sequence[Verdict]]],
) -> str:
    regrets, lost, adequate, ratios, moves, fits, times = [], [], [], [], [], [], []
    for (task, grids), verdicts in zip(chosen, found, strict=True):
        if name not in verdicts:
            continue
        truth, spread = true_scores(task, grids)
        searches = [Search(task=task, grid=grid) for grid in grids]
        best = max(truth[size] for size in task.sizes)
        losses = np.array([best - truth[verdict.size] for verdict in verdicts[name]])
        log_sizes = np.log2([verdict.size for verdict in verdicts[name]])
        regrets.append(float(np.mean(losses / spread)))
        lost.append(float(np.mean(losses)))
        adequate.append(float(np.mean(losses <= spread)))
        ratios.append(float(np.mean(log_sizes - np.log2([verdict.size for verdict in verdicts[ARGMAX]]))))
        moves.append(float(np.std(log_sizes, ddof=1)))
        pairs = list(zip(verdicts[name], searches, strict=True))
        fits.append(float(np.mean([verdict.fits / search.grid_fits for verdict, search in pairs])))
        times.append(float(np.mean([verdict.seconds / search.grid_seconds for verdict, search in pairs])))
    error = np.std(regrets, ddof=1) / np.sqrt(len(regrets)) if len(regrets) > 1 else float("nan")
    return (
        f"{np.mean(regrets):9.2f} ± {error:4.2f}{np.mean(lost):12.5f}{np.mean(adequate):10.0%}"
        f"{np.exp2(np.mean(ratios)):12.2f}{np.mean(moves):7.2f}{np.mean(fits):7.0%}{np.mean(times):7.0%}"
        + (f"  on {len(regrets)} tasks" if len(regrets) < len(chosen) else "")
    )


def true_scores(task: Task, grids: Sequence[Grid]) -> tuple[Mapping[int, float], float]:
    """Return the true score by size, and the deviation that luck alone gives one network of the best size.

    What a search's rows do to all its sizes alike is taken off first. Article 1's sizes differ by less than the luck
    that is left in their means, so its truth is a cubic curve over the logarithm of the size, from the grid's smallest
    size on. Smaller ones are far below and would bend the curve.
    """
    scores = np.concatenate([grid.truth for grid in grids])
    truth = scores.mean(axis=0)
    if task.group == "article":
        x = np.log2(task.all_sizes)
        is_fitted = np.array(task.all_sizes) >= min(task.sizes)
        truth = np.polyval(np.polyfit(x[is_fitted], truth[is_fitted], 3), x)
    means = scores.mean(axis=0)
    inner = scores - scores.mean(axis=1, keepdims=True) - means + means.mean()
    rows = len(inner)
    spread = inner.std(axis=0) * np.sqrt(rows / max(1, rows - 1))
    return dict(zip(task.all_sizes, truth.tolist(), strict=True)), float(max(np.median(spread), 1e-9))
