"""Compare ways to evolve a network's weights: `python engine/benchmarks/evolution.py` prints tables and saves them.

Everything runs in a fresh process, ours and theirs in turn, so a busy machine disturbs both alike: compare only numbers
of one run. Imports and compilation happen before the clock starts. What is compared with is installed beside the
development dependencies, and is needed for nothing else:

    .venv/bin/python -m pip install pymoo
    .venv/bin/python -m pip install --no-deps mlrose-hiive networkx

Rows whose package is missing are left out, and the table says so.
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
from benchmarks.measure import measure
from benchmarks.products import MemberProducts
from benchmarks.trainer import RESULTS, machine, say
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.evolution import EvolutionSettings

PARTS = ("generation", "overhead", "quality", "digits")

ARTICLE_EVALUATIONS = 225_335
"""Article 2's evolution: 20,485 members, and ten generations after the first population."""

DIGITS_EVALUATIONS = 1_000_000

GENERATIONS = 2
"""Timed after the first population, at 20,485 members."""

_SMALL_GENERATIONS = 200
"""Timed at 100 members."""

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
    """The limit: a generation's bare products, on all cores."""
    products = MemberProducts(problem)
    with ThreadPool(worker_count(None)) as pool:
        found: float = min(products.seconds(pool) for _ in range(times))
    return found


_FIFTH = ", a fifth of the members"
"""pymoo's generation takes time with the square of the members: with all of them it would be half an hour."""

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
        "pymoo DE" + _FIFTH: _generation(lambda problem: evolvers.generations_of_pymoo(problem, 1), popsize=1),
        "ours float32" + _FIFTH: _generation(_ours, popsize=1),
    }
)


# What a generation of 100 members costs beside its products.


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
    """Seconds of a call, and of all threads' processor time, which a busy machine disturbs less."""
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


# What the same number of evaluations brings.


