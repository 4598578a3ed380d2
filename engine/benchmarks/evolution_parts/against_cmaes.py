"""Seconds of 20,000 evaluations on digits: our evolution strategies, and the package cmaes fed by our evaluator."""

import threading
import time
from typing import Any

import cmaes
import numpy as np

from benchmarks.evolution_parts import evolvers
from benchmarks.evolution_parts.part import Part, Run, Runs, median, spread, table
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evaluator import Evaluator
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.evolution.unit_space import unit_space_of
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.settings.auto_strategy import recommended

EVALUATIONS = 20_000

MAX_SHARE = 0.5
"""Target: the largest share of the seconds of cmaes."""

STEP = 0.03
"""First step size of cmaes in units of Glorot limits."""

_PEER = "cmaes.SepCMA"


def _problem(strategy: str, seed: int) -> Problem:
    settings = recommended(data="digits", layers="32", strategy=strategy, seed=seed, evaluations=EVALUATIONS)
    problem: Problem = evolvers.problem_for(settings)
    return problem


def _ours(strategy: str) -> Run:
    def run(seed: int) -> dict[str, Any]:
        found: dict[str, Any] = evolvers.ours(_problem(strategy, seed))
        return found

    return run


def _theirs(seed: int) -> dict[str, Any]:
    problem = _problem("sep-cma-es", seed)
    settings = problem.settings
    space = unit_space_of(settings, bounds_of(settings))
    optimizer = cmaes.SepCMA(mean=np.zeros(settings.weights), sigma=STEP, seed=seed)
    evaluator, table_of = Evaluator(problem, lambda _: None), problem.training
    count, best, evaluations = optimizer.population_size, np.inf, 0
    weights, losses = np.empty((count, settings.weights), settings.precision), np.empty(count)
    evaluator.halt = threading.Event()
    began, processor = time.perf_counter(), time.process_time()
    with ThreadPool(worker_count(None)) as evaluator.pool:
        while evaluations + count <= EVALUATIONS:
            trials = [optimizer.ask() for _ in range(count)]
            space.weights_of(np.array(trials, settings.precision), weights)
            evaluator.evaluate(weights, losses, table_of, generation=0)
            optimizer.tell(list(zip(trials, losses.tolist(), strict=True)))
            best, evaluations = min(best, float(losses.min())), evaluations + count
    return {
        "seconds": time.perf_counter() - began,
        "processor_seconds": time.process_time() - processor,
        "objective": best,
        "evaluations": evaluations,
    }


def _lines(found: Runs) -> list[str]:
    """Return a table of the seconds, also as a share of those of cmaes."""
    theirs = median(found[_PEER], "seconds")
    rows = [
        [
            subject,
            spread(runs, "seconds", 2),
            f"{median(runs, 'seconds') / theirs:.2f}",
            spread(runs, "processor_seconds", 2),
            spread(runs, "objective", 3),
            f"{median(runs, 'evaluations'):,.0f}",
        ]
        for subject, runs in found.items()
    ]
    return [
        f"At most {EVALUATIONS:,} evaluations on digits 64-32-10, on all cores. Medians (ranges). Target: at most "
        f"{MAX_SHARE:g} of the seconds of {_PEER}.",
        "",
        *table("|seconds|share|processor seconds|objective|evaluations", rows),
    ]


PART = Part(
    rows={"sep-cma-es": _ours("sep-cma-es"), "lm-ma-es": _ours("lm-ma-es"), _PEER: _theirs}, seeds=3, lines=_lines
)
