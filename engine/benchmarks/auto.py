"""``--neurons auto`` on article 1 against GridSearchCV and our own full grid: `python engine/benchmarks/auto.py`.

Everything runs in turn, each time in a fresh process, so that a busy machine disturbs all alike. Searches are timed
after imports, compilation and the start of scikit-learn's workers. Whole commands are timed with imports, and with the
compiled code in its cache. What the recommended size loses is in the study, `engine/benchmarks/decision`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import measure
from benchmarks.report import machine, save_report, say
from nnsize_engine.data.split import load_split
from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.processes.parallel import worker_count
from nnsize_engine.results.search_choice import choose_from_fits
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.search import plan, run_fits, run_race
from nnsize_engine.settings.search import SizeSettings

SEARCHES = ("GridSearchCV", "our grid", "auto")

COMMANDS = ("GridSearchCV script", "nnsize --neurons auto")

RUNNER_NICENESS = 10
"""Our runner lets others go first. The script does the same here; otherwise a busy machine would slow only ours."""

MIN_SEARCH_RATIO, MIN_COMMAND_RATIO = 25, 8
MAX_TIME_SHARE = 0.25

SCRIPT = """
import warnings
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore")
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.33, random_state=42)
pipeline = Pipeline([("scale", StandardScaler()), ("network", MLPClassifier(random_state=0))])
sizes = {"network__hidden_layer_sizes": [(size,) for size in np.arange(5, 100, 2)]}
grid = GridSearchCV(pipeline, sizes, cv=5, scoring="roc_auc", n_jobs=-1).fit(X_train, y_train)
print(grid.best_params_, roc_auc_score(y_test, grid.predict_proba(X_test)[:, 1]))
"""
"""Article 1, as its reader would type it."""


def run_search(search: str, seed: int) -> dict[str, Any]:
    """Run one search in this process; return its cost and what it recommends."""
    if search == "GridSearchCV":
        from benchmarks.trainer import run_search as run_workload

        return {"wall": run_workload("article", "grid")["wall"]}
    prepare_compiled_code()
    _ours(SizeSettings(data="iris", neurons="2", cv=2, scoring="accuracy"))  # imports, as the other search has done
    is_auto = search == "auto"
    settings = SizeSettings(data="breast_cancer", neurons="auto" if is_auto else "5:100:2", seed=seed)
    measured = measure(lambda: _ours(settings))
    fits = measured.result
    found: dict[str, Any] = {
        "wall": measured.wall_seconds,
        "fits": len(fits),
        "training": sum(fit.fit_seconds for fit in fits),
    }
    if is_auto:
        choice = choose_from_fits(settings, fits)
        assert choice is not None
        found["recommended"] = choice.recommended.hidden_layer_sizes[0]
    return found


def _ours(settings: SizeSettings) -> list[FitResult]:
    search, halt = plan(settings, load_split(settings)), threading.Event()
    if settings.finds_sizes:
        events = run_race(search, (), {}, worker_count(None), halt, lambda _: None)
    else:
        events = run_fits(search, (), {}, worker_count(None), halt, lambda _: None)
    return [event.result for event in events if isinstance(event, FinishedFit)]


def _run_elsewhere(search: str, seed: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", search, "--seed", str(seed)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def _seconds_of_command(command: str, home: str) -> float:
    """Return the seconds from typing a command to its last line."""
    # The script fits no references; with them, our command ends seconds after it has shown its answer.
    program = str(Path(sys.executable).parent / "nnsize")
    nnsize = [program, "size", "breast_cancer", "--neurons", "auto", "--no-references"]
    script = ["nice", "-n", str(RUNNER_NICENESS), sys.executable, "-c", SCRIPT]
    typed = nnsize if command == "nnsize --neurons auto" else script
    began = time.perf_counter()
    subprocess.run(typed, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "NNSIZE_HOME": home})
    return time.perf_counter() - began


def compare_searches(repeats: int) -> dict[str, Any]:
    """Run the three searches in turn, each time with the next seed; return medians and ratios."""
    runs: dict[str, list[dict[str, Any]]] = {search: [] for search in SEARCHES}
    for seed in range(repeats):
        for search in SEARCHES:
            runs[search].append(_run_elsewhere(search, seed))
            say(f"  {search}, seed {seed}: {runs[search][-1]}")
    wall = {search: statistics.median(run["wall"] for run in found) for search, found in runs.items()}
    shares = [one["training"] / other["training"] for one, other in zip(runs["auto"], runs["our grid"], strict=True)]
    return {
        "median_wall": wall,
        "times_faster": wall["GridSearchCV"] / wall["auto"],
        "share_of_training_time": statistics.median(shares),
        "runs": runs,
    }


def compare_commands(repeats: int) -> dict[str, Any]:
    """Run both commands in turn, after one run of ours that may have to compile; return medians and their ratio."""
    runs: dict[str, list[float]] = {command: [] for command in COMMANDS}
    with tempfile.TemporaryDirectory() as home:
        _seconds_of_command("nnsize --neurons auto", home)
        for _ in range(repeats):
            for command in COMMANDS:
                runs[command].append(_seconds_of_command(command, home))
                say(f"  {command}: {runs[command][-1]:.2f} s")
    wall = {command: statistics.median(found) for command, found in runs.items()}
    return {"median_wall": wall, "times_faster": wall[COMMANDS[0]] / wall[COMMANDS[1]], "runs": runs}


def main() -> None:
    """Run both comparisons, print their tables and save the results."""
    parser = argparse.ArgumentParser(description="Compare --neurons auto with GridSearchCV on article 1.")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0, help="seed of --one")
    parser.add_argument("--one", choices=SEARCHES, help="run one search and print it as JSON")
    arguments = parser.parse_args()
    if arguments.one:
        say(json.dumps(run_search(arguments.one, arguments.seed)))
        return
    report: dict[str, Any] = {"machine": machine(), "repeats": arguments.repeats}
    report["searches"] = searches = compare_searches(arguments.repeats)
    report["commands"] = commands = compare_commands(arguments.repeats)
    say()
    say("article 1, medians")
    for name, seconds in {**searches["median_wall"], **commands["median_wall"]}.items():
        say(f"  {name:24}{seconds:8.2f} s")
    say(f"  search, GridSearchCV / auto      {searches['times_faster']:6.1f}x  (target {MIN_SEARCH_RATIO}x)")
    say(f"  command, script / nnsize         {commands['times_faster']:6.1f}x  (target {MIN_COMMAND_RATIO}x)")
    say(
        f"  training time, auto / our grid   {searches['share_of_training_time']:6.0%}"
        f"   (target {MAX_TIME_SHARE:.0%} at most)"
    )
    save_report("auto", report)


if __name__ == "__main__":
    main()
