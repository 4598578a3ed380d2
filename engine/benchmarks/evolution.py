"""Comparison of ways to evolve weights: `python engine/benchmarks/evolution.py` prints tables and saves them.

Each measurement runs in a fresh process, ours and theirs in turn, so that a busy machine disturbs both alike. Compare
only numbers of one call. Imports and compilation happen before the clock starts. The other packages are needed for
nothing else and must be installed first:

    .venv/bin/python -m pip install pymoo
    .venv/bin/python -m pip install --no-deps mlrose-hiive networkx

Rows whose package is missing are left out; the report lists them.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks import evolvers
from benchmarks.evolution_report import ARTICLE_EVALUATIONS, FIFTH, Runs, part_lines
from benchmarks.measure import measure
from benchmarks.products import MemberProducts
from benchmarks.report import machine, save_report, say
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.evolution import EvolutionSettings

PARTS = ("generation", "overhead", "quality", "digits")

DIGITS_EVALUATIONS = 1_000_000

GENERATIONS = 2
"""Timed generations after the first population, with 20,485 members."""

_SMALL_GENERATIONS = 200
"""Timed generations with 100 members."""

Run = Callable[[int, argparse.Namespace], dict[str, Any]]


# One generation of article 2's evolution.


def _generation(of: Callable[[Problem], list[float]], **given: Any) -> Run:
    def run(seed: int, _: argparse.Namespace) -> dict[str, Any]:
        problem = evolvers.problem_for(EvolutionSettings(seed=seed, **given))
        measured = measure(lambda: of(problem))
        seconds = statistics.median(measured.result)
        found = {
            "seconds": seconds,
            "megabytes": measured.peak_megabytes,
            "evaluations_per_second": problem.settings.member_count / seconds,
        }
        if of is _ours:
            found["products"] = _seconds_of_products(problem, 3)
        return found

    return run


def _ours(problem: Problem) -> list[float]:
    seconds: list[float] = evolvers.generations_of_ours(problem, GENERATIONS)
    return seconds


def _seconds_of_products(problem: Problem, times: int) -> float:
    """Return the shortest time of a generation's matrix products on all cores, which is the limit."""
    products = MemberProducts(problem)
    with ThreadPool(worker_count(None)) as pool:
        shortest: float = min(products.seconds(pool) for _ in range(times))
    return shortest


GENERATION: Mapping[str, Run] = MappingProxyType(
    {
        "ours float32": _generation(_ours),
        "SciPy vectorized": _generation(
            lambda problem: evolvers.generations_of_scipy(problem, GENERATIONS + 1, vectorized=True)
        ),
        "ours float64": _generation(_ours, precision="float64"),
        "SciPy workers=-1": _generation(
            lambda problem: evolvers.generations_of_scipy(problem, GENERATIONS + 1, vectorized=False)
        ),
        "pymoo DE" + FIFTH: _generation(lambda problem: evolvers.generations_of_pymoo(problem, 1), popsize=1),
        "ours float32" + FIFTH: _generation(_ours, popsize=1),
    }
)


# The time of a generation of 100 members besides its matrix products.


def _overhead(workers: int | None, **given: Any) -> Run:
    def run(seed: int, _: argparse.Namespace) -> dict[str, Any]:
        settings = replace(recommended(seed=seed, early_stopping=False, validation_fraction=0.0), **given)
        problem = evolvers.problem_for(replace(settings, generations=_SMALL_GENERATIONS, members=100))
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


_COMPATIBLE = MappingProxyType(
    {"strategy": "best1bin", "fitness": "accuracy", "weight_decay": 0.0, "bounds": "-1:1", "init": "latinhypercube"}
)

OVERHEAD: Mapping[str, Run] = MappingProxyType(
    {
        "recommended, all cores": _overhead(None),
        "recommended, one core": _overhead(1),
        "article's, all cores": _overhead(None, **_COMPATIBLE),
        "article's, one core": _overhead(1, **_COMPATIBLE),
    }
)


# The networks after the same number of evaluations.


def _quality(
    run: Callable[[Problem], dict[str, Any]],
    settings: Callable[..., EvolutionSettings] = EvolutionSettings,
    **given: Any,
) -> Run:
    return lambda seed, _: run(evolvers.problem_for(settings(seed=seed, **given)))


def _mlrose(algorithm: str) -> Run:
    def run(seed: int, arguments: argparse.Namespace) -> dict[str, Any]:
        problem = evolvers.problem_for(EvolutionSettings(seed=seed))
        limits = ARTICLE_EVALUATIONS, arguments.mlrose_seconds
        found: dict[str, Any] = evolvers.mlrose(problem, algorithm, *limits)
        return found

    return run


