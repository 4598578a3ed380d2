"""Comparison of estimated with real times of searches: ``python engine/benchmarks/estimate.py``.

Each search is estimated like in the setup screen, then run by the installed command. It takes a few minutes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import machine, save_report, say
from nnsize_engine.preflight.client import estimate, inspect_table
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice

NNSIZE = Path(sys.executable).with_name("nnsize")


def made_table(folder: Path) -> str:
    """Write a table of 20,000 rows with twelve numbers and two columns of labels; return its path."""
    random = np.random.default_rng(0)
    rows = 20_000
    X = random.normal(size=(rows, 12))
    labels = random.choice(["a", "b", "c", "d"], size=(rows, 2))
    y = (X[:, 0] + X[:, 1] ** 2 + (labels[:, 0] == "a") + random.normal(0, 0.5, rows) > 1).astype(int)
    path = folder / "table.csv"
    with path.open("w") as file:
        file.write(",".join([*(f"x{place}" for place in range(12)), "kind", "place", "y"]) + "\n")
        for numbers, texts, label in zip(X, labels, y, strict=True):
            file.write(",".join([*map(str, numbers.round(4)), *texts, str(label)]) + "\n")
    return str(path)


def searches(folder: Path) -> dict[str, tuple[SizeSettings, list[str]]]:
    """Return the settings of each search, and the options that run the same search."""
    path = made_table(folder)
    table = inspect_table(TableChoice(source=path)).table
    early = NetworkParameters(early_stopping=True)
    grid = (("activation", ("relu", "tanh")), ("alpha", (1e-4, 1e-2)), ("batch_size", (32, 200)))
    grid_options = ["--activation", "relu,tanh", "--alpha", "1e-4,1e-2", "--batch-size", "32,200"]
    return {
        "article": (SizeSettings(), []),
        "repeats": (SizeSettings(neurons="5:50:10", repeats=3), ["--neurons", "5:50:10", "--repeats", "3"]),
        "three parameters": (
            SizeSettings(neurons="5:50:15", grid=grid),
            ["--neurons", "5:50:15", *grid_options],
        ),
        "lbfgs": (
            SizeSettings(neurons="5:50:10", network=NetworkParameters(solver="lbfgs")),
            ["--neurons", "5:50:10", "--solver", "lbfgs"],
        ),
        "digits": (SizeSettings(data="digits", scoring="accuracy", neurons="20:101:20"),
                   ["digits", "--neurons", "20:101:20"]),
        "own table, early stopping": (
            SizeSettings(data="table.csv", table=table, neurons="8,16,32", network=early),
            [path, "--neurons", "8,16,32", "--early-stopping"],
        ),
    }  # fmt: skip


def run(options: list[str], home: Path) -> float:
    """Run a search and return its active seconds."""
    command = [str(NNSIZE), "size", *options, "--json"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"NNSIZE_HOME": str(home)}
    )
    seconds: float = json.loads(done.stdout)["seconds"]
    return seconds


def main() -> None:
    """Estimate and run the searches, print both times and save them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of searches")
    arguments = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, (settings, options) in searches(folder).items():
            if arguments.only and title not in arguments.only:
                continue
            measured = estimate(settings)
            expected, real = measured.seconds(settings), run(options, folder / "home")
            found[title] = {
                "estimated_seconds": round(expected, 2),
                "real_seconds": round(real, 2),
                "ratio": round(expected / real, 2),
                "is_upper_bound": measured.is_upper_bound(settings),
            }
            bound = ", at most" if measured.is_upper_bound(settings) else ""
            say(f"{title:<28} estimated {expected:7.1f} s{bound}, took {real:7.1f} s")
    if not arguments.only:
        save_report("estimate", {"machine": machine(), "searches": found})


if __name__ == "__main__":
    main()