def _article(seed: int, _: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = evolvers.ours(evolvers.problem_for(EvolutionSettings(seed=seed)), ARTICLE_EVALUATIONS)
    return found


def _recommended(seed: int, _: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = evolvers.ours(evolvers.problem_for(recommended(seed=seed)), ARTICLE_EVALUATIONS)
    return found


def _scipy(seed: int, _: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = evolvers.scipy(evolvers.problem_for(EvolutionSettings(seed=seed)), ARTICLE_EVALUATIONS)
    return found


def _gradient(seed: int, _: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = evolvers.gradient(evolvers.problem_for(EvolutionSettings(seed=seed)))
    return found


def _mlrose(algorithm: str) -> Run:
    def run(seed: int, arguments: argparse.Namespace) -> dict[str, Any]:
        problem = evolvers.problem_for(EvolutionSettings(seed=seed))
        found: dict[str, Any] = evolvers.mlrose(problem, algorithm, ARTICLE_EVALUATIONS, arguments.mlrose_seconds)
        return found

    return run


QUALITY: Mapping[str, Run] = MappingProxyType(
    {
        "gradient training": _gradient,
        "ours, recommended": _recommended,
        "ours, article's setting": _article,
        "SciPy, article's setting": _scipy,
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


def _digits_gradient(seed: int, _: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = evolvers.gradient(
        evolvers.problem_for(EvolutionSettings(data="digits", layers="32", seed=seed))
    )
    return found


DIGITS: Mapping[str, Run] = MappingProxyType({"gradient training": _digits_gradient, "ours, recommended": _digits})

RUNS: Mapping[str, Mapping[str, Run]] = MappingProxyType(
    {"generation": GENERATION, "overhead": OVERHEAD, "quality": QUALITY, "digits": DIGITS}
)

_PACKAGES = MappingProxyType({"pymoo": "pymoo", "mlrose": "mlrose_hiive"})


# Running, and telling.


def is_missing(subject: str) -> bool:
    """Whether the package that a row needs is not installed."""
    return any(
        subject.startswith(name) and importlib.util.find_spec(package) is None for name, package in _PACKAGES.items()
    )


def run_elsewhere(part: str, subject: str, seed: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """One run in a fresh process."""
    command = [sys.executable, __file__, "--one", part, subject, str(seed)]
    command += ["--mlrose-seconds", str(arguments.mlrose_seconds)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def run_part(part: str, arguments: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    """Every row of a part, in turn, once for each seed."""
    found: dict[str, list[dict[str, Any]]] = {}
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


def _median(runs: list[dict[str, Any]], name: str) -> float:
    middle: float = statistics.median(run[name] for run in runs)
    return middle


def _spread(runs: list[dict[str, Any]], name: str, digits: int) -> str:
    values = [run[name] for run in runs if run[name] is not None]
    if not values:
        return ""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(head: str, rows: list[list[str]]) -> list[str]:
    """Lines of a Markdown table; the head's cells are separated by bars."""
    cells = head.split("|")
    ruler = "|".join([" --- ", *[" ---: "] * (len(cells) - 1)])
    return [f"| {' | '.join(cells)} |", f"|{ruler}|", *(f"| {' | '.join(row)} |" for row in rows)]


def tell(part: str, found: dict[str, list[dict[str, Any]]], arguments: argparse.Namespace) -> list[str]:
    """A part as Markdown."""
    missing = [subject for subject in RUNS[part] if is_missing(subject)]
    lines = {"generation": tell_generation, "overhead": tell_overhead}.get(part, tell_quality)(found)
    if part == "quality":
        lines += [
            "",
            f"Median (range) of {arguments.seeds} seeds, of {arguments.scipy_seeds} for SciPy and "
            f"{arguments.mlrose_seeds} for mlrose; at most {ARTICLE_EVALUATIONS:,} evaluations, for mlrose at most "
            f"{arguments.mlrose_seconds:g} s too. Fitness: accuracy with article 2's setting, log loss otherwise.",
        ]
    if missing:
        lines += ["", f"Not installed, and left out: {', '.join(missing)}."]
    return lines


def tell_generation(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Cost of one generation, and of how many times ours."""
    rows = []
    for subject, runs in found.items():
        seconds = _median(runs, "seconds")
        of_fifth = _FIFTH if subject.endswith(_FIFTH) else ""
        ours = _median(found["ours float32" + of_fifth], "seconds")
        limit = f"{_median(runs, 'products') / seconds:.0%}" if "products" in runs[0] else ""
        rows.append(
            [
                subject,
                f"{seconds:.2f}",
                f"{seconds / ours:.1f}",
                f"{_median(runs, 'evaluations_per_second'):,.0f}",
                f"{_median(runs, 'megabytes'):,.0f}",
                limit,
            ]
        )
    title = f"One generation of article 2: 20,485 members x 4,097 weights, 398 rows; medians of {len(runs)}."
    head = "|s a generation|times ours|evaluations/s|peak MB|share of the products' limit"
    return [title, "", *table(head, rows)]


def tell_overhead(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """What comes on top of the products."""
    rows = [
        [
            subject,
            f"{_median(runs, 'seconds') * 1000:.2f}",
            f"{_median(runs, 'products') * 1000:.2f}",
            f"{_median(runs, 'overhead'):.0%}",
            f"{_median(runs, 'processor_overhead'):.0%}",
        ]
        for subject, runs in found.items()
    ]
    title = "A generation of 100 members x 4,097 weights, 398 rows; its products alone in turn with it."
    return [title, "", *table("|ms a generation|products alone, ms|overhead|of processor time", rows)]


def tell_quality(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """How good the networks are."""
    rows = []
    for subject, runs in found.items():
        scores = [_spread(runs, name, 3) for name in ("train_score", "test_score", "test_loss")]
        evaluations = [run["evaluations"] for run in runs if run["evaluations"] is not None]
        cost = [f"{statistics.median(evaluations):,.0f}" if evaluations else "", _spread(runs, "seconds", 1)]
        rows.append([subject, str(len(runs)), *scores, *cost])
    return table("|seeds|training accuracy|test accuracy|test log loss|evaluations|seconds", rows)


def main() -> None:
    """Read the arguments, measure, print, save."""
    parser = argparse.ArgumentParser(description="Compare evolving a network's weights with other ways.")
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=PARTS)
    parser.add_argument("--repeats", type=int, default=3, help="of what is timed")
    parser.add_argument("--seeds", type=int, default=5, help="of what is compared in quality")
    parser.add_argument("--scipy-seeds", type=int, default=2)
    parser.add_argument("--mlrose-seeds", type=int, default=2)
    parser.add_argument("--mlrose-seconds", type=float, default=120.0, help="the most that each of its runs takes")
    parser.add_argument("--one", nargs=3, metavar=("PART", "ROW", "SEED"), help="run one thing and print it as JSON")
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
        lines += ["", f"### {part}", "", *tell(part, found, arguments)]
    report["load_after"] = os.getloadavg()
    say("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"evolution-{time.strftime('%Y-%m-%d-%H%M')}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    say(f"\nSaved as {path}")


if __name__ == "__main__":
    main()
