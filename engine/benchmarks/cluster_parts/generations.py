"""Generations of an evolution on workers: what travels, how long they take, and from where on it pays."""

import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.cluster_parts.machines import cluster_of, sent_bytes
from benchmarks.report import say
from nnsize_engine.cluster.cluster_members import shared_among
from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import Problem, make_problem
from nnsize_engine.evolution.sharing.worker_share import WorkerShare
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.settings.evolution import EvolutionSettings

GENERATIONS = 12  # of which the first ones load code and draw the population

SKIPPED = 4

ROWS = (398, 3_980, 39_800)

ARTICLE: dict[str, Any] = {
    "layers": "64,32",
    "bounds": "-1:1",
    "init": "latinhypercube",
    "fitness": "accuracy",
    "popsize": 5,
}
"""Article 2: 4,097 weights, 20,485 members."""


def problem_of(rows: int, **given: Any) -> Problem:
    """Return a problem with so many training rows, those of breast_cancer again and again."""
    usual: dict[str, Any] = {"data": "breast_cancer", "tol": 0.0, "generations": GENERATIONS, "reference": False}
    settings = EvolutionSettings(**usual | given)
    problem = make_problem(settings, load_split(settings))
    order = np.resize(np.arange(len(problem.training.rows.inputs)), rows)
    return replace(problem, training=problem.training.some(order))


def evolve(problem: Problem, share: WorkerShare | None = None) -> tuple[float, bytes]:
    """Return the median seconds of a generation, and the best network, by which results are compared."""
    evolution, seconds = Evolution(problem, None, lambda _: None, share), []
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None:
            seconds.append(evolution.next_generation(pool, threading.Event()).seconds)
    return float(np.median(seconds[SKIPPED:])), evolution.leading()[0].tobytes()


def shared(cluster: Cluster, problem: Problem) -> dict[str, Any]:
    """Return what an evolution on workers takes and sends."""
    wire, began = sent_bytes(), time.perf_counter()
    with shared_among(cluster, problem, lambda _: None) as share:
        median, best = evolve(problem, share)
    traffic = share.traffic
    return {
        "generation_seconds": median,
        "sent_per_generation": traffic.sent // traffic.rounds,
        "received_per_generation": traffic.received // traffic.rounds,
        "wire_per_generation": (sent_bytes() - wire) // traffic.rounds,
        "seconds": time.perf_counter() - began,
        "best": best,
    }


def problems(*, is_short: bool) -> dict[str, Problem]:
    """Return evolutions of different cost by name."""
    found: dict[str, Problem] = {}
    for rows in ROWS:
        found[f"best1bin, 100 members of 4,097 weights, {rows:,} rows"] = problem_of(
            rows, layers="64,32", members=100, strategy="best1bin", init="glorot", fitness="log_loss"
        )
        found[f"sep-cma-es, 28 trials of 4,097 weights, {rows:,} rows"] = problem_of(
            rows, layers="64,32", strategy="sep-cma-es", init="glorot", fitness="log_loss"
        )
    if not is_short:
        found["article 2, 20,485 members of 4,097 weights, 398 rows"] = problem_of(398, **ARTICLE)
    return found


def measure_generations(*, is_short: bool) -> dict[str, Any]:
    """Measure generations alone, with one worker and with two, and print a table."""
    say("\nGenerations of an evolution: seconds on one thread, with one worker, with two; bytes of two\n")
    say(f"{'':<56} {'alone':>8} {'one':>8} {'two':>8} {'gain':>5} {'sent':>10} {'received':>10} {'weights':>13}")
    found: dict[str, Any] = {}
    cases = problems(is_short=is_short)
    alone = {name: evolve(problem) for name, problem in cases.items()}
    parts: dict[int, dict[str, Any]] = {}
    for workers in (1, 2):
        with cluster_of(workers) as cluster:
            parts[workers] = {name: shared(cluster, problem) for name, problem in cases.items()}
    for name, problem in cases.items():
        seconds, best = alone[name]
        one, two = parts[1][name], parts[2][name]
        settings = problem.settings
        weights = settings.member_count * settings.weights * (8 if settings.precision == "float64" else 4)
        found[name] = {
            "alone": seconds,
            "one": one["generation_seconds"],
            "two": two["generation_seconds"],
            "gain": seconds / two["generation_seconds"],
            "is_equal": (one.pop("best"), two.pop("best")) == (best, best),
            "weights_bytes": weights,
            "traffic_of_two": two,
        }
        say(
            f"{name:<56} {seconds:8.3f} {one['generation_seconds']:8.3f} {two['generation_seconds']:8.3f} "
            f"{found[name]['gain']:5.2f} {two['sent_per_generation']:10,} {two['received_per_generation']:10,} "
            f"{weights:13,}{'' if found[name]['is_equal'] else '  NOT EQUAL'}"
        )
    return found
