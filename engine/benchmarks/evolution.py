"""Comparison of ways to evolve weights: `python engine/benchmarks/evolution.py` prints tables and saves them.

Each measurement runs in a fresh process, ours and theirs in turn, so that a busy machine disturbs both alike. Compare
only numbers of one call. Imports and compilation happen before the clock starts.

==========  ==========================================================================================
auto        `--strategy auto` after 20,000 and 100,000 evaluations, and gradient training on its objective
units       the same on diabetes, with its target in three units
cmaes       seconds of 20,000 evaluations of evolution strategies, against the package cmaes
mlrose      evaluations a second of hill climbing, annealing and the genetic algorithm, against mlrose
generation  a generation of article 2, against SciPy
overhead    the time of a short generation besides its matrix products
quality     not usual: the networks of article 2 after the same evaluations, by several packages
packages    not usual: a generation of article 2 with further settings, and by pymoo
==========  ==========================================================================================

Two packages are needed for `quality` and `packages` alone, and must be installed first. Rows whose package is missing
are left out; the report lists them.

    .venv/bin/python -m pip install pymoo
    .venv/bin/python -m pip install --no-deps mlrose-hiive networkx
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from benchmarks.evolution_parts import (
    against_cmaes,
    against_mlrose,
    auto_strategy,
    generation,
    overhead,
    quality,
    units,
)
from benchmarks.evolution_parts.part import Part, Runs
from benchmarks.report import machine, save_report, say

PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "auto": auto_strategy.PART,
        "units": units.PART,
        "cmaes": against_cmaes.PART,
        "mlrose": against_mlrose.PART,
        "generation": generation.PART,
        "overhead": overhead.PART,
        "quality": quality.PART,
        "packages": generation.FURTHER,
    }
)


def run_elsewhere(name: str, row: str, seed: int) -> dict[str, Any]:
    """Run one row in a fresh process and return its result."""
    command = [sys.executable, __file__, "--one", name, row, str(seed)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def run_part(name: str, seeds: int | None) -> Runs:
    """Run the rows of a part in turn, once for each seed, and return the results."""
    part, found = PARTS[name], Runs()
    for seed in range(part.seeds if seeds is None else seeds):
        for row in part.rows:
            if not part.is_missing(row):
                found.setdefault(row, []).append(run_elsewhere(name, row, seed))
                say(f"  {name}, {row}, {seed}: " + _short(found[row][-1]))
    return found


def _short(run: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in run.items() if value is not None)


def main() -> None:
    """Run the parts, print their report and save the results."""
    parser = argparse.ArgumentParser(description="Compare evolving a network's weights with other ways.")
    usual = [name for name, part in PARTS.items() if part.is_usual]
    parser.add_argument("--parts", nargs="*", default=usual, choices=list(PARTS))
    parser.add_argument("--seeds", type=int, help="runs of each row, instead of the number that each part has")
    parser.add_argument("--one", nargs=3, metavar=("PART", "ROW", "SEED"), help="run one row and print it as JSON")
    arguments = parser.parse_args()
    if arguments.one:
        name, row, seed = arguments.one
        say(json.dumps(PARTS[name].rows[row](int(seed))))
        return
    report: dict[str, Any] = {"machine": machine(), "parts": {}}
    lines, began = [], time.perf_counter()
    for name in arguments.parts:
        part = PARTS[name]
        found = report["parts"][name] = run_part(name, arguments.seeds)
        lines += ["", f"### {name}", "", *part.lines(found)]
        missing = [row for row in part.rows if part.is_missing(row)]
        if missing:
            lines += ["", f"Not installed, and left out: {', '.join(missing)}."]
    report["load_after"], report["seconds"] = os.getloadavg(), time.perf_counter() - began
    say("\n".join(lines))
    save_report("evolution", report)


if __name__ == "__main__":
    main()