QUALITY: Mapping[str, Run] = MappingProxyType(
    {
        "gradient training": _quality(evolvers.gradient),
        "ours, recommended": _quality(lambda problem: evolvers.ours(problem, ARTICLE_EVALUATIONS), recommended),
        "ours, article's setting": _quality(lambda problem: evolvers.ours(problem, ARTICLE_EVALUATIONS)),
        "SciPy, article's setting": _quality(lambda problem: evolvers.scipy(problem, ARTICLE_EVALUATIONS)),
        "mlrose, hill climbing": _mlrose("random_hill_climb"),
        "mlrose, annealing": _mlrose("simulated_annealing"),
        "mlrose, genetic": _mlrose("genetic_alg"),
    }
)


def _digits(seed: int, _: argparse.Namespace) -> dict[str, Any]:
    settings = recommended(data="digits", layers="32", seed=seed)
    settings = replace(settings, generations=DIGITS_EVALUATIONS // settings.member_count - 1)
    found: dict[str, Any] = evolvers.ours(evolvers.problem_for(settings), DIGITS_EVALUATIONS)
    return found


DIGITS: Mapping[str, Run] = MappingProxyType(
    {
        "gradient training": _quality(evolvers.gradient, data="digits", layers="32"),
        "ours, recommended": _digits,
    }
)

RUNS: Mapping[str, Mapping[str, Run]] = MappingProxyType(
    {"generation": GENERATION, "overhead": OVERHEAD, "quality": QUALITY, "digits": DIGITS}
)

_PACKAGES = MappingProxyType({"pymoo": "pymoo", "mlrose": "mlrose_hiive"})


# Running.


def is_missing(subject: str) -> bool:
    """Return whether the package that a row needs is missing."""
    return any(
        subject.startswith(name) and importlib.util.find_spec(package) is None for name, package in _PACKAGES.items()
    )


def run_elsewhere(part: str, subject: str, seed: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run one row in a fresh process and return its result."""
    command = [sys.executable, __file__, "--one", part, subject, str(seed)]
    command += ["--mlrose-seconds", str(arguments.mlrose_seconds)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def run_part(part: str, arguments: argparse.Namespace) -> Runs:
    """Run each row of a part in turn, once per seed, and return the results."""
    found: Runs = {}
    for seed in range(arguments.repeats if part in ("generation", "overhead") else arguments.seeds):
        for subject in RUNS[part]:
            if is_missing(subject) or (part == "quality" and seed >= _seeds_of(subject, arguments)):
                continue
            found.setdefault(subject, []).append(run_elsewhere(part, subject, seed, arguments))
            say(f"  {part}, {subject}, {seed}: " + _short(found[subject][-1]))
    return found


def _seeds_of(subject: str, arguments: argparse.Namespace) -> int:
    if subject.startswith("SciPy"):
        return int(arguments.scipy_seeds)
    return int(arguments.mlrose_seeds if subject.startswith("mlrose") else arguments.seeds)


def _short(run: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in run.items() if value is not None)


def main() -> None:
    """Run the parts, print their report and save the results."""
    parser = argparse.ArgumentParser(description="Compare evolving a network's weights with other ways.")
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=PARTS)
    parser.add_argument("--repeats", type=int, default=3, help="repetitions of timed rows")
    parser.add_argument("--seeds", type=int, default=5, help="seeds of rows compared in quality")
    parser.add_argument("--scipy-seeds", type=int, default=2)
    parser.add_argument("--mlrose-seeds", type=int, default=2)
    parser.add_argument("--mlrose-seconds", type=float, default=120.0, help="time limit of each run of mlrose")
    parser.add_argument("--one", nargs=3, metavar=("PART", "ROW", "SEED"), help="run one row and print it as JSON")
    arguments = parser.parse_args()
    if arguments.one:
        part, subject, seed = arguments.one
        say(json.dumps(RUNS[part][subject](int(seed), arguments)))
        return
    report: dict[str, Any] = {"machine": machine(), "parts": {}}
    lines = []
    for part in arguments.parts:
        found = run_part(part, arguments)
        report["parts"][part] = found
        missing = [subject for subject in RUNS[part] if is_missing(subject)]
        lines += ["", f"### {part}", "", *part_lines(part, found, missing, arguments)]
    report["load_after"] = os.getloadavg()
    say("\n".join(lines))
    save_report("evolution", report)


if __name__ == "__main__":
    main()
