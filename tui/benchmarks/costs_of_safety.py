# ruff: noqa: T201  printing is what it is for
"""Measure what checksums and checks cost: ``python tui/benchmarks/costs_of_safety.py [--save]``.

Parts of its one search, in processor time: the runner counts what it spends in them, so that a busy machine changes no
share. The size of that run with checksums and without. Then the first frame, 300 runs and 20,000 candidates, by the
real programs in pseudo-terminals. With ``--before FOLDER``, which is a checkout of an earlier version, whole searches
of both are compared in turn. Takes about three minutes.
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType

import psutil
from first_frame import LAST_KEY, Terminal, fabricate, first_frames

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.runs.checksums import FACTS
from nnsize_engine.runs.database import FILE_NAME, create, open_for_writing, settle, transaction
from nnsize_engine.runs.facts import place_of
from nnsize_engine.runs.writer import add_fits, set_state, update_run
from nnsize_engine.settings.search import SizeSettings

SEARCH = SizeSettings()
"""The built-in search, of the first article."""

MANY = SizeSettings(neurons="1:20001:1")
RUNS = 300
TIMES = 5

COUNTS_NAME = "counts.json"


def count_in(counts: dict[str, float], module: ModuleType, name: str) -> None:
    """Count the processor seconds of this thread in a function of a module; calls inside counted calls count once."""
    called: Callable[..., object] = getattr(module, name)

    def counted(*arguments: object, **options: object) -> object:
        if counts.get("is_inside"):
            return called(*arguments, **options)
        counts["is_inside"] = 1
        begun = time.thread_time()
        try:
            return called(*arguments, **options)
        finally:
            counts["is_inside"] = 0
            counts[name] = counts.get(name, 0.0) + time.thread_time() - begun

    setattr(module, name, counted)


def run_counted(folder: Path) -> None:
    """Work on a run in this process, and write down what checksums and checks take."""
    from nnsize_engine.runner import __main__ as runner
    from nnsize_engine.runner import journal
    from nnsize_engine.runs import database, writer

    counts: dict[str, float] = {}
    for module, names in (
        (writer, ("checksum_of", "select_facts")),
        (database, ("note_commit", "write_commits", "check_files", "check_schema")),
        (journal, ("move_from_log", "count_facts")),
        (runner, ("mend", "reserve")),
    ):
        for name in names:
            count_in(counts, module, name)
    code = runner.main(["", str(folder)])
    del counts["is_inside"]
    (folder / COUNTS_NAME).write_text(json.dumps(counts))
    raise SystemExit(code)


def measure_search(home: Path) -> list[str]:
    """Return the shares of a search that checksums and checks take, in time and in size."""
    folder = home / "counted"
    create(folder, folder.name, SEARCH)
    pid = os.posix_spawn(sys.executable, [sys.executable, __file__, "--counted", str(folder)], dict(os.environ))
    _, status, used = os.wait4(pid, 0)
    if status:
        raise SystemExit("the search failed")
    total = used.ru_utime + used.ru_stime
    counts: dict[str, float] = json.loads((folder / COUNTS_NAME).read_text())
    share = sum(counts.values()) / total
    parts = ", ".join(f"{name} {seconds:.3f}" for name, seconds in sorted(counts.items(), key=lambda one: -one[1]))
    with_checksums, without = sizes(folder)
    more = with_checksums / without - 1
    return [
        verdict("checksums and checks, of the processor seconds of a search", 100 * share, 2, "%"),
        f"       {sum(counts.values()):.3f} of {total:.1f} s: {parts}",
        verdict("checksums, of the bytes of its file", 100 * more, 2, "%"),
        f"       {with_checksums:,} bytes with them, {without:,} without",
    ]


def sizes(folder: Path) -> tuple[int, int]:
    """Return the bytes of a run's file with checksums, and without them and the record of what is stored."""
    found = []
    for is_signed in (True, False):
        copy = folder / "copy.sqlite"
        shutil.copyfile(folder / FILE_NAME, copy)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            if not is_signed:
                for fact in FACTS.keys() - {"stored"}:
                    table, column = place_of(fact)
                    connection.execute(f"UPDATE {table} SET {column} = NULL")
                connection.execute("DROP TABLE stored")
            connection.execute("VACUUM")
        found.append(copy.stat().st_size)
        copy.unlink()
    return found[0], found[1]


def measure_before(home: Path, before: Path, times: int) -> list[str]:
    """Return how whole searches of an earlier version and of this one compare, in turn, in processor seconds."""
    found: dict[str, list[float]] = {"before": [], "now": []}
    code = (
        "import sys; from nnsize_engine.runs.database import create; from nnsize_engine.settings.search import "
        "SizeSettings; from pathlib import Path; create(Path(sys.argv[1]), 'search', SizeSettings()); "
        "from nnsize_engine.runner.__main__ import main; sys.exit(main(['', sys.argv[1]]))"
    )
    here = Path(__file__).parents[2]
    for number in range(times):
        for name, root in (("before", before.absolute()), ("now", here)):
            folder = home / f"{name}{number}"
            environment = dict(os.environ) | {"PYTHONPATH": f"{root / 'engine'}:{root / 'tui'}"}
            pid = os.posix_spawn(sys.executable, [sys.executable, "-c", code, str(folder)], environment)
            _, status, used = os.wait4(pid, 0)
            if status:
                raise SystemExit(f"the search of {root} failed")
            found[name].append(used.ru_utime + used.ru_stime)
    before_seconds, now_seconds = (statistics.median(found[name]) for name in ("before", "now"))
    each = "; ".join(f"{name} {', '.join(f'{one:.1f}' for one in seconds)}" for name, seconds in found.items())
    return [
        verdict("a whole search, of the processor seconds before", 100 * (now_seconds / before_seconds - 1), 2, "%"),
        f"       {each}",
    ]


