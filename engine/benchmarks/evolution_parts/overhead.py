"""The time of a generation of 100 members besides its matrix products."""

import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks.evolution_parts import evolvers
from benchmarks.evolution_parts.part import Part, Run, Runs, median, table
from benchmarks.products import MemberProducts
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.settings.evolution import EvolutionSettings

GENERATIONS, MEMBERS = 200, 100

MAX_OVERHEAD = 0.25
"""Target."""

ARTICLE: Mapping[str, Any] = MappingProxyType(
    {"strategy": "best1bin", "fitness": "accuracy", "init": "latinhypercube", "tol": 0.0}
)
"""The setting of article 2, with 100 members."""

STRATEGIES = ("shade", "sep-cma-es", "lm-ma-es", "snes", "pgpe", "openai-es")


def _of(strategy: str) -> Mapping[str, Any]:
    return {"strategy": strategy, "fitness": "log_loss", "init": "glorot", "bounds": "glorot:10", "weight_decay": 0.01}


def _overhead(workers: int | None, given: Mapping[str, Any]) -> Run:
    def run(seed: int) -> dict[str, Any]:
        settings = EvolutionSettings(**{"tol": 0.0, **given}, seed=seed, generations=GENERATIONS, members=MEMBERS)
        problem = evolvers.problem_for(settings)
        products, evolution = MemberProducts(problem), Evolution(problem, None, lambda _: None)
        whole, bare = [], []
        with ThreadPool(worker_count(workers)) as pool:
            while evolution.reason_to_end is None:
                whole.append(_costs(lambda: evolution.next_generation(pool, threading.Event())))
                bare.append(_costs(lambda: products.seconds(pool)))
        (wall, processor), (wall_limit, processor_limit) = (np.median(costs[1:], axis=0) for costs in (whole, bare))
        return {
            "seconds": wall,
            "products": wall_limit,
            "overhead": wall / wall_limit - 1,
            "processor_overhead": processor / processor_limit - 1,
        }

    return run


def _costs(function: Callable[[], object]) -> tuple[float, float]:
    """Return wall seconds and processor seconds of a call; a busy machine disturbs the latter less."""
    wall, processor = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - wall, time.process_time() - processor


def _rows() -> dict[str, Run]:
    given = {"best1bin, article's": ARTICLE, **{strategy: _of(strategy) for strategy in STRATEGIES}}
    cores = {"one core": 1, "all cores": None}
    return {
        f"{name}, {words}": _overhead(workers, settings)
        for name, settings in given.items()
        for words, workers in cores.items()
    }


def _lines(found: Runs) -> list[str]:
    """Return a table of the time of a generation besides its matrix products."""
    rows = [
        [
            subject,
            f"{median(runs, 'seconds') * 1000:.2f}",
            f"{median(runs, 'products') * 1000:.2f}",
            f"{median(runs, 'overhead'):.0%}",
            f"{median(runs, 'processor_overhead'):.0%}",
        ]
        for subject, runs in found.items()
    ]
    return [
        f"A generation of {MEMBERS} members x 4,097 weights, 398 rows; its products alone in turn with it. Medians. "
        f"Target: at most {MAX_OVERHEAD:.0%}.",
        "",
        *table("|ms a generation|products alone, ms|overhead|of processor time", rows),
    ]


PART = Part(rows=_rows(), seeds=3, lines=_lines)
