"""The study's tables."""

from collections.abc import Sequence

import numpy as np
from grids import Grid, kept
from rules import RULES, Search, Verdict
from tasks import Task

MIN_SEARCHES = 3
"""Fewer searches of a task say nothing about its spread."""


def tables(every: Sequence[Task]) -> str:
    """Regret, adequacy, size, fits and time of every rule, by group of tasks."""
    lines = []
    for group in ("teachers", "tables", "article"):
        chosen = [(task, grids) for task in every if task.group == group and len(grids := kept(task)) >= MIN_SEARCHES]
        if not chosen:
            continue
        lines += [f"{group}: {len(chosen)} tasks, {sum(len(grids) for _, grids in chosen)} searches", ""]
        lines.append(
            f"{'rule':28}{'regret, sd':>16}{'lost score':>12}{'adequate':>10}{'size/argmax':>12}{'fits':>7}{'time':>7}"
        )
        for name in RULES:
            lines.append(f"{name:28}{_row(name, chosen)}")
        lines.append("")
    return "\n".join(lines)


def _row(name: str, chosen: Sequence[tuple[Task, Sequence[Grid]]]) -> str:
    regrets, lost, adequate, ratios, fits, times = [], [], [], [], [], []
    for task, grids in chosen:
        truth, spread = _truth(task, grids)
        best = truth.max()
        searches = [Search(grid=grid, sizes=list(task.sizes), scoring=task.scoring) for grid in grids]
        verdicts = [RULES[name](search) for search in searches]
        of_argmax = [RULES["largest mean (argmax)"](search) for search in searches]
        losses = np.array([best - truth[verdict.size] for verdict in verdicts])
        regrets.append(float(np.mean(losses / spread)))
        lost.append(float(np.mean(losses)))
        adequate.append(float(np.mean(losses <= spread)))
        ratios.append(_log_ratio(task, verdicts, of_argmax))
        fits.append(float(np.mean([v.fits / grid.seconds.size for v, grid in zip(verdicts, grids, strict=True)])))
        times.append(float(np.mean([v.seconds / grid.seconds.sum() for v, grid in zip(verdicts, grids, strict=True)])))
    error = np.std(regrets, ddof=1) / np.sqrt(len(regrets)) if len(regrets) > 1 else float("nan")
    return (
        f"{np.mean(regrets):9.2f} ± {error:4.2f}{np.mean(lost):12.5f}{np.mean(adequate):10.0%}"
        f"{np.exp2(np.mean(ratios)):12.2f}{np.mean(fits):7.0%}{np.mean(times):7.0%}"
    )


def _log_ratio(task: Task, verdicts: Sequence[Verdict], others: Sequence[Verdict]) -> float:
    return float(
        np.mean([np.log2(task.sizes[v.size] / task.sizes[o.size]) for v, o in zip(verdicts, others, strict=True)])
    )


def _truth(task: Task, grids: Sequence[Grid]) -> tuple[np.ndarray, float]:
    """Return the true score by size, and the deviation that luck alone gives one network of the best size.

    What a search's rows do to all its sizes alike is taken off first. Article 1's 48 sizes differ by less than the luck
    that is left in their means, so its truth is a cubic curve over the logarithm of the size.
    """
    scores = np.array([grid.truth for grid in grids])
    truth = scores.mean(axis=0)
    if task.group == "article":
        x = np.log2(task.sizes)
        truth = np.polyval(np.polyfit(x, truth, 3), x)
    means = scores.mean(axis=0)
    inner = scores - scores.mean(axis=1, keepdims=True) - means + means.mean()
    rows = len(inner)
    spread = inner.std(axis=0) * np.sqrt(rows / max(1, rows - 1))
    return truth, float(max(np.median(spread), 1e-9))
