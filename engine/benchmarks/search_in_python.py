"""The search of article 1 by `nnsize.SizeSearchCV` in process, and by `nnsize size`: whole processes, in turn.

    python engine/benchmarks/search_in_python.py

Both use two processes or threads, fit no references, and train the best and the recommended network again. The first
turn compiles and warms the machine's caches, and is not counted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from report import machine, save_report, say

PROGRAM = """
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from nnsize import SizeSearchCV

if __name__ == "__main__":
    X, y = load_breast_cancer(return_X_y=True)
    X, _, y, _ = train_test_split(X, y, test_size=0.33, random_state=42)
    search = SizeSearchCV(neurons=range(5, 100, 2), scoring="roc_auc", n_jobs=2, store=False, verbose=0).fit(X, y)
    print(search.best_params_["hidden_layer_sizes"][0], float(search.best_score_))
"""

COMMAND = ("size", "--no-references", "--jobs", "2", "--json")


def timed(command: list[str], home: str) -> tuple[float, str]:
    """Return the seconds of a process, and what it prints."""
    began = time.perf_counter()
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"NNSIZE_HOME": home},
    )  # fmt: skip
    return time.perf_counter() - began, done.stdout


def turn() -> dict[str, Any]:
    """Return the seconds of both, and whether they agree."""
    with tempfile.TemporaryDirectory() as home:
        program, printed = timed([sys.executable, "-c", PROGRAM], home)
        command, answer = timed([str(Path(sys.executable).with_name("nnsize")), *COMMAND], home)
    neurons, score = printed.split()
    best = json.loads(answer)["best"]
    is_equal = (int(neurons), float(score)) == (best["hidden_layer_sizes"], best["mean_test_score"])
    return {"python": program, "command": command, "ratio": program / command, "is_equal": is_equal}


def main() -> None:
    """Measure, print a line and save the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    facts = machine()
    turns = [turn() for _ in range(repeats + 1)][1:]
    found = {name: statistics.median(one[name] for one in turns) for name in ("python", "command", "ratio")}
    is_equal = all(one["is_equal"] for one in turns)
    say(
        f"article 1: SizeSearchCV in process {found['python']:.2f} s, nnsize size {found['command']:.2f} s, "
        f"ratio {found['ratio']:.2f}; best size and score are {'equal' if is_equal else 'NOT EQUAL'}"
    )
    save_report("search-in-python", {"machine": facts, "medians": found, "is_equal": is_equal, "turns": turns})


if __name__ == "__main__":
    main()