def measure_commands(home: Path, arguments: list[str]) -> tuple[float, float]:
    """Return the median seconds of a command: of the clock, and of the processor."""
    found = []
    for _ in range(TIMES):
        begun, used = time.monotonic(), psutil.Process().cpu_times()
        command = [str(Path(sys.executable).with_name("nnsize")), *arguments]
        subprocess.run(
            command, env=dict(os.environ) | {"NNSIZE_HOME": str(home)}, stdout=subprocess.DEVNULL, check=True
        )
        now = psutil.Process().cpu_times()
        processor = now.children_user + now.children_system - used.children_user - used.children_system
        found.append((time.monotonic() - begun, processor))
    return statistics.median(one for one, _ in found), statistics.median(one for _, one in found)


def measure_frames(home: Path, arguments: list[str], shown: str, keys: bytes = b"") -> tuple[float, float]:
    """Return the median seconds until the explorer shows a text: of the clock, and of the processor.

    With ``keys``, they are pressed once it stands still, and the time counts from there.
    """
    found = []
    for _ in range(TIMES):
        with Terminal(arguments, home, 120, 40) as terminal:
            written, begun, process = terminal.written, terminal.started, psutil.Process(terminal.pid)
            before, at = 0.0, 0
            if keys:
                terminal.read_until(lambda: LAST_KEY in written, 10)  # noqa: B023
                terminal.rate(1.5)
                at, begun, before = len(written), time.monotonic(), processor_seconds(process)
                os.write(terminal.handle, keys)
            if not terminal.read_until(lambda: shown.encode() in written[at:] and LAST_KEY in written, 20):  # noqa: B023
                raise SystemExit(f"{shown!r} did not appear in 20 s")
            found.append((time.monotonic() - begun, processor_seconds(process) - before))
    return statistics.median(one for one, _ in found), statistics.median(one for _, one in found)


def processor_seconds(process: psutil.Process) -> float:
    """Return the processor seconds of a process, which is alive."""
    used = process.cpu_times()
    return float(used.user + used.system)


def many_runs(home: Path) -> None:
    """Make finished runs as large as the built-in search."""
    newest = fabricate(home)
    for number in range(len(list(home.iterdir())), RUNS):
        folder = home / f"run{number:03d}"
        shutil.copytree(home / newest, folder)
        with contextlib.closing(open_for_writing(folder)) as connection, transaction(connection, folder):
            update_run(connection, id=folder.name, created=time.time() + number)


def many_candidates(home: Path) -> str:
    """Make a finished search of twenty thousand sizes; return its id."""
    folder = home / "manysizes"
    create(folder, folder.name, MANY)
    with contextlib.closing(open_for_writing(folder)) as connection:
        fits = [
            FitResult(
                candidate=one.number,
                fold=fold,
                test_score=0.95 + 0.000001 * one.number + 0.001 * ((one.number * 7 + fold * 3) % 11),
                train_score=1.0,
                fit_seconds=0.1 + 0.0001 * one.number,
                score_seconds=0.01,
                iterations=200,
                has_converged=False,
            )
            for one in list_candidates(MANY)
            for fold in range(MANY.cv)
        ]
        with transaction(connection, folder):
            add_fits(connection, fits)
            set_state(connection, "finished")
        settle(connection)
    return folder.name


def verdict(what: str, number: float, most: float, unit: str, more: str = "") -> str:
    """Return one number beside its target."""
    return f"{'ok    ' if number <= most else 'MISSED'} {what:<66} {number:8.3g} {unit}, target {most:g} {unit}{more}"


def measure_screens(home: Path) -> list[str]:
    """Return how soon the explorer and the commands show what is large."""
    lines = []
    few, runs, many = home / "few", home / "runs", home / "many"
    seconds = statistics.median(first_frames(few, fabricate(few)))
    lines.append(verdict("the first useful frame of the explorer", seconds, 0.6, "s"))
    many_runs(runs)
    newest = f"run{RUNS - 1:03d}"
    for what, (clock, processor) in (
        (f"nnsize runs, {RUNS} runs", measure_commands(runs, ["runs"])),
        (f"the explorer, {RUNS} runs", measure_frames(runs, [], newest)),
    ):
        lines.append(verdict(what, clock, 1.5, "s", f" ({processor:.2f} s of the processor)"))
    name = many_candidates(many)
    for what, (clock, processor) in (
        ("20,000 candidates opened from the table of runs", measure_frames(many, [], "20000", b"\r")),
        ("nnsize RUN, with 20,000 candidates, from the start of the program", measure_frames(many, [name], "20000")),
    ):
        lines.append(verdict(what, clock, 1.0, "s", f" ({processor:.2f} s of the processor)"))
    return lines


def main() -> None:
    """Print every number beside its target."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--counted", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--save", action="store_true", help="keep the numbers in results/costs_of_safety.txt")
    parser.add_argument("--before", type=Path, help="a checkout of an earlier version, to compare whole searches with")
    parser.add_argument("--times", type=int, default=TIMES, help="of each search with --before")
    parser.add_argument("--only", choices=["search", "screens"], help="measure only one part")
    options = parser.parse_args()
    if options.counted is not None:
        run_counted(options.counted)
    lines = [f"{datetime.now():%Y-%m-%d %H:%M}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
             f"Python {platform.python_version()}"]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        if options.only != "screens":
            lines += measure_search(home / "search")
        if options.before is not None:
            lines += measure_before(home / "compared", options.before, options.times)
        if options.only != "search":
            lines += measure_screens(home)
    print("\n".join(lines))
    if options.save:
        (Path(__file__).parent / "results" / "costs_of_safety.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
