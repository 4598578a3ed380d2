"""Comparison of our size search with GridSearchCV: `python engine/benchmarks/trainer.py` prints and saves a table.

Each search runs in a fresh process, ours and scikit-learn's in turn, so that a busy machine disturbs both alike.
Compare only numbers of one call. Imports, compilation and the start of scikit-learn's workers happen before the clock
starts.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from benchmarks.measure import measure
from benchmarks.products import seconds_of_products
from benchmarks.report import machine, save_report, say
from benchmarks.workloads import WORKLOADS, search_with_grid, search_with_ours
from nnsize_engine.network.train import prepare_compiled_code, train_rows
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.settings.network import NetworkParameters

SEARCHES = ("grid", "float64", "float32")


def run_search(name: str, search: str) -> dict[str, Any]:
    """Run one search in this process; return its scores and cost."""
    workload = WORKLOADS[name]
    if search == "grid":
        GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2]}, n_jobs=-1).fit(*load_iris(return_X_y=True))
        grid = measure(lambda: search_with_grid(workload))
        return {
            "scores": grid.result.tolist(),
            "wall": grid.wall_seconds,
            "processor": grid.processor_seconds,
            "memory": grid.peak_megabytes,
        }
    prepare_compiled_code(search)
    ours = measure(lambda: search_with_ours(workload, search))
    scores, epochs = ours.result
    return {
        "scores": scores.tolist(),
        "wall": ours.wall_seconds,
        "processor": ours.processor_seconds,
        "memory": ours.peak_megabytes,
        "epochs": epochs.tolist(),
        "limit": seconds_of_products(workload, epochs, search),
    }


def run_elsewhere(name: str, search: str) -> dict[str, Any]:
    """Run one search in a fresh process; return its scores and cost."""
    command = [sys.executable, __file__, "--one", name, search]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def compare(name: str, repeats: int) -> dict[str, Any]:
    """Run all searches of a workload in turn; return medians and their ratios."""
    runs: dict[str, list[dict[str, Any]]] = {search: [] for search in SEARCHES}
    for _ in range(repeats):
        for search in SEARCHES:
            runs[search].append(run_elsewhere(name, search))
            say(f"  {name} {search}: {runs[search][-1]['wall']:.2f} s")
    middle = {
        search: {field: statistics.median(run[field] for run in found) for field in ("wall", "processor", "memory")}
        for search, found in runs.items()
    }
    scores = {search: np.array(found[0]["scores"]) for search, found in runs.items()}
    limits = {
        search: statistics.median(run["limit"] / run["processor"] for run in runs[search]) for search in SEARCHES[1:]
    }
    return {
        "title": WORKLOADS[name].title,
        "target": WORKLOADS[name].target,
        "median": middle,
        "times_faster": {s: middle["grid"]["wall"] / middle[s]["wall"] for s in SEARCHES[1:]},
        "share_of_limit": limits,
        "share_of_memory": {s: middle[s]["memory"] / middle["grid"]["memory"] for s in SEARCHES[1:]},
        "largest_difference": {s: float(np.abs(scores[s] - scores["grid"]).max()) for s in SEARCHES[1:]},
        "equal_scores": {s: int((scores[s] == scores["grid"]).sum()) for s in SEARCHES[1:]},
        "scores": scores["grid"].size,
        "runs": {
            search: [{k: run[k] for k in ("wall", "processor", "memory")} for run in found]
            for search, found in runs.items()
        },
    }


def show(found: dict[str, Any]) -> None:
    """Print the lines of one workload."""
    say()
    say(f"{found['title']} (target {found['target']}x)")
    say(
        f"  {'':14}{'wall s':>9}{'cpu s':>9}{'MB':>7}{'faster':>9}{'of limit':>10}{'of memory':>11}"
        f"{'equal scores':>15}{'max diff':>10}"
    )
    for search in SEARCHES:
        middle = found["median"][search]
        label = "GridSearchCV" if search == "grid" else f"ours {search}"
        line = f"  {label:14}{middle['wall']:9.2f}{middle['processor']:9.2f}{middle['memory']:7.0f}"
        if search != "grid":
            line += (
                f"{found['times_faster'][search]:8.1f}x{found['share_of_limit'][search]:10.0%}"
                f"{found['share_of_memory'][search]:11.0%}"
                f"{found['equal_scores'][search]:10}/{found['scores']}{found['largest_difference'][search]:10.0e}"
            )
        say(line)


def grow() -> dict[str, list[tuple[int, float]]]:
    """Return the seconds of training (20 epochs, 2,000 rows x 30 inputs, 50 neurons) while one size doubles."""
    prepare_compiled_code()
    base = {"rows": 2000, "inputs": 30, "neurons": 50, "candidates": 1}
    found = {}
    for name, values in {
        "rows": (1000, 2000, 4000, 8000, 16000),
        "inputs": (15, 30, 60, 120, 240),
        "neurons": (12, 25, 50, 100, 200),
        "candidates": (1, 2, 4, 8),
    }.items():
        found[name] = [(value, _train_seconds(**{**base, name: value})) for value in values]
    return found


def _train_seconds(*, rows: int, inputs: int, neurons: int, candidates: int) -> float:
    X = np.random.default_rng(0).normal(size=(rows, inputs))
    table = read_rows(X, X[:, 0] > 0, task="classification")
    parameters = NetworkParameters(
        hidden_layer_sizes=(neurons,), max_iter=20, n_iter_no_change=float("inf"), random_state=0
    )
    times = []
    with threadpool_limits(1, "blas"):
        for _ in range(3):
            begin = time.perf_counter()
            for _ in range(candidates):
                train_rows(table, parameters)
            times.append(time.perf_counter() - begin)
    return min(times)


def main() -> None:
    """Run the workloads, print their tables and save the results."""
    parser = argparse.ArgumentParser(description="Compare our size search with GridSearchCV.")
    parser.add_argument("--workloads", nargs="*", default=list(WORKLOADS), choices=list(WORKLOADS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("WORKLOAD", "SEARCH"), help="run one search and print it as JSON")
    arguments = parser.parse_args()
    if arguments.one:
        say(json.dumps(run_search(*arguments.one)))
        return
    report: dict[str, Any] = {"machine": machine(), "repeats": arguments.repeats, "workloads": {}}
    for name in arguments.workloads:
        report["workloads"][name] = compare(name, arguments.repeats)
        show(report["workloads"][name])
    say()
    say("Seconds of training while one size grows:")
    report["growth"] = grow()
    for name, points in report["growth"].items():
        say(f"  {name:11}" + "".join(f"{value:>8}: {seconds:6.3f}" for value, seconds in points))
    save_report("trainer", report)


if __name__ == "__main__":
    main()
