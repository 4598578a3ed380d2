"""Inspection and search of a large table: `python engine/benchmarks/large_table.py` prints seconds and memory.

The table has 50 columns of numbers and a target. The search runs in a runner, as for users. Its memory is the peak
resident size of the runner, libraries included, and of the processes that it starts.
"""

import argparse
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measure import family
from benchmarks.report import machine, save_report, say
from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.preflight.client import inspect_table
from nnsize_engine.processes.code_cache import needs_compiling
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.precision import PRECISIONS, Precision
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice

COLUMNS = 50


def make_table(path: Path, rows: int) -> None:
    """Write a table of numbers, part by part; its target depends on some of them."""
    rng = np.random.default_rng(0)
    weights = rng.normal(size=COLUMNS) * (np.arange(COLUMNS) % 5 == 0)
    for first in range(0, rows, 50_000):
        X = rng.normal(size=(min(50_000, rows - first), COLUMNS)).round(4)
        y = (X @ weights + rng.normal(size=len(X)) > 0).astype(int)
        frame = pd.DataFrame(X, columns=[f"number {place}" for place in range(COLUMNS)]).assign(y=y)
        frame.to_csv(path, mode="a", header=first == 0, index=False)


def search(table: TableSettings, precision: Precision, home: Path, epochs: int) -> dict[str, Any]:
    """Run one small search and measure its time and the memory of its runner."""
    if needs_compiling(precision):
        prepare_compiled_code(precision)  # compiles before, because the compiler takes memory too
    settings = SizeSettings(
        data=table.known.name,
        table=table,
        neurons="5,20",
        cv=3,
        scoring="roc_auc",
        precision=precision,
        network=NetworkParameters(max_iter=epochs),
    )
    begin = time.perf_counter()
    folder = launch.start(settings, home)
    header, _ = read_state(folder)
    assert header.runner is not None
    peaks: dict[int, int] = {}
    while read_state(folder)[1] in LIVE_STATES:
        for pid in family(header.runner.pid):
            peaks[pid] = max(peaks.get(pid, 0), _peak_bytes(pid))
        time.sleep(0.02)
    header, state = read_state(folder)
    if state != "finished":
        raise SystemExit(f"the search {state}: {header.reason}")
    with reading(folder) as connection:
        marks = [line[0] - header.created for line in connection.execute("SELECT time FROM log ORDER BY number")]
    peak, size = sum(peaks.values()), table.rows * COLUMNS * 4
    return {
        "peak_bytes": peak,
        "processes": len(peaks),
        "times_of_float32_size": peak / size,
        "seconds": time.perf_counter() - begin,
        "seconds_to_load": marks[0],
    }


def _peak_bytes(pid: int) -> int:
    """Return the peak resident size of a process so far; 0 if it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    """Inspect and search the table, print the measurements and save them."""
    parser = argparse.ArgumentParser(description="Inspect a large table and search it.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--precisions", nargs="*", default=["float32", "float64"], choices=list(PRECISIONS))
    arguments = parser.parse_args()
    report: dict[str, Any] = {"machine": machine(), "rows": arguments.rows, "columns": COLUMNS, "searches": {}}
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "large.csv")
        make_table(path, arguments.rows)
        say(f"{arguments.rows:,} rows x {COLUMNS} columns, {path.stat().st_size / 1e6:.0f} MB of text")
        begin = time.perf_counter()
        table = inspect_table(TableChoice(source=str(path), target=("y",))).table
        report["look_seconds"] = time.perf_counter() - begin
        say(f"looked at in {report['look_seconds']:.1f} s")
        for precision in arguments.precisions:
            found = search(table, precision, Path(temporary, "runs"), arguments.epochs)
            report["searches"][precision] = found
            say(
                f"{precision}: loaded in {found['seconds_to_load']:.1f} s, all done in {found['seconds']:.1f} s, "
                f"at most {found['peak_bytes'] / 1e6:.0f} MB, {found['times_of_float32_size']:.2f} x the float32 table"
            )
    save_report("large-table", report)


if __name__ == "__main__":
    os.environ["PYTHONSAFEPATH"] = "1"
    main()
